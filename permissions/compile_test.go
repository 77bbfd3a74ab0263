package permissions_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// However statements are indexed, those that allow an action are those whose Action
// or NotAction covers it.
func TestStatementsByAction(t *testing.T) {
	t.Parallel()
	patterns := []string{
		"*", "*:*", "s3:*", "s3*", "S3:GetObject", "s3:getobject", "s3:PutObject", "s3:Get*", "s3:*Object", "s3:?etObject",
		"s?:GetObject", "*:GetObject", "*Object", "iam:*", "iam:PassRole", "iam:Pass*", "ec2:Describe*", "ec2", "s3", "a:b:c", "a:*:c", ":", "",
	}
	actions := []string{
		"s3:GetObject", "S3:GETOBJECT", "s3:PutObject", "s3:GetObjectAcl", "s4:GetObject", "iam:PassRole", "iam:GetRole",
		"ec2:DescribeInstances", "kms:Decrypt", "a:b:c", "s3-outposts:GetObject",
	}
	g := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		doc := &policydoc.Document{Version: policydoc.Version2012}
		for range 1 + g.IntN(5) {
			var list []string
			for range 1 + g.IntN(4) {
				list = append(list, patterns[g.IntN(len(patterns))])
			}
			s := policydoc.Statement{Effect: policydoc.Allow, Resources: []string{"*"}}
			if g.IntN(4) == 0 {
				s.NotActions = list
			} else {
				s.Actions = list
			}
			doc.Statements = append(doc.Statements, s)
		}
		policies := permissions.Policies{Identity: []*permissions.Policy{permissions.Compile(doc, permissions.Source{})}}
		for _, action := range actions {
			var want, have []int
			for i := range doc.Statements {
				if doc.Statements[i].AppliesToAction(action) {
					want = append(want, i+1)
				}
			}
			d := permissions.Evaluate(&policies, &permissions.Request{Principal: mustPrincipal(t, userARN), Action: action, Resource: "*"})
			for _, m := range d.Allows {
				have = append(have, m.Statement)
			}
			require.Equal(t, want, have, "%s in %+v", action, doc.Statements)
		}
	}
}

// A decision with certain answers needs memory for the action in lower case and for
// the list of statements, and for nothing else.
func TestDecisionAllocations(t *testing.T) {
	d := realisticRequest(t)
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { permissions.Evaluate(d.policies, d.request) }), 2.0)
}

// A document of many statements and actions decides as its parts do, each of
// which is small enough to be indexed.
func TestStatementsByActionOfManyServices(t *testing.T) {
	t.Parallel()
	var whole policydoc.Document
	var parts []*permissions.Policy
	source := permissions.Source{Type: permissions.IdentityPolicy}
	for i := range 300 {
		s := policydoc.Statement{Effect: policydoc.Allow, Resources: []string{"*"}}
		switch patterns := []string{fmt.Sprintf("svc%d:Get", i), fmt.Sprintf("svc%d:Put*", i)}; {
		case i%100 == 99:
			s.NotActions = append(patterns, "svc*", "s3:*")
		case i%50 == 7:
			s.Effect, s.Actions = policydoc.Deny, []string{fmt.Sprintf("*%d:PutX", i), "SVC0:GET"}
		default:
			s.Actions = patterns
		}
		whole.Statements = append(whole.Statements, s)
		parts = append(parts, permissions.Compile(&policydoc.Document{Statements: []policydoc.Statement{s}}, source))
	}
	one := []*permissions.Policy{permissions.Compile(&whole, source)}
	for _, action := range []string{"svc1:Get", "SVC1:get", "svc2:PutX", "svc2:Delete", "svc57:PutX", "svc0:Get", "s3:GetObject", "iam:PassRole", "svc", "svc1:Get:x"} {
		r := &permissions.Request{Principal: permissions.Principal{ARN: "arn:aws:iam::111122223333:user/a"}, Action: action, Resource: "*"}
		want := permissions.Evaluate(&permissions.Policies{Identity: parts}, r)
		got := permissions.Evaluate(&permissions.Policies{Identity: one}, r)
		require.Equal(t, want.Outcome, got.Outcome, action)
		require.Len(t, got.Allows, len(want.Allows), action)
		require.Len(t, got.Denies, len(want.Denies), action)
	}
}
