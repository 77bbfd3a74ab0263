package permissions

import "slices"

// An escalationTree holds for each identity the shortest way to administrator: the
// next step, which leads to an identity that is one step nearer.
type escalationTree struct {
	// distance is by target number: 0 for administrators, -1 for those without a way.
	distance []int32
	steps    []pathStep
	// levels are the identities of each distance.
	levels [][]int32
}

// A pathStep is a path used on a target; noTarget where it changes the caller
// itself or makes something new.
type pathStep struct {
	path *pathSpec
	to   int32
}

const noTarget = -1

// A pathEdge is an identity that can become any identity of a set by a path.
type pathEdge struct {
	from int32
	path *pathSpec
}

// A stabbing answers again and again which edges lead to an identity. It is a
// segment tree: the ranges of each edge's targets lie at the nodes that cover them
// exactly, so that those over a target are found on its way to the root. As one
// answer is enough for each edge, answers are taken out, and the whole search costs
// what it takes to put the ranges in, whatever the number of pairs.
type stabbing struct {
	size  int32
	nodes [][]int32    // numbers of sets
	edges [][]pathEdge // by set
	sets  map[setKey]int32
}

func newStabbing(n int) *stabbing {
	size := int32(1)
	for size < int32(n) {
		size *= 2
	}
	return &stabbing{size: size, nodes: make([][]int32, 2*size), sets: map[setKey]int32{}}
}

// add puts in an edge. Edges with the very same set share it.
func (t *stabbing) add(set targetSet, e pathEdge) {
	if len(set) == 0 {
		return
	}
	key := keyOf(set)
	n, ok := t.sets[key]
	if !ok {
		n = int32(len(t.edges))
		t.sets[key] = n
		t.edges = append(t.edges, nil)
		for _, r := range set {
			t.addRange(r, n)
		}
	}
	t.edges[n] = append(t.edges[n], e)
}

func (t *stabbing) addRange(r targetSpan, set int32) {
	for from, to := r.from+t.size, r.to+t.size; from < to; from, to = from/2, to/2 {
		if from%2 == 1 {
			t.nodes[from] = append(t.nodes[from], set)
			from++
		}
		if to%2 == 1 {
			to--
			t.nodes[to] = append(t.nodes[to], set)
		}
	}
}

// take calls f with the edges that lead to a target and were not taken before.
func (t *stabbing) take(target int32, f func(pathEdge)) {
	for node := target + t.size; node > 0; node /= 2 {
		for _, set := range t.nodes[node] {
			for _, e := range t.edges[set] {
				f(e)
			}
			t.edges[set] = nil
		}
		t.nodes[node] = nil
	}
}

// grow searches backwards from the administrators, one step at a time. Seeds are
// the identities that make themselves or something else an administrator.
func (t *escalationTree) grow(n int, administrators []int32, seeds map[int32]pathStep, edges *stabbing) {
	t.distance = make([]int32, n)
	t.steps = make([]pathStep, n)
	for i := range t.distance {
		t.distance[i] = -1
	}
	for _, a := range administrators {
		t.distance[a] = 0
	}
	level := administrators
	for d := int32(1); len(level) > 0 || d == 1; d++ {
		t.levels = append(t.levels, level)
		var next []int32
		reach := func(from int32, s pathStep) {
			if t.distance[from] < 0 {
				t.distance[from], t.steps[from] = d, s
				next = append(next, from)
			}
		}
		if d == 1 {
			for from, s := range seeds {
				reach(from, s)
			}
		}
		for _, to := range level {
			edges.take(to, func(e pathEdge) { reach(e.from, pathStep{e.path, to}) })
		}
		slices.Sort(next)
		level = next
	}
}

// treeOf returns the tree that tells the way of an identity: through what is certain
// where there is one.
func (g *escalationGraph) treeOf(n int32) *escalationTree {
	if g.certain.distance[n] >= 0 {
		return g.certain
	}
	return g.all
}

// passes reports whether the way from an identity leads through another.
func (t *escalationTree) passes(n, through int32) bool {
	for ; n != noTarget && t.distance[n] >= t.distance[through]; n = t.steps[n].to {
		if n == through {
			return true
		}
		if t.distance[n] == 0 {
			break
		}
	}
	return false
}
