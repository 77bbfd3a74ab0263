package answer_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/nhi"
)

func TestNow(t *testing.T) {
	t.Parallel()
	later, made := readAt.AddDate(0, 1, 0), readAt.AddDate(-1, 0, 0)
	unread := twins()
	unread.CollectedAt, unread.Users[0].CreateDate = time.Time{}, made
	require.Equal(t, later, answer.NewSubject(twins(), &answer.Options{Now: later}).Now())
	require.Equal(t, readAt, answer.NewSubject(twins(), nil).Now())
	require.Equal(t, made, answer.NewSubject(unread, nil).Now(), "the latest time that the account tells of")
}

// Each part is worked out once, whoever asks first.
func TestSubjectIsShared(t *testing.T) {
	t.Parallel()
	s := demoSubject(t)
	reports, all := make([]*nhi.Report, 8), sync.WaitGroup{}
	for i := range reports {
		all.Go(func() {
			reports[i] = s.Report()
			_, err := s.Identity(query(t, "terraform"), true)
			require.NoError(t, err)
			_, err = s.Can(&answer.CanQuestion{Principal: query(t, "terraform"), Action: action(t, "iam:PassRole")})
			require.NoError(t, err)
		})
	}
	all.Wait()
	for _, r := range reports {
		require.Same(t, s.Report(), r)
	}
	require.Same(t, s.Analysis(), s.Analysis())
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	s := answer.NewSubject(twins(), &answer.Options{Threshold: 0.9, Alone: true})
	id, err := s.Identity(query(t, "app"), false)
	require.NoError(t, err)
	require.Equal(t, roleApp, id.Identity.ARN)
	require.Equal(t, nhi.NonHuman, id.Identity.Verdict)
	require.Equal(t, readAt, id.Time)
	require.InDelta(t, 0.9, id.Threshold, 0)
	require.True(t, id.Alone)
	require.Nil(t, id.Permissions)

	id, err = s.Identity(query(t, "app"), true)
	require.NoError(t, err)
	require.Equal(t, roleApp, id.Permissions.ARN)
	require.NotNil(t, id.Line)
	require.Empty(t, id.Gaps)

	_, err = s.Identity(query(t, "twin"), true)
	requireInput(t, err, "twin is the name of two")

	id, err = answer.NewSubject(twins(), nil).Identity(query(t, roleTwin), true)
	require.NoError(t, err)
	require.InDelta(t, 0.5, id.Threshold, 0)
	require.Len(t, id.Gaps, 1, "its inline policy does not parse")
	require.Equal(t, nhiscan.GapMalformed, id.Gaps[0].Code)

	id, err = answer.NewSubject(stocked(), nil).Identity(query(t, userTwin), false)
	require.NoError(t, err)
	require.Len(t, id.Gaps, 1, "the group's gap is not the user's")
	require.Equal(t, "iam:GetCredentialReport", id.Gaps[0].Operation)
}

func TestGaps(t *testing.T) {
	t.Parallel()
	user := &nhi.Identity{Type: nhi.TypeUser, Name: "ada", ARN: "arn:aws:iam::123456789012:user/ada"}
	role := &nhi.Identity{Type: nhi.TypeRole, Name: "app", ARN: roleApp}
	for name, c := range map[string]struct {
		gap                nhiscan.Gap
		user, role, policy bool
	}{
		"a list":                {gap: nhiscan.Gap{Operation: "iam:ListRoles", Resource: "*"}, user: true, role: true, policy: true},
		"of no resource":        {gap: nhiscan.Gap{Operation: "iam:ListRoles"}, user: true, role: true, policy: true},
		"the credential report": {gap: nhiscan.Gap{Operation: "iam:GetCredentialReport", Resource: "*"}, user: true},
		"one by name":           {gap: nhiscan.Gap{Operation: "iam:GetUser", Resource: "Ada"}, user: true, policy: true},
		"one by ARN":            {gap: nhiscan.Gap{Operation: "iam:GetRole", Resource: roleApp}, role: true, policy: true},
		"a user's keys":         {gap: nhiscan.Gap{Operation: "iam:ListAccessKeys", Resource: "ada"}, user: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.user, answer.Concerns(c.gap, user))
			require.Equal(t, c.role, answer.Concerns(c.gap, role))
			require.Equal(t, c.policy, len(answer.PolicyGaps([]nhiscan.Gap{c.gap})) == 1)
		})
	}
	a, b := nhiscan.Gap{Operation: "iam:GetUser"}, nhiscan.Gap{Operation: "iam:GetRole"}
	require.Equal(t, []nhiscan.Gap{b}, answer.Without([]nhiscan.Gap{a, b, b}, []nhiscan.Gap{a}))
	require.Empty(t, answer.Without(nil, []nhiscan.Gap{a}))
}

func TestCaller(t *testing.T) {
	t.Parallel()
	asked := readAt.Add(time.Hour)
	gap := nhiscan.Gap{Operation: "iam:GetRole", Code: "AccessDenied"}
	root := answer.Caller(&collect.CallerIdentity{ARN: "arn:aws:iam::123456789012:root", Type: collect.CallerRoot, Gaps: []nhiscan.Gap{gap}}, &answer.Options{Now: asked})
	require.Nil(t, root.Identity)
	require.Equal(t, asked, root.Time)
	require.Equal(t, "root", root.Type)
	require.Equal(t, []nhiscan.Gap{gap}, root.Gaps)

	one := twins()
	one.Users, one.Roles = nil, one.Roles[:1]
	role := answer.Caller(&collect.CallerIdentity{ARN: "arn:aws:sts::123456789012:assumed-role/app/s", Name: "app", Account: one}, &answer.Options{Now: asked})
	require.Equal(t, asked, role.Time)
	require.Equal(t, readAt, role.Identity.Time)
	require.Equal(t, roleApp, role.Identity.Permissions.ARN)
	require.True(t, role.Identity.Alone)
	require.Empty(t, role.Gaps)

	require.NotNil(t, answer.Caller(&collect.CallerIdentity{Account: one}, nil).Identity)
}
