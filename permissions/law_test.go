package permissions_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A lawKey is a condition key of the random policies with the values it may have.
type lawKey struct {
	name      string
	operators []string
	values    []string
}

var lawKeys = []lawKey{
	{"aws:RequestTag/Team", []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"}, []string{"red", "RED", "blue", "r*", "${aws:RequestTag/Area}", "${aws:RequestTag/Area, 'red'}"}},
	{"aws:requesttag/area", []string{"StringEquals", "StringNotLike"}, []string{"red", "blue", "?lue"}},
	{"aws:TagKeys", []string{"ForAllValues:StringEquals", "ForAnyValue:StringLike", "ForAnyValue:StringNotEquals", "ForAllValues:StringNotLike"}, []string{"red", "blue", "b*"}},
	{"aws:MultiFactorAuthPresent", []string{"Bool", "StringEquals"}, []string{"true", "false"}},
	{"s3:max-keys", []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"}, []string{"1", "10", "x"}},
	{"aws:SourceIp", []string{"IpAddress", "NotIpAddress"}, []string{"10.0.0.0/8", "10.1.2.3", "2001:db8::/32"}},
	{"aws:CurrentTime", []string{"DateLessThan", "DateGreaterThan", "DateNotEquals"}, []string{"2024-01-01T00:00:00Z", "1700000000"}},
	{"aws:SourceArn", []string{"ArnLike", "ArnNotEquals"}, []string{"arn:aws:s3:::bucket", "arn:aws:s3:::b*", "arn:*:s3:::bucket"}},
}

// A lawGenerator makes random requests, and policies that have to do with them.
type lawGenerator struct{ *rand.Rand }

func anyOf[T any](g lawGenerator, list ...T) T { return list[g.IntN(len(list))] }

// some returns a few of the list, at least one.
func some(g lawGenerator, list ...string) []string {
	list = slices.Clone(list)
	g.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:1+g.IntN(min(3, len(list)))]
}

func (g lawGenerator) statement(kind permissions.PolicyType) policydoc.Statement {
	s := policydoc.Statement{Effect: anyOf(g, policydoc.Allow, policydoc.Allow, policydoc.Allow, policydoc.Deny)}
	actions := some(g, "*", "s3:*", "s3:Get*", "S3:getobject", "s*", "ec2:*", "s3:?etObject", "*Object")
	if g.IntN(6) == 0 {
		s.NotActions = some(g, "ec2:*", "s3:Put*", "s3:GetObject")
	} else {
		s.Actions = actions
	}
	resources := some(g, "*", objectARN, "arn:aws:s3:::bucket/*", "arn:aws:s3:::${aws:RequestTag/Team}/key", "arn:aws:s3:::${aws:RequestTag/Team, 'bucket'}/*", "arn:aws:s3:::other/*")
	if g.IntN(6) == 0 {
		s.NotResources = resources
	} else {
		s.Resources = resources
	}
	if kind == permissions.ResourcePolicy || kind == permissions.ResourceControlPolicy {
		names := &policydoc.Principal{AWS: some(g, "*", userARN, roleARN, sessionARN, rootARN, hereID, thereID)}
		if g.IntN(6) == 0 {
			s.NotPrincipal = names
		} else {
			s.Principal = names
		}
	}
	for range g.IntN(3) {
		key := anyOf(g, lawKeys...)
		c := policydoc.Condition{Operator: anyOf(g, key.operators...), Key: key.name, Values: some(g, key.values...)}
		switch g.IntN(8) {
		case 0, 1:
			c.Operator += "IfExists"
		case 2:
			c.Operator, c.Values = "Null", []string{anyOf(g, "true", "false")}
		}
		s.Conditions = append(s.Conditions, c)
	}
	return s
}

func (g lawGenerator) document(kind permissions.PolicyType) *policydoc.Document {
	doc := &policydoc.Document{Version: anyOf(g, policydoc.Version2012, policydoc.Version2012, policydoc.Version2008)}
	for range 1 + g.IntN(3) {
		doc.Statements = append(doc.Statements, g.statement(kind))
	}
	return doc
}

func (g lawGenerator) policy(kind permissions.PolicyType) *permissions.Policy {
	return permissions.Compile(g.document(kind), permissions.Source{Type: kind})
}

func (g lawGenerator) list(kind permissions.PolicyType) []*permissions.Policy {
	var list []*permissions.Policy
	for range 1 + g.IntN(3) {
		list = append(list, g.policy(kind))
	}
	return list
}

func (g lawGenerator) policies() *permissions.Policies {
	p := &permissions.Policies{Identity: g.list(permissions.IdentityPolicy)}
	if g.IntN(3) == 0 {
		p.Boundary = g.policy(permissions.PermissionsBoundary)
	}
	if g.IntN(3) == 0 {
		p.Session = g.list(permissions.SessionPolicy)
	}
	if g.IntN(2) == 0 {
		p.Resource = g.policy(permissions.ResourcePolicy)
	}
	if g.IntN(4) == 0 {
		p.ServiceControl = []permissions.Level{{Policies: g.list(permissions.ServiceControlPolicy)}}
	}
	return p
}

// request returns a request with a partly known context, and the values of it.
func (g lawGenerator) request(t *testing.T) (*permissions.Request, map[string][]string) {
	t.Helper()
	r := &permissions.Request{
		Principal:       mustPrincipal(t, anyOf(g, userARN, roleARN, sessionARN, rootARN, guestARN, "*")),
		Action:          anyOf(g, "s3:GetObject", "s3:PutObject"),
		Resource:        objectARN,
		ResourceAccount: anyOf(g, hereID, hereID, thereID),
	}
	if r.Principal.Type == permissions.PrincipalSession {
		r.Principal.RoleARN = roleARN
	}
	values := map[string][]string{}
	for _, key := range lawKeys {
		if g.IntN(2) == 0 {
			values[key.name] = g.values(key)
		}
	}
	r.Context = permissions.NewContext(values, false)
	return r, values
}

// values returns values that a key may have in a request; none means absent.
func (g lawGenerator) values(key lawKey) []string {
	switch g.IntN(4) {
	case 0:
		return nil
	case 1:
		if key.name == "aws:TagKeys" {
			return some(g, "red", "blue", "green")
		}
	}
	return []string{anyOf(g, "red", "RED", "blue", "bucket", "true", "false", "1", "5", "20", "10.1.2.3", "192.0.2.1", "2001:db8::1", "2025-05-05T00:00:00Z", "1600000000", "arn:aws:s3:::bucket", "arn:aws:s3:::box")}
}

func (g lawGenerator) completion(known map[string][]string) *permissions.Context {
	values := map[string][]string{}
	for _, key := range lawKeys {
		if list, ok := known[key.name]; ok {
			values[key.name] = list
		} else {
			values[key.name] = g.values(key)
		}
	}
	return permissions.NewContext(values, true)
}

func forRandomCases(t *testing.T, check func(t *testing.T, g lawGenerator)) {
	t.Helper()
	const cases = 2000
	for seed := range uint64(cases) {
		g := lawGenerator{rand.New(rand.NewPCG(seed, 1))}
		check(t, g)
		if t.Failed() {
			t.Logf("seed %d", seed)
			return
		}
	}
}

// describe writes policies and request so that a failure can be read.
func describe(p *permissions.Policies, r *permissions.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %s\n", r.Principal.ARN, r.Action, r.Resource, r.ResourceAccount)
	print := func(list ...*permissions.Policy) {
		for _, policy := range list {
			if policy != nil {
				fmt.Fprintf(&b, "%s %+v\n", policy.Source.Type, policy.Document())
			}
		}
	}
	print(p.Identity...)
	print(p.Boundary, p.Resource)
	print(p.Session...)
	for _, level := range p.ServiceControl {
		print(level.Policies...)
	}
	return b.String()
}

// What is answered with keys unknown holds for every value that they may have.
func TestLawUnknownContext(t *testing.T) {
	t.Parallel()
	certain, uncertain := 0, 0
	forRandomCases(t, func(t *testing.T, g lawGenerator) {
		p := g.policies()
		r, known := g.request(t)
		d := permissions.Evaluate(p, r)
		if d.Outcome == permissions.Depends {
			uncertain++
			require.NotEmpty(t, d.Keys, describe(p, r))
		} else {
			certain++
		}
		for range 10 {
			completed := *r
			completed.Context = g.completion(known)
			got := permissions.Evaluate(p, &completed)
			if d.Outcome != permissions.Depends {
				require.Equal(t, d.Outcome, got.Outcome, "%s%+v", describe(p, r), completed.Context)
			}
			sessionUnknown := r.Principal.Type == permissions.PrincipalRole
			require.True(t, sessionUnknown || got.Outcome != permissions.Depends, "%s%+v", describe(p, r), got)
		}
	})
	require.Greater(t, certain, 300)
	require.Greater(t, uncertain, 150)
}

var rank = map[permissions.Outcome]int{permissions.Denied: 0, permissions.Depends: 1, permissions.Allowed: 2}

// A Deny, a boundary, a session policy or an SCP more never widens.
func TestLawLimitsNeverWiden(t *testing.T) {
	t.Parallel()
	forRandomCases(t, func(t *testing.T, g lawGenerator) {
		p := g.policies()
		r, _ := g.request(t)
		before := permissions.Evaluate(p, r)
		deny := g.statement(permissions.IdentityPolicy)
		deny.Effect = policydoc.Deny
		doc := &policydoc.Document{Version: policydoc.Version2012, Statements: []policydoc.Statement{deny}}
		limits := []func(*permissions.Policies){
			func(p *permissions.Policies) {
				p.Identity = append(slices.Clone(p.Identity), permissions.Compile(doc, permissions.Source{}))
			},
			func(p *permissions.Policies) {
				if p.Boundary == nil {
					p.Boundary = g.policy(permissions.PermissionsBoundary)
				}
			},
			func(p *permissions.Policies) {
				if p.Session == nil && r.Principal.Type != permissions.PrincipalFederated {
					p.Session = g.list(permissions.SessionPolicy)
				}
			},
			func(p *permissions.Policies) {
				p.ServiceControl = append(slices.Clone(p.ServiceControl), permissions.Level{Policies: g.list(permissions.ServiceControlPolicy)})
			},
		}
		for _, limit := range limits {
			limited := *p
			limit(&limited)
			after := permissions.Evaluate(&limited, r)
			require.LessOrEqual(t, rank[after.Outcome], rank[before.Outcome], describe(&limited, r))
		}
	})
}

// The order of policies and statements, and the case of actions, do not count.
func TestLawOrderAndCase(t *testing.T) {
	t.Parallel()
	forRandomCases(t, func(t *testing.T, g lawGenerator) {
		p := g.policies()
		r, _ := g.request(t)
		want := permissions.Evaluate(p, r)

		shouted := *r
		shouted.Action = strings.ToUpper(r.Action)
		require.Equal(t, want, permissions.Evaluate(p, &shouted), describe(p, r))

		turned := *p
		turned.Identity = nil
		for _, policy := range slices.Backward(p.Identity) {
			doc := *policy.Document()
			doc.Statements = slices.Clone(doc.Statements)
			slices.Reverse(doc.Statements)
			turned.Identity = append(turned.Identity, permissions.Compile(&doc, policy.Source))
		}
		got := permissions.Evaluate(&turned, r)
		require.Equal(t, want.Outcome, got.Outcome, describe(p, r))
		require.Equal(t, want.Keys, got.Keys, describe(p, r))
		require.Equal(t, want.Missing, got.Missing, describe(p, r))
	})
}
