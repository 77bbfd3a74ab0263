package policydoc

import (
	"slices"
	"strings"
)

// A namedPrincipal is a Principal or NotPrincipal element.
type namedPrincipal struct {
	name      string
	principal *Principal
}

func (l *linter) statementPrincipals() []namedPrincipal {
	var elements []namedPrincipal
	if l.s.Principal != nil {
		elements = append(elements, namedPrincipal{"Principal", l.s.Principal})
	}
	if l.s.NotPrincipal != nil {
		elements = append(elements, namedPrincipal{"NotPrincipal", l.s.NotPrincipal})
	}
	return elements
}

// principals looks at the form of the principals.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
func (l *linter) principals() {
	for _, e := range l.statementPrincipals() {
		for i, value := range e.principal.AWS {
			l.awsPrincipal(atPrincipal(e.name, "AWS", i), value)
		}
		for i, value := range e.principal.Service {
			l.servicePrincipal(atPrincipal(e.name, "Service", i), value)
		}
		for i, value := range e.principal.Federated {
			l.federatedPrincipal(atPrincipal(e.name, "Federated", i), value)
		}
	}
}

func (l *linter) awsPrincipal(at place, value string) {
	if value == "*" || isAccountNumber(value) || isUniqueID(value) {
		return
	}
	if strings.Contains(value, "${") {
		l.variables(at, value, false)
		return
	}
	parts := strings.SplitN(value, ":", 6)
	if parts[0] != "arn" || len(parts) < 6 {
		l.report(ruleInvalidPrincipal, at, quoted(value)+" is neither an account nor the ARN of a principal", "write an account number, an ARN of a user, role or session, or *")
		return
	}
	l.principalARN(at, value, parts)
}

func (l *linter) principalARN(at place, value string, parts []string) {
	kind, _, _ := strings.Cut(parts[5], "/")
	kinds := []string{"root", "user", "role"}
	if parts[2] == "sts" {
		kinds = []string{"assumed-role", "federated-user", "self"}
	}
	switch {
	case strings.ContainsAny(value, "*?"):
		l.report(ruleInvalidPrincipal, at, "a principal can't be named in part: a wildcard stands alone", "name the account, and narrow it by a condition on aws:PrincipalArn")
	case !isPartition(parts[1]):
		l.report(ruleInvalidPartition, at, "there is no partition "+quoted(parts[1]), "use aws, aws-cn or aws-us-gov")
	case kind == "group" && parts[2] == "iam":
		l.report(ruleInvalidPrincipal, at, "a group can't be a principal", "name the users, or a role that they assume")
	case parts[2] != "iam" && parts[2] != "sts" || !slices.Contains(kinds, kind):
		// CloudFront's origin access identities are users of the account "cloudfront".
		l.report(ruleInvalidPrincipal, at, quoted(value)+" is not the ARN of a principal", "write the ARN of an account's root, a user, a role or a session")
	default:
		l.principalAccount(at, parts[4])
	}
}

func (l *linter) principalAccount(at place, account string) {
	if account == "" {
		l.report(ruleInvalidAccount, at, "the ARN of the principal has no account", "write its 12 digits")
		return
	}
	l.arnAccount(at, account)
}

// isUniqueID reports whether s is the id that AWS puts in place of a principal
// that was deleted.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids.
func isUniqueID(s string) bool {
	return len(s) >= 16 && (strings.HasPrefix(s, "AIDA") || strings.HasPrefix(s, "AROA")) &&
		strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func (l *linter) servicePrincipal(at place, value string) {
	if value == "*" {
		l.reportAt(FindingWarning, ruleInvalidPrincipal, at, "every AWS service is meant", "name the services")
		return
	}
	for _, domain := range []string{".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".amazonaws.eu", ".aws.internal"} {
		if strings.HasSuffix(value, domain) && !strings.ContainsAny(value, " /:*?${") {
			return
		}
	}
	l.reportAt(FindingWarning, ruleInvalidPrincipal, at, quoted(value)+" does not look like a service principal", "write one such as ec2.amazonaws.com")
}

func (l *linter) federatedPrincipal(at place, value string) {
	if strings.Contains(value, ":saml-provider/") || strings.Contains(value, ":oidc-provider/") {
		if parts := strings.SplitN(value, ":", 6); parts[0] == "arn" && len(parts) == 6 {
			l.principalAccount(at, parts[4])
			return
		}
	}
	if !strings.ContainsAny(value, " *?:${") && strings.Contains(value, ".") {
		return // accounts.google.com, cognito-identity.amazonaws.com and the like
	}
	l.reportAt(FindingWarning, ruleInvalidPrincipal, at, quoted(value)+" does not look like an identity provider", "write the ARN of a SAML or OIDC provider")
}
