package trust

import (
	"slices"
	"strings"
)

// A subjectForm is the form of a provider's sub claim up to the project.
type subjectForm struct {
	known                         bool
	prefix, tenantEnd, projectEnd string
}

// parseSubjectForm reads a form such as repo:{tenant}/{project}: of providers.txt.
func parseSubjectForm(s string) subjectForm {
	prefix, rest, ok := strings.Cut(s, "{tenant}")
	if !ok {
		return subjectForm{}
	}
	tenantEnd, projectEnd, _ := strings.Cut(rest, "{project}")
	return subjectForm{known: true, prefix: prefix, tenantEnd: tenantEnd, projectEnd: projectEnd}
}

// A looseness says how much a demand on the subject leaves open, from the least on.
type looseness int

const (
	pinned       looseness = iota // one project, or less
	ifSent                        // one project, or less, of a token that carries a subject
	projectStart                  // the projects of one tenant whose name begins so
	wholeTenant                   // every project of one tenant
	tenantStart                   // every tenant whose name begins so
	everyone                      // every identity of the issuer
	unrestricted                  // nothing is demanded
)

// looseness returns how much a value that the sub claim must match leaves open.
// With wildcards false it is compared as it is.
func (f subjectForm) looseness(value string, wildcards bool) looseness {
	if !wildcards {
		return pinned
	}
	literal, whole := literalPrefix(value)
	switch {
	case whole:
		return pinned
	case !f.known:
		if literal == "" {
			return everyone
		}
		return pinned
	case strings.HasPrefix(f.prefix, literal):
		return everyone
	case !strings.HasPrefix(literal, f.prefix):
		return customLooseness(literal)
	}
	tenant, project, ok := strings.Cut(literal[len(f.prefix):], f.tenantEnd)
	switch {
	case !ok && tenant == "":
		return everyone
	case !ok && strings.Contains(tenant, f.tenantEnd[:1]):
		return wholeTenant // what parts it from the project has begun
	case !ok:
		return tenantStart
	case project == "":
		return wholeTenant
	case f.projectEnd == "" || !strings.Contains(project, f.projectEnd):
		return projectStart
	}
	return pinned
}

// customLooseness judges a subject that does not have the provider's usual form,
// such as repository_owner:acme:*: GitHub lets an owner choose the claims that
// make up the subject. It is safe when its first claim is one that only the
// owner's own tokens can carry.
//
// See https://docs.github.com/actions/reference/security/oidc#customizing-the-subject-claims-for-an-organization-or-repository.
func customLooseness(literal string) looseness {
	claim, rest, _ := strings.Cut(literal, ":")
	switch claim {
	case "repository", "repository_id", "job_workflow_ref", "repository_owner", "repository_owner_id", "enterprise", "enterprise_id":
	default:
		return tenantStart
	}
	value, _, ended := strings.Cut(rest, ":")
	switch {
	case value == "":
		return everyone
	case !ended && !strings.Contains(value, "/"):
		return tenantStart
	case strings.HasPrefix(claim, "repository_owner") || strings.HasPrefix(claim, "enterprise"):
		return wholeTenant
	}
	return pinned
}

// A claimCheck is what the demands on a provider's claims come to.
type claimCheck struct {
	subjects []string
	// looseness is that of the best demand; claim and loosest are what decides it.
	looseness looseness
	claim     string
	loosest   string
	audience  bool
}

// checkClaims reads the demands on a provider's claims. The keys of another
// provider are missing from the request, which fails the demand, unless the
// operator lets a missing key pass: then it demands nothing.
func checkClaims(demands []demand, p provider, issuerURL string) claimCheck {
	check := claimCheck{looseness: unrestricted}
	for _, d := range demands {
		issuer, claim := splitClaim(d.key)
		if issuer == "" || issuer == "aws" || issuer == "sts" {
			continue
		}
		if d.lenient() && issuerURL != "" && !isTemplate(issuer) && !strings.EqualFold(strings.TrimSuffix(issuer, "/"), issuerURL) {
			continue
		}
		switch claim {
		case "sub", "user_id", "id":
			check.addSubject(d, p.subject)
		case "aud", "azp", "oaud", "app_id", "client_id":
			check.audience = check.audience || d.narrows(false)
		default:
			check.addClaim(d, claim, p)
		}
	}
	return check
}

func (c *claimCheck) addSubject(d demand, form subjectForm) {
	if d.operator.negated() || d.operator.base == "null" || len(d.values) == 0 {
		return
	}
	worst, loosest := pinned, d.values[0]
	if d.lenient() {
		worst = ifSent
	}
	for _, v := range d.values {
		if !slices.Contains(c.subjects, v) {
			c.subjects = append(c.subjects, v)
		}
		if l := form.looseness(v, d.operator.takesWildcards()); l > worst {
			worst, loosest = l, v
		}
	}
	c.improve(worst, "sub", loosest)
}

func (c *claimCheck) addClaim(d demand, claim string, p provider) {
	for _, pinning := range p.claims {
		if pinning.name != claim || !d.narrows(false) {
			continue
		}
		worst, loosest := pinned, d.values[0]
		if pinning.tenantOnly {
			worst = wholeTenant
		}
		for _, v := range d.values {
			if l := claimLooseness(v, d.operator.takesWildcards(), pinning.tenantOnly); l > worst {
				worst, loosest = l, v
			}
		}
		c.improve(worst, claim, loosest)
	}
}

// claimLooseness judges the value of a claim such as repository, which is a
// tenant and a project with a slash between, or repository_owner, which is a tenant.
func claimLooseness(value string, wildcards, tenantOnly bool) looseness {
	literal, whole := literalPrefix(value)
	if !wildcards || whole {
		return pinned
	}
	_, project, ok := strings.Cut(literal, "/")
	switch {
	case literal == "":
		return everyone
	case tenantOnly || !ok:
		return tenantStart
	case project == "":
		return wholeTenant
	case strings.Contains(project, "/") || strings.Contains(project, "@"):
		return pinned
	}
	return projectStart
}

// improve takes one more demand: all must hold, so the tightest one counts.
func (c *claimCheck) improve(l looseness, claim, value string) {
	if l < c.looseness {
		c.looseness, c.claim, c.loosest = l, claim, value
	}
}
