package permissions_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

var lawRequests = []struct{ action, resource string }{
	{"s3:GetObject", "arn:aws:s3:::a/x"}, {"s3:GetObject", "arn:aws:s3:::b/x"}, {"s3:GetObject", "arn:aws:s3:::b/y"},
	{"s3:PutObject", "arn:aws:s3:::alice/q"}, {"s3:PutObject", "arn:aws:s3:::zz/q"}, {"s3:PutObject", "arn:aws:s3:::a1/x"},
	{"iam:PassRole", "arn:aws:iam::123456789012:role/abc"}, {"iam:PassRole", "arn:aws:iam::123456789012:role/q/r"},
	{"sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:abc"}, {"sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:q"},
}

func covered(patterns []string, resource string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return policydoc.MatchResource(p, resource) })
}

// A Grant and a decision about one resource of it are of the same opinion.
func TestGrantAgreesWithCan(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 1))
	outcomes := map[permissions.Outcome]int{}
	for range 1500 {
		a, o := randomAccount(r)
		x := permissions.New(a, &permissions.Options{Organization: o})
		for _, q := range lawRequests {
			g, ok := x.Grant(aliceARN, q.action)
			require.True(t, ok)
			d, err := x.CanIdentity(aliceARN, q.action, q.resource)
			require.NoError(t, err)
			outcomes[d.Outcome]++
			in := g.All || covered(g.Resources, q.resource)
			excepted := covered(g.Except, q.resource)
			what := func() []any {
				return []any{"%s on %s: decision %+v, grant %+v\nidentity %s", q.action, q.resource, d.Outcome, g, a.Users[0].InlinePolicies[0].Document.Text()}
			}
			switch d.Outcome {
			case permissions.Allowed:
				require.True(t, in, what()...)
				require.Equal(t, permissions.Allowed, g.Outcome, what()...)
			case permissions.Depends:
				require.True(t, in || covered(g.Conditional, q.resource), what()...)
				require.NotEqual(t, permissions.Denied, g.Outcome, what()...)
			case permissions.Denied:
				require.True(t, !in || excepted || g.Outcome == permissions.Denied, what()...)
			}
		}
	}
	for _, o := range []permissions.Outcome{permissions.Allowed, permissions.Denied, permissions.Depends} {
		require.Greater(t, outcomes[o], 200, o)
	}
}

// What all identities can do and what one may do of an action fit together.
func TestIdentitiesAgreeWithGrant(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 2))
	for range 500 {
		a, o := randomAccount(r)
		x := permissions.New(a, &permissions.Options{Organization: o})
		for _, action := range []string{"s3:GetObject", "s3:PutObject", "s3:ListAllMyBuckets", "iam:PassRole", "sqs:SendMessage", "ec2:RunInstances"} {
			g, _ := x.Grant(aliceARN, action)
			all, named, maybeAll, maybeNamed := x.Reach(aliceARN, action)
			text := a.Users[0].InlinePolicies[0].Document.Text()
			require.Equal(t, g.Outcome == permissions.Allowed, all || named, "%s: %+v %s", action, g, text)
			require.Equal(t, g.Outcome != permissions.Denied, all || named || maybeAll || maybeNamed, "%s: %+v %s", action, g, text)
			require.Equal(t, g.Outcome == permissions.Allowed && g.All, all, "%s: %+v %s", action, g, text)
		}
	}
}

// A Deny, a boundary or an SCP more never widens what is allowed.
func TestRestrictionsNeverWiden(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 3))
	for range 200 {
		a := accountOf(randomStatements(r)...)
		before := permissions.New(a, nil).Identities()[0]
		narrower := accountOf()
		narrower.Users[0].InlinePolicies = a.Users[0].InlinePolicies
		var options permissions.Options
		switch r.IntN(3) {
		case 0:
			narrower.Users[0].InlinePolicies = append(slices.Clone(a.Users[0].InlinePolicies), inlineOf(`{"Effect":"Deny","Action":`+listOf(r, lawActions)+`,"Resource":`+listOf(r, lawResources)+`}`)...)
		case 1:
			bound(narrower, randomStatements(r)...)
		case 2:
			options.Organization = controlled(randomStatements(r)...)
		}
		after := permissions.New(narrower, &options).Identities()[0]
		require.LessOrEqual(t, after.Access.Actions, before.Access.Actions)
		require.LessOrEqual(t, after.Access.Level.Compare(before.Access.Level), 0)
		require.LessOrEqual(t, after.Access.All.Compare(before.Access.All), 0)
		if after.Admin.Kind == permissions.AdminDirect {
			require.Equal(t, permissions.AdminDirect, before.Admin.Kind)
		}
	}
}

// Evaluate, given the policies that an Analysis puts together, decides as the
// Analysis does, but for what hangs on facts that the request must then bring along.
func TestPoliciesDecideAsTheAnalysis(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 3))
	alice, err := permissions.ParsePrincipal(aliceARN)
	require.NoError(t, err)
	same := map[permissions.Outcome]int{}
	for range 500 {
		a, o := randomAccount(r)
		x := permissions.New(a, &permissions.Options{Organization: o})
		policies, ok := x.Policies(aliceARN)
		require.True(t, ok)
		for _, q := range lawRequests {
			want, err := x.CanIdentity(aliceARN, q.action, q.resource)
			require.NoError(t, err)
			d := permissions.Evaluate(policies, &permissions.Request{Principal: alice, Action: q.action, Resource: q.resource})
			if d.Outcome != permissions.Depends {
				require.Equal(t, want.Outcome, d.Outcome, "%s on %s: %s", q.action, q.resource, a.Users[0].InlinePolicies[0].Document.Text())
			}
			if d.Outcome == want.Outcome {
				same[d.Outcome]++
			}
		}
		policies.Identity[0] = nil // the slice is the caller's
		_, err := x.CanIdentity(aliceARN, lawRequests[0].action, lawRequests[0].resource)
		require.NoError(t, err)
	}
	for _, o := range []permissions.Outcome{permissions.Allowed, permissions.Denied, permissions.Depends} {
		require.Greater(t, same[o], 100, o)
	}
	_, ok := permissions.New(accountOf(), nil).Policies(deployARN)
	require.False(t, ok)
}
