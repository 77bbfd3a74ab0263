package policydoc

import (
	"slices"
	"strings"
)

// ActionSet returns all the actions of a danger that [Dangerous] found.
func (d *Danger) ActionSet() ActionSet {
	if d.hits == nil {
		return ActionSet{}
	}
	return d.hits.set
}

// Restrict returns what is left of a danger that [Dangerous] found when other
// policies leave only the actions of allowed; of these those in narrowed on named
// resources only, and those in conditional under conditions only. That makes them
// less bad as if the statement itself said so. It is d itself when they leave all of
// it as it is, and nil when they leave nothing.
func (d *Danger) Restrict(allowed, narrowed, conditional ActionSet) *Danger {
	if d.hits == nil {
		return nil
	}
	all := d.ActionSet()
	unconditional := !slices.ContainsFunc(d.Conditions, narrows)
	if all.Within(allowed) && !all.Overlaps(narrowed) && (!unconditional || !all.Overlaps(conditional)) {
		return d
	}
	var h *dangerHits
	switch {
	case d.hits.list != nil:
		h = d.restrictList(allowed, narrowed, conditional)
	case d.Category == DangerServiceWildcard:
		h = d.restrictWildcard(all.Intersect(allowed), narrowed, conditional)
	default:
		if set := all.Intersect(allowed).Subtract(narrowed).Subtract(conditional); set.chunks != nil {
			h = modification(set, d.wildcard())
		}
	}
	if h == nil {
		return nil
	}
	left := *d
	left.fill(h)
	return &left
}

func (d *Danger) wildcard() bool {
	return d.Pattern == "NotAction" || strings.ContainsAny(d.Pattern, "*?")
}

func (d *Danger) restrictList(allowed, narrowed, conditional ActionSet) *dangerHits {
	var h *dangerHits
	unconditional := !slices.ContainsFunc(d.Conditions, narrows)
	for _, hit := range d.hits.list {
		if !allowed.has(hit.number) {
			continue
		}
		if hit.all && narrowed.has(hit.number) {
			hit.all, hit.severity = false, hit.severity.lower()
		}
		if unconditional && conditional.has(hit.number) {
			hit.severity = hit.severity.lower()
		}
		if h == nil {
			h = &dangerHits{category: d.Category}
		}
		h.add(hit)
	}
	return h
}

// restrictWildcard judges the wildcard anew. It stays one only while whole services
// are left, and is less bad only when all of its actions are narrowed.
func (d *Danger) restrictWildcard(actions, narrowed, conditional ActionSet) *dangerHits {
	st := Statement{Resources: d.Resources, Conditions: d.Conditions}
	if d.NotResources {
		st.Resources, st.NotResources = nil, d.Resources
	}
	scope := scopeOf(&st)
	g := grantedPattern{
		statement: &st, scope: &scope, pattern: d.Pattern, actions: actions, wildcard: true,
		narrowed: slices.ContainsFunc(d.Conditions, narrows) || actions.Subtract(conditional).chunks == nil,
	}
	g.changing = scope.whole(actions.Intersect(risks().modifying))
	h := risks().serviceWildcard(&g)
	if h != nil && h.all && actions.Overlaps(narrowed) {
		h.all = false
		if actions.Subtract(narrowed).chunks == nil {
			h.severity = h.severity.lower()
		}
	}
	return h
}
