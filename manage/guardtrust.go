package manage

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/trust"
)

// judgeTrust refuses trust policies that let strangers in, or outsiders into a role
// that is powerful.
func (c *comparison) judgeTrust() {
	for _, arn := range c.changed.trust {
		after, ok := c.after.account.Role(arn)
		if !ok {
			continue
		}
		var old trust.Classification
		if before, ok := c.before.account.Role(arn); ok {
			old = *trust.Classify(before, c.p.options.Trust)
		}
		now := trust.Classify(after, c.p.options.Trust)
		c.judgeDangers(after, &old, now)
		c.judgeOutsiders(after, &old, now)
		if anyOpen(old.Paths) && !anyOpen(now.Paths) {
			c.p.risk(RiskLockout, "nobody can assume role %s any more", after.Name)
		}
	}
}

// judgeDangers compares what package trust finds dangerous. Strangers who get in now,
// or with something that can be had, are refused.
func (c *comparison) judgeDangers(r *nhiscan.Role, old, now *trust.Classification) {
	for _, d := range now.Dangers {
		if slices.ContainsFunc(old.Dangers, func(o trust.Danger) bool {
			return o.Code == d.Code && o.Severity == d.Severity && o.Principal == d.Principal && o.Message == d.Message
		}) {
			continue
		}
		message := "role " + r.Name + ": " + d.Message
		if d.Severity.AtLeast(trust.SeverityHigh) || d.Code == trust.DangerCognitoGuests {
			c.p.refuse(RiskPublic, "%s", message)
			continue
		}
		c.p.risk(RiskTrust, "%s", message)
	}
}

// judgeOutsiders refuses to let somebody who is not of the account, and thus not
// among those whose permissions are compared, into a role that is powerful. A
// service acts for somebody of the account, who is.
func (c *comparison) judgeOutsiders(r *nhiscan.Role, old, now *trust.Classification) {
	power := c.after.powers[r.ARN]
	if power == nil || !power.Admin.Is() && len(power.Escalations) == 0 {
		return
	}
	why := "can get more permissions than it has"
	if power.Admin.Is() {
		why = "is an administrator"
	}
	for i := range now.Paths {
		p := &now.Paths[i]
		if p.Open() && outsider(p) && !slices.ContainsFunc(old.Paths, func(o trust.Path) bool { return o.Open() && contains(&o, p) }) {
			c.p.refuse(RiskEscalation, "%s can assume role %s, which %s", outsiderName(p), r.Name, why)
		}
	}
}

func outsider(p *trust.Path) bool {
	return p.Relation != trust.RelationSame && p.PrincipalType != "Service"
}

func outsiderName(p *trust.Path) string {
	switch {
	case p.Vendor != "":
		return p.Vendor
	case p.Provider != "":
		return "who signs in with " + p.Provider
	case p.Account != "":
		return "account " + p.Account
	}
	return p.PrincipalType + " " + p.Principal
}

// contains reports whether whoever a path lets in is let in by another: the same
// principal, for no fewer actions, under no further conditions.
func contains(wide, narrow *trust.Path) bool {
	return wide.PrincipalType == narrow.PrincipalType && wide.Principal == narrow.Principal &&
		!slices.ContainsFunc(narrow.Actions, func(a string) bool { return !slices.Contains(wide.Actions, a) }) &&
		!slices.ContainsFunc(wide.Conditions, func(w policydoc.Condition) bool {
			return !slices.ContainsFunc(narrow.Conditions, func(n policydoc.Condition) bool { return sameCondition(w, n) })
		}) &&
		len(wide.PartlyDenied) <= len(narrow.PartlyDenied)
}

func sameCondition(a, b policydoc.Condition) bool {
	return strings.EqualFold(a.Operator, b.Operator) && strings.EqualFold(a.Key, b.Key) && slices.Equal(a.Values, b.Values)
}

func anyOpen(paths []trust.Path) bool {
	return slices.ContainsFunc(paths, func(p trust.Path) bool { return p.Open() })
}
