package policydoc

import (
	"math/bits"
	"slices"
	"strings"
)

// ActionsMatching returns the actions that any of the Action patterns covers:
// those of the catalogue for which [MatchAction] is true.
//
// AWS accepts a pattern without a colon only when it is "*". Here any pattern is
// matched with the whole name, prefix and colon included.
func ActionsMatching(patterns ...string) ActionSet {
	if slices.ContainsFunc(patterns, isStars) {
		return AllActions()
	}
	if !slices.ContainsFunc(patterns, isWide) {
		return expand(patterns)
	}
	key := memoKey(patterns)
	set, ok := wideMemo.get(key)
	if !ok {
		set = expand(patterns)
		wideMemo.put(key, set)
	}
	return set
}

// isWide reports whether a pattern has a wildcard in the service.
func isWide(pattern string) bool {
	service, _, _ := strings.Cut(pattern, ":")
	return strings.ContainsAny(service, "*?")
}

func expand(patterns []string) ActionSet {
	var x expander
	for _, pattern := range patterns {
		x.add(pattern)
	}
	return x.set()
}

// ActionSet returns the actions that the statement's Action covers or its
// NotAction does not. Effect, resources and conditions are not looked at.
func (s *Statement) ActionSet() ActionSet {
	if s.NotActions != nil {
		return AllActions().Subtract(ActionsMatching(s.NotActions...))
	}
	return ActionsMatching(s.Actions...)
}

// An expander collects what patterns cover.
type expander struct {
	// narrow has the actions of patterns that name a service, wide those of others:
	// the one is small, and the other quick to add to.
	narrow setBuilder
	wide   actionBits
	// left is what the pattern in hand may cover and no other did.
	left actionBits
	// seen are the patterns with a wildcard in the service.
	seen map[string]bool
}

func (x *expander) set() ActionSet { return x.narrow.set().Union(x.wide.set()) }

func (x *expander) add(pattern string) {
	prefix, name, ok := strings.Cut(pattern, ":")
	switch {
	case ok && strings.Contains(name, ":"):
		// An action has one colon.
	case strings.ContainsAny(prefix, "*?"):
		x.addWide(pattern, prefix, name, ok)
	case ok:
		if s, ok := catalogue().service(prefix); ok {
			x.narrow.addMatchingNames(s, name)
		}
	}
}

// addWide adds the actions of a pattern with a wildcard before its colon, or
// without a colon.
func (x *expander) addWide(pattern, prefix, name string, colon bool) {
	if x.wide == nil {
		x.wide, x.left, x.seen = newActionBits(), newActionBits(), map[string]bool{}
	}
	if x.seen[pattern] {
		return
	}
	x.seen[pattern] = true
	if !colon {
		x.addWhole(pattern)
		return
	}
	clear(x.left)
	services, service := catalogue().services, newActionGlob(prefix)
	for i := range services {
		if s := &services[i]; service.match(s.prefix) {
			x.left.addRange(s.first, s.first+s.count)
		}
	}
	for place := range x.left {
		x.left[place] &^= x.wide[place]
	}
	x.addNames(name)
}

// addNames adds those of the actions left whose names match.
func (x *expander) addNames(pattern string) {
	glob := newActionGlob(pattern)
	x.left.keep(glob.demanded)
	all := isStars(pattern)
	services, i := catalogue().services, 0
	for place, word := range x.left {
		if all {
			x.wide[place] |= word
			continue
		}
		for ; word != 0; word &= word - 1 {
			number := place*64 + bits.TrailingZeros64(word)
			for number >= services[i].first+services[i].count {
				i++
			}
			s := &services[i]
			if glob.match(s.foldedName(number - s.first)) {
				x.wide.add(number)
			}
		}
	}
}

// addWhole adds the actions of which prefix, colon and name together match.
func (x *expander) addWhole(pattern string) {
	glob := newActionGlob(pattern)
	services := catalogue().services
	for i := range services {
		s := &services[i]
		prefix := lettersOf(s.prefix + ":")
		for j, action := range s.foldedActions() {
			if s.letters[j].with(prefix).has(glob.demanded) && !x.wide.has(s.first+j) && glob.match(action) {
				x.wide.add(s.first + j)
			}
		}
	}
}

// addMatchingNames adds the actions of a service whose names match the pattern.
// Only names that begin as it does before its first wildcard are compared.
func (b *setBuilder) addMatchingNames(s *catalogueService, pattern string) {
	wildcard := strings.IndexAny(pattern, "*?")
	if wildcard < 0 {
		if i := s.search(pattern); i < s.count && compareFold(s.actionName(i), pattern) == 0 {
			b.add(s.first + i)
		}
		return
	}
	literal := pattern[:wildcard]
	first := 0
	if literal != "" {
		first = s.search(literal)
	}
	if isStars(pattern[wildcard:]) {
		end := s.count
		if literal != "" {
			for end = first; end < s.count && hasPrefixFold(s.actionName(end), literal); end++ {
			}
		}
		b.addRange(s.first+first, s.first+end)
		return
	}
	glob := newActionGlob(pattern)
	for i := first; i < s.count && hasPrefixFold(s.actionName(i), literal); i++ {
		if s.letters[i].has(glob.demanded) && !b.has(s.first+i) && glob.match(s.foldedName(i)) {
			b.add(s.first + i)
		}
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && compareFold(s[:len(prefix)], prefix) == 0
}
