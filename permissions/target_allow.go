package permissions

// A targetLayer sums up what the policies of one kind say about an action: the
// entities that statements certainly cover, and those that they may.
type targetLayer struct{ allow, mayAllow, deny, mayDeny targetSet }

// add takes in the statements of policies that are about the action of e.
func (l *targetLayer) add(g *escalationGraph, policies []*Policy, e *environment) {
	for _, p := range policies {
		candidates := p.compiled.candidatesFor(&e.action)
		for i := range candidates {
			if candidates[i].covers(&e.action) {
				l.addStatement(g, candidates[i].statement, e)
			}
		}
	}
}

func (l *targetLayer) addStatement(g *escalationGraph, s *statement, e *environment) {
	holds := s.conditionsTruth(e)
	if holds == no {
		return
	}
	covered, mayCover := g.coveredBy(s, e)
	if holds == maybe {
		covered = nil
	}
	if s.deny {
		l.deny, l.mayDeny = l.deny.union(covered), l.mayDeny.union(mayCover)
	} else {
		l.allow, l.mayAllow = l.allow.union(covered), l.mayAllow.union(mayCover)
	}
}

// coveredBy returns the entities that a statement's Resource or NotResource
// covers, and those that it may when a variable's value is not known.
func (g *escalationGraph) coveredBy(s *statement, e *environment) (sure, possible targetSet) {
	fixed := true
	for i := range s.resources {
		fixed = fixed && s.resources[i].parts == nil
	}
	if fixed {
		g.mu.Lock()
		found, ok := g.fixed[s]
		g.mu.Unlock()
		if ok {
			return found, found
		}
	}
	patterns, not, known := s.resourcePatterns(e)
	for _, p := range patterns {
		possible = possible.union(g.targets.covered(p))
	}
	sure = possible
	switch {
	case not && known:
		sure = g.targets.everything.subtract(possible)
		possible = sure
	case not:
		sure, possible = g.targets.everything.subtract(possible), g.targets.everything
	case !known:
		sure = nil
	}
	if fixed {
		g.mu.Lock()
		g.fixed[s] = sure
		g.mu.Unlock()
	}
	return sure, possible
}

// allowance works out on which entities the caller may do an action. With granted,
// something else grants it, such as a trust policy that names the caller, and only
// what the caller's policies deny or do not let through counts.
func (c *caller) allowance(action string, ctx *Context, granted bool) allowance {
	e := newEnvironment(&c.id.principal, action, c.id.arn, c.id.principal.Account, ctx)
	e.bounded = c.policies.Boundary != nil
	var identity targetLayer
	identity.add(c.g, c.policies.Identity, e)
	allow, mayAllow := identity.allow, identity.mayAllow
	deny, mayDeny := identity.deny, identity.mayDeny
	if granted {
		allow, mayAllow = c.g.targets.everything, c.g.targets.everything
	}
	if len(mayAllow) == 0 {
		return allowance{}
	}
	limit := func(policies []*Policy, allows bool) {
		var l targetLayer
		l.add(c.g, policies, e)
		if allows {
			allow, mayAllow = allow.intersect(l.allow), mayAllow.intersect(l.mayAllow)
		}
		deny, mayDeny = deny.union(l.deny), mayDeny.union(l.mayDeny)
	}
	if b := c.policies.Boundary; b != nil {
		// A user whom a resource policy names needs nothing of its boundary; a role does.
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
		limit([]*Policy{b}, !granted || c.id.role != nil)
	}
	if c.id.principal.serviceControlled() {
		for i := range c.policies.ServiceControl {
			limit(c.policies.ServiceControl[i].Policies, true)
		}
	}
	if !c.id.principal.ServiceLinked && action == actionAssumeRole {
		for i := range c.policies.ResourceControl {
			limit(c.policies.ResourceControl[i].Policies, false)
		}
	}
	var a allowance
	a.sure = allow.subtract(mayDeny)
	a.unsure = mayAllow.subtract(deny).subtract(a.sure)
	return a
}

const (
	actionAssumeRole = "sts:AssumeRole"
	actionPassRole   = "iam:PassRole"

	keyPolicyARN           = "iam:policyarn"
	keyPermissionsBoundary = "iam:permissionsboundary"
	keyPassedToService     = "iam:passedtoservice"
)
