package permissions

import "github.com/nhiscan/nhiscan/policydoc"

// maxCompared is how many targets that lead no further are compared with the
// caller, to tell whether a path to them gains anything.
const maxCompared = 64

// gains reports whether a target has what the caller has not.
func (c *caller) gains(o *pathOutcome) bool {
	if o.raises || o.path.Gives == gainUnboundedRole {
		return true
	}
	compared := 0
	for n := range o.targets.possible().all() {
		if compared++; compared > maxCompared {
			break
		}
		if c.lacks(c.g.identity(n)) {
			return true
		}
	}
	return false
}

// lacks reports whether a policy of another identity allows what the caller may not
// do on every resource.
func (c *caller) lacks(other *identity) bool {
	for _, p := range other.policies.Identity {
		if c.has(p) {
			continue
		}
		profile := c.g.x.profileOf(p.compiled)
		if len(profile.personal) > 0 || !profile.allowed.Within(c.everywhere()) {
			return true
		}
	}
	return false
}

// everywhere returns what the caller may do on every resource; nothing for one with
// a boundary or denies, for whom it is not looked into.
func (c *caller) everywhere() policydoc.ActionSet {
	if c.everywhereMemo != nil {
		return *c.everywhereMemo
	}
	var set policydoc.ActionSet
	for _, p := range c.policies.Identity {
		if denies(p) {
			set = policydoc.ActionSet{}
			break
		}
		set = set.Union(c.g.x.profileOf(p.compiled).sum.allow.all)
	}
	if c.policies.Boundary != nil {
		set = policydoc.ActionSet{}
	}
	c.everywhereMemo = &set
	return set
}

// gainsItself reports whether a path by which the caller changes itself gives it
// anything. Only actions are compared, not resources.
func (c *caller) gainsItself(o *pathOutcome) bool {
	b := c.policies.Boundary
	switch {
	case o.administrator != no || b == nil:
		return true
	case o.path.Gives == gainOwnPermissions:
		return !b.compiled.digest().allowed.Within(allowedActions(c.policies.Identity))
	case o.path.Gives == gainNoBoundary:
		return exceeds(c.policies.Identity, b)
	}
	return true
}
