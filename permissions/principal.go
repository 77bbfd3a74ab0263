package permissions

import (
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// A PrincipalType is a kind of principal. The zero value is unknown.
type PrincipalType string

const (
	PrincipalUser      PrincipalType = "user"
	PrincipalRole      PrincipalType = "role"    // a role whose session is not known
	PrincipalSession   PrincipalType = "session" // arn:aws:sts::…:assumed-role/Role/Session
	PrincipalRoot      PrincipalType = "root"    // the root user of an account
	PrincipalFederated PrincipalType = "federated-user"
	PrincipalService   PrincipalType = "service"   // lambda.amazonaws.com
	PrincipalProvider  PrincipalType = "provider"  // who signed in with a SAML or OIDC provider, for sts:AssumeRoleWith…
	PrincipalAnonymous PrincipalType = "anonymous" // an unsigned request
)

// A Principal is who makes a request.
type Principal struct {
	Type PrincipalType
	// ARN is that of the user, role, session, root, federated user or provider;
	// a service's name; empty for an anonymous request.
	ARN string
	// RoleARN is the role of a session, with its path, which the session's own ARN
	// lacks; empty when it is not known.
	RoleARN string
	// Account is the principal's account id.
	Account string
	// ServiceLinked says that the role is a service-linked one, which SCPs and RCPs do not restrict.
	ServiceLinked bool
	// ManagementAccount says that the account is its organization's management
	// account, which SCPs do not restrict.
	ManagementAccount bool
}

// ParsePrincipal understands the ARN of a user, role, session, root user,
// federated user, or SAML or OIDC provider; an account id, which means its root
// user; the name of a service or of a web identity provider; and "" or "*" for
// an anonymous request. ManagementAccount is left for the caller to set.
func ParsePrincipal(s string) (Principal, error) {
	switch {
	case s == "" || s == "*":
		return Principal{Type: PrincipalAnonymous}, nil
	case isAccountID(s):
		return Principal{Type: PrincipalRoot, ARN: "arn:aws:iam::" + s + ":root", Account: s}, nil
	case isWebIdentityProvider(s):
		return Principal{Type: PrincipalProvider, ARN: s}, nil
	case isServiceName(s):
		return Principal{Type: PrincipalService, ARN: s}, nil
	}
	arn, ok := nhiscan.ParseARN(s)
	if !ok || arn.Service != "iam" && arn.Service != "sts" {
		return Principal{}, fmt.Errorf("principal %q: neither the ARN of a principal nor the name of a service", s)
	}
	p := Principal{ARN: s, Account: arn.Account}
	kind, name, _ := strings.Cut(arn.Resource, "/")
	switch {
	case arn.Service == "iam" && arn.Resource == "root":
		p.Type = PrincipalRoot
		return p, nil
	case name == "":
	case arn.Service == "iam" && kind == "user":
		p.Type = PrincipalUser
	case arn.Service == "iam" && kind == "role":
		p.Type = PrincipalRole
		p.ServiceLinked = strings.HasPrefix(name, "aws-service-role/")
	case arn.Service == "iam" && (kind == "saml-provider" || kind == "oidc-provider"):
		p.Type = PrincipalProvider
	case arn.Service == "sts" && kind == "assumed-role" && strings.Contains(name, "/"):
		p.Type = PrincipalSession
		// Only service-linked roles may have names that begin so.
		p.ServiceLinked = strings.HasPrefix(name, "AWSServiceRoleFor")
	case arn.Service == "sts" && kind == "federated-user":
		p.Type = PrincipalFederated
	}
	if p.Type == "" {
		return Principal{}, fmt.Errorf("principal %q: not the ARN of a user, role, session, root user or provider", s)
	}
	return p, nil
}

// serviceControlled reports whether SCPs restrict the principal, if it is of an account.
//
// See https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html.
func (p *Principal) serviceControlled() bool { return !p.ServiceLinked && !p.ManagementAccount }

// completed returns the principal with what its ARN says.
func (p *Principal) completed() *Principal {
	if p.Type != "" && (p.Account != "" || p.Type == PrincipalService) {
		return p
	}
	filled := *p
	filled.complete()
	return &filled
}

func (p *Principal) complete() {
	if p.Type == "" && p.ARN != "" {
		if parsed, err := ParsePrincipal(p.ARN); err == nil {
			parsed.RoleARN = p.RoleARN
			parsed.ServiceLinked = parsed.ServiceLinked || p.ServiceLinked
			parsed.ManagementAccount = p.ManagementAccount
			*p = parsed
		}
	}
	if p.Account == "" && p.Type != PrincipalService {
		p.Account = accountOfARN(p.ARN)
	}
}

// isServiceName reports whether s is the name of a service principal.
func isServiceName(s string) bool {
	return (strings.HasSuffix(s, ".amazonaws.com") || strings.HasSuffix(s, ".amazonaws.com.cn")) &&
		!strings.ContainsAny(s, ":/*")
}

// isWebIdentityProvider reports whether s is one of the providers that need no
// resource in IAM.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity.
func isWebIdentityProvider(s string) bool {
	switch s {
	case "cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com", "accounts.google.com":
		return true
	}
	return false
}

// isAccountID reports whether s is the 12-digit id of an AWS account.
func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
