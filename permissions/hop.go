package permissions

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A hopKey is a step of one identity.
type hopKey struct {
	from, to int32
	path     *pathSpec
}

// hop describes a step that the caller takes. The outcome is that of the path for
// the caller, and to the target, or noTarget.
func (c *caller) hop(o *pathOutcome, to int32) Hop {
	key := hopKey{c.n, to, o.path}
	real := !c.supposed && (c.policies.Boundary != nil || c.id.policies.Boundary == nil)
	if real {
		c.g.mu.Lock()
		found, ok := c.g.hops[key]
		c.g.mu.Unlock()
		if ok {
			return found
		}
	}
	h := c.newHop(o, to)
	if real {
		c.g.mu.Lock()
		c.g.hops[key] = h
		c.g.mu.Unlock()
	}
	return h
}

func (c *caller) newHop(o *pathOutcome, to int32) Hop {
	s := o.path
	h := Hop{From: c.id.arn, To: c.id.arn, Path: &s.EscalationPath, Sentence: s.sentence(c.described(o, to))}
	if i := slices.IndexFunc(s.Actions, attachesPolicy); i >= 0 {
		name := c.chosen(s.Actions[i])
		h.Sentence = strings.Replace(h.Sentence, "AdministratorAccess", name[strings.LastIndexByte(name, '/')+1:], 1)
	}
	if to != noTarget && !o.self {
		h.To = c.g.targets.arns[to]
	}
	if s.Gives == gainNewRole {
		h.To, _ = c.newRole(s)
	}
	if s.Needs != "" {
		h.Needs = append(h.Needs, s.Needs)
	}
	h.Needs = append(h.Needs, c.targetNeeds(s, to)...)
	if to != noTarget && len(s.Roles) > 0 {
		h.Keys = append(h.Keys, c.g.trustKeys(c.g.roleOf(s, to).Service, to)...)
	}
	for _, use := range s.Uses {
		c.grant(&h, o, use, to)
	}
	h.Keys = sortedKeys(h.Keys)
	return h
}

// described names a target in a sentence.
func (c *caller) described(o *pathOutcome, to int32) string {
	if len(o.names) > 0 {
		names := slices.Clone(o.names)
		for i, name := range names {
			names[i] = name[strings.LastIndexByte(name, '/')+1:]
		}
		return strings.Join(names, ", ")
	}
	if to == noTarget {
		return ""
	}
	if to == c.n {
		return "itself"
	}
	arn := c.g.targets.arns[to]
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	switch {
	case c.g.targets.users.has(to):
		return "user " + name
	case c.g.targets.roles.has(to):
		return "role " + name
	case c.g.targets.groups.has(to):
		return "group " + name
	}
	return name // the sentence says that it is a policy
}

// targetNeeds says what is not known of a target that the path needs.
func (c *caller) targetNeeds(s *pathSpec, to int32) []string {
	switch {
	case to == noTarget:
		return nil
	case c.g.targets.users.has(to):
		if changesItself(s.Gives) {
			return nil
		}
		return credentialNeeds(s, c.g.identity(to).user)
	case c.g.roleOf(s, to).Profile && c.g.profiled.unsure.has(to):
		return []string{"role " + c.g.identity(to).name + " must be in an instance profile"}
	}
	return nil
}

// grant adds the statement that allows one action of a step, and the keys on which
// it hangs.
func (c *caller) grant(h *Hop, o *pathOutcome, use pathAction, to int32) {
	s := o.path
	policies := c.policies
	ctx := c.contextFor(use.Action, s)
	resource := c.resourceOf(o, use, to)
	switch {
	case use.Action == actionPassRole && to != noTarget:
		ctx = c.passing(c.g.roleOf(s, to).Service)
	case use.Action == actionAssumeRole && usesTrust(s):
		policies.Resource = c.g.trustsAnyone
	case use.Action == actionAssumeRole && to != noTarget:
		policies.Resource = c.g.identity(to).trust
	case use.Action == "iam:DetachUserPolicy" && len(o.names) > 0:
		ctx = c.with(keyPolicyARN, o.names[0])
	}
	if use.On == onResource {
		ctx = c.id.context
	}
	d := Evaluate(&policies, &Request{
		Principal: c.id.principal, Action: use.Action, Resource: resource,
		ResourceAccount: c.id.principal.Account, Context: ctx,
	})
	h.Keys = append(h.Keys, d.Keys...)
	match, ok := firstMatch(d.Allows)
	if !ok {
		return
	}
	if use.On == onResource {
		resource = c.patternOf(match, use.Action, resource)
	}
	h.Grants = append(h.Grants, HopGrant{Action: use.Action, Resource: resource, Match: match})
}

// firstMatch returns the first identity policy's statement that allows for certain,
// else the first that may.
func firstMatch(allows []Match) (Match, bool) {
	if len(allows) == 0 {
		return Match{}, false
	}
	best := -1
	for i := range allows {
		switch allows[i].Policy.Source.Type {
		case IdentityPolicy, TrustPolicy:
			if best < 0 || allows[i].Certain() && !allows[best].Certain() {
				best = i
			}
		}
	}
	return allows[max(best, 0)], true
}

// resourceOf returns the ARN that an action of a path is done on.
func (c *caller) resourceOf(o *pathOutcome, use pathAction, to int32) string {
	switch use.On {
	case onOwnUser, onOwnRole:
		return c.id.arn
	case onNewRole:
		arn, _ := c.newRole(o.path)
		return arn
	case onResource:
		return c.resource(use.Action).arn
	case onRolePolicy:
		writable := c.writablePolicies(o.path).possible()
		for _, p := range c.g.identity(to).role.AttachedPolicies {
			if n, ok := c.g.targets.number(p.ARN); ok && writable.has(n) {
				return p.ARN
			}
		}
	}
	if to == noTarget {
		return "*"
	}
	return c.g.targets.arns[to]
}

// patternOf returns the Resource pattern of a statement that covers an ARN which
// was made up for it.
func (c *caller) patternOf(m Match, action, arn string) string {
	s := &m.Policy.compiled.statements[m.Statement-1]
	patterns, not, _ := s.resourcePatterns(newEnvironment(&c.id.principal, action, arn, c.id.principal.Account, c.id.context))
	for _, p := range patterns {
		if !not && policydoc.MatchResource(p, arn) {
			return p
		}
	}
	return "*"
}
