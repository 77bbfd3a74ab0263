package permissions

import "github.com/nhiscan/nhiscan/policydoc"

// An effect is what an identity's policies together come to.
type effect struct {
	id *identity
	// identity is what identity policies allow and deny, before all else.
	identity layerSum
	// limits are the boundary and the levels of SCPs, in this order.
	limits []limit
	// denies are what any policy denies.
	denies layerSum
	// reach is what is left: no action is in more than one of its sets, unless
	// its named or conditional grants go further than the others. any are all of them.
	reach reach
	any   policydoc.ActionSet

	env *environment
	// own are the profiles of the identity policies.
	own []*profile
	// free says that these only grant, the same to whoever has them, and that nothing
	// limits them.
	free bool
}

// A limit is a layer that must allow as well.
type limit struct {
	layerSum
	kind PolicyType
	// target is the level of an SCP.
	target   string
	policies []*Policy
}

// effectOf works out what identity number i can do.
func (x *Analysis) effectOf(i int) *effect {
	id := &x.identities[i]
	e := &effect{id: id, env: id.environment("", "*"), free: true}
	e.own = make([]*profile, len(id.policies.Identity))
	for k, p := range id.policies.Identity {
		e.own[k] = x.aloneOf(p.compiled)
		e.free = e.free && e.own[k].isFree()
		e.identity.addProfile(x, e.env, p, e.own[k])
	}
	id.policies.eachLimit(&id.principal, func(kind PolicyType, target string, policies []*Policy) {
		l := limit{layerSum: x.layerOf(e.env, policies), kind: kind, target: target, policies: policies}
		e.limits = append(e.limits, l)
		e.free = e.free && l.open()
	})
	if e.free {
		e.reach = e.identity.allow
		e.reach.tidy()
	} else {
		x.combine(e)
	}
	e.any = e.reach.any()
	return e
}

// layerOf sums up policies of which one must allow.
func (x *Analysis) layerOf(env *environment, policies []*Policy) layerSum {
	var sum layerSum
	for _, p := range policies {
		sum.addProfile(x, env, p, x.profileOf(p.compiled))
	}
	return sum
}

func (l *layerSum) addProfile(x *Analysis, env *environment, policy *Policy, p *profile) {
	l.union(&p.sum)
	for _, n := range p.personal {
		t := x.termOf(env, policy, &p.clauses[n])
		l.add(t.statement.deny, t.holds, t.not, &t.scope)
	}
}

// combine fills in what is left when all layers are put together: by sets of
// actions where that is enough, by resource patterns where it is not.
func (x *Analysis) combine(e *effect) {
	r := e.identity.allow
	e.denies.addDenies(&e.identity)
	var shared policydoc.ActionSet
	for k := range e.limits {
		l := &e.limits[k]
		e.denies.addDenies(&l.layerSum)
		var both policydoc.ActionSet
		possible := r.any().Intersect(l.allow.any())
		r, both = intersect(&r, &l.allow)
		// What only patterns can tell must not be lost before they are looked at.
		shared = shared.Union(both).Intersect(possible)
		r.maybeNamed = r.maybeNamed.Union(both)
	}
	r.subtract(e.denies.denyAll)
	r.weaken(e.denies.denyMaybe)
	r.tidy()
	hard := shared.Union(e.denies.denyPart).Intersect(r.any())
	if hard.Len() > 0 {
		r.subtract(hard)
		x.settle(e, &r, hard)
		r.tidy()
	}
	e.reach = r
}

// settle decides by resource patterns how far actions are allowed. Actions with
// the same statements are decided together.
func (x *Analysis) settle(e *effect, r *reach, hard policydoc.ActionSet) {
	for _, class := range classes(hard, x.termsOf(e, hard)) {
		var always, sometimes []string
		for _, p := range piecesOf(class.uses, len(e.limits)) {
			if p.holds == yes {
				always = append(always, p.pattern)
			} else {
				sometimes = append(sometimes, p.pattern)
			}
		}
		sure := x.scopes.of(class.actions, always, false)
		perhaps := x.scopes.of(class.actions, sometimes, false)
		r.union(&reach{all: sure.all, named: sure.named, maybeAll: perhaps.all, maybeNamed: perhaps.named})
	}
}

// termsOf returns the statements of all layers that bear on some of the actions.
func (x *Analysis) termsOf(e *effect, actions policydoc.ActionSet) []term {
	terms := x.appendTerms(nil, e.env, e.id.policies.Identity, 0, actions)
	for k := range e.limits {
		terms = x.appendTerms(terms, e.env, e.limits[k].policies, k+1, actions)
	}
	return terms
}

func (x *Analysis) appendTerms(terms []term, env *environment, policies []*Policy, layer int, actions policydoc.ActionSet) []term {
	for _, p := range policies {
		profile := x.profileOf(p.compiled)
		for i := range profile.clauses {
			c := &profile.clauses[i]
			if !c.actions.Overlaps(actions) {
				continue
			}
			if t := x.termOf(env, p, c); t.holds != no {
				t.layer = layer
				terms = append(terms, t)
			}
		}
	}
	return terms
}

// A class is a set of actions that the same statements bear on in the same way.
type class struct {
	actions policydoc.ActionSet
	uses    []use
}

// A use is a statement that bears on actions; whole says that it covers all of
// their resources.
type use struct {
	*term
	whole bool
}

// classes divides actions into classes.
func classes(actions policydoc.ActionSet, terms []term) []class {
	list := []class{{actions: actions}}
	for i := range terms {
		t := &terms[i]
		list = split(list, t.scope.all, use{t, true})
		list = split(list, t.scope.named, use{t, false})
	}
	return list
}

// split adds a use to those classes that are among the actions, and divides those
// that are so in part.
func split(list []class, actions policydoc.ActionSet, u use) []class {
	for i, n := 0, len(list); i < n; i++ {
		c := &list[i]
		in := c.actions.Intersect(actions)
		switch in.Len() {
		case 0:
			continue
		case c.actions.Len():
		default:
			rest := class{actions: c.actions.Subtract(actions), uses: c.uses[:len(c.uses):len(c.uses)]}
			list = append(list, rest)
			c = &list[i]
			c.actions = in
		}
		c.uses = append(c.uses, u)
	}
	return list
}
