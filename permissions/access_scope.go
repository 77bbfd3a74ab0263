package permissions

import (
	"cmp"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A scope says for the actions of a statement how far its Resource goes. An
// action that takes no resources is in it only where Resource covers "*"; one
// whose resources the patterns cannot match is not in it at all.
type scope struct {
	// all are the actions for which every resource of the account is covered.
	all policydoc.ActionSet
	// named are those for which some is.
	named policydoc.ActionSet
}

func (s *scope) any() policydoc.ActionSet { return s.all.Union(s.named) }

// scopes knows the resource types of the services that were asked for, and which
// Resource patterns cover them.
type scopes struct {
	partition, account string

	mu       sync.Mutex
	services map[string][]ownType
	patterns map[patternOfService]coverage
}

type patternOfService struct{ pattern, service string }

// A coverage says which types of a service a pattern covers whole, and which in
// part: a bit for each type.
type coverage struct{ whole, part typeSet }

type typeSet []uint64

func newTypeSet(n int) typeSet   { return make(typeSet, (n+63)/64) }
func (s typeSet) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s typeSet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }
func (s typeSet) union(other typeSet) {
	for i := range other {
		s[i] |= other[i]
	}
}

func (s *scopes) init(a *nhiscan.Account) {
	s.partition, s.account = cmp.Or(a.Partition, "aws"), cmp.Or(a.ID, "*")
	s.services = map[string][]ownType{}
	s.patterns = map[patternOfService]coverage{}
}

// of says how far resource patterns go for each of the actions. With not they are
// those of a NotResource: then all are the actions for which something is left.
func (s *scopes) of(actions policydoc.ActionSet, patterns []string, not bool) scope {
	everything := coversEverything(patterns)
	switch {
	case everything && !not:
		return scope{all: actions}
	case everything:
		return scope{}
	case len(patterns) == 0 && not:
		return scope{all: actions}
	case len(patterns) == 0:
		return scope{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var result scope
	for service, part := range actions.Services() {
		t := typesOf(service.Prefix)
		covered := s.covered(service.Prefix, t, patterns)
		if not {
			result.all = result.all.Union(part.Subtract(t.excluded(covered.whole)))
			continue
		}
		found := t.actions(covered.whole, covered.part)
		result.all = result.all.Union(found.all.Intersect(part))
		result.named = result.named.Union(found.named.Intersect(part))
	}
	return result
}

// coversEverything reports whether one of the patterns matches any text.
func coversEverything(patterns []string) bool {
	for _, p := range patterns {
		if p != "" && strings.Trim(p, "*") == "" {
			return true
		}
	}
	return false
}

// covered returns which types the patterns together cover.
func (s *scopes) covered(service string, t *serviceTypes, patterns []string) coverage {
	if len(patterns) == 1 {
		return s.coverage(service, t, patterns[0])
	}
	sum := coverage{newTypeSet(len(t.types)), newTypeSet(len(t.types))}
	for _, p := range patterns {
		c := s.coverage(service, t, p)
		sum.whole.union(c.whole)
		sum.part.union(c.part)
	}
	return sum
}

func (s *scopes) coverage(service string, t *serviceTypes, pattern string) coverage {
	key := patternOfService{pattern, service}
	if found, ok := s.patterns[key]; ok {
		return found
	}
	c := coverage{newTypeSet(len(t.types)), newTypeSet(len(t.types))}
	literal := literalLength(pattern)
	own := s.ownTypes(service, t)
	for i := range own {
		k := &own[i]
		n := min(literal, k.literal)
		if pattern[:n] != k.anywhere[:n] || !policydoc.PatternsOverlap(pattern, k.anywhere) {
			continue
		}
		switch {
		case policydoc.PatternCovers(pattern, k.pattern):
			c.whole.add(i)
			c.part.add(i)
		case s.fits(k, pattern):
			c.part.add(i)
		}
	}
	s.patterns[key] = c
	return c
}

// literalLength returns the length of a pattern's beginning without wildcards
// and variables.
func literalLength(pattern string) int {
	for i := range len(pattern) {
		switch pattern[i] {
		case '*', '?', '$':
			return i
		}
	}
	return len(pattern)
}
