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
// or with something that can be had, are refused. So are unique ids: AWS makes of one
// that is written into a policy the ARN of whoever has it.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func (c *comparison) judgeDangers(r *nhiscan.Role, old, now *trust.Classification) {
	for _, d := range now.Dangers {
		if slices.ContainsFunc(old.Dangers, func(o trust.Danger) bool {
			return o.Code == d.Code && o.Severity == d.Severity && o.Principal == d.Principal && o.Message == d.Message
		}) {
			continue
		}
		message := "role " + r.Name + ": " + d.Message
		switch {
		case d.Code == trust.DangerDeletedPrincipal:
			c.p.refuse(RiskPublic, "role %s: %s is the unique id of a principal, who may be of any account if it is not deleted: write its ARN", r.Name, d.Principal)
		case d.Severity.AtLeast(trust.SeverityHigh) || letsStrangersIn(d.Code):
			c.p.refuse(RiskPublic, "%s", message)
		default:
			c.p.risk(RiskTrust, "%s", message)
		}
	}
}

// letsStrangersIn reports whether a danger is one of everyone, although a network or
// an external id may stand between.
func letsStrangersIn(code trust.DangerCode) bool {
	return code == trust.DangerAnyone || code == trust.DangerNotPrincipal || code == trust.DangerCognitoGuests
}

// judgeOutsiders refuses to let somebody who is not of the account, and thus not
// among those whose permissions are compared, into a role that is powerful, and tells
// of one that is not. A service acts for somebody of the account, who is.
func (c *comparison) judgeOutsiders(r *nhiscan.Role, old, now *trust.Classification) {
	power := c.after.powers[r.ARN]
	if power == nil || power.Access.Actions == 0 {
		return
	}
	why := c.powerful(r.ARN)
	denied := c.stillDenies(r.ARN)
	for i := range now.Paths {
		p := &now.Paths[i]
		if p.Open() && outsider(p) && !slices.ContainsFunc(old.Paths, func(o trust.Path) bool {
			return o.Open() && contains(&o, p) && (denied || len(o.PartlyDenied) == 0)
		}) {
			if why != "" {
				c.p.refuse(RiskEscalation, "%s can assume role %s, which %s", outsiderName(p), r.Name, why)
			} else {
				c.p.risk(RiskTrust, "%s can assume role %s, and do what it may", outsiderName(p), r.Name)
			}
		}
	}
}

// tellOutsiders says who is not of the account and gets what a role is given. Package
// trust knows some accounts; those of the others are anybody's.
func (c *comparison) tellOutsiders() {
	for _, arn := range c.changed.identities {
		r, ok := c.after.account.Role(arn)
		if _, had := c.before.account.Role(arn); !ok || !had || slices.Contains(c.changed.trust, arn) {
			continue
		}
		now := trust.Classify(r, c.p.options.Trust)
		for i := range now.Paths {
			if p := &now.Paths[i]; p.Open() && outsider(p) && p.Relation != trust.RelationVendor && p.Relation != trust.RelationInternal {
				c.p.risk(RiskTrust, "%s can assume role %s, and gets what the change gives it", outsiderName(p), r.Name)
			}
		}
	}
}

// stillDenies reports whether the trust policy of a role has all the denials that it
// had.
func (c *comparison) stillDenies(arn string) bool {
	b, had := c.before.account.Role(arn)
	a, has := c.after.account.Role(arn)
	if !had || !has {
		return false
	}
	old, err := b.TrustPolicy.Parse()
	if err != nil {
		return false
	}
	now, err := a.TrustPolicy.Parse()
	if err != nil {
		return false
	}
	denied, denies := map[string]bool{}, map[string]bool{}
	addStatements(old, map[string]bool{}, denied)
	addStatements(now, map[string]bool{}, denies)
	return covers(denies, denied)
}

// outsider reports whether a path is for somebody who is no user or role of the
// account. Nobody tells who may make a federated user of a name. Of the services, IAM
// Roles Anywhere acts for who has a certificate.
func outsider(p *trust.Path) bool {
	if p.PrincipalType == "Service" {
		return p.Principal == "*" || p.Kind == trust.KindRolesAnywhere
	}
	return p.Relation != trust.RelationSame || strings.Contains(p.Principal, ":federated-user/")
}

func outsiderName(p *trust.Path) string {
	switch {
	case p.Relation == trust.RelationSame:
		return p.Principal
	case p.Vendor != "":
		return p.Vendor
	case len(p.Subjects) > 0:
		return "who signs in with " + p.Provider + " as " + and(p.Subjects)
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
