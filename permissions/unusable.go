package permissions

import (
	"fmt"

	"github.com/nhiscan/nhiscan/policydoc"
)

// An Unusable is a grant that never takes effect.
type Unusable struct {
	Policy    Source
	Statement int
	// Actions are patterns of the statement, as written.
	Actions []string
	// Reason says in a sentence why, such as "the permissions boundary dev does not allow it".
	Reason string
}

// unusableOf returns the Action patterns of identity policies of which nothing is
// left. A pattern of which something is left is not among them.
func (x *Analysis) unusableOf(e *effect) []Unusable {
	var list []Unusable
	env := e.id.environment("", "*")
	any := e.reach.any()
	for _, p := range e.id.policies.Identity {
		profile := x.profileOf(p.compiled)
		for i := range profile.clauses {
			c := &profile.clauses[i]
			if c.statement.deny {
				continue
			}
			t := x.termOf(env, p, c)
			if t.holds != no && c.actions.Within(any) && c.actions.Within(t.scope.any()) {
				continue
			}
			list = x.appendUnusable(list, e, c, &t, any)
		}
	}
	return list
}

func (x *Analysis) appendUnusable(list []Unusable, e *effect, c *clause, t *term, any policydoc.ActionSet) []Unusable {
	first := len(list)
	add := func(pattern, reason string) {
		for i := first; i < len(list); i++ {
			if list[i].Reason == reason {
				list[i].Actions = append(list[i].Actions, pattern)
				return
			}
		}
		list = append(list, Unusable{Policy: t.policy.Source, Statement: t.statement.number, Actions: []string{pattern}, Reason: reason})
	}
	var usable policydoc.ActionSet
	if t.holds != no {
		usable = any.Intersect(t.scope.any())
	}
	for _, part := range c.eachPart() {
		if part.actions.Len() == 0 || part.actions.Overlaps(usable) {
			continue // the catalogue may lack an action that is newer
		}
		if reason := x.whyUnusable(e, t, part.actions, any); reason != "" {
			add(part.pattern, reason)
		}
	}
	return list
}

// whyUnusable says why a statement grants nothing of the actions; "" when it does.
func (x *Analysis) whyUnusable(e *effect, t *term, actions, any policydoc.ActionSet) string {
	if t.holds == no {
		return "its conditions or policy variables can never hold for this identity"
	}
	left := actions.Intersect(t.scope.any())
	if left.Len() == 0 && len(t.patterns) == 0 && !t.not {
		return "the policy variables of its Resource have no value for this identity"
	}
	if left.Len() == 0 {
		return "the statement's Resource cannot match what the action works on"
	}
	if left = left.Subtract(e.denies.denyAll); left.Len() == 0 {
		return "it is denied" + x.deniedBy(e, actions)
	}
	for k := range e.limits {
		l := &e.limits[k]
		if left = left.Intersect(l.allow.any()); left.Len() > 0 {
			continue
		}
		if l.kind == PermissionsBoundary {
			return fmt.Sprintf("the permissions boundary %s does not allow it", l.policies[0].Source.Name)
		}
		return fmt.Sprintf("the service control policies of %s do not allow it", nameOf(l.target))
	}
	if !left.Overlaps(any) {
		return "what is left of its resources is denied or not allowed by the boundary or a service control policy"
	}
	return ""
}

// deniedBy names the first statement that denies the actions on all resources.
func (x *Analysis) deniedBy(e *effect, actions policydoc.ActionSet) string {
	for _, t := range x.termsOf(e, actions) {
		if t.statement.deny && t.holds == yes && t.scope.all.Overlaps(actions) {
			return fmt.Sprintf(" by statement %d of %s", t.statement.number, describe(t.policy))
		}
	}
	return ""
}

// describe names a policy in a sentence.
func describe(p *Policy) string {
	s := &p.Source
	switch s.Type {
	case PermissionsBoundary:
		return "the permissions boundary " + s.Name
	case ServiceControlPolicy:
		return fmt.Sprintf("the service control policy %s of %s", s.Name, nameOf(s.Target))
	}
	return "policy " + s.Name
}

func nameOf(target string) string {
	if target == "" {
		return "the organization"
	}
	return target
}
