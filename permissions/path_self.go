package permissions

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

// A selfWay is how an identity makes itself an administrator: one step, or two when
// its permissions boundary has to go first.
type selfWay struct {
	holds truth
	steps []pathOutcome
	by    *caller // whose outcomes the steps are, when it has other policies than now
}

// changesItself reports whether a path's gain is about the caller's own policies.
func changesItself(gain pathGain) bool {
	switch gain {
	case gainOwnPermissions, gainGroup, gainStoredVersion, gainNoBoundary, gainNoDeny:
		return true
	}
	return false
}

// self returns the first of the surest ways to administrator.
func (c *caller) self(wanted func(pathGain) bool) selfWay {
	var best selfWay
	for i := range c.g.paths.paths {
		s := &c.g.paths.paths[i]
		if !changesItself(s.Gives) && s.Gives != gainUnboundedRole || !wanted(s.Gives) {
			continue
		}
		o := c.try(s)
		if !o.self || o.administrator <= best.holds {
			continue
		}
		best = selfWay{holds: o.administrator, steps: []pathOutcome{o}}
		if s.Gives == gainNoBoundary || o.unbounds {
			if second := c.unboundedSelf(); second != nil {
				best.steps = append(best.steps, second.steps...)
			}
		}
		if best.holds == yes {
			break
		}
	}
	return best
}

// unboundedSelf returns how the caller makes itself an administrator once its
// boundary is gone; nil when there is nothing left to do or no way.
func (c *caller) unboundedSelf() *selfWay {
	if c.grantsEverything(c.policies.Identity) == yes {
		return nil
	}
	i := c.g.targets.identities[c.n]
	free := c.g.caller(int(i), false)
	if free == nil {
		return nil
	}
	way := free.self(func(gain pathGain) bool { return gain != gainNoBoundary })
	if way.holds == no {
		return nil
	}
	return &way
}

// withoutBoundary says whether the caller is an administrator, or can become one
// by itself, once its boundary is gone.
func (c *caller) withoutBoundary() truth {
	t := c.grantsEverything(c.policies.Identity)
	if t == yes {
		return c.controlled(yes)
	}
	if way := c.unboundedSelf(); way != nil {
		t = t.or(way.holds)
	}
	return c.controlled(t)
}

// tryOwnBoundary reports whether the caller is a role that becomes an administrator
// by taking off its own boundary, for which it need not assume itself.
func (c *caller) tryOwnBoundary(o *pathOutcome) bool {
	if c.policies.Boundary == nil || c.id.role == nil {
		return false
	}
	own := c.allowed(o.path, o.path.Actions[0]).in(oneTarget(c.n)).in(c.g.changeable)
	if own.empty() {
		return false
	}
	t := own.any().and(c.withoutBoundary())
	if t == no {
		return false
	}
	o.self, o.unbounds, o.targets, o.administrator = true, true, own, t
	return true
}

// tryOwnPermissions finds what the caller can change of its own policies. What the
// boundary does not allow it does not get.
func (c *caller) tryOwnPermissions(o *pathOutcome) {
	s := o.path
	use := s.Uses[0]
	a := c.allowed(s, use.Action)
	switch use.On {
	case onOwnUser:
		if c.id.user != nil {
			o.targets = a.in(oneTarget(c.n))
		}
	case onOwnRole:
		if c.id.role != nil {
			o.targets = a.in(oneTarget(c.n)).in(c.g.changeable)
		}
	case onOwnGroup:
		o.targets = a.in(c.ownGroups())
	case onOwnPolicy:
		c.tryOwnPolicy(o)
		return
	}
	o.self = true
	o.administrator = c.capped(o.holds())
}

// holds says how sure the outcome is.
func (o *pathOutcome) holds() truth {
	switch {
	case len(o.targets.sure) > 0, len(o.names) > 0 && o.bare == yes:
		return yes
	case len(o.targets.unsure) > 0, len(o.names) > 0:
		return maybe
	}
	return o.bare
}

// capped is what is left of becoming administrator under the caller's boundary and
// the account's SCPs.
func (c *caller) capped(t truth) truth {
	if b := c.policies.Boundary; b != nil && t != no {
		t = t.and(leavesEverything(c.id.principal.Type, b))
	}
	return c.controlled(t)
}

