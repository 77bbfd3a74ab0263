package permissions

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A Grant says on which resources of its account an identity may do an action. It
// is about the identity's own policies, boundary and SCPs; a policy of the
// resource may allow or deny more, and for sts:AssumeRole the trust policy of the
// role must allow as well: [Analysis.WhoCan] of one role asks that. A policy that
// was not read may allow and deny everything; its part hangs on [KeyUnreadPolicy].
type Grant struct {
	Principal string // ARN
	Action    string
	// Outcome is Allowed when some resource is allowed whatever the context,
	// Depends when some is under conditions, and Denied otherwise.
	Outcome Outcome
	// All says that every resource is allowed, but for Except.
	All bool
	// Resources are the patterns that are allowed, as the policies have them with
	// variables replaced where the values are known; nil when All.
	Resources []string
	// Conditional are further patterns, allowed under conditions only, of a Grant
	// whose Outcome is Allowed.
	Conditional []string
	// Except are the patterns that are denied, if only under conditions.
	Except []string
	// Keys are the condition keys that it hangs on, sorted.
	Keys []string
	// ResourcePolicyUnseen says that it hangs on policies of resources that were
	// not read, as the use of a KMS key always does.
	ResourcePolicyUnseen bool

	Allows  []Match
	Denies  []Match
	Missing []Missing
}

// Grant says on which resources an identity may do an action; false when the
// account has no user or role with the ARN.
func (x *Analysis) Grant(arn, action string) (Grant, bool) {
	i, ok := x.byARN[arn]
	if !ok {
		return Grant{}, false
	}
	return x.grantOf(i, newQuestion(action), nil), true
}

// A question is an action that is asked about.
type question struct {
	action string
	// set holds the action; empty for one that the catalogue does not have.
	set policydoc.ActionSet
	// keyed says that the policy of a KMS key must always allow it.
	keyed bool
}

func newQuestion(action string) question {
	q := question{action: action, keyed: usesKeys(action)}
	if a, ok := policydoc.LookupAction(action); ok {
		q.set = policydoc.ActionsMatching(a.String())
	}
	return q
}

func (x *Analysis) grantOf(i int, q question, ctx *Context) Grant {
	id := &x.identities[i]
	g := Grant{Principal: id.arn, Action: q.action, Outcome: Denied}
	env := newEnvironment(&id.principal, q.action, "*", "", id.contextWith(ctx))
	var terms []term
	terms = x.asked(terms, env, q, id.asked(), 0)
	limits := 0
	id.policies.eachLimit(&id.principal, func(_ PolicyType, _ string, policies []*Policy) {
		limits++
		terms = x.asked(terms, env, q, policies, limits)
	})
	uses := make([]use, len(terms))
	for k := range terms {
		uses[k] = use{&terms[k], terms[k].scope.all.Len() > 0 || coversEverything(terms[k].patterns)}
		g.note(&terms[k])
	}
	x.fillGrant(&g, q, piecesOf(uses, limits))
	if q.keyed {
		g.askResource()
	}
	if g.Outcome == Denied && len(g.Denies) == 0 {
		g.Missing = missingOf(id, terms)
	}
	if g.Outcome == Denied {
		g.Allows = nil
	}
	return g
}

// usesKeys reports whether an action works on KMS keys: for it the policy of the
// key must always allow.
//
// See https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html.
func usesKeys(action string) bool {
	if !hasPrefixFold(action, "kms:") {
		return false
	}
	details, _ := policydoc.Details(action)
	return slices.ContainsFunc(details.Resources, func(r policydoc.ActionResource) bool { return strings.Contains(r.ARN, ":key/") })
}

// askResource makes a grant hang on the policies of the resources.
func (g *Grant) askResource() {
	if g.Outcome == Denied {
		return
	}
	g.Outcome, g.ResourcePolicyUnseen = Depends, true
	if !g.All {
		g.Resources = slices.Concat(g.Resources, g.Conditional)
		slices.Sort(g.Resources)
	}
	g.Conditional = nil
}

// asked appends the statements of policies that bear on the action.
func (x *Analysis) asked(terms []term, env *environment, q question, policies []*Policy, layer int) []term {
	for _, p := range policies {
		for _, s := range p.compiled.matching(q.action) {
			t := term{policy: p, statement: s, layer: layer}
			t.resolve(env)
			if t.holds == no {
				continue
			}
			if q.set.Len() > 0 {
				if t.scope = x.scopes.of(q.set, t.patterns, t.not); t.scope.any().Len() == 0 {
					continue
				}
			}
			terms = append(terms, t)
		}
	}
	return terms
}

// note keeps a statement among the reasons.
func (g *Grant) note(t *term) {
	switch {
	case t.statement.deny:
		g.Denies = append(g.Denies, t.match())
	case t.layer == 0:
		g.Allows = append(g.Allows, t.match())
	}
}

// fillGrant says what the pieces come to.
func (x *Analysis) fillGrant(g *Grant, q question, pieces []piece) {
	var sure, doubtful []piece
	for _, p := range pieces {
		if q.set.Len() > 0 {
			if s := x.scopes.of(q.set, []string{p.pattern}, false); s.any().Len() == 0 {
				continue // a resource that the action does not work on
			}
		}
		if p.holds == yes {
			sure = append(sure, p)
		} else {
			doubtful = append(doubtful, p)
		}
	}
	main := sure
	switch {
	case len(sure) > 0:
		g.Outcome = Allowed
		for _, p := range doubtful {
			g.Conditional = append(g.Conditional, p.pattern)
		}
	case len(doubtful) > 0:
		g.Outcome = Depends
		main = doubtful
	}
	for _, p := range main {
		g.Resources = append(g.Resources, p.pattern)
	}
	for _, p := range pieces {
		g.Keys = mergeKeys(g.Keys, p.keys)
		for _, e := range slices.Concat(p.except, p.doubtful) {
			if !slices.Contains(g.Except, e) {
				g.Except = append(g.Except, e)
			}
		}
	}
	if g.All = coversEverything(g.Resources) || q.set.Len() > 0 && x.scopes.of(q.set, g.Resources, false).all.Len() > 0; g.All {
		g.Resources = nil
	}
	slices.Sort(g.Resources)
	slices.Sort(g.Conditional)
	slices.Sort(g.Except)
}

// missingOf returns the layers that allow the action on no resource.
func missingOf(id *identity, terms []term) []Missing {
	allows := map[int]bool{}
	for i := range terms {
		if !terms[i].statement.deny {
			allows[terms[i].layer] = true
		}
	}
	var list []Missing
	layer := 0
	check := func(kind PolicyType, target string, _ []*Policy) {
		if !allows[layer] {
			list = append(list, Missing{Type: kind, Target: target})
		}
		layer++
	}
	check(IdentityPolicy, "", nil)
	id.policies.eachLimit(&id.principal, check)
	return list
}
