package permissions

import "github.com/nhiscan/nhiscan/policydoc"

// A layerSum is the sum of policies of which one must allow: all identity policies,
// the boundary, or the SCPs of one level; and what they deny. An action can be in
// several sets.
type layerSum struct {
	allow reach
	// denyAll are the actions denied whatever the request, denyMaybe those denied
	// on all resources under conditions, denyPart those denied on some resources,
	// or allowed by a NotResource on all but some: for these it takes the patterns.
	denyAll, denyMaybe, denyPart policydoc.ActionSet
}

// A reach is a set of actions by how far they are allowed: on all resources or on
// named ones, always or under conditions.
type reach struct {
	all, named, maybeAll, maybeNamed policydoc.ActionSet
}

func (r *reach) onAll() policydoc.ActionSet   { return r.all.Union(r.maybeAll) }
func (r *reach) onNamed() policydoc.ActionSet { return r.named.Union(r.maybeNamed) }
func (r *reach) any() policydoc.ActionSet     { return r.onAll().Union(r.onNamed()) }

func (r *reach) union(other *reach) {
	r.all = r.all.Union(other.all)
	r.named = r.named.Union(other.named)
	r.maybeAll = r.maybeAll.Union(other.maybeAll)
	r.maybeNamed = r.maybeNamed.Union(other.maybeNamed)
}

// subtract takes off the actions.
func (r *reach) subtract(s policydoc.ActionSet) {
	r.all, r.named = r.all.Subtract(s), r.named.Subtract(s)
	r.maybeAll, r.maybeNamed = r.maybeAll.Subtract(s), r.maybeNamed.Subtract(s)
}

// weaken makes what is always allowed of the actions conditional.
func (r *reach) weaken(s policydoc.ActionSet) {
	r.maybeAll = r.maybeAll.Union(r.all.Intersect(s))
	r.maybeNamed = r.maybeNamed.Union(r.named.Intersect(s))
	r.all, r.named = r.all.Subtract(s), r.named.Subtract(s)
}

// tidy leaves an action in the conditional sets only where they give more than
// the unconditional ones, and in those of named resources only where it is not
// allowed on all.
func (r *reach) tidy() {
	r.named = r.named.Subtract(r.all)
	r.maybeAll = r.maybeAll.Subtract(r.all)
	r.maybeNamed = r.maybeNamed.Subtract(r.all).Subtract(r.named).Subtract(r.maybeAll)
}

// add adds a statement that holds or may hold.
func (l *layerSum) add(deny bool, holds truth, not bool, s *scope) {
	switch {
	case holds == no:
	case not && !deny:
		l.denyPart = l.denyPart.Union(s.all)
		l.allow.add(holds, s)
	case deny && not:
		l.denyPart = l.denyPart.Union(s.all)
	case deny && holds == yes:
		l.denyAll = l.denyAll.Union(s.all)
		l.denyPart = l.denyPart.Union(s.named)
	case deny:
		l.denyMaybe = l.denyMaybe.Union(s.all)
		l.denyPart = l.denyPart.Union(s.named)
	default:
		l.allow.add(holds, s)
	}
}

func (r *reach) add(holds truth, s *scope) {
	if holds == yes {
		r.all, r.named = r.all.Union(s.all), r.named.Union(s.named)
	} else {
		r.maybeAll, r.maybeNamed = r.maybeAll.Union(s.all), r.maybeNamed.Union(s.named)
	}
}

func (l *layerSum) union(other *layerSum) {
	l.allow.union(&other.allow)
	l.addDenies(other)
}

// addDenies adds what another layer denies.
func (l *layerSum) addDenies(other *layerSum) {
	l.denyAll = l.denyAll.Union(other.denyAll)
	l.denyMaybe = l.denyMaybe.Union(other.denyMaybe)
	l.denyPart = l.denyPart.Union(other.denyPart)
}

// intersect returns what both allow. Actions that both allow on named resources
// are in shared: for these it takes the patterns to tell.
func intersect(a, b *reach) (both reach, shared policydoc.ActionSet) {
	shared = a.onNamed().Intersect(b.onNamed())
	both.all = a.all.Intersect(b.all)
	both.maybeAll = a.onAll().Intersect(b.onAll())
	both.named = a.named.Intersect(b.all).Union(a.all.Intersect(b.named))
	both.maybeNamed = a.onNamed().Intersect(b.onAll()).Union(a.onAll().Intersect(b.onNamed()))
	both.tidy()
	return both, shared
}
