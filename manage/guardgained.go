package manage

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/permissions"
)

// gained returns the escalations that an identity lacked.
func (c *comparison) gained(b, a *permissions.Permissions) []permissions.Escalation {
	var list []permissions.Escalation
	for i := range a.Escalations {
		if e := &a.Escalations[i]; c.isNew(b, e) && !c.throughStandIn(e) {
			list = append(list, *e)
		}
	}
	return list
}

// throughStandIn reports whether nobody real is what an escalation leads to.
func (c *comparison) throughStandIn(e *permissions.Escalation) bool {
	return len(e.Targets) > 0 && e.TargetCount == len(e.Targets) &&
		!slices.ContainsFunc(e.Targets, func(t string) bool { return c.standIns[t] == "" })
}

func (c *comparison) isNew(b *permissions.Permissions, e *permissions.Escalation) bool {
	i := slices.IndexFunc(b.Escalations, func(old permissions.Escalation) bool { return old.Path.ID == e.Path.ID })
	if i < 0 {
		return e.Admin || !c.concerned[b.ARN] || !c.wasOpen(b.ARN, e, e.Targets)
	}
	old := &b.Escalations[i]
	switch {
	case e.Admin && !old.Admin, e.Certain() && !old.Certain():
		return true
	case c.concerned[b.ARN] && !e.Certain() && c.loosened(b.ARN, firstGrants(e)):
		return true
	}
	var targets []string
	for _, t := range e.Targets {
		if !slices.Contains(old.Targets, t) {
			targets = append(targets, t)
		}
	}
	if len(targets) == 0 && c.concerned[b.ARN] && e.TargetCount > len(e.Targets) {
		return e.TargetCount > old.TargetCount || c.granted(b.ARN, e)
	}
	listed := old.TargetCount <= len(old.Targets) && !c.concerned[b.ARN]
	return len(targets) > 0 && (listed || !c.wasOpen(b.ARN, e, targets))
}

// granted reports whether there is something new to allow a way, of whose targets
// not all are listed.
func (c *comparison) granted(arn string, e *permissions.Escalation) bool {
	return slices.ContainsFunc(e.Path.Actions, func(action string) bool {
		g, _ := c.after.analysis.Grant(arn, action)
		return onIAM(action) && c.loosened(arn, g.Allows)
	})
}

// onIAM reports whether an action is on users, roles, groups or policies.
func onIAM(action string) bool {
	return strings.HasPrefix(action, "iam:") || strings.HasPrefix(action, "sts:")
}

// firstGrants are the statements that allow the first step of a way.
func firstGrants(e *permissions.Escalation) []permissions.Match {
	var list []permissions.Match
	if len(e.Hops) > 0 {
		for _, g := range e.Hops[0].Grants {
			list = append(list, g.Match)
		}
	}
	return list
}

// loosened reports whether statements that something hangs on are ones that the
// identity did not have, or whether something that limits it is gone.
func (c *comparison) loosened(arn string, grants []permissions.Match) bool {
	b, had := c.before.analysis.Policies(arn)
	a, has := c.after.analysis.Policies(arn)
	if !had || !has {
		return true
	}
	allowed, denied := statements(b.Identity)
	_, denies := statements(a.Identity)
	if !covers(denies, denied) {
		return true
	}
	if b.Boundary != nil && (a.Boundary == nil || !narrower([]*permissions.Policy{b.Boundary}, []*permissions.Policy{a.Boundary})) {
		return true
	}
	for _, m := range grants {
		if m.Policy.Source.Type == permissions.IdentityPolicy && !allowed[statementText(m.Policy.Document(), m.Statement-1)] {
			return true
		}
	}
	return false
}

// wasOpen reports whether an identity could do before what a way asks for, to all
// the targets, which are what they were: a way that gained it nothing before, when
// it had more itself, is no gain now.
func (c *comparison) wasOpen(arn string, e *permissions.Escalation, targets []string) bool {
	if _, ok := c.before.analysis.Policies(arn); !ok || c.changed.other || slices.ContainsFunc(targets, c.isChanged) {
		return false
	}
	for _, action := range e.Path.Actions {
		if onIAM(action) {
			for _, target := range targets {
				if c.decides(&c.before, arn, action, target) < c.decides(&c.after, arn, action, target) {
					return false
				}
			}
		}
		b, _ := c.before.analysis.Grant(arn, action)
		a, _ := c.after.analysis.Grant(arn, action)
		if outcomeRank(b.Outcome) < outcomeRank(a.Outcome) {
			return false
		}
	}
	return true
}

// isChanged reports whether the change is about the entity with the ARN.
func (c *comparison) isChanged(arn string) bool {
	if kind, name, _ := strings.Cut(called(arn), " "); kind == "group" && slices.Contains(c.changed.groups, name) {
		return true
	}
	return slices.Contains(c.changed.identities, arn) || slices.Contains(c.changed.policies, arn) || slices.Contains(c.changed.trust, arn)
}

func (c *comparison) decides(s *side, arn, action, resource string) int {
	d, err := s.analysis.Can(&permissions.Request{Principal: permissions.Principal{ARN: arn}, Action: action, Resource: resource})
	if err != nil {
		return 0
	}
	return outcomeRank(d.Outcome)
}

func outcomeRank(o permissions.Outcome) int {
	switch o {
	case permissions.Allowed:
		return 2
	case permissions.Depends:
		return 1
	}
	return 0
}
