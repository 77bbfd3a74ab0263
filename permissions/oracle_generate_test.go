package permissions_test

import (
	"math/rand/v2"
	"strings"
)

const (
	accountA = "111111111111"
	accountB = "222222222222"
)

// A generator makes random simulations in which much matches: actions, resources
// and values come from small pools, and from the request that is to be decided.
type generator struct {
	*rand.Rand
	s *simulation
	// values are the request's context.
	values map[string][]string
}

func newGenerator(seed, number uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, number))}
}

func (g *generator) chance(p float64) bool { return g.Float64() < p }

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// some returns one to n values drawn by draw.
func (g *generator) some(n int, draw func() string) []string {
	list := make([]string, 1+g.IntN(n))
	for i := range list {
		list[i] = draw()
	}
	return list
}

// simulation returns a random simulation.
func (g *generator) simulation() *simulation {
	g.s = &simulation{Identity: []namedPolicy{}, ServiceControl: []simulationLevel{}, ResourceControl: []simulationLevel{}}
	g.request()
	g.context()
	// A principal without an account has no policies of its own.
	if account := g.s.account(); account != "" && !g.s.provider() {
		g.principalSide()
	}
	g.resourceSide()
	return g.s
}

func (s *simulation) provider() bool {
	return strings.Contains(s.principalName(), "-provider/")
}

// A simulationTarget is an action and resources that it is done to; # is the account.
type simulationTarget struct {
	actions   []string
	resources []string
}

var simulationTargets = []simulationTarget{
	{[]string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}, []string{"arn:aws:s3:::data/alice/x", "arn:aws:s3:::data/a.b+(c)", "arn:aws:s3:::logs/2026/alice", "arn:aws:s3:::data/Alice"}},
	{[]string{"s3:ListBucket"}, []string{"arn:aws:s3:::data", "arn:aws:s3:::alice"}},
	{[]string{"sqs:SendMessage", "sqs:ReceiveMessage"}, []string{"arn:aws:sqs:us-east-1:#:alice", "arn:aws:sqs:eu-west-1:#:jobs-1"}},
	{[]string{"kms:Decrypt", "kms:Encrypt"}, []string{"arn:aws:kms:us-east-1:#:key/11111111-2222-3333-4444-555555555555"}},
	{[]string{"lambda:InvokeFunction"}, []string{"arn:aws:lambda:us-east-1:#:function:alice", "arn:aws:lambda:us-east-1:#:function:jobs-1"}},
	{[]string{"secretsmanager:GetSecretValue"}, []string{"arn:aws:secretsmanager:us-east-1:#:secret:alice-AbCdEf", "arn:aws:secretsmanager:us-east-1:#:secret:team/x-AbCdEf"}},
	{[]string{"dynamodb:GetItem", "dynamodb:PutItem"}, []string{"arn:aws:dynamodb:us-east-1:#:table/alice", "arn:aws:dynamodb:us-east-1:#:table/jobs"}},
	{[]string{"sts:AssumeRole"}, []string{"arn:aws:iam::#:role/Deploy", "arn:aws:iam::#:role/team/alice"}},
}

// Actions on resources without a policy of their own, done within the account only.
var targetsWithoutPolicy = []simulationTarget{
	{[]string{"iam:GetUser", "iam:DeleteUser"}, []string{"arn:aws:iam::#:user/alice", "arn:aws:iam::#:user/team/bob"}},
	{[]string{"iam:PassRole", "iam:GetRole"}, []string{"arn:aws:iam::#:role/Deploy", "arn:aws:iam::#:role/team/alice"}},
	{[]string{"ec2:DescribeInstances", "iam:ListUsers"}, []string{"*"}},
}

var principals = []string{
	"arn:aws:iam::#:user/alice", "arn:aws:iam::#:user/alice", "arn:aws:iam::#:user/team/bob",
	"arn:aws:iam::#:role/Deploy", "arn:aws:sts::#:assumed-role/Deploy/alice", "arn:aws:sts::#:assumed-role/Deploy/alice",
	"arn:aws:sts::#:federated-user/carol", "arn:aws:iam::#:root",
}

var providers = map[string]string{
	"sts:AssumeRoleWithWebIdentity": "arn:aws:iam::#:oidc-provider/token.actions.githubusercontent.com",
	"sts:AssumeRoleWithSAML":        "arn:aws:iam::#:saml-provider/Corp",
}

var services = []string{"lambda.amazonaws.com", "events.amazonaws.com"}

