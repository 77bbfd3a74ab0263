package policydoc

import (
	"slices"
	"strings"
)

// A reach says how much of an action's resources something covers.
type reach uint8

const (
	reachNone reach = iota
	reachSome
	reachAll
)

// A resourceScope is the Resource or NotResource of a statement.
type resourceScope struct {
	// everything says that no resource is left out.
	everything bool
	not        bool
	// nothing says that NotResource leaves none.
	nothing  bool
	patterns []resourcePattern

	concernedSet   ActionSet
	concernedKnown bool
	// reached is how much of each type the patterns cover, of those asked about.
	reached map[*typePattern]reach
}

// A resourcePattern is a pattern with the fields of its ARN that matter.
type resourcePattern struct {
	text  string
	loose string // with stars in the place of policy variables
	// service is empty where it is not one service's.
	service string
	// partition and account are those that the pattern names, or any.
	partition, account string
	// literal is what comes before the first wildcard and the account, from the
	// service on.
	literal string
	// last is what comes after the last wildcard but for those at the end, and
	// after the last colon. A type that the pattern covers has it in its own.
	last string
	// resource is the beginning, without wildcards, of the ARN's last field.
	resource string
}

func newResourcePattern(text string) resourcePattern {
	p := resourcePattern{text: text, loose: replacePlaceholders(text, "*"), partition: "aws", account: "*"}
	p.last = strings.TrimRight(text, "*")
	p.last = p.last[strings.LastIndexAny(p.last, ":*?}")+1:]
	fields := strings.SplitN(text, ":", 6)
	if len(fields) < 3 || strings.ContainsAny(fields[0], "*?$") {
		return p
	}
	if !strings.ContainsAny(fields[1], "*?$") {
		p.partition = fields[1]
	}
	if !strings.ContainsAny(fields[2], "*?$") {
		p.service = fields[2]
		p.literal = literalStart(text[len(fields[0])+1+len(fields[1])+1:])
	}
	if len(fields) == 6 {
		p.resource = literalStart(fields[5])
	}
	if len(fields) == 6 && len(fields[4]) == 12 && !strings.ContainsAny(fields[4], "*?$") {
		p.account = fields[4]
		p.literal = literalStart(fields[2] + ":" + fields[3] + ":")
	}
	return p
}

func scopeOf(s *Statement) resourceScope {
	texts := s.Resources
	scope := resourceScope{}
	switch {
	case s.NotResources != nil:
		texts = s.NotResources
		scope = resourceScope{not: true, everything: len(texts) == 0, nothing: slices.ContainsFunc(texts, isStars)}
	case s.Resources == nil || slices.ContainsFunc(s.Resources, isStars):
		return resourceScope{everything: true}
	}
	scope.patterns = make([]resourcePattern, len(texts))
	for i, text := range texts {
		scope.patterns[i] = newResourcePattern(text)
	}
	return scope
}

// of returns how much of the resources of the action with the given number is covered.
func (s *resourceScope) of(number int) reach {
	if s.everything {
		return reachAll
	}
	if s.nothing {
		return reachNone
	}
	types := typesOf(number)
	if s.not {
		return s.left(types)
	}
	if len(types) == 0 {
		return reachNone // only "*" grants what takes no resources
	}
	some, whole, required, missed := false, false, false, false
	for i := range types {
		r := s.reachOf(types[i].typePattern)
		some = some || r != reachNone
		whole = whole || r == reachAll
		required = required || types[i].required
		missed = missed || types[i].required && r != reachAll
	}
	switch {
	case !some:
		return reachNone
	case required && !missed, !required && whole:
		return reachAll
	}
	return reachSome
}

// reachOf returns how much of a type the patterns cover. Many actions take the same.
func (s *resourceScope) reachOf(t *typePattern) reach {
	r, ok := s.reached[t]
	if !ok {
		r = t.reachOf(s.patterns)
		if s.reached == nil {
			s.reached = map[*typePattern]reach{}
		}
		s.reached[t] = r
	}
	return r
}

// left returns what a NotResource leaves. What it leaves is not narrowed.
func (s *resourceScope) left(types []actionType) reach {
	for i := range types {
		if s.reachOf(types[i].typePattern) != reachAll {
			return reachAll
		}
	}
	if len(types) > 0 {
		return reachNone
	}
	return reachAll
}

// whole returns those of the actions of whose resources all are covered.
func (s *resourceScope) whole(actions ActionSet) ActionSet {
	switch {
	case s.everything, actions.chunks == nil:
		return actions
	case s.nothing:
		return ActionSet{}
	}
	var b setBuilder
	concerned := s.concerned()
	for number := range actions.Intersect(concerned).numbers() {
		if s.of(number) == reachAll {
			b.add(number)
		}
	}
	if s.not {
		return actions.Subtract(concerned).Union(b.set())
	}
	return b.set()
}

// concerned returns the actions of the services of which a pattern covers a whole
// resource type. It leaves out those actions that take only resources of other
// services. It is worked out once.
func (s *resourceScope) concerned() ActionSet {
	if s.concernedKnown {
		return s.concernedSet
	}
	s.concernedKnown = true
	for i := range s.patterns {
		p := &s.patterns[i]
		switch {
		case !strings.HasSuffix(p.text, "*"): // covers no whole type
		case p.service == "":
			s.concernedSet = AllActions()
		case coversSomeType(p):
			s.concernedSet = s.concernedSet.Union(ActionsOf(p.service))
		}
	}
	return s.concernedSet
}

// covers reports whether no resource is in other that is not in s.
func (s *resourceScope) covers(other *resourceScope) bool {
	switch {
	case s.everything:
		return true
	case other.everything, other.not:
		return false
	}
	return !slices.ContainsFunc(other.patterns, func(narrow resourcePattern) bool {
		if s.not {
			return slices.ContainsFunc(s.patterns, func(p resourcePattern) bool { return PatternsOverlap(p.loose, narrow.loose) })
		}
		return !slices.ContainsFunc(s.patterns, func(wide resourcePattern) bool { return PatternCovers(wide.text, narrow.text) })
	})
}

// ofCaller reports whether the only resource is the caller itself.
func (s *resourceScope) ofCaller() bool {
	return !s.everything && !s.not && len(s.patterns) > 0 && !slices.ContainsFunc(s.patterns, func(p resourcePattern) bool {
		before, ok := strings.CutSuffix(p.text, "/${aws:username}")
		return !ok || !strings.Contains(before, ":user") && !strings.Contains(before, ":mfa")
	})
}
