package nhi

import "slices"

// A graph holds who can assume what. Its nodes are the identities, in the order
// of the report, then resource patterns that stand for all who have them.
type graph struct {
	names []string
	// fixed are the sides that a node has by itself, sides those it ends up with.
	fixed, sides []side
	edges        [][]int32 // to the nodes that take after this one
	back         [][]int32 // from the nodes that this one takes after
	patterns     map[string]int32
	// everyone is the first pattern: of those who may assume any role.
	everyone int32
	// arns are those of all identities, sorted, once a pattern is matched with them.
	arns []string
	// trusting are the roles that trust the whole account, sorted.
	trusting []int32
}

func newGraph(identities int) *graph {
	g := &graph{
		names: make([]string, identities), fixed: make([]side, identities),
		edges: make([][]int32, identities), back: make([][]int32, identities),
		patterns: map[string]int32{},
	}
	g.everyone = g.addNode()
	return g
}

func (g *graph) addNode() int32 {
	g.names, g.fixed = append(g.names, ""), append(g.fixed, 0)
	g.edges, g.back = append(g.edges, nil), append(g.back, nil)
	return int32(len(g.names) - 1)
}

func (g *graph) connect(from, to int32) {
	if from != to {
		g.edges[from] = append(g.edges[from], to)
		g.back[to] = append(g.back[to], from)
	}
}

// spread computes sides: what a node has by itself and all it takes after. Sides
// only grow, and a node is looked at again only when its own grew, so that
// circles of roles end and the order does not count.
func (g *graph) spread() {
	g.sides = slices.Clone(g.fixed)
	var work []int32
	for node := range g.sides {
		if g.sides[node] != 0 {
			work = append(work, int32(node))
		}
	}
	for len(work) > 0 {
		node := work[len(work)-1]
		work = work[:len(work)-1]
		for _, next := range g.edges[node] {
			if g.sides[next]|g.sides[node] != g.sides[next] {
				g.sides[next] |= g.sides[node]
				work = append(work, next)
			}
		}
	}
}

// examples are the first two people and the first two workloads that a node
// stands for: two, because a role is no example of who can assume itself.
type examples struct{ person, workload [2]int32 }

// noExamples is nobody.
var noExamples = examples{person: [2]int32{-1, -1}, workload: [2]int32{-1, -1}}

func (e *examples) add(node int32, sides side) {
	if sides&people != 0 {
		insert(&e.person, node)
	}
	if sides&workloads != 0 {
		insert(&e.workload, node)
	}
}

// insert keeps the two smallest different nodes.
func insert(pair *[2]int32, node int32) {
	switch {
	case node < 0 || node == pair[0] || node == pair[1]:
	case pair[0] < 0 || node < pair[0]:
		pair[0], pair[1] = node, pair[0]
	case pair[1] < 0 || node < pair[1]:
		pair[1] = node
	}
}

// examples returns those of a node: of an identity itself, of a pattern those who have it.
func (g *graph) examples(node int32) examples {
	e := noExamples
	if !g.isPattern(node) {
		e.add(node, g.sides[node])
		return e
	}
	for _, from := range g.back[node] {
		e.add(from, g.sides[from])
	}
	return e
}

func (g *graph) isPattern(node int32) bool { return node >= g.everyone }

// readExamples computes the examples of all patterns, once for all the roles that they reach.
func (g *graph) readExamples() []examples {
	all := make([]examples, len(g.names))
	for node := range all {
		if g.isPattern(int32(node)) {
			all[node] = g.examples(int32(node))
		}
	}
	return all
}

// of returns who can assume a role, from the examples of all patterns.
func (g *graph) of(node int32, trustsAccount bool, all []examples) assumers {
	found := noExamples
	collect := func(from int32) {
		e := all[from]
		if !g.isPattern(from) {
			e = g.examples(from)
		}
		for i := range 2 {
			if e.person[i] != node {
				insert(&found.person, e.person[i])
			}
			if e.workload[i] != node {
				insert(&found.workload, e.workload[i])
			}
		}
	}
	for _, from := range g.back[node] {
		collect(from)
	}
	a := assumers{particular: found.sides()}
	if a.particular == 0 && trustsAccount {
		collect(g.everyone)
		a.general = found.sides()
	}
	if found.person[0] >= 0 {
		a.person = g.names[found.person[0]]
	}
	if found.workload[0] >= 0 {
		a.workload = g.names[found.workload[0]]
	}
	return a
}

func (e *examples) sides() side {
	var s side
	if e.person[0] >= 0 {
		s |= people
	}
	if e.workload[0] >= 0 {
		s |= workloads
	}
	return s
}
