package permissions

import (
	"slices"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A statement is a statement of a policy prepared for evaluation.
type statement struct {
	number       int // from 1
	source       *policydoc.Statement
	deny         bool
	notAction    bool
	notResource  bool
	hasResource  bool // Resource or NotResource is there
	anyResource  bool // Resource has "*"
	notPrincipal bool
	resources    []template
	principals   *principalElement // nil when neither Principal nor NotPrincipal is there
	conditions   []condition
}

func compileStatement(number int, source *policydoc.Statement, version policydoc.Version) statement {
	s := statement{
		number:       number,
		source:       source,
		deny:         source.Effect != policydoc.Allow,
		notAction:    source.NotActions != nil,
		notResource:  source.NotResources != nil,
		hasResource:  source.Resources != nil || source.NotResources != nil,
		notPrincipal: source.NotPrincipal != nil,
	}
	resources := source.Resources
	if s.notResource {
		resources = source.NotResources
	}
	for _, text := range resources {
		s.resources = append(s.resources, newTemplate(text, version))
		s.anyResource = s.anyResource || text == "*" && !s.notResource
	}
	switch {
	case s.notPrincipal:
		s.principals = newPrincipalElement(source.NotPrincipal)
	case source.Principal != nil:
		s.principals = newPrincipalElement(source.Principal)
	}
	for i := range source.Conditions {
		s.conditions = append(s.conditions, newCondition(&source.Conditions[i], version))
	}
	return s
}

// coversResource reports whether the statement's Resource covers the request's or
// its NotResource does not. A statement with neither is about the resource that
// its policy belongs to. A pattern with a variable that has no value covers
// nothing, in NotResource too.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value.
func (s *statement) coversResource(e *environment) truth {
	if s.anyResource || !s.hasResource {
		return yes
	}
	t := no
	for i := range s.resources {
		if t = t.or(s.resources[i].match(e, e.resource)); t == yes {
			break
		}
	}
	if s.notResource {
		return t.not()
	}
	return t
}

// resourcePatterns returns the patterns of the statement's Resource, or with not
// those of its NotResource, with policy variables replaced where their values are
// known and those patterns left out that can match nothing. A pattern with a
// variable whose value is not known has a * in its place, and known is false.
func (s *statement) resourcePatterns(e *environment) (patterns []string, not bool, known bool) {
	if !s.hasResource {
		return []string{"*"}, false, true
	}
	known = true
	for i := range s.resources {
		t := &s.resources[i]
		p, state := t.expand(e)
		switch state {
		case variablesKnown:
			patterns = append(patterns, display(p))
		case variablesUnknown:
			patterns = append(patterns, display(p))
			known = false
		}
	}
	return patterns, s.notResource, known
}

// conditionsHold says whether all conditions hold, and when that is not certain,
// the keys on which it hangs, sorted.
func (s *statement) conditionsHold(e *environment) (truth, []string) {
	t := s.conditionsTruth(e)
	if t != maybe {
		return t, nil
	}
	return t, sortedKeys(s.conditionKeys(e, nil))
}

func (s *statement) conditionsTruth(e *environment) truth {
	t := yes
	for i := range s.conditions {
		if t = t.and(s.conditions[i].holds(e)); t == no {
			return no
		}
	}
	return t
}

// conditionKeys appends the keys of unknown value that the conditions hang on.
func (s *statement) conditionKeys(e *environment, keys []string) []string {
	for i := range s.conditions {
		if c := &s.conditions[i]; c.holds(e) == maybe {
			keys = c.unknownKeys(e, keys)
		}
	}
	return keys
}

// resourceKeys appends the keys of the policy variables that the resources hang on.
func (s *statement) resourceKeys(e *environment, keys []string) []string {
	for i := range s.resources {
		if t := &s.resources[i]; t.match(e, e.resource) == maybe {
			keys = t.unknownKeys(e, keys)
		}
	}
	return keys
}

func sortedKeys(keys []string) []string {
	slices.Sort(keys)
	return slices.Compact(keys)
}
