package permissions

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A caller is an identity looked at for what paths it has. It keeps what was
// worked out, so that no question is asked twice.
type caller struct {
	g  *escalationGraph
	id *identity
	// n is the caller's number among the targets.
	n int32
	// policies are those that apply to it: its own, or those without its boundary
	// when it can be rid of that.
	policies   Policies
	candidates actionMask // the actions that are allowed on something at best
	// supposed says that the policies are not those that the identity has.
	supposed bool

	allowances map[string]allowance // by action and context
	contexts   map[string]*Context
	resources  map[string]resourceAnswer
	// known are resources that the search found for the same policies.
	known        map[string]resourceAnswer
	trustingMemo *trusting
	personalMemo map[*document]*[2]truth
	assumable    *allowance
	choices      map[string]string    // the policy that the caller attaches, by action
	selfless     map[setKey]targetSet // sets without the caller
	// everywhereMemo are the actions that the caller may do on every resource.
	everywhereMemo *policydoc.ActionSet
}

type resourceAnswer struct {
	arn   string
	holds truth
}

// caller returns identity number i, without its boundary when bounded is false. It
// is nil when none of the identity's policies allows anything that a path needs.
func (g *escalationGraph) caller(i int, bounded bool) *caller {
	id := &g.x.identities[i]
	c := &caller{g: g, id: id, policies: id.policies}
	c.n, _ = g.targets.number(id.arn)
	c.candidates = g.candidates[i]
	if !bounded {
		c.policies.Boundary = nil
		c.candidates = g.unbounded[i]
	} else if len(g.searched) > 0 {
		c.known = g.searched[i].resources
	}
	if c.candidates.empty() {
		return nil
	}
	c.allowances = map[string]allowance{}
	c.contexts = map[string]*Context{}
	c.resources = map[string]resourceAnswer{}
	return c
}

// allowed returns the entities on which the caller may do an action of a path.
func (c *caller) allowed(s *pathSpec, action string) allowance {
	key := action
	switch {
	case strings.HasPrefix(action, "iam:") && s.Gives == gainOwnPermissions && c.id.policies.Boundary != nil:
		key += " self"
	}
	if found, ok := c.allowances[key]; ok {
		return found
	}
	a := c.allowance(action, c.contextFor(action, s), false)
	if a.empty() && attachesPolicy(action) {
		a = c.choose(action, s)
	}
	a = c.g.internBoth(a)
	c.allowances[key] = a
	return a
}

// passable returns the roles that the caller may pass to a service.
func (c *caller) passable(service string) allowance {
	key := actionPassRole
	if c.g.passedToMatters(c) {
		key += " " + service
	}
	if found, ok := c.allowances[key]; ok {
		return found
	}
	a := c.allowance(actionPassRole, c.passing(service), false)
	if china := service + ".cn"; c.g.china && key != actionPassRole {
		a = a.or(c.allowance(actionPassRole, c.passing(china), false))
	}
	a = c.g.internBoth(a)
	c.allowances[key] = a
	return a
}

// passing returns what is known of a request to pass a role to a service.
func (c *caller) passing(service string) *Context { return c.with(keyPassedToService, service) }

// unblocked returns the entities on which nothing keeps the caller from an action
// that something else than its own policies grants.
func (c *caller) unblocked(action string) allowance {
	key := "granted " + action
	if found, ok := c.allowances[key]; ok {
		return found
	}
	a := c.g.internBoth(c.allowance(action, c.id.context, true))
	c.allowances[key] = a
	return a
}

// foundResource returns what was found before, by action or path.
func (c *caller) foundResource(key string) (resourceAnswer, bool) {
	found, ok := c.known[key]
	if !ok {
		found, ok = c.resources[key]
	}
	return found, ok
}

// resource finds resources on which the caller may do the action: one of each type
// that the action takes. It returns the last.
func (c *caller) resource(action string) resourceAnswer {
	if found, ok := c.foundResource(action); ok {
		return found
	}
	answer := resourceAnswer{arn: "*", holds: yes}
	templates := c.g.templates[action]
	if len(templates) == 0 {
		answer.holds = c.mayDo(action, "*", c.id.context)
	}
	for _, t := range templates {
		best := resourceAnswer{}
		for alternative := range strings.SplitSeq(t, " | ") {
			if arn, holds := c.resourceFor(action, alternative, c.id.context); holds > best.holds {
				best = resourceAnswer{arn, holds}
			}
		}
		answer = resourceAnswer{arn: best.arn, holds: answer.holds.and(best.holds)}
		if answer.holds == no {
			break
		}
	}
	c.resources[action] = answer
	return answer
}

// assumes returns the roles that the caller may assume: those that trust its
// account and on which its policies allow it, and those that trust it by name.
func (c *caller) assumes() allowance {
	if c.assumable != nil {
		return *c.assumable
	}
	t := c.trusting()
	granted := c.allowed(c.g.assumeRole, actionAssumeRole)
	free := c.unblocked(actionAssumeRole)
	a := c.g.internBoth(c.g.both(granted, t.account).or(c.g.both(free, t.directly)))
	c.assumable = &a
	return a
}

// eachPolicy calls f with the policies that limit or grant what the caller does.
func (c *caller) eachPolicy(f func(p *Policy)) {
	for _, p := range c.policies.Identity {
		f(p)
	}
	if c.policies.Boundary != nil {
		f(c.policies.Boundary)
	}
	for i := range c.policies.ServiceControl {
		for _, p := range c.policies.ServiceControl[i].Policies {
			f(p)
		}
	}
}
