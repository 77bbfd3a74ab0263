package permissions_test

import (
	"slices"
	"strings"
	"testing"
)

// derivedKeys are those without which a request can't be.
var derivedKeys = []string{"aws:principalaccount", "aws:principalarn", "aws:principaltype", "aws:resourceaccount", "aws:userid", "aws:username"}

// shrink removes policies, statements, conditions, values and context keys from a
// simulation as long as we and the oracle go on to differ.
func shrink(t *testing.T, o *oracle, s *simulation) *simulation {
	t.Helper()
	for changed := true; changed; {
		changed = false
		for _, smaller := range smallerSimulations(s) {
			answer := o.ask(t, smaller)[0]
			if difference, err := unexplained(smaller, &answer); err == nil && difference != "" {
				s, changed = smaller, true
				break
			}
		}
	}
	return s
}

// smallerSimulations returns copies of a simulation that lack one thing each, the
// biggest things first.
func smallerSimulations(s *simulation) []*simulation {
	var smaller []*simulation
	// Each change is tried on a copy, and kept when it says that it did something.
	try := func(change func(*simulation) bool) bool {
		copied := s.clone()
		if !change(copied) {
			return false
		}
		smaller = append(smaller, copied)
		return true
	}
	try(func(c *simulation) bool {
		had := c.Session != nil && !strings.Contains(c.principalName(), ":federated-user/")
		c.Session = nil
		return had
	})
	try(func(c *simulation) bool { had := c.Boundary != nil; c.Boundary = nil; return had })
	try(func(c *simulation) bool { had := c.Resource != nil && !c.trust(); c.Resource = nil; return had })
	for i := range s.Identity {
		try(func(c *simulation) bool {
			root := c.Identity[i].Name == rootPolicy
			c.Identity = removed(c.Identity, i)
			return !root
		})
	}
	for i := range s.ServiceControl {
		try(func(c *simulation) bool { c.ServiceControl = removed(c.ServiceControl, i); return true })
		for j := range s.ServiceControl[i].Policies {
			try(func(c *simulation) bool {
				level := &c.ServiceControl[i]
				level.Policies = removed(level.Policies, j)
				return len(level.Policies) > 0
			})
		}
	}
	for i := range s.ResourceControl {
		try(func(c *simulation) bool { c.ResourceControl = removed(c.ResourceControl, i); return true })
	}
	for i, policy := range s.documents() {
		for j := range policy.Statements {
			try(func(c *simulation) bool {
				p := c.documents()[i]
				p.Statements = removed(p.Statements, j)
				return len(p.Statements) > 0
			})
			shrinkStatement(try, &policy.Statements[j], func(c *simulation) *simulatedStatement { return &c.documents()[i].Statements[j] })
		}
	}
	for _, key := range sortedKeys(s.Request.Context) {
		try(func(c *simulation) bool {
			delete(c.Request.Context, key)
			return !slices.Contains(derivedKeys, strings.ToLower(key))
		})
	}
	return smaller
}

func shrinkStatement(try func(func(*simulation) bool) bool, st *simulatedStatement, of func(*simulation) *simulatedStatement) {
	for _, operator := range sortedKeys(st.Condition) {
		try(func(c *simulation) bool {
			delete(of(c).Condition, operator)
			return true
		})
		for key, values := range st.Condition[operator] {
			for i := range values {
				try(func(c *simulation) bool {
					of(c).Condition[operator][key] = removed(values, i)
					return len(values) > 1
				})
			}
		}
	}
	lists := []func(*simulatedStatement) *[]string{
		func(s *simulatedStatement) *[]string { return &s.Action },
		func(s *simulatedStatement) *[]string { return &s.NotAction },
		func(s *simulatedStatement) *[]string { return &s.Resource },
		func(s *simulatedStatement) *[]string { return &s.NotResource },
	}
	for _, list := range lists {
		for i := range *list(st) {
			try(func(c *simulation) bool {
				values := list(of(c))
				*values = removed(*values, i)
				return len(*values) > 0
			})
		}
	}
}

// removed returns a copy of the list without its element i.
func removed[T any](list []T, i int) []T {
	return append(append([]T{}, list[:i]...), list[i+1:]...)
}
