package permissions

// A pathOutcome is what a path comes to for a caller.
type pathOutcome struct {
	path *pathSpec
	// targets are whom or what the path can be used on.
	// The caller may be among those whom it can become: sets that many callers share
	// are not copied to leave out one.
	targets allowance
	// raises says that the caller can give the targets any permissions on the way.
	raises bool
	// self says that the path changes the caller itself, and administrator whether
	// it makes it one.
	self          bool
	administrator truth
	// bare says that the path has no target.
	bare truth
	// names are targets that are not IAM entities with an ARN, such as the names of
	// inline policies.
	names []string
	// rest are the caller's policies without those that it can take off.
	rest []*Policy
	// unbounds says that the path rids the caller of its permissions boundary.
	unbounds bool
}

func (o *pathOutcome) empty() bool {
	return o.targets.empty() && o.bare == no && len(o.names) == 0
}

// try works out what a path comes to for the caller.
func (c *caller) try(s *pathSpec) pathOutcome {
	o := pathOutcome{path: s}
	if !c.mayHave(s) {
		return o
	}
	switch s.Gives {
	case gainOwnPermissions:
		c.tryOwnPermissions(&o)
	case gainGroup, gainStoredVersion, gainNoBoundary, gainNoDeny:
		c.tryOwnPolicies(&o)
	case gainUser, gainRole, gainUnboundedRole, gainRaisedUser, gainRaisedRole:
		c.tryOthers(&o)
	case gainPassedRole, gainRoleOfAResource:
		c.tryServiceRoles(&o)
	case gainNewRole:
		c.tryNewRole(&o)
	case gainAdministrator, gainNothingWeCanTell:
		o.bare = c.resourcesOf(s).and(maybe)
		if s.Gives == gainAdministrator {
			o.administrator = o.bare
		}
	}
	if s.Needs != "" {
		o.targets = o.targets.weakened(maybe)
		o.bare = o.bare.and(maybe)
		o.administrator = o.administrator.and(maybe)
	}
	return o
}

// others leaves the caller out of whom it can become.
func (c *caller) others(o pathOutcome) pathOutcome {
	if !o.self {
		o.targets = allowance{c.withoutSelf(o.targets.sure), c.withoutSelf(o.targets.unsure)}
	}
	return o
}

// withoutSelf leaves the caller out of a set, once for all paths that have it.
func (c *caller) withoutSelf(s targetSet) targetSet {
	if !s.has(c.n) {
		return s
	}
	key := keyOf(s)
	found, ok := c.selfless[key]
	if !ok {
		found = s.subtract(oneTarget(c.n))
		if c.selfless == nil {
			c.selfless = map[setKey]targetSet{}
		}
		c.selfless[key] = found
	}
	return found
}

// mayHave tells quickly the paths of which some action is not allowed on anything.
func (c *caller) mayHave(s *pathSpec) bool {
	mask := s.mask
	if n := c.g.assumeRole.Uses[0].number; mask.has(n) && c.g.admitted[c.n] {
		mask.remove(n) // a trust policy may allow it alone
	}
	if s.Gives == gainUnboundedRole && c.id.role != nil {
		mask.remove(c.g.assumeRole.Uses[0].number) // its own boundary it takes off itself
	}
	return c.candidates.contains(&mask)
}

// resourcesOf says whether the caller may do those of a path's actions that are
// not about IAM entities.
func (c *caller) resourcesOf(s *pathSpec) truth {
	t := yes
	for _, use := range s.Uses {
		if use.On == onResource {
			if t = t.and(c.resource(use.Action).holds); t == no {
				break
			}
		}
	}
	return t
}

// tryServiceRoles finds the roles that the caller can have a service use.
func (c *caller) tryServiceRoles(o *pathOutcome) {
	s := o.path
	var roles allowance
	for _, r := range s.Roles {
		fit := c.g.rolesOf(r)
		if s.Gives == gainPassedRole && !fit.empty() {
			fit = c.g.both(c.passable(r.Service), fit)
		}
		roles = roles.or(fit)
	}
	if roles.empty() {
		return
	}
	o.targets = roles.weakened(c.resourcesOf(s))
}

