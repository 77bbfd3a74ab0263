package permissions

import (
	"cmp"
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
	most := 0
	for _, p := range e.own {
		most += p.patterns
	}
	if most == 0 {
		return nil
	}
	list := x.wildcards.borrow(most)
	defer func() { x.wildcards.giveBack(list) }()
	for i, p := range e.own {
		policy := e.id.policies.Identity[i]
		if !e.free {
			list = x.appendWildcards(list, e, policy, p)
			continue
		}
		for _, w := range p.wildcards {
			w.Policy = policy
			list = append(list, w)
		}
	}
	return sorted(list, func(a, b *Wildcard) int {
		return cmp.Or(b.Actions-a.Actions, strings.Compare(a.Pattern, b.Pattern))
	})
}

// appendWildcards appends those of a policy's patterns by which something is allowed.
func (x *Analysis) appendWildcards(list []Wildcard, e *effect, policy *Policy, p *profile) []Wildcard {
	for i := range p.clauses {
		c := &p.clauses[i]
		if len(c.wild) == 0 {
			continue
		}
		if t := x.termOf(e.env, policy, c); t.holds != no {
			list = c.appendWildcards(list, &t, e.any)
		}
	}
	return list
}

// appendWildcards appends those patterns of a statement of which something of what
// is allowed is left.
func (c *clause) appendWildcards(list []Wildcard, t *term, allowed policydoc.ActionSet) []Wildcard {
	left := allowed.Intersect(t.any)
	for _, w := range c.wild {
		if n := left.Common(w.actions); n > 0 {
			list = append(list, Wildcard{
				Pattern: w.pattern, Match: t.match(), Actions: n,
				AllResources: t.scope.named.Len() == 0 || left.Intersect(w.actions).Within(t.scope.all),
			})
		}
	}
	return list
}
