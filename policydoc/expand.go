package policydoc

import "strings"

// ActionsMatching returns the actions that any of the Action patterns covers:
// those of the catalogue for which [MatchAction] is true.
//
// AWS accepts a pattern without a colon only when it is "*". Here any pattern is
// matched with the whole name, prefix and colon included.
func ActionsMatching(patterns ...string) ActionSet {
	var b setBuilder
	for _, pattern := range patterns {
		if isStars(pattern) {
			return AllActions()
		}
		b.addMatching(pattern)
	}
	return b.set()
}

// ActionSet returns the actions that the statement's Action covers or its
// NotAction does not. Effect, resources and conditions are not looked at.
func (s *Statement) ActionSet() ActionSet {
	if s.NotActions != nil {
		return AllActions().Subtract(ActionsMatching(s.NotActions...))
	}
	return ActionsMatching(s.Actions...)
}

func (b *setBuilder) addMatching(pattern string) {
	c := catalogue()
	prefix, name, ok := strings.Cut(pattern, ":")
	switch {
	case !ok && strings.ContainsAny(pattern, "*?"):
		demanded := demandedBy(pattern)
		for i := range c.services {
			b.addMatchingWhole(&c.services[i], pattern, demanded)
		}
	case !ok || strings.Contains(name, ":"):
		// An action has one colon.
	case strings.ContainsAny(prefix, "*?"):
		demanded := demandedBy(name)
		for i := range c.services {
			if match(prefix, c.services[i].prefix, true) {
				b.addMatchingNames(&c.services[i], name, demanded)
			}
		}
	default:
		if s, ok := c.service(prefix); ok {
			b.addMatchingNames(s, name, demandedBy(name))
		}
	}
}

// addMatchingWhole adds the actions of a service of which prefix, colon and name
// together match the pattern.
func (b *setBuilder) addMatchingWhole(s *catalogueService, pattern string, demanded letterSet) {
	prefix := lettersOf(s.prefix + ":")
	for i, action := range s.actions() {
		if s.letters[i].with(prefix).has(demanded) && !b.has(s.first+i) && match(pattern, action, true) {
			b.add(s.first + i)
		}
	}
}

// addMatchingNames adds the actions of a service whose names match the pattern.
// Only names that begin as it does before its first wildcard are compared.
func (b *setBuilder) addMatchingNames(s *catalogueService, pattern string, demanded letterSet) {
	wildcard := strings.IndexAny(pattern, "*?")
	if wildcard < 0 {
		if i := s.search(pattern); i < s.count && compareFold(s.actionName(i), pattern) == 0 {
			b.add(s.first + i)
		}
		return
	}
	if strings.Trim(pattern, "*") == "" {
		b.addRange(s.first, s.first+s.count)
		return
	}
	literal := pattern[:wildcard]
	for i := s.search(literal); i < s.count && hasPrefixFold(s.actionName(i), literal); i++ {
		if s.letters[i].has(demanded) && !b.has(s.first+i) && match(pattern, s.actionName(i), true) {
			b.add(s.first + i)
		}
	}
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && compareFold(s[:len(prefix)], prefix) == 0
}
