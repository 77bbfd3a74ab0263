package permissions

import (
	"cmp"
	"slices"
)

// A rankedTarget is a target and its distance from an administrator, -1 for none.
type rankedTarget struct {
	n        int32
	distance int32
	unsure   bool
}

// maxRanked is how many targets are ranked to choose from.
const maxRanked = 4 * maxTargets

// ordered returns at most maxTargets targets, those first that lead to an
// administrator, the nearest and surest before others.
func (c *caller) ordered(o *pathOutcome) []rankedTarget {
	possible, reaching := o.targets.possible(), c.g.reaching
	list := make([]rankedTarget, 0, maxRanked)
	// add adds targets until there are enough, and reports whether there is room.
	add := func(n int32) bool {
		if len(list) < maxRanked {
			list = append(list, c.rank(o, n))
		}
		return len(list) < maxRanked
	}
	if o.raises || !possible.commonMoreThan(maxRanked, reaching) {
		possible.eachCommon(reaching, add)
	} else {
		for _, level := range c.g.nearness {
			if possible.eachCommon(level, add); len(list) == maxRanked {
				break
			}
		}
	}
	for _, set := range []targetSet{o.targets.sure, o.targets.unsure} {
		for n := range set.all() {
			if len(list) == maxRanked {
				break
			}
			if !reaching.has(n) {
				add(n)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b rankedTarget) int {
		return cmp.Or(
			cmp.Compare(uint32(a.distance), uint32(b.distance)), // -1 is last
			bit(a.unsure)-bit(b.unsure),
			cmp.Compare(a.n, b.n),
		)
	})
	return list[:min(len(list), maxTargets)]
}

// rank says how near a target is to an administrator by a way that does not lead
// back through the caller.
func (c *caller) rank(o *pathOutcome, n int32) rankedTarget {
	r := rankedTarget{n: n, distance: -1, unsure: !o.targets.sure.has(n)}
	if o.raises || o.path.Gives == gainUnboundedRole {
		r.distance = int32(bit(c.g.raising(o).holds(n) != no)) - 1
		return r
	}
	tree := c.g.treeOf(n)
	if tree.distance[n] < 0 || tree.passes(n, c.n) {
		return r
	}
	r.distance = tree.distance[n]
	r.unsure = r.unsure || tree != c.g.certain
	return r
}
