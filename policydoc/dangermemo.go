package policydoc

import "slices"

// A scopeKey tells the resources of statements apart.
type scopeKey struct {
	not   bool
	texts string
}

// A grantKey is an Action pattern, or a NotAction, on some resources. What it comes
// to hangs on nothing else.
type grantKey struct {
	scope    *resourceScope
	not      bool
	patterns string
	narrowed bool // by conditions
}

// scopeOf returns the one scope of all statements with the same resources.
func (s *dangerSearch) scopeOf(st *Statement) *resourceScope {
	var key scopeKey
	switch {
	case st.NotResources != nil:
		key = scopeKey{true, memoKey(st.NotResources)}
	case st.Resources == nil || slices.ContainsFunc(st.Resources, isStars):
		key = scopeKey{false, "*"}
	default:
		key = scopeKey{false, memoKey(st.Resources)}
	}
	scope, ok := s.scopes[key]
	if !ok {
		made := scopeOf(st)
		scope = &made
		if s.scopes == nil {
			s.scopes = map[scopeKey]*resourceScope{}
		}
		s.scopes[key] = scope
	}
	return scope
}

// grant finds what is dangerous in a pattern, or repeats what was found in the same
// pattern of another statement.
func (s *dangerSearch) grant(g *grantedPattern, key grantKey, actions func() ActionSet) {
	known, ok := s.known[key]
	if !ok {
		first := len(s.found)
		s.pattern(g, actions())
		if s.known == nil {
			s.known = map[grantKey][]Danger{}
		}
		s.known[key] = s.found[first:len(s.found):len(s.found)]
		return
	}
	for _, d := range known {
		d.Statement, d.SID = g.number, g.statement.SID
		d.Resources, d.Conditions = g.statement.Resources, g.statement.Conditions
		if g.scope.not {
			d.Resources = g.statement.NotResources
		}
		s.found = append(s.found, d)
	}
}
