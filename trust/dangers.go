package trust

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// findDangers adds what is dangerous about an open path.
func (c *classifier) findDangers(w *way) {
	switch w.principal.form {
	case formService:
		c.findConfusedDeputy(w)
	case formFederated:
		c.findFederatedDangers(w)
	case formDeleted:
		c.report(w, DangerDeletedPrincipal, SeverityLow,
			"The principal was deleted: AWS shows the unique id that is left of it, which no new user or role can have.",
			"Remove the principal from the trust policy, and ask whether the role is still needed.")
	case formOther, formCanonicalUser:
		c.report(w, DangerMalformed, SeverityLow,
			"The principal is not one that can be understood, so whom it lets in is not known.",
			"Write an account id, or the ARN of a user, a role or an account's root.")
	case formNotPrincipal:
		c.findAnyone(w, DangerNotPrincipal, "Allow with NotPrincipal lets in everyone but those listed, every other AWS account included")
	case formAnyone:
		c.findAnyone(w, DangerAnyone, "Every AWS account can assume the role")
	case formAnyFederated:
		c.findAnyone(w, DangerAnyone, "Everyone who signs in with any identity provider can assume the role")
	default:
		c.findAccountDangers(w)
	}
}

func (c *classifier) report(w *way, code DangerCode, severity Severity, message, fix string) {
	c.danger(Danger{
		Code: code, Severity: severity, Statement: w.Statement, Principal: w.Principal,
		Message: message, Fix: fix,
	})
}

// findAnyone judges a principal that is everyone. Conditions that narrow it to
// an account leave the dangers of that account; a secret or a network makes it
// less bad, not good.
func (c *classifier) findAnyone(w *way, code DangerCode, what string) {
	if w.Who != WhoAnyone {
		if w.Account != "" {
			c.findAccountDangers(w)
		}
		return
	}
	severity := SeverityCritical
	var but []string
	if w.narrowing.network {
		severity = SeverityMedium
		but = append(but, "from the networks that the conditions name")
	}
	if w.ExternalID {
		severity = SeverityMedium
		but = append(but, "that knows the external id")
	}
	if len(but) > 0 {
		what += " " + strings.Join(but, " and ")
	}
	c.report(w, code, severity, what+".",
		`Name the principals, or add "Condition": {"StringEquals": {"aws:PrincipalOrgID": "YOUR-ORGANIZATION-ID"}}.`)
}

// organizationRoles are the names that AWS Organizations, Control Tower and
// CloudFormation StackSets give to the roles through which the organization's
// own administration account reaches its members.
var organizationRoles = [...]string{
	"OrganizationAccountAccessRole",
	"AWSControlTowerExecution",
	"AWSCloudFormationStackSetExecutionRole",
}

func (c *classifier) forOrganization() bool {
	for _, name := range organizationRoles {
		if c.role.Name == name {
			return true
		}
	}
	return strings.HasPrefix(c.role.Name, "stacksets-exec-")
}

func (c *classifier) findAccountDangers(w *way) {
	if w.Relation == RelationUnknown && c.forOrganization() {
		c.report(w, DangerUnknownAccount, SeverityLow,
			fmt.Sprintf("Account %s can assume a role that by its name is for the administration of the organization.", w.Account),
			"Check that it is your management or delegated administrator account, and list it among the known accounts.")
		return
	}
	if w.Relation == RelationUnknown {
		c.report(w, DangerUnknownAccount, SeverityMedium,
			fmt.Sprintf("Nobody knows whose account %s is, which can assume the role.", w.Account),
			"Find out who owns it. List it among the known accounts, or remove it from the trust policy.")
	}
	if c.needsExternalID(w) {
		severity := SeverityMedium
		message := "If account " + w.Account + " is a third party's, another of its customers may have it assume the role: no external id is demanded."
		if w.Relation == RelationVendor {
			severity = SeverityHigh
			message = w.Vendor + " can assume the role without an external id, so another of its customers may have it do so."
		}
		c.report(w, DangerNoExternalID, severity, message,
			`Add "Condition": {"StringEquals": {"sts:ExternalId": "A-VALUE-THAT-THE-THIRD-PARTY-MADE-FOR-YOU"}}.`)
	}
}