func (c *caller) controlled(t truth) truth { return t.and(c.g.controlled[c.id.principal.Type]) }

func (c *caller) grantsEverything(lists ...[]*Policy) truth {
	return grantsEverything(c.id.principal.Type, lists...)
}

// tryOwnPolicy finds the customer managed policies of the caller that it can
// rewrite; when its boundary is one, it is rid of that.
func (c *caller) tryOwnPolicy(o *pathOutcome) {
	writable := c.writablePolicies(o.path)
	o.self = true
	o.targets = writable.in(c.ownPolicies())
	o.administrator = c.capped(o.holds())
	b := c.policies.Boundary
	if b == nil || o.administrator == yes {
		return
	}
	n, ok := c.g.targets.number(b.Source.ARN)
	if !ok || writable.holds(n) == no {
		return
	}
	if t := writable.holds(n).and(c.withoutBoundary()); t > o.administrator {
		o.targets, o.administrator, o.unbounds = writable.in(oneTarget(n)), t, true
	}
}

// ownGroups returns the groups that the caller is in.
func (c *caller) ownGroups() targetSet {
	var groups []int32
	if c.id.user != nil {
		for _, name := range c.id.user.Groups {
			if group, ok := c.g.x.account.Group(name); ok {
				if n, ok := c.g.targets.number(group.ARN); ok {
					groups = append(groups, n)
				}
			}
		}
	}
	slices.Sort(groups)
	return targetsOf(groups)
}

// ownPolicies returns the customer managed policies attached to the caller and its groups.
func (c *caller) ownPolicies() targetSet {
	var policies []int32
	for _, p := range c.policies.Identity {
		if n, ok := c.g.targets.number(p.Source.ARN); ok && p.Source.ARN != "" {
			policies = append(policies, n)
		}
	}
	slices.Sort(policies)
	return targetsOf(policies)
}

// tryOwnPolicies is for the paths that change which policies the caller has.
func (c *caller) tryOwnPolicies(o *pathOutcome) {
	o.self = true
	switch o.path.Gives {
	case gainGroup:
		c.tryGroups(o)
	case gainStoredVersion:
		c.tryVersions(o)
	case gainNoBoundary:
		if c.policies.Boundary != nil && c.id.user != nil {
			o.targets = c.allowed(o.path, o.path.Actions[0]).in(oneTarget(c.n))
			o.administrator = o.holds().and(c.withoutBoundary())
		}
	case gainNoDeny:
		c.tryWithoutDeny(o)
	}
}

// A groupTarget is a group that users may join.
type groupTarget struct {
	group   *nhiscan.Group
	compile *compiler
	once    bool
	list    []*Policy
}

// policiesOf returns the policies of a group.
func (g *escalationGraph) policiesOf(n int32) []*Policy {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.groups[n]
	if !t.once {
		t.once = true
		h := holder{kind: "group", arn: t.group.ARN, name: t.group.Name}
		t.compile.attach(&h, t.group.AttachedPolicies, t.group.InlinePolicies)
		t.list = h.policies
	}
	return t.list
}

// tryGroups finds groups with policies that the caller lacks; those that make it an
// administrator alone, when there are any.
func (c *caller) tryGroups(o *pathOutcome) {
	if c.id.user == nil {
		return
	}
	a := c.allowed(o.path, o.path.Actions[0]).in(c.g.targets.groups).without(c.ownGroups())
	var found findings
	for n := range a.possible().all() {
		policies := c.g.policiesOf(n)
		way := c.after(c.joined(policies), policies)
		found.note(n, a.holds(n), way.holds, slices.ContainsFunc(policies, func(p *Policy) bool { return !c.has(p) && c.lets(p.compiled) }))
	}
	found.give(o)
}

// joined returns the caller's policies and those of a group.
func (c *caller) joined(policies []*Policy) []*Policy {
	return append(c.policies.Identity[:len(c.policies.Identity):len(c.policies.Identity)], policies...)
}

// has reports whether the caller has a policy already, if from elsewhere.
func (c *caller) has(p *Policy) bool {
	return slices.ContainsFunc(c.policies.Identity, func(own *Policy) bool {
		return own.compiled == p.compiled || p.Source.ARN != "" && own.Source.ARN == p.Source.ARN
	})
}
