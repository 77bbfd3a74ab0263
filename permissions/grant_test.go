package permissions_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

func TestGrant(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		accessCase
		action      string
		outcome     permissions.Outcome
		all         bool
		resources   string
		conditional string
		except      string
		missing     []permissions.PolicyType
	}{
		{accessCase: accessCase{name: "all", own: []string{allow("s3:*", "*")}}, action: "s3:GetObject", outcome: permissions.Allowed, all: true},
		{accessCase: accessCase{name: "all but", own: []string{allow("s3:*", "*"), deny("s3:*", objects)}}, action: "s3:GetObject", outcome: permissions.Allowed, all: true, except: objects},
		{accessCase: accessCase{name: "named", own: []string{allow("s3:*", bucket+" "+objects)}}, action: "s3:GetObject", outcome: permissions.Allowed, resources: objects},
		{accessCase: accessCase{name: "a variable", own: []string{allow("s3:*", "arn:aws:s3:::b/${aws:username}/*")}}, action: "s3:GetObject", outcome: permissions.Allowed, resources: "arn:aws:s3:::b/alice/*"},
		{accessCase: accessCase{name: "sure and doubtful", own: []string{allow("s3:*", objects), allow("s3:*", "arn:aws:s3:::c/*", mfa)}}, action: "s3:GetObject", outcome: permissions.Allowed, resources: objects, conditional: "arn:aws:s3:::c/*"},
		{accessCase: accessCase{name: "doubtful", own: []string{allow("s3:*", objects, mfa)}}, action: "s3:GetObject", outcome: permissions.Depends, resources: objects},
		{accessCase: accessCase{name: "the boundary narrows", own: []string{allow("s3:*", "arn:aws:s3:::b/*")}, boundary: []string{allow("s3:*", "arn:aws:s3:::*/x")}}, action: "s3:GetObject", outcome: permissions.Allowed, resources: "arn:aws:s3:::b/*/x arn:aws:s3:::b/x"},
		{accessCase: accessCase{name: "boundary missing", own: []string{allow("s3:*", "*")}, boundary: []string{allow("sqs:*", "*")}}, action: "s3:GetObject", outcome: permissions.Denied, missing: []permissions.PolicyType{permissions.PermissionsBoundary}},
		{accessCase: accessCase{name: "all missing", boundary: []string{allow("sqs:*", "*")}, scps: [][]string{{allow("sqs:*", "*")}}}, action: "s3:GetObject", outcome: permissions.Denied,
			missing: []permissions.PolicyType{permissions.IdentityPolicy, permissions.PermissionsBoundary, permissions.ServiceControlPolicy}},
		{accessCase: accessCase{name: "KMS keys", own: []string{allow("kms:*", "*")}}, action: "kms:Decrypt", outcome: permissions.Depends, all: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g, ok := c.analysis().Grant(aliceARN, c.action)
			require.True(t, ok)
			require.Equal(t, c.outcome, g.Outcome)
			require.Equal(t, c.all, g.All)
			require.Equal(t, c.resources, strings.Join(g.Resources, " "))
			require.Equal(t, c.conditional, strings.Join(g.Conditional, " "))
			require.Equal(t, c.except, strings.Join(g.Except, " "))
			require.Equal(t, strings.HasPrefix(c.action, "kms:"), g.ResourcePolicyUnseen)
			var missing []permissions.PolicyType
			for _, m := range g.Missing {
				missing = append(missing, m.Type)
			}
			require.Equal(t, c.missing, missing)
		})
	}
}

// Where two patterns meet in too many ways to say, nothing is taken for certain.
func TestMeet(t *testing.T) {
	t.Parallel()
	const one, other = "arn:aws:s3:::*a*b*c*d*e*", "arn:aws:s3:::*f*g*h*i*j*"
	_, exact := permissions.Meet(one, other)
	require.False(t, exact)
	c := accessCase{own: []string{allow("s3:GetObject", one)}, boundary: []string{allow("s3:GetObject", other)}}
	g, _ := c.analysis().Grant(aliceARN, "s3:GetObject")
	require.Equal(t, permissions.Depends, g.Outcome)
	require.Equal(t, []string{permissions.KeyUndecided}, g.Keys)

	patterns, exact := permissions.Meet("ab*", "*bc")
	require.True(t, exact)
	for _, s := range []string{"abc", "abxbc", "abbc", "ab", "bc", "abcd"} {
		both := policydoc.MatchResource("ab*", s) && policydoc.MatchResource("*bc", s)
		require.Equal(t, both, covered(patterns, s), s)
	}
}

func TestResourcePolicyServices(t *testing.T) {
	t.Parallel()
	services := permissions.ResourcePolicyServices()
	require.True(t, slices.IsSorted(services))
	for _, prefix := range services {
		_, ok := policydoc.LookupService(prefix)
		require.True(t, ok, prefix)
	}
}
