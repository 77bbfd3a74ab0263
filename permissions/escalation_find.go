package permissions

import "slices"

// maxTargets is how many targets of an Escalation are named.
const maxTargets = 10

// escalationsOf returns the ways in which identity number i can gain permissions.
// One that contains another of them is left out where it adds nothing. A path that
// does not lead to administrator is in it when a target has a policy that the
// caller has not, and which allows what the caller may not do everywhere.
func (x *Analysis) escalationsOf(i int) []Escalation {
	g := x.escalation()
	c := g.caller(i, true)
	if c == nil || g.certain.distance[c.n] == 0 {
		return nil
	}
	outcomes, done := g.borrowOutcomes()
	defer done()
	c.fill(outcomes, g.searched[i].outcomes)
	var list []Escalation
	for k := range outcomes {
		o := &outcomes[k]
		if o.empty() || !c.addsSomething(o, outcomes) {
			continue
		}
		if e, ok := c.escalation(o, outcomes); ok {
			list = append(list, e)
		}
	}
	return list
}

// fill works out what all paths come to, of which the search knows those to others.
func (c *caller) fill(outcomes, known []pathOutcome) {
	for k := range outcomes {
		if s := &c.g.paths.paths[k]; changesItself(s.Gives) {
			outcomes[k] = c.try(s)
		} else {
			outcomes[k] = pathOutcome{path: s}
		}
	}
	for _, o := range known {
		outcomes[o.path.number] = c.others(o)
	}
}

// deniesOff returns the ways in which an administrator is rid of what its own
// policies deny.
func (x *Analysis) deniesOff(i int) []Escalation {
	if !slices.ContainsFunc(x.identities[i].policies.Identity, denies) {
		return nil
	}
	g := x.escalation()
	c := g.caller(i, true)
	if c == nil {
		return nil
	}
	var list []Escalation
	for k := range g.paths.paths {
		if s := &g.paths.paths[k]; s.Gives == gainNoDeny {
			if o := c.try(s); !o.empty() {
				list = append(list, c.changing(&o))
			}
		}
	}
	return list
}

// selfAdmin returns how identity number i makes itself an administrator by changing
// its own permissions; nil when it cannot.
func (x *Analysis) selfAdmin(i int) *Escalation {
	g := x.escalation()
	way := &g.searched[i].self
	if way.holds == no {
		return nil
	}
	e := g.caller(i, true).changing(&way.steps[0])
	return &e
}

// addsSomething reports whether a path leads somewhere that the paths which it
// contains do not, and takes off the targets that they have.
func (c *caller) addsSomething(o *pathOutcome, outcomes []pathOutcome) bool {
	for _, lesser := range o.path.contains {
		q := &outcomes[lesser.number]
		switch {
		case q.empty():
			continue
		case q.self && q.administrator != no, o.bare != no && q.bare != no:
			return false
		case o.raises && !q.raises, o.path.Gives == gainUnboundedRole:
			o.targets = o.targets.without(c.leading(q.targets.possible()))
		default:
			o.targets = o.targets.without(q.targets.possible())
		}
	}
	return !o.empty()
}

// leading returns those of the targets from which an administrator can be reached.
func (c *caller) leading(targets targetSet) targetSet {
	return targets.intersect(c.g.reaching)
}

// escalation describes a path that the caller has. It reports whether it is worth it.
func (c *caller) escalation(o *pathOutcome, outcomes []pathOutcome) (Escalation, bool) {
	switch {
	case o.self:
		return c.changing(o), c.gainsItself(o)
	case o.bare != no:
		e := c.begin(o)
		e.Admin = o.administrator != no
		e.add(c.hop(o, noTarget))
		return e, true
	}
	e := c.begin(o)
	order := c.ordered(o)
	e.TargetCount = o.targets.len()
	for _, t := range order {
		e.Targets = append(e.Targets, c.g.targets.arns[t.n])
	}
	best := order[0]
	e.Admin = best.distance >= 0
	if !e.Admin && !c.gains(o) {
		return e, false
	}
	e.add(c.hop(c.fullest(o, best.n, outcomes), best.n))
	if e.Admin && !o.raises && o.path.Gives != gainUnboundedRole {
		c.g.follow(&e, best.n)
	}
	return e, true
}

func (c *caller) begin(o *pathOutcome) Escalation {
	return Escalation{Path: &o.path.EscalationPath}
}

// add appends a hop and what it needs.
func (e *Escalation) add(h Hop) {
	e.Hops = append(e.Hops, h)
	e.needs(h.Needs, h.Keys)
}

func (e *Escalation) needs(needs, keys []string) {
	for _, need := range needs {
		if !slices.Contains(e.Needs, need) {
			e.Needs = append(e.Needs, need)
		}
	}
	e.Keys = sortedKeys(append(e.Keys, keys...))
}

// changing describes a path by which the caller changes itself.
func (c *caller) changing(o *pathOutcome) Escalation {
	e := c.begin(o)
	e.Admin = o.administrator != no
	to, ok := first(o.targets.sure)
	if !ok {
		if to, ok = first(o.targets.unsure); !ok {
			to = noTarget
		}
	}
	for n := range o.targets.possible().all() {
		e.TargetCount++
		if len(e.Targets) < maxTargets {
			e.Targets = append(e.Targets, c.g.targets.arns[n])
		}
	}
	for _, name := range o.names {
		e.TargetCount++
		if len(e.Targets) < maxTargets {
			e.Targets = append(e.Targets, name)
		}
	}
	e.add(c.hop(o, to))
	if way := c.second(o, to); e.Admin && way != nil {
		for _, h := range way.by.changing(&way.steps[0]).Hops {
			e.add(h)
		}
	}
	if e.Admin && (o.unbounds || o.path.Gives == gainNoBoundary) {
		if way := c.unboundedSelf(); way != nil {
			free := c.g.caller(int(c.g.targets.identities[c.n]), false)
			for _, h := range free.changing(&way.steps[0]).Hops {
				e.add(h)
			}
		}
	}
	return e
}

// fullest returns the path that does most for a target: another one that contains
// the path, when it is certain for the target and the path itself is not.
func (c *caller) fullest(o *pathOutcome, to int32, outcomes []pathOutcome) *pathOutcome {
	if o.targets.sure.has(to) {
		return o
	}
	for k := range outcomes {
		q := &outcomes[k]
		if q.path.Needs != "" || q.raises != o.raises || !slices.Contains(q.path.contains, o.path) {
			continue
		}
		// The outcome at hand may have lost targets to the paths that it contains.
		if whole := c.try(q.path); whole.targets.sure.has(to) {
			return &whole
		}
	}
	return o
}
