package permissions

// describeControls works out whether SCPs leave anyone an administrator. They are
// the same for all of an account, but for service-linked roles, which have no paths.
func (g *escalationGraph) describeControls() {
	g.selfActions = g.paths.selfActions()
	g.controlled = map[PrincipalType]truth{PrincipalUser: yes, PrincipalRole: yes}
	for i := range g.x.identities {
		id := &g.x.identities[i]
		if id.principal.ServiceLinked {
			continue
		}
		if !id.principal.ManagementAccount {
			for kind := range g.controlled {
				g.controlled[kind] = controlsLeave(kind, id.policies.ServiceControl)
			}
		}
		return
	}
}

// leftBy says whether a permissions boundary lets its user or role be an administrator.
func (g *escalationGraph) leftBy(boundary *Policy, kind PrincipalType) truth {
	if boundary == nil {
		return yes
	}
	return leavesEverything(kind, boundary)
}

// describeBounded finds the roles that could do more without their boundary.
func (g *escalationGraph) describeBounded() {
	for n := range g.targets.roles.in(g.changeable) {
		id := g.identity(n)
		b := id.policies.Boundary
		if b == nil || g.leftBy(b, PrincipalRole) == yes || !exceeds(id.policies.Identity, b) {
			continue
		}
		g.bounded.add(n, yes)
		t := grantsEverything(PrincipalRole, id.policies.Identity)
		if c := g.caller(int(g.targets.identities[n]), false); c != nil && t != yes {
			t = t.or(c.self(func(gain pathGain) bool { return gain == gainOwnPermissions }).holds)
		}
		g.freed.add(n, t)
	}
}

// raising returns those of a path's targets that it makes administrators.
func (g *escalationGraph) raising(o *pathOutcome) allowance {
	if g.controlled[PrincipalRole] == no && g.controlled[PrincipalUser] == no {
		return allowance{}
	}
	if o.path.Gives == gainUnboundedRole {
		return g.both(o.targets, g.freed)
	}
	return o.targets
}
