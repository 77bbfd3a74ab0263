package answer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/policydoc"
)

const readOnlyAccess = "arn:aws:iam::aws:policy/ReadOnlyAccess"

// stocked is twins with managed policies, and with gaps.
func stocked() *nhiscan.Account {
	a := twins()
	policy := func(name, arn string) nhiscan.ManagedPolicy {
		return nhiscan.ManagedPolicy{
			Name: name, ARN: arn, DefaultVersionID: "v1",
			Versions: []nhiscan.PolicyVersion{{ID: "v1", Document: nhiscan.NewPolicyDocument(allowRead)}},
		}
	}
	own := "arn:aws:iam::123456789012:policy/own"
	a.Policies = []nhiscan.ManagedPolicy{policy("own", own), policy("ReadOnlyAccess", readOnlyAccess)}
	a.Groups = []nhiscan.Group{{
		Name: "readers", ARN: "arn:aws:iam::123456789012:group/readers",
		AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "own", ARN: own}, {Name: "ReadOnlyAccess", ARN: readOnlyAccess}},
		InlinePolicies:   []nhiscan.InlinePolicy{{Name: "unread"}},
	}}
	a.Gaps = []nhiscan.Gap{{Operation: "iam:GetGroupPolicy", Resource: "readers"}, {Operation: "iam:GetCredentialReport", Resource: "*"}}
	return a
}

func names(documents []answer.Document) []string {
	var out []string
	for _, d := range documents {
		out = append(out, d.Name)
	}
	return out
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ ask, want []string }{
		"all but those of AWS": {want: []string{
			"policy own", "role app trust policy", "role app inline policy read", "role twin trust policy", "role twin inline policy torn",
		}},
		"of a role":                  {ask: []string{"APP"}, want: []string{"role app trust policy", "role app inline policy read"}},
		"of a role by its ARN":       {ask: []string{roleApp}, want: []string{"role app trust policy", "role app inline policy read"}},
		"of a group, AWS's as well":  {ask: []string{"readers"}, want: []string{"policy own", "policy ReadOnlyAccess"}},
		"a managed policy":           {ask: []string{"own"}, want: []string{"policy own"}},
		"inline policies":            {ask: []string{"torn", "read"}, want: []string{"role twin inline policy torn", "role app inline policy read"}},
		"an AWS managed one, by ARN": {ask: []string{readOnlyAccess}, want: []string{"policy ReadOnlyAccess"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			documents, gaps, err := answer.Documents(stocked(), c.ask...)
			require.NoError(t, err)
			require.Equal(t, c.want, names(documents))
			require.Equal(t, []nhiscan.Gap{{Operation: "iam:GetGroupPolicy", Resource: "readers"}}, gaps)
		})
	}
	_, _, err := answer.Documents(stocked(), "own", "raeders")
	var missing *answer.NotFoundError
	require.ErrorAs(t, err, &missing)
	require.EqualError(t, err, "there is no policy, user, role or group raeders in this account; did you mean readers?")
}

func TestAWSManaged(t *testing.T) {
	t.Parallel()
	require.True(t, answer.IsAWSManaged(readOnlyAccess))
	require.False(t, answer.IsAWSManaged("arn:aws:iam::123456789012:policy/own"))
	d, err := answer.AWSManaged(readOnlyAccess)
	require.NoError(t, err)
	require.True(t, d.AWS)
	require.NotEmpty(t, d.Text)
	_, err = answer.AWSManaged("arn:aws:iam::aws:policy/NoSuch")
	require.ErrorContains(t, err, "among those that this version knows")
}

func TestLint(t *testing.T) {
	t.Parallel()
	documents, _, err := answer.Documents(stocked(), "own", "ReadOnlyAccess", "torn", "app")
	require.NoError(t, err)
	documents = append(documents, answer.Document{Name: "mine", Text: trustLambda})
	kinds := map[string]policydoc.Kind{}
	for _, d := range answer.Lint(documents, policydoc.KindTrust) {
		kinds[d.Name] = d.Kind
		if d.Name == "role twin inline policy torn" {
			require.NotEmpty(t, d.Findings)
		}
	}
	require.Equal(t, map[string]policydoc.Kind{
		"policy own": policydoc.KindIdentity, "policy ReadOnlyAccess": policydoc.KindUnknown, "mine": policydoc.KindTrust,
		"role twin inline policy torn": policydoc.KindIdentity, "role app inline policy read": policydoc.KindIdentity,
		"role app trust policy": policydoc.KindTrust,
	}, kinds)
}

func TestTornDocuments(t *testing.T) {
	t.Parallel()
	documents, _, err := answer.Documents(twins())
	require.NoError(t, err)
	explained, gaps, err := answer.Explain(documents)
	require.NoError(t, err)
	require.Len(t, explained, 3)
	require.Len(t, gaps, 1, "an account's is a gap")
	require.Equal(t, nhiscan.GapMalformed, gaps[0].Code)
	require.Equal(t, "role twin inline policy torn", gaps[0].Resource)

	_, _, err = answer.Expand([]answer.Document{{Name: "mine", Text: `{"Version":`}}, nil)
	var parse *policydoc.ParseError
	require.ErrorAs(t, err, &parse, "any other is an error")
	require.ErrorContains(t, err, "mine: ")
}

func TestExpand(t *testing.T) {
	t.Parallel()
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetBucket*","s3:ListBucket","nosuch:*"],"Resource":"*"}]}`
	expanded, gaps, err := answer.Expand([]answer.Document{{Name: "mine", Text: text}}, []policydoc.AccessLevel{policydoc.LevelList})
	require.NoError(t, err)
	require.Empty(t, gaps)
	require.Len(t, expanded, 1)
	s := expanded[0].Statements[0]
	require.Equal(t, policydoc.Allow, s.Effect)
	require.Len(t, s.Actions, 1)
	require.Equal(t, "s3:ListBucket", s.Actions[0].String())
	require.Equal(t, []string{"nosuch:*"}, s.Unknown)

	pattern, err := answer.ExpandPattern("s3:GetBucketAcl*", nil)
	require.NoError(t, err)
	require.Len(t, pattern.Statements[0].Actions, 1)
	_, err = answer.ExpandPattern("s3:GetObjct", nil)
	requireInput(t, err, "s3:GetObjct covers no action of the catalogue; did you mean s3:GetObject")
}
