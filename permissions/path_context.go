package permissions

import "maps"

// contextFor returns what is known of the caller's request for an action of a path:
// it chooses the policy that it attaches, and to which service it passes a role.
func (c *caller) contextFor(action string, s *pathSpec) *Context {
	switch action {
	case "iam:AttachUserPolicy", "iam:AttachRolePolicy", "iam:AttachGroupPolicy":
		return c.attaching(c.chosen(action), s)
	case "iam:PutUserPolicy", "iam:PutRolePolicy", "iam:CreateRole":
		return c.with(keyPermissionsBoundary, c.boundaryOfTarget(s))
	case "iam:PutUserPermissionsBoundary":
		return c.with(keyPermissionsBoundary, c.g.administratorAccess)
	}
	return c.id.context
}

// boundaryOfTarget is the value of iam:PermissionsBoundary: the caller's own
// boundary where the path changes the caller, and none elsewhere, as another
// identity is worth raising only when nothing bounds it.
func (c *caller) boundaryOfTarget(s *pathSpec) string {
	if s.Gives == gainOwnPermissions && c.id.policies.Boundary != nil {
		return c.id.policies.Boundary.Source.ARN
	}
	return ""
}

// with returns the caller's context with more values; an empty one is known to be absent.
func (c *caller) with(keysAndValues ...string) *Context {
	key := ""
	for _, v := range keysAndValues {
		key += v + "\x00"
	}
	if found, ok := c.contexts[key]; ok {
		return found
	}
	values := map[string][]string{}
	complete := false
	if c.id.context != nil {
		values, complete = maps.Clone(c.id.context.values), c.id.context.complete
	}
	if values == nil {
		values = map[string][]string{}
	}
	for i := 0; i < len(keysAndValues); i += 2 {
		values[keysAndValues[i]] = nil
		if v := keysAndValues[i+1]; v != "" {
			values[keysAndValues[i]] = []string{v}
		}
	}
	ctx := newFoldedContext(values, complete)
	c.contexts[key] = ctx
	return ctx
}
