package permissions

import "slices"

// A targetPair is two sets of which one has more than a range.
type targetPair struct{ a, b setKey }

// A setKey tells a set by where it lies in memory: sets do not change, and those
// that are interned lie in one place.
type setKey struct {
	first *targetSpan
	spans int
}

// keyOf returns the key of a set that is not empty.
func keyOf(s targetSet) setKey { return setKey{&s[0], len(s)} }

// intern returns the set with the same members that was interned first: many
// identities may do an action on the same entities.
func (g *escalationGraph) intern(s targetSet) targetSet {
	if len(s) == 0 {
		return s
	}
	const prime = 0x9e3779b97f4a7c15
	hash := uint64(len(s))
	for _, r := range s {
		hash = (hash ^ uint64(r.from)<<32 ^ uint64(r.to)) * prime
		hash ^= hash >> 29
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, found := range g.interned[hash] {
		if slices.Equal(found, s) {
			return found
		}
	}
	g.interned[hash] = append(g.interned[hash], s)
	return s
}

// meet is intersect, once for the same interned sets.
func (g *escalationGraph) meet(a, b targetSet) targetSet {
	if len(a) == 0 || len(b) == 0 || len(a)+len(b) == 2 || a.spans(b) || b.spans(a) {
		return a.intersect(b)
	}
	key := targetPair{keyOf(a), keyOf(b)}
	g.mu.Lock()
	found, ok := g.meetings[key]
	g.mu.Unlock()
	if ok {
		return found
	}
	found = g.intern(a.intersect(b))
	g.mu.Lock()
	g.meetings[key] = found
	g.mu.Unlock()
	return found
}

// both is [both], once for the same interned sets.
func (g *escalationGraph) both(a, b allowance) allowance {
	sure := g.meet(a.sure, b.sure)
	if len(a.unsure) == 0 && len(b.unsure) == 0 {
		return allowance{sure: sure}
	}
	return allowance{sure, g.meet(a.possible(), b.possible()).subtract(sure)}
}

// in returns the entities that are in a set too, once for the same interned sets.
func (g *escalationGraph) in(a allowance, set targetSet) allowance {
	return allowance{g.meet(a.sure, set), g.meet(a.unsure, set)}
}

func (g *escalationGraph) internBoth(a allowance) allowance {
	return allowance{g.intern(a.sure), g.intern(a.unsure)}
}

// borrowOutcomes lends a list with room for an outcome of each path until done is called.
func (g *escalationGraph) borrowOutcomes() (list []pathOutcome, done func()) {
	p, ok := g.outcomes.Get().(*[]pathOutcome)
	if !ok {
		list := make([]pathOutcome, len(g.paths.paths))
		p = &list
	}
	return *p, func() {
		clear(*p)
		g.outcomes.Put(p)
	}
}
