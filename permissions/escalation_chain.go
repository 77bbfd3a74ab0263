package permissions

import "slices"

// A chainEnd sums up the way from an identity to administrator.
type chainEnd struct {
	hops int
	last Hop
	// needs and keys are those of all hops; of needs no more than MaxHops.
	needs, keys []string
}

// A chainStart is where a way to administrator begins. It stays in one tree.
type chainStart struct {
	tree *escalationTree
	n    int32
}

// follow appends the way from an identity to administrator: the first steps, and of
// what exceeds MaxHops the last.
func (g *escalationGraph) follow(e *Escalation, n int32) {
	at := chainStart{g.treeOf(n), n}
	for at.n != noTarget {
		hops, next := g.step(at)
		for i, h := range hops {
			if len(e.Hops) == MaxHops-1 {
				if end := g.endOf(at); end.hops-i > 1 {
					e.HopsLeftOut = end.hops - i - 1
					e.Hops = append(e.Hops, end.last)
					e.needs(end.needs, end.keys)
					return
				}
			}
			e.add(h)
		}
		at.n = next
	}
}

// step returns the next hops on the way from an identity to administrator, and who
// comes after them; noTarget when that is all. It is one hop but for identities that
// change themselves, who need no others.
func (g *escalationGraph) step(at chainStart) (hops []Hop, next int32) {
	if at.tree.distance[at.n] <= 0 {
		return nil, noTarget
	}
	step := at.tree.steps[at.n]
	i := g.targets.identities[at.n]
	c := g.caller(int(i), true)
	if way := &g.searched[i].self; step.to == noTarget && way.holds != no && step.path == way.steps[0].path {
		return c.changing(&way.steps[0]).Hops, noTarget
	}
	o := c.try(step.path)
	hops = []Hop{c.hop(&o, step.to)}
	if o.raises || step.path.Gives == gainUnboundedRole {
		return hops, noTarget
	}
	return hops, step.to
}

// endOf returns the sum of a way, worked out once: the ways of many run together. It
// goes along the way and back, as that may be long.
func (g *escalationGraph) endOf(at chainStart) *chainEnd {
	var hops [][]Hop
	var passed []chainStart
	end := &chainEnd{}
	for at.n != noTarget {
		g.mu.Lock()
		found := g.ends[at]
		g.mu.Unlock()
		if found != nil {
			end = found
			break
		}
		own, next := g.step(at)
		hops, passed = append(hops, own), append(passed, at)
		at.n = next
	}
	for i := len(passed) - 1; i >= 0; i-- {
		end = end.after(hops[i])
		g.mu.Lock()
		g.ends[passed[i]] = end
		g.mu.Unlock()
	}
	return end
}

// after returns the sum of a way that begins with some hops.
func (end *chainEnd) after(hops []Hop) *chainEnd {
	sum := &chainEnd{hops: end.hops + len(hops), last: end.last, keys: end.keys}
	if end.hops == 0 && len(hops) > 0 {
		sum.last = hops[len(hops)-1]
	}
	for i := range hops {
		sum.needs = append(sum.needs, hops[i].Needs...)
		if !containsAll(sum.keys, hops[i].Keys) {
			sum.keys = mergeKeys(sum.keys, hops[i].Keys)
		}
	}
	for _, need := range end.needs {
		if len(sum.needs) < MaxHops && !slices.Contains(sum.needs, need) {
			sum.needs = append(sum.needs, need)
		}
	}
	return sum
}

func containsAll(list, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !slices.Contains(list, w) })
}
