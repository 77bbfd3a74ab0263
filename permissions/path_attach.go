package permissions

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// maxAttached is how many customer managed policies that grant everything are
// tried where AdministratorAccess cannot be attached.
const maxAttached = 8

func attachesPolicy(action string) bool { return strings.HasPrefix(action, "iam:Attach") }

// attaching returns what is known of a request to attach a policy.
func (c *caller) attaching(arn string, s *pathSpec) *Context {
	return c.with(keyPolicyARN, arn, keyPermissionsBoundary, c.boundaryOfTarget(s))
}

// chosen returns the policy that the caller attaches: AdministratorAccess, unless
// only another is allowed.
func (c *caller) chosen(action string) string {
	if arn, ok := c.choices[action]; ok {
		return arn
	}
	return c.g.administratorAccess
}

// choose looks for another policy than AdministratorAccess that makes an
// administrator and that the caller may attach to something.
func (c *caller) choose(action string, s *pathSpec) allowance {
	matters := false
	c.eachPolicy(func(p *Policy) { matters = matters || p.compiled.asksFor(keyPolicyARN) })
	if !matters {
		return allowance{}
	}
	for _, arn := range c.g.attachable() {
		if a := c.allowance(action, c.attaching(arn, s), false); !a.empty() {
			if c.choices == nil {
				c.choices = map[string]string{}
			}
			c.choices[action] = arn
			return a
		}
	}
	return allowance{}
}

// asksFor reports whether a statement has a condition on the key.
func (d *document) asksFor(key string) bool {
	return slices.ContainsFunc(d.doc.Statements, func(s policydoc.Statement) bool {
		return slices.ContainsFunc(s.Conditions, func(k policydoc.Condition) bool { return strings.EqualFold(k.Key, key) })
	})
}

// attachable returns the policies worth attaching besides AdministratorAccess: who
// has IAMFullAccess gives itself the rest.
func (g *escalationGraph) attachable() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.attachables != nil {
		return g.attachables
	}
	g.attachables = []string{strings.TrimSuffix(g.administratorAccess, "AdministratorAccess") + "IAMFullAccess"}
	for i := range g.x.account.Policies {
		p := &g.x.account.Policies[i]
		inForce, ok := p.Default()
		if !ok || isAWSManaged(p.ARN) || len(g.attachables) > maxAttached {
			continue
		}
		if doc, err := inForce.Document.Parse(); err == nil {
			if compiled := Compile(doc, Source{}); grantsEverything(PrincipalRole, []*Policy{compiled}) != no {
				g.attachables = append(g.attachables, p.ARN)
			}
		}
	}
	return g.attachables
}
