package permissions

import (
	"cmp"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A Wildcard is an Action pattern that grants more than one action, or a NotAction.
type Wildcard struct {
	Pattern string // as written; "NotAction" for one
	Match
	// Actions counts those of the pattern's actions that are in effect allowed.
	Actions int
	// AllResources says that the resources are not narrowed.
	AllResources bool
}

// A wildPattern is a pattern with wildcards and what it covers.
type wildPattern struct {
	pattern string
	actions policydoc.ActionSet
}

func wildPatterns(s *policydoc.Statement, all policydoc.ActionSet) []wildPattern {
	if s.Effect != policydoc.Allow {
		return nil
	}
	if s.NotActions != nil {
		return []wildPattern{{"NotAction", all}}
	}
	var list []wildPattern
	for _, p := range s.Actions {
		if strings.ContainsAny(p, "*?") {
			list = append(list, wildPattern{p, policydoc.ActionsMatching(p)})
		}
	}
	return list
}

// wildcardsOf returns the patterns with wildcards by which something is allowed.
func (x *Analysis) wildcardsOf(e *effect) []Wildcard {
	var list []Wildcard
	var any policydoc.ActionSet
	env := e.id.environment("", "*")
	for _, p := range e.id.policies.Identity {
		profile := x.profileOf(p.compiled)
		for i := range profile.clauses {
			c := &profile.clauses[i]
			if len(c.wild) == 0 {
				continue
			}
			t := x.termOf(env, p, c)
			if t.holds == no {
				continue
			}
			if any.Len() == 0 {
				any = e.reach.any()
			}
			left := any.Intersect(t.scope.any())
			for _, w := range c.wild {
				granted := left.Intersect(w.actions)
				if n := granted.Len(); n > 0 {
					list = append(list, Wildcard{
						Pattern: w.pattern, Match: t.match(), Actions: n,
						AllResources: granted.Subtract(t.scope.all).Len() == 0,
					})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Wildcard) int {
		return cmp.Or(b.Actions-a.Actions, strings.Compare(a.Pattern, b.Pattern))
	})
	return list
}
