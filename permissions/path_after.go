package permissions

import "github.com/nhiscan/nhiscan/policydoc"

// after returns how the caller is an administrator with other policies than its
// own: by what they allow, or by changing itself once it has them. Only what the
// new ones among them allow can make a difference.
func (c *caller) after(all, added []*Policy) selfWay {
	if t := c.capped(c.grantsEverything(all)); t != no {
		return selfWay{holds: t}
	}
	if !allowedActions(added).Overlaps(c.g.selfActions) {
		return selfWay{}
	}
	later := c.holding(all)
	way := later.self(func(gain pathGain) bool { return gain == gainOwnPermissions })
	way.by = later
	return way
}

// holding returns the caller as it would be with other policies.
func (c *caller) holding(policies []*Policy) *caller {
	later := &caller{
		g: c.g, id: c.id, n: c.n, policies: c.policies, candidates: c.g.paths.allOf(), supposed: true,
		allowances: map[string]allowance{}, contexts: map[string]*Context{}, resources: map[string]resourceAnswer{},
	}
	later.policies.Identity = policies
	return later
}

// second returns how the caller goes on after a path that gave it other policies;
// nil when these make it an administrator already.
func (c *caller) second(o *pathOutcome, to int32) *selfWay {
	var way selfWay
	switch {
	case o.path.Gives == gainNoDeny:
		way = c.after(o.rest, o.rest)
	case to == noTarget:
	case o.path.Gives == gainGroup:
		policies := c.g.policiesOf(to)
		way = c.after(c.joined(policies), policies)
	case o.path.Gives == gainStoredVersion:
		way = c.withVersion(to)
	}
	if len(way.steps) == 0 {
		return nil
	}
	return &way
}

// A findings is what targets of a path come to: those by which the caller becomes
// an administrator, and those by which it may do more.
type findings struct{ admin, wider allowance }

func (f *findings) note(n int32, may, administrator truth, wider bool) {
	f.admin.add(n, may.and(administrator))
	if wider {
		f.wider.add(n, may)
	}
}

// give tells the outcome the best of them.
func (f *findings) give(o *pathOutcome) {
	o.targets = f.wider
	if t := f.admin.any(); t != no {
		o.targets, o.administrator = f.admin, t
	}
}

// lets reports whether the caller's boundary lets anything through that a document
// allows and the caller's own policies do not.
func (c *caller) lets(d *document) bool {
	b := c.policies.Boundary
	if b == nil {
		return true
	}
	return !d.digest().allowed.Intersect(b.compiled.digest().allowed).Within(allowedActions(c.policies.Identity))
}

// selfActions are the actions by which identities change their own permissions.
func (c *pathCatalogue) selfActions() policydoc.ActionSet {
	var actions []string
	for i := range c.paths {
		if c.paths[i].Gives == gainOwnPermissions {
			actions = append(actions, c.paths[i].Actions...)
		}
	}
	return policydoc.ActionsMatching(actions...)
}
