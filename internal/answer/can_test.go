package answer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

const book = "arn:aws:s3:::books/1.pdf"

func compile(t *testing.T, text string, source permissions.Source) *permissions.Policy {
	t.Helper()
	doc, err := policydoc.Parse(text)
	require.NoError(t, err)
	return permissions.Compile(doc, source)
}

func TestCan(t *testing.T) {
	t.Parallel()
	deny := `{"Version":"2012-10-17",
"Statement":{"Effect":"Deny","Action":"s3:*","Resource":"*"}}`
	session := permissions.Source{Type: permissions.SessionPolicy}
	for name, c := range map[string]struct {
		action, resource string
		session          string
		outcome          permissions.Outcome
		explicit         bool
		on               string
	}{
		"a request":                        {action: "s3:GetObject", resource: book, outcome: permissions.Allowed, on: book},
		"what the bucket may let":          {action: "s3:PutObject", resource: book, outcome: permissions.Depends, on: book},
		"a request of a session":           {action: "s3:GetObject", resource: book, session: deny, outcome: permissions.Denied, explicit: true, on: book},
		"where":                            {action: "s3:GetObject", outcome: permissions.Allowed},
		"where not":                        {action: "iam:PassRole", outcome: permissions.Denied},
		"an action that takes no resource": {action: "s3:ListAllMyBuckets", outcome: permissions.Denied, on: "*"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := &answer.CanQuestion{Principal: query(t, "app"), Action: action(t, c.action), Resource: c.resource}
			if c.session != "" {
				q.Session = []*permissions.Policy{compile(t, c.session, session)}
				q.Texts = map[permissions.Source]string{session: c.session}
			}
			can, err := answer.NewSubject(twins(), nil).Can(q)
			require.NoError(t, err)
			require.Equal(t, roleApp, can.Principal)
			require.Equal(t, c.outcome, can.Outcome)
			require.Equal(t, c.explicit, can.Explicit)
			require.Equal(t, c.on, can.Resource)
			require.True(t, can.ServiceControlUnseen)
			for _, m := range append(can.Allows, can.Denies...) {
				require.Positive(t, can.Line(m))
			}
		})
	}
}

func TestCanRefuses(t *testing.T) {
	t.Parallel()
	s := answer.NewSubject(twins(), nil)
	read, app := action(t, "s3:GetObject"), query(t, "app")
	_, err := s.Can(&answer.CanQuestion{Principal: app, Action: read, Resource: "books"})
	requireInput(t, err, `"books" is not a resource`)
	_, err = s.Can(&answer.CanQuestion{Principal: app, Action: read, Context: permissions.NewContext(nil, true)})
	requireInput(t, err, "name its resource")
	_, err = s.Can(&answer.CanQuestion{Principal: query(t, "nobody-at-all"), Action: read})
	require.EqualError(t, err, "there is no user or role nobody-at-all in this account")
	_, err = s.WhoCan(read, "books", nil)
	requireInput(t, err, `"books" is not a resource`)
}

func TestWhoCan(t *testing.T) {
	t.Parallel()
	organization := &permissions.Options{Organization: &nhiscan.OrganizationPolicies{}}
	s := answer.NewSubject(twins(), &answer.Options{Permissions: organization})
	who, err := s.WhoCan(action(t, "s3:GetObject"), book, nil)
	require.NoError(t, err)
	require.False(t, who.ServiceControlUnseen)
	require.NotEmpty(t, who.Gaps, "the role twin may do it by the policy that does not parse")

	who, err = demoSubject(t).WhoCan(action(t, "iam:passrole"), "", nil)
	require.NoError(t, err)
	require.Equal(t, "iam:PassRole", who.Action.Name)
	require.NotEmpty(t, who.Grants)
	require.True(t, who.ServiceControlUnseen)
	require.Empty(t, who.Gaps)
}

func TestCanHasLines(t *testing.T) {
	t.Parallel()
	can, err := answer.NewSubject(twins(), nil).Can(&answer.CanQuestion{
		Principal: query(t, "app"), Action: action(t, "s3:GetObject"), Resource: book,
	})
	require.NoError(t, err)
	require.Len(t, can.Allows, 1)
	require.Equal(t, 3, can.Line(can.Allows[0]))
}
