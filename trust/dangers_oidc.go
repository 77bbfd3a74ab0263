package trust

import (
	"cmp"
	"fmt"
)

// subjectSeverity says how bad it is that a subject leaves so much open. Where
// strangers share the issuer, the subject alone keeps them out; in a cluster it
// keeps other workloads out; at an issuer of one's own it keeps colleagues out.
func subjectSeverity(t tenancy, l looseness) Severity {
	switch t {
	case tenancyShared:
		return [...]Severity{
			ifSent: SeverityLow, projectStart: SeverityLow, wholeTenant: SeverityMedium, tenantStart: SeverityHigh,
			everyone: SeverityCritical, unrestricted: SeverityCritical,
		}[l]
	case tenancyCluster:
		return [...]Severity{
			wholeTenant: SeverityLow, tenantStart: SeverityMedium,
			everyone: SeverityHigh, unrestricted: SeverityHigh,
		}[l]
	case tenancyTenant:
		return [...]Severity{everyone: SeverityMedium, unrestricted: SeverityMedium}[l]
	}
	return [...]Severity{everyone: SeverityMedium, unrestricted: ""}[l]
}

// findSubjectDangers judges how the sub claim, or another that pins the
// workload, narrows the path. Providers of people are left out: there the
// audience is what a role is made for.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html.
func (c *classifier) findSubjectDangers(w *way) {
	if w.provider.tenancy != tenancyUnknown && w.provider.who != WhoWorkload {
		return
	}
	check := w.claims
	severity := subjectSeverity(w.provider.tenancy, check.looseness)
	if severity == "" {
		return
	}
	issuer := cmp.Or(w.issuer, "THE-PROVIDER")
	if check.looseness == unrestricted {
		c.report(w, DangerOIDCNoSubject, severity,
			fmt.Sprintf("No sub claim is demanded, so %s can assume the role.", anyOf(w.provider)),
			fmt.Sprintf(`Add "Condition": {"StringEquals": {"%s:sub": "THE-WORKLOAD'S-SUBJECT"}}.`, issuer))
		return
	}
	c.report(w, DangerOIDCLooseSubject, severity,
		fmt.Sprintf("The value %q of the %s claim lets in %s.", check.loosest, check.claim, whatMatches(check.looseness, w.provider)),
		fmt.Sprintf("Write out the names in %s:sub up to the project, and compare with StringEquals where the whole subject is known.", issuer))
}

func anyOf(p provider) string {
	switch p.tenancy {
	case tenancyShared:
		return "every customer of " + p.name
	case tenancyCluster:
		return "every workload of the cluster"
	}
	return "everything that " + p.name + " issues tokens to"
}

func whatMatches(l looseness, p provider) string {
	cluster := p.tenancy == tenancyCluster
	if l == ifSent {
		return "tokens without that claim too: the operator holds where the key is missing"
	}
	switch {
	case l == projectStart && cluster:
		return "every service account of the namespace whose name begins so"
	case l == projectStart:
		return "every project of the organization whose name begins so"
	case l == wholeTenant && cluster:
		return "every service account of the namespace"
	case l == wholeTenant:
		return "every project of the organization"
	case l == tenantStart && cluster:
		return "every namespace whose name begins so"
	case l == tenantStart:
		return "strangers: anyone can make an organization whose name begins so, or choose such a subject"
	}
	return anyOf(p)
}

// findAudienceDangers judges the aud claim. A provider that was registered with
// IAM has its own list of audiences, which IAM checks in any case; the sign-ins
// that are built into AWS have none, so that without a demand every user of
// every application is let in.
func (c *classifier) findAudienceDangers(w *way) {
	if w.claims.audience {
		return
	}
	issuer := cmp.Or(w.issuer, "THE-PROVIDER")
	if w.provider.tenancy == tenancyPublic {
		if w.claims.looseness == unrestricted || w.claims.looseness == everyone {
			c.report(w, DangerOIDCNoAudience, SeverityCritical,
				fmt.Sprintf("Everyone with an account at %s can assume the role, through any application.", w.provider.name),
				fmt.Sprintf(`Add "Condition": {"StringEquals": {"%s": "YOUR-APPLICATION'S-ID"}}.`, publicAudienceKey(issuer)))
		}
		return
	}
	c.report(w, DangerOIDCNoAudience, SeverityLow,
		"No aud claim is demanded, so tokens for every audience of the provider are accepted.",
		fmt.Sprintf(`Add "Condition": {"StringEquals": {"%s:aud": "sts.amazonaws.com"}}, or the audience that your tokens carry.`, issuer))
}

// publicAudienceKey returns the key of the application's id at a sign-in built into AWS.
func publicAudienceKey(issuer string) string {
	if issuer == "accounts.google.com" {
		return issuer + ":aud"
	}
	return issuer + ":app_id"
}
