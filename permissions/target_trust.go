package permissions

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A trustIndex says which identities of the account may assume which of its roles,
// as far as trust policies go. Trust policies are read once each: asking each for
// each identity dies at size.
type trustIndex struct {
	// named are the roles whose trust policies name an identity, or few of them.
	named map[int32][]trustEntry
	// wide are the roles that many identities may assume, by who they are.
	wide []*trustClass
}

// A trustEntry is what a trust statement grants.
type trustEntry struct {
	role int32
	// directly says that the statement names the identity itself: it needs no
	// identity policy, as it does when the statement names the account.
	// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
	directly bool
	holds    truth
	// personal is a trust policy that must be asked anew for each identity.
	personal *Policy
}

// A trustClass is what trust policies grant to a set of identities.
type trustClass struct {
	who      targetSet
	directly bool
	roles    allowance
	personal map[*document][]trustEntry
}

// fewIdentities is up to how many identities a trust statement is noted with each.
const fewIdentities = 16

func newTrustIndex(g *escalationGraph) *trustIndex {
	t := &trustIndex{named: map[int32][]trustEntry{}}
	classes := map[trustClassKey]*trustClass{}
	for n := range g.targets.roles.all() {
		id := g.identity(n)
		if id.trust == nil {
			continue
		}
		for _, s := range id.trust.compiled.matching(actionAssumeRole) {
			if !s.deny {
				t.addStatement(g, classes, n, s)
			}
		}
	}
	return t
}

type trustClassKey struct {
	who      setKey
	directly bool
}

func (t *trustIndex) addStatement(g *escalationGraph, classes map[trustClassKey]*trustClass, role int32, s *statement) {
	holds, personal, narrowed := g.trustCondition(role, s)
	if holds == no {
		return
	}
	add := func(who targetSet, directly bool) {
		e := trustEntry{role: role, directly: directly, holds: holds}
		if personal {
			e.personal = g.identity(role).trust
		}
		who = who.intersect(narrowed)
		if who.len() <= fewIdentities {
			for n := range who.all() {
				t.named[n] = append(t.named[n], e)
			}
			return
		}
		key := trustClassKey{keyOf(who), directly}
		class := classes[key]
		if class == nil {
			class = &trustClass{who: who, directly: directly, personal: map[*document][]trustEntry{}}
			classes[key] = class
			t.wide = append(t.wide, class)
		}
		class.add(e)
	}
	g.eachTrusted(s, add)
}

// add takes in a role; roles come in the order of their numbers.
func (c *trustClass) add(e trustEntry) {
	switch {
	case e.personal != nil:
		c.personal[e.personal.compiled] = append(c.personal[e.personal.compiled], e)
	case e.holds == yes:
		c.roles.sure = c.roles.sure.with(e.role, e.role+1)
	default:
		c.roles.unsure = c.roles.unsure.with(e.role, e.role+1)
	}
}

// eachTrusted calls add with the identities of the account that a statement's
// Principal covers.
func (g *escalationGraph) eachTrusted(s *statement, add func(who targetSet, directly bool)) {
	if s.source.NotPrincipal != nil {
		add(g.everyone, true)
		return
	}
	p := s.source.Principal
	if p == nil {
		return
	}
	if p.Everyone {
		add(g.everyone, true)
	}
	for _, value := range p.AWS {
		switch a, ok := nhiscan.ParseARN(value); {
		case value == "*":
			add(g.everyone, true)
		case value == g.account, ok && a.Account == g.account && a.Resource == "root":
			add(g.everyone, false)
		case ok && a.Account == g.account && strings.HasPrefix(a.Resource, "assumed-role/"):
			name, _, _ := strings.Cut(strings.TrimPrefix(a.Resource, "assumed-role/"), "/")
			g.addRole(name, add)
		case ok && a.Account == g.account && strings.HasPrefix(a.Resource, "role/"):
			g.addRole(value[strings.LastIndexByte(value, '/')+1:], add)
		case ok:
			if n, ok := g.targets.number(value); ok && g.targets.identities[n] >= 0 {
				add(oneTarget(n), true)
			}
		}
	}
}

func (g *escalationGraph) addRole(name string, add func(who targetSet, directly bool)) {
	if n, ok := g.roleNamed[strings.ToLower(name)]; ok {
		add(oneTarget(n), true)
	}
}

