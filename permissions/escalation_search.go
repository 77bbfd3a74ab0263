package permissions

import (
	"slices"
	"sync"
	"sync/atomic"
)

// A graphSearch is the part of the building of a graph that takes long: it looks at
// each identity for itself. Who needs the graph before it is there helps.
type graphSearch struct {
	next  atomic.Int64 // of those to look at
	left  sync.WaitGroup
	grown sync.Once
	done  atomic.Bool
}

// searchedAtOnce is how many identities a helper takes on at a time.
const searchedAtOnce = 32

// A searched is what the search found out about an identity.
type searched struct {
	self selfWay
	// admin is set for an administrator by its policies alone.
	admin Admin
	// outcomes are those of the paths to others that are not empty; the caller may be
	// among their targets.
	outcomes []pathOutcome
	// resources are those that were looked for.
	resources map[string]resourceAnswer
	// certain and all are how it makes an administrator, for the trees of these names.
	certain, all *pathStep
	edges        []foundEdge
}

// A foundEdge is a path to others, for the tree of what is certain or that of all.
type foundEdge struct {
	certain bool
	to      targetSet
	path    *pathSpec
}

// help takes part in the search and returns when it is over.
func (g *escalationGraph) help() {
	if g.search.done.Load() {
		return
	}
	for {
		last := int(g.search.next.Add(searchedAtOnce))
		first := last - searchedAtOnce
		if first >= len(g.searched) {
			break
		}
		g.look(first, min(last, len(g.searched)))
	}
	g.search.left.Wait()
	g.search.grown.Do(func() {
		g.growTrees()
		g.search.done.Store(true)
	})
}

// look searches some of the identities.
func (g *escalationGraph) look(first, last int) {
	defer g.search.left.Done()
	for i := first; i < last; i++ {
		g.lookAt(i)
	}
}

func (g *escalationGraph) lookAt(i int) {
	s := &g.searched[i]
	c := g.caller(i, true)
	if c != nil && !isReserved(c.id.arn) {
		s.self = c.self(func(pathGain) bool { return true })
	}
	if g.powerful[i] {
		s.admin = g.x.directAdmin(i)
	}
	if c == nil || s.admin.Is() && len(s.admin.Keys) == 0 {
		return
	}
	if s.self.holds != no {
		s.seed(s.self.holds, pathStep{s.self.steps[0].path, noTarget})
	}
	c.edges(s)
	s.outcomes, s.edges = slices.Clip(s.outcomes), slices.Clip(s.edges)
	if len(c.resources) > 0 {
		s.resources = c.resources
	}
}

// seed notes a way to make an administrator; the first counts.
func (s *searched) seed(t truth, step pathStep) {
	if s.all == nil && t != no {
		s.all = &step
	}
	if s.certain == nil && t == yes {
		s.certain = &step
	}
}

// edges notes whom the caller can become, and how it makes an administrator.
func (c *caller) edges(found *searched) {
	seen := make([]edgeSeen, 0, 16)
	for i := range c.g.paths.paths {
		s := &c.g.paths.paths[i]
		if changesItself(s.Gives) {
			continue
		}
		o := c.try(s)
		if o.empty() {
			continue
		}
		found.outcomes = append(found.outcomes, o)
		switch {
		case o.self:
			continue // as in found.self
		case o.bare != no:
			found.seed(o.administrator, pathStep{s, noTarget})
			continue
		case o.raises || s.Gives == gainUnboundedRole:
			o = c.others(o)
			raised := c.g.raising(&o)
			if to, ok := first(raised.sure); ok {
				found.seed(yes, pathStep{s, to})
			}
			if to, ok := first(raised.unsure); ok {
				found.seed(maybe, pathStep{s, to})
			}
			continue
		}
		// Many paths hand the same roles to the same service.
		add := func(certain bool, set targetSet) {
			if len(set) == 0 {
				return
			}
			set = c.g.intern(set)
			if e := (edgeSeen{certain, s.Service, keyOf(set)}); !slices.Contains(seen, e) {
				seen = append(seen, e)
				found.edges = append(found.edges, foundEdge{certain, set, s})
			}
		}
		add(true, o.targets.sure)
		add(false, o.targets.sure)
		add(false, o.targets.unsure)
	}
}

// An edgeSeen is an edge that was noted, for a service of the same name or none.
type edgeSeen struct {
	certain bool
	service string
	targets setKey
}

func first(s targetSet) (int32, bool) {
	if len(s) == 0 {
		return 0, false
	}
	return s[0].from, true
}

// growTrees finds the shortest ways of all identities.
func (g *escalationGraph) growTrees() {
	size := len(g.targets.arns)
	certainEdges, allEdges := newStabbing(size), newStabbing(size)
	certainSeeds, allSeeds := map[int32]pathStep{}, map[int32]pathStep{}
	var administrators, conditional []int32
	for n := range g.everyone.all() {
		s := &g.searched[g.targets.identities[n]]
		if s.admin.Is() {
			conditional = append(conditional, n)
			if len(s.admin.Keys) == 0 {
				administrators = append(administrators, n)
			}
		}
		if s.all != nil {
			allSeeds[n] = *s.all
		}
		if s.certain != nil {
			certainSeeds[n] = *s.certain
		}
		for _, e := range s.edges {
			if e.certain {
				certainEdges.add(e.to, pathEdge{n, e.path})
			} else {
				allEdges.add(e.to, pathEdge{n, e.path})
			}
		}
		s.edges = nil
	}
	g.certain, g.all = &escalationTree{}, &escalationTree{}
	g.certain.grow(size, administrators, certainSeeds, certainEdges)
	g.all.grow(size, conditional, allSeeds, allEdges)
	for _, level := range g.all.levels {
		set := targetsOf(level)
		g.nearness = append(g.nearness, set)
		g.reaching = g.reaching.union(set)
	}
}