// tryOthers finds the users and roles that the caller can become.
func (c *caller) tryOthers(o *pathOutcome) {
	s := o.path
	if s.Gives == gainUnboundedRole && c.tryOwnBoundary(o) {
		return
	}
	reached := allowance{sure: c.g.targets.everything}
	for _, use := range s.Uses {
		reached = c.g.both(reached, c.takeover(s, use))
	}
	switch s.Gives {
	case gainRaisedRole, gainRaisedUser:
		o.raises = true
		reached = c.g.both(reached, c.g.raisable)
	case gainUnboundedRole:
		reached = c.g.both(reached, c.g.bounded)
	}
	if usesTrust(s) {
		reached = c.g.in(c.g.both(reached, c.unblocked(actionAssumeRole)), c.g.changeable)
	}
	o.targets = reached
}

func usesTrust(s *pathSpec) bool {
	for _, a := range s.Actions {
		if a == "iam:UpdateAssumeRolePolicy" {
			return true
		}
	}
	return false
}

// takeover returns the users or roles on which one action of a path can be done.
func (c *caller) takeover(s *pathSpec, use pathAction) allowance {
	a := c.allowed(s, use.Action)
	switch use.Action {
	case actionAssumeRole:
		if usesTrust(s) {
			return c.g.in(a, c.g.targets.roles)
		}
		return c.assumes()
	case "iam:CreateAccessKey":
		if s.Gives == gainUser && len(s.Uses) == 2 { // after another key was deleted
			return c.g.both(a, c.g.credentials.fullOfKeys)
		}
		return c.g.both(a, c.g.credentials.roomForKey)
	case "iam:CreateLoginProfile":
		return c.g.both(a, c.g.credentials.noPassword)
	case "iam:UpdateLoginProfile":
		return c.g.both(a, c.g.credentials.password)
	case "iam:CreatePolicyVersion":
		versions := c.writablePolicies(s)
		sure := c.g.holdersOf(versions.sure)
		return allowance{sure, c.g.holdersOf(versions.unsure).subtract(sure)}
	case "iam:DeleteAccessKey":
		return c.g.in(a, c.g.targets.users)
	}
	return c.g.in(a, c.g.changeable)
}

// writablePolicies returns the customer managed policies of which the caller can
// write a new default version. There are at most five, so one may have to go.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
func (c *caller) writablePolicies(s *pathSpec) allowance {
	a := c.g.in(c.allowed(s, "iam:CreatePolicyVersion"), c.g.targets.policies)
	full := c.g.in(a, c.g.fullPolicies)
	if full.empty() {
		return a
	}
	return c.g.internBoth(a.without(c.g.fullPolicies).or(both(full, c.allowed(s, "iam:DeletePolicyVersion"))))
}

// tryNewRole looks for the ARN of a role that the caller can make and equip.
func (c *caller) tryNewRole(o *pathOutcome) {
	arn, t := c.newRole(o.path)
	o.bare = t.and(c.mayAssumeNew(arn))
	o.administrator = o.bare.and(c.g.controlled[PrincipalRole])
}

// newRole returns the ARN of a role on which the caller may do all of the path's actions.
func (c *caller) newRole(s *pathSpec) (string, truth) {
	key := s.ID
	if found, ok := c.foundResource(key); ok {
		return found.arn, found.holds
	}
	patterns := func() [][]string {
		var list [][]string
		for _, use := range s.Uses {
			list = append(list, c.patternsOf(use.Action, c.contextFor(use.Action, s))...)
		}
		return list
	}
	template := c.g.newRoles
	best := resourceAnswer{}
	for candidate := range c.g.mixtures(template, patterns) {
		t := yes
		for _, use := range s.Uses {
			t = t.and(c.mayDo(use.Action, candidate, c.contextFor(use.Action, s)))
		}
		if t > best.holds {
			best = resourceAnswer{candidate, t}
		}
		if t == yes {
			break
		}
	}
	c.resources[key] = best
	return best.arn, best.holds
}

// mayAssumeNew says whether anything keeps the caller from assuming a role that
// trusts it by name.
func (c *caller) mayAssumeNew(arn string) truth {
	if arn == "" {
		return no
	}
	policies := c.policies
	policies.Resource = c.g.trustsAnyone
	d := Evaluate(&policies, &Request{Principal: c.id.principal, Action: actionAssumeRole, Resource: arn, Context: c.id.context})
	return truthOfOutcome(d.Outcome)
}