// trustCondition says whether the conditions of a trust statement hold for anyone,
// or whether that must be asked for each identity, and if so for which at most.
func (g *escalationGraph) trustCondition(role int32, s *statement) (holds truth, personal bool, who targetSet) {
	nobody := Principal{}
	e := newEnvironment(&nobody, actionAssumeRole, g.targets.arns[role], g.account, nil)
	holds, keys := s.conditionsHold(e)
	trust := g.identity(role).trust
	personal = slices.ContainsFunc(keys, tellsPrincipal) || s.notPrincipal ||
		slices.ContainsFunc(trust.compiled.matching(actionAssumeRole), func(s *statement) bool { return s.deny })
	who = g.everyone
	if personal {
		for i := range s.source.Conditions {
			if covered, ok := g.principalsLike(&s.source.Conditions[i]); ok {
				who = who.intersect(covered)
			}
		}
	}
	return holds, personal, who
}

// principalsLike returns the identities that a condition on aws:PrincipalArn can
// hold for.
func (g *escalationGraph) principalsLike(c *policydoc.Condition) (targetSet, bool) {
	if !strings.EqualFold(c.Key, "aws:PrincipalArn") {
		return nil, false
	}
	switch strings.ToLower(c.Operator) {
	case "arnlike", "arnequals", "stringlike", "stringequals":
	default:
		return nil, false
	}
	var who targetSet
	for _, v := range c.Values {
		if hasVariable(v) {
			return nil, false
		}
		who = who.union(g.targets.covered(v))
	}
	return who, true
}

// A trusting is the roles whose trust policies admit a caller: by naming it, and
// by naming its account.
type trusting struct{ directly, account allowance }

// trusting returns the roles that admit the caller.
func (c *caller) trusting() *trusting {
	if c.trustingMemo != nil {
		return c.trustingMemo
	}
	t := &trusting{}
	c.trustingMemo = t
	c.personalMemo = map[*document]*[2]truth{}
	var sure, unsure [2][]int32 // by whether named directly
	note := func(e trustEntry) {
		holds, directly := e.holds, bit(e.directly)
		if e.personal != nil {
			holds = c.personalTrust(e)
		}
		switch holds {
		case yes:
			sure[directly] = append(sure[directly], e.role)
		case maybe:
			unsure[directly] = append(unsure[directly], e.role)
		}
	}
	for _, e := range c.g.trust.named[c.n] {
		note(e)
	}
	byClass := [2]allowance{}
	for _, class := range c.g.trust.wide {
		if !class.who.has(c.n) {
			continue
		}
		b := &byClass[bit(class.directly)]
		b.sure, b.unsure = b.sure.union(class.roles.sure), b.unsure.union(class.roles.unsure)
		for _, entries := range class.personal {
			for _, e := range entries {
				note(e)
			}
		}
	}
	for k, a := range []*allowance{&t.account, &t.directly} {
		slices.Sort(sure[k])
		slices.Sort(unsure[k])
		a.sure = byClass[k].sure.union(targetsOf(sure[k]))
		a.unsure = byClass[k].unsure.union(targetsOf(unsure[k])).subtract(a.sure)
		*a = c.g.internBoth(*a)
	}
	return t
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// personalTrust says whether a trust policy admits the caller, once for all roles
// that have the same policy.
func (c *caller) personalTrust(e trustEntry) truth {
	memo := c.personalMemo[e.personal.compiled]
	if memo == nil {
		memo = &[2]truth{}
		env := newEnvironment(&c.id.principal, actionAssumeRole, c.g.targets.arns[e.role], c.g.account, c.id.context)
		env.bounded = c.policies.Boundary != nil
		var denied truth
		for _, s := range e.personal.compiled.matching(actionAssumeRole) {
			covers, how := s.coversPrincipal(env)
			holds := covers.and(s.conditionsTruth(env))
			if s.deny {
				denied = denied.or(holds)
				continue
			}
			k := bit(how != namedAccount)
			memo[k] = memo[k].or(holds)
		}
		for k := range memo {
			memo[k] = memo[k].and(denied.not())
		}
		c.personalMemo[e.personal.compiled] = memo
	}
	return memo[bit(e.directly)]
}