func (g *generator) request() {
	r := &g.s.Request
	r.Resource.Account = accountA
	principalAccount := accountA
	kind := pick(g, simulationTargets)
	if g.chance(0.15) {
		kind = pick(g, targetsWithoutPolicy)
	} else if g.chance(0.25) {
		principalAccount = accountB
	}
	r.Action = pick(g, kind.actions)
	r.Principal = strings.ReplaceAll(pick(g, principals), "#", principalAccount)
	if r.Action == "sts:AssumeRole" && strings.HasSuffix(g.s.principalName(), ":root") {
		// AWS lets no root user assume a role; the oracle does.
		r.Principal = "arn:aws:iam::" + principalAccount + ":user/alice"
	}
	switch federated := g.chance(0.3); {
	case r.Action == "sts:AssumeRole" && federated:
		r.Action = pick(g, sortedKeys(providers))
		r.Principal = strings.ReplaceAll(providers[r.Action], "#", accountA)
	case g.chance(0.06) && r.Action != "sts:AssumeRole" && len(kind.resources) > 0 && g.hasResourcePolicy():
		r.Principal = anonymous
	case g.chance(0.08) && g.hasResourcePolicy():
		r.Principal = pick(g, services)
	}
	r.Resource.Resource = strings.ReplaceAll(pick(g, kind.resources), "#", accountA)
}

func (g *generator) hasResourcePolicy() bool {
	for _, kind := range targetsWithoutPolicy {
		for _, action := range kind.actions {
			if action == g.s.Request.Action {
				return false
			}
		}
	}
	return true
}

// noResourceControl are services whose resources no resource control policy is
// about. The oracle applies RCPs to them: see testdata/oracle/known-differences.json.
var noResourceControl = map[string]bool{"lambda": true, "iam": true, "ec2": true}

// principalSide adds what the principal's account decides.
func (g *generator) principalSide() {
	s := g.s
	if s.principalName() == "arn:aws:iam::"+s.account()+":root" {
		// The oracle does not know that the root user needs no policies.
		s.Identity = append(s.Identity, namedPolicy{Name: rootPolicy, Policy: everything()})
	}
	for i := range g.IntN(3) {
		s.Identity = append(s.Identity, g.named("identity", i, g.policy(identityLike, 0.85)))
	}
	if strings.Contains(s.principalName(), ":user/") || strings.Contains(s.principalName(), "role/") {
		if g.chance(0.3) {
			s.Boundary = []namedPolicy{g.named("boundary", 0, g.policy(identityLike, 0.9))}
		}
	}
	if strings.Contains(s.principalName(), ":assumed-role/") && g.chance(0.4) || strings.Contains(s.principalName(), ":federated-user/") {
		policy := g.policy(identityLike, 0.9)
		s.Session = &policy
	}
	if g.chance(0.3) {
		for i := range 1 + g.IntN(3) {
			level := simulationLevel{Target: pick(g, []string{"r", "ou", "account"}) + string(rune('0'+i))}
			for j := range 1 + g.IntN(2) {
				level.Policies = append(level.Policies, g.named("scp", 10*i+j, g.policy(identityLike, 0.9)))
			}
			if g.chance(0.5) {
				level.Policies = append(level.Policies, g.named("scp", 10*i+9, everything()))
			}
			s.ServiceControl = append(s.ServiceControl, level)
		}
	}
}

// rootPolicy is the policy that stands for the root user's powers.
const rootPolicy = "root"

func everything() simulatedPolicy {
	return simulatedPolicy{Version: "2012-10-17", Statements: []simulatedStatement{{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}}}
}

// resourceSide adds what the resource's account decides. Keys and roles always
// have a policy, so AWS knows no answer for them without one.
func (g *generator) resourceSide() {
	s := g.s
	must := s.trust() || strings.HasPrefix(s.Request.Action, "kms:") || s.account() != s.Request.Resource.Account
	if g.hasResourcePolicy() && (must || g.chance(0.45)) {
		kind := resourceLike
		if s.trust() {
			kind = trustLike
		}
		policy := g.policy(kind, 0.8)
		s.Resource = &policy
	}
	if !noResourceControl[strings.Split(s.Request.Action, ":")[0]] && g.chance(0.25) {
		for i := range 1 + g.IntN(2) {
			s.ResourceControl = append(s.ResourceControl, simulationLevel{
				Target:   "r" + string(rune('0'+i)),
				Policies: []namedPolicy{g.named("rcp", i, g.policy(resourceControlLike, 0))},
			})
		}
	}
}

func (g *generator) named(kind string, i int, p simulatedPolicy) namedPolicy {
	return namedPolicy{Name: kind + "-" + string(rune('a'+i%26)) + string(rune('a'+i/26)), Policy: p}
}
