package permissions

import (
	"cmp"
	"slices"
)

// tryVersions finds policies of the caller that have a version in store with which
// it may do more.
func (c *caller) tryVersions(o *pathOutcome) {
	a := c.allowed(o.path, o.path.Actions[0]).in(c.ownPolicies())
	var found findings
	for n := range a.possible().all() {
		wider := false
		for _, d := range c.g.storedVersions(n) {
			wider = wider || !d.digest().allowed.Within(allowedActions(c.policies.Identity)) && c.lets(d)
		}
		found.note(n, a.holds(n), c.withVersion(n).holds, wider)
	}
	found.give(o)
}

// withVersion returns how the caller is an administrator with a stored version of
// one of its policies.
func (c *caller) withVersion(n int32) selfWay {
	var best selfWay
	for _, d := range c.g.storedVersions(n) {
		list := c.replaced(c.g.targets.arns[n], d)
		if way := c.after(list, list); way.holds > best.holds {
			best = way
		}
	}
	return best
}

// storedVersions returns the documents of a policy's versions that are not in force.
func (g *escalationGraph) storedVersions(n int32) []*document {
	p, ok := g.x.account.Policy(g.targets.arns[n])
	if !ok {
		return nil
	}
	inForce, _ := p.Default()
	var list []*document
	for _, v := range p.Versions {
		if v.ID == inForce.ID {
			continue
		}
		if doc, err := v.Document.Parse(); err == nil {
			list = append(list, compileDocument(doc))
		}
	}
	return list
}

// replaced returns the caller's policies with another document for one of them.
func (c *caller) replaced(arn string, d *document) []*Policy {
	list := slices.Clone(c.policies.Identity)
	for i, p := range list {
		if p.Source.ARN == arn {
			list[i] = &Policy{Source: p.Source, compiled: d}
		}
	}
	return list
}

// tryWithoutDeny finds the policies that deny something and that the user may take
// off itself, and what it may do without them.
func (c *caller) tryWithoutDeny(o *pathOutcome) {
	if c.id.user == nil {
		return
	}
	action := o.path.Actions[0]
	detach := action == "iam:DetachUserPolicy"
	holds, rest := no, []*Policy{}
	for _, p := range c.policies.Identity {
		ctx := c.id.context
		if detach {
			ctx = c.with(keyPolicyARN, p.Source.ARN)
		}
		if p.Source.Holder != c.id.arn || (p.Source.ARN != "") != detach || !denies(p) {
			rest = append(rest, p)
			continue
		}
		t := c.mayDo(action, c.id.arn, ctx)
		if t == no {
			rest = append(rest, p)
			continue
		}
		holds = max(holds, t)
		o.names = append(o.names, cmp.Or(p.Source.ARN, p.Source.Name))
	}
	if holds == no {
		return
	}
	o.bare, o.rest = holds, rest
	if c.grantsEverything(c.policies.Identity) != yes {
		o.administrator = holds.and(c.after(rest, rest).holds)
	}
	if o.administrator == no && !widens(rest, c.policies.Identity) {
		o.names, o.bare = nil, no
	}
}
