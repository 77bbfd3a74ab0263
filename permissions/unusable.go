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
	for i, p := range e.own {
		policy := e.id.policies.Identity[i]
		if !e.free {
			list = x.appendUnusable(list, e, policy, p)
			continue
		}
		for _, u := range p.unusable {
			u.Policy = policy.Source
			list = append(list, u)
		}
	}
	return list
}

// appendUnusable appends the patterns of a policy of which nothing is left.
func (x *Analysis) appendUnusable(list []Unusable, e *effect, policy *Policy, p *profile) []Unusable {
	for i := range p.clauses {
		c := &p.clauses[i]
		if c.statement.deny {
			continue
		}
		t := x.termOf(e.env, policy, c)
		if t.holds != no && c.actions.Within(e.any) && c.actions.Within(t.any) {
			continue
		}
		list = x.appendUnusableParts(list, e, c, &t)
	}
	return list
}

func (x *Analysis) appendUnusableParts(list []Unusable, e *effect, c *clause, t *term) []Unusable {
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
		usable = e.any.Intersect(t.any)
	}
	for _, part := range c.eachPart() {
		if part.actions.Len() == 0 || part.actions.Overlaps(usable) {
			continue // the catalogue may lack an action that is newer
		}
		if reason := x.whyUnusable(e, t, part.actions); reason != "" {
			add(part.pattern, reason)
		}
	}
	return list
}

// whyUnusable says why a statement grants nothing of the actions; "" when it does.
func (x *Analysis) whyUnusable(e *effect, t *term, actions policydoc.ActionSet) string {
	if t.holds == no {
		return "its conditions or policy variables can never hold for this identity"
	}
	left := actions.Intersect(t.any)
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
	if !left.Overlaps(e.any) {
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