// needsExternalID reports whether the path is one of a third party that acts for
// several customers, as far as can be told: not one of AWS's own accounts, and
// nothing that ties it to a person or to one's own organization.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html.
func (c *classifier) needsExternalID(w *way) bool {
	switch {
	case w.Relation != RelationVendor && w.Relation != RelationUnknown, w.owner.aws:
		return false
	case w.ExternalID, w.MFA, w.SSOSession, w.UserNameSession, w.Organization != "":
		return false
	}
	return true
}

func (c *classifier) findConfusedDeputy(w *way) {
	n := &w.narrowing
	if n.source || n.externalID {
		return
	}
	severity, fix := deputies()[serviceName(w.Service)], c.own
	if w.Service == "*" {
		severity = SeverityMedium
	}
	if severity == "" {
		return
	}
	if fix == "" {
		fix = "YOUR-ACCOUNT-ID"
	}
	c.report(w, DangerConfusedDeputy, severity,
		w.Service+" can assume the role whatever resource or account it acts for.",
		fmt.Sprintf(`Add "Condition": {"StringEquals": {"aws:SourceAccount": %q}}, or aws:SourceArn with the resource.`, fix))
}

func (c *classifier) findFederatedDangers(w *way) {
	switch {
	case w.actions&assumeRoleWithSAML != 0:
		if w.Kind == KindSAML && !demandsSAMLAudience(w.demands) {
			c.report(w, DangerSAMLNoAudience, SeverityLow,
				"Assertions that the directory made for any audience are accepted.",
				`Add "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}.`)
		}
	case w.Provider == "Cognito identity pool" && w.Kind == KindCognito:
		c.findCognitoDangers(w)
	default:
		c.findSubjectDangers(w)
		c.findAudienceDangers(w)
	}
}

// findCognitoDangers judges the trust of a Cognito identity pool. All pools of
// all accounts have one issuer, so the pool's id (aud) keeps strangers out, and
// amr keeps guests out.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html.
func (c *classifier) findCognitoDangers(w *way) {
	if !demandsPool(w.demands) && len(w.Subjects) == 0 {
		c.report(w, DangerCognitoNoPool, SeverityCritical,
			"Every Cognito identity pool of every AWS account can hand out this role.",
			`Add "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": "YOUR-IDENTITY-POOL-ID"}}.`)
	}
	switch guests, named := letsGuestsIn(w.demands); {
	case guests && named:
		c.report(w, DangerCognitoGuests, SeverityLow,
			"Guests who did not sign in get this role.",
			"Keep its permissions to what the whole internet may do, or turn guest access off in the identity pool.")
	case guests:
		c.report(w, DangerCognitoGuests, SeverityMedium,
			"Guests who did not sign in can get this role: nothing demands that they did.",
			`Add "Condition": {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}.`)
	}
}

// demandsPool reports whether the demands name identity pools. A pool's id is its
// region, a colon and a random part, so a region alone is every pool in it.
func demandsPool(demands []demand) bool {
	return slices.ContainsFunc(demands, func(d demand) bool {
		_, claim := splitClaim(d.key)
		return claim == "aud" && d.narrows(false) && d.all(func(v string) bool {
			literal, whole := literalPrefix(v)
			_, random, _ := strings.Cut(literal, ":")
			return whole || !d.operator.takesWildcards() || random != ""
		})
	})
}

// letsGuestsIn reports whether the demands on amr are met by a guest, and
// whether there are any.
func letsGuestsIn(demands []demand) (guests, named bool) {
	guests = true
	for _, d := range demands {
		_, claim := splitClaim(d.key)
		if claim != "amr" || d.operator.negated() || d.operator.base == "null" {
			continue
		}
		named = true
		met := false
		for _, v := range d.values {
			met = met || v == "unauthenticated" ||
				d.operator.takesWildcards() && policydoc.MatchResource(v, "unauthenticated")
		}
		guests = guests && met
	}
	return guests, named
}
