package trust

import "cmp"

// describe fills in who a path lets in.
func (c *classifier) describe(w *way) {
	n := &w.narrowing
	w.ExternalID, w.MFA, w.MFAIfPresent = n.externalID, n.mfa, n.mfaIfPresent
	w.UserNameSession, w.SSOSession = n.userName, n.sso
	w.Organization = n.organization
	switch w.principal.form {
	case formService:
		w.Kind, w.Who, w.Service = serviceKind(w.Principal), WhoWorkload, w.Principal
	case formFederated:
		w.describeFederated()
	case formAnyone, formAnyFederated, formNotPrincipal:
		c.describeAnyone(w)
	case formDeleted:
		w.Kind, w.Who, w.Deleted = KindNobody, WhoNobody, true
	case formOther, formCanonicalUser:
		w.Kind, w.Who = KindUnknown, WhoUnknown
	default:
		w.WholeAccount = w.principal.form == formAccount
		w.SSOSession = w.SSOSession || w.principal.sso()
		c.describeAccount(w, w.principal.account)
	}
}

// describeAnyone describes the principal "*", which conditions may narrow to an
// account, an organization or the services of AWS.
func (c *classifier) describeAnyone(w *way) {
	n := &w.narrowing
	switch {
	case n.serviceCall:
		w.Service = n.serviceName
		w.Kind, w.Who = serviceKind(n.serviceName), WhoWorkload
	case len(n.accounts) > 0 || n.ownAccount:
		c.describeAccount(w, c.leastKnown(n.accounts))
	case n.organization != "":
		w.Kind, w.Relation = KindCrossAccount, RelationOrganization
		w.Who = w.whoOfAccount()
	case n.principal:
		// The unique id of one user or role, whose account it does not tell.
		w.Kind, w.Who = KindCrossAccount, w.whoOfAccount()
	default:
		w.Kind, w.Who = KindPublic, WhoAnyone
	}
}

// leastKnown returns the account about whose owner the least is known; no
// accounts stand for the role's own.
func (c *classifier) leastKnown(accounts []string) string {
	least := c.own
	for _, a := range accounts {
		if least == c.own || c.distance(a) > c.distance(least) {
			least = a
		}
	}
	return least
}

// distance orders accounts by how far their owner is from the role's own.
func (c *classifier) distance(account string) int {
	switch ownerOf(account, c.own, c.opts).relation {
	case RelationSame:
		return 0
	case RelationInternal:
		return 1
	case RelationVendor:
		return 2
	}
	return 3
}

func (c *classifier) describeAccount(w *way, account string) {
	w.owner = ownerOf(account, c.own, c.opts)
	w.Account, w.Relation, w.AccountName = account, w.owner.relation, w.owner.name
	switch w.Relation {
	case RelationSame:
		w.Kind = KindSameAccount
	case RelationVendor:
		w.Kind, w.Vendor = KindCrossAccount, cmp.Or(w.owner.name, account)
	case RelationUnknown:
		w.Kind = KindCrossAccount
		if w.Organization != "" {
			w.Relation = RelationOrganization
		}
	case RelationUnset:
		// Without the role's own account, this one and others look the same.
		w.Kind = KindUnknown
	default:
		w.Kind = KindCrossAccount
	}
	w.Who = w.whoOfAccount()
}

func (w *way) whoOfAccount() Who {
	switch {
	case w.MFA || w.SSOSession:
		return WhoPeople
	case w.Relation == RelationVendor:
		return WhoWorkload
	}
	return WhoEither
}
