package trust

import (
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A form is the form in which a principal is written.
type form uint8

const (
	formOther        form = iota // not understood
	formAnyone                   // "*"
	formNotPrincipal             // everyone but those listed
	formAccount                  // an account id, or an account's root
	formUser
	formRole
	formAssumedRole // one session of a role
	formFederatedUser
	formDeleted // a unique id
	formService
	formFederated
	formAnyFederated // "*" as a federated principal
	formCanonicalUser
)

// A principal is one value of a Principal element.
type principal struct {
	form  form
	value string // as written
	// account and name are those of an AWS principal; path is without its slashes.
	account, path, name string
	session             string // of an assumed role
}

// Types of principal as Path.PrincipalType has them.
const (
	typeAnyone        = "*"
	typeAWS           = "AWS"
	typeService       = "Service"
	typeFederated     = "Federated"
	typeCanonicalUser = "CanonicalUser"
	typeNotPrincipal  = "NotPrincipal"
)

// eachPrincipal calls f for every value of p with its type.
func eachPrincipal(p *policydoc.Principal, f func(principalType string, who principal)) {
	if p == nil {
		return
	}
	if p.Everyone {
		f(typeAnyone, principal{form: formAnyone, value: "*"})
	}
	for _, v := range p.AWS {
		f(typeAWS, parseAWSPrincipal(v))
	}
	for _, v := range p.Service {
		f(typeService, principal{form: formService, value: v})
	}
	for _, v := range p.Federated {
		who := principal{form: formFederated, value: v}
		if v == "*" {
			who.form = formAnyFederated
		}
		f(typeFederated, who)
	}
	for _, v := range p.CanonicalUser {
		f(typeCanonicalUser, principal{form: formCanonicalUser, value: v})
	}
}

// parseAWSPrincipal reads a value of Principal.AWS.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
func parseAWSPrincipal(value string) principal {
	p := principal{value: value}
	switch {
	case value == "*":
		p.form = formAnyone
	case isAccountID(value):
		p.form, p.account = formAccount, value
	case isUniqueID(value):
		p.form = formDeleted
	default:
		p.readARN(value)
	}
	return p
}

func (p *principal) readARN(value string) {
	arn, ok := nhiscan.ParseARN(value)
	if !ok || !isAccountID(arn.Account) {
		return
	}
	kind, rest, _ := strings.Cut(arn.Resource, "/")
	switch {
	case arn.Service == "iam" && arn.Resource == "root":
		p.form = formAccount
	case arn.Service == "iam" && kind == "user" && rest != "":
		p.form = formUser
	case arn.Service == "iam" && kind == "role" && rest != "":
		p.form = formRole
	case arn.Service == "sts" && kind == "assumed-role" && rest != "":
		p.form = formAssumedRole
		rest, p.session, _ = strings.Cut(rest, "/")
	case arn.Service == "sts" && kind == "federated-user" && rest != "":
		p.form = formFederatedUser
	default:
		return
	}
	p.account = arn.Account
	p.name = rest
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		p.path, p.name = rest[:i], rest[i+1:]
	}
}

// sso reports whether the principal is a role that IAM Identity Center made for
// a permission set, or a session of one. Its path is reserved, so that no one
// else can make such a role; a session's ARN does not show the path.
func (p *principal) sso() bool {
	switch p.form {
	case formRole:
		return isReservedSSORole(p.path, p.name)
	case formAssumedRole:
		return strings.HasPrefix(p.name, reservedSSOName)
	}
	return false
}

const (
	reservedSSOName = "AWSReservedSSO_"
	reservedSSOPath = "aws-reserved/sso.amazonaws.com"
)

func isReservedSSORole(path, name string) bool {
	return strings.HasPrefix(name, reservedSSOName) &&
		(path == reservedSSOPath || strings.HasPrefix(path, reservedSSOPath+"/"))
}

// isUniqueID reports whether s is a bare unique id such as AIDA… or AROA….
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids.
func isUniqueID(s string) bool {
	if len(s) < 16 || len(s) > 128 {
		return false
	}
	switch s[:4] {
	case "AIDA", "AROA", "AGPA", "AIPA", "ANPA":
	default:
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}
