package trust

import (
	"strconv"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// A narrowing is what the conditions of a path demand of the caller.
//
// The keys are described at
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
// and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html.
type narrowing struct {
	mfa, mfaIfPresent bool
	externalID        bool
	userName          bool // the session carries the caller's own IAM user name
	sso               bool // only roles of IAM Identity Center
	organization      string
	accounts          []string // the caller's account is one of these; nil for any
	ownAccount        bool     // the caller's account is the role's own
	principal         bool     // a certain principal, by its unique id
	network           bool     // a network that can be named
	serviceCall       bool     // only an AWS service, on behalf of an account or resource
	serviceName       string
	source            bool // aws:SourceArn or another of the keys against a confused deputy, which services set
}

func narrow(demands []demand) narrowing {
	var n narrowing
	for _, d := range demands {
		switch {
		case strings.HasPrefix(d.key, "aws:multifactor"):
			n.readMFA(d)
		case strings.HasPrefix(d.key, "aws:principal"), d.key == "aws:userid":
			n.readPrincipal(d)
		case strings.HasPrefix(d.key, "aws:source"), d.key == "aws:vpcsourceip":
			n.readSource(d)
		case strings.HasPrefix(d.key, "sts:"):
			n.readSTS(d)
		case d.key == "identitystore:userid":
			// Only a session of IAM Identity Center carries a directory user.
			n.sso = n.sso || d.narrows(false)
		}
	}
	return n
}

// readMFA reads aws:MultiFactorAuthPresent and aws:MultiFactorAuthAge. A request
// signed with a long-term access key carries neither, so that BoolIfExists lets
// the key alone in, and only Bool demands MFA; the age is there after MFA only.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html.
func (n *narrowing) readMFA(d demand) {
	var asks, lenient bool
	switch d.key {
	case "aws:multifactorauthpresent":
		asks = !d.operator.negated() && d.operator.base != "null" && d.is("true")
	case "aws:multifactorauthage":
		if d.operator.base == "null" {
			asks = d.is("false")
		} else {
			asks = strings.HasPrefix(d.operator.base, "numeric") && !d.operator.negated() && len(d.values) > 0
		}
	}
	lenient = d.operator.ifExists || d.operator.set == "forallvalues"
	n.mfa = n.mfa || asks && !lenient
	n.mfaIfPresent = n.mfaIfPresent || asks && lenient
}

func (n *narrowing) readPrincipal(d demand) {
	switch d.key {
	case "aws:principalorgid", "aws:principalorgpaths":
		if d.narrows(false) && d.all(namesOrganization) && n.organization == "" {
			n.organization = d.values[0]
		}
	case "aws:principalaccount":
		if d.narrows(true) {
			n.restrictAccounts(d.values)
		}
	case "aws:principalarn":
		if d.narrows(true) {
			n.readPrincipalARN(d)
		}
	case "aws:userid":
		n.principal = n.principal || d.narrows(true) && d.all(namesUniqueID)
	case "aws:principalisawsservice":
		n.serviceCall = n.serviceCall || d.narrows(false) && d.is("true")
	case "aws:principalservicename", "aws:principalservicenameslist":
		if d.narrows(false) {
			n.serviceCall = true
			n.serviceName = d.values[0]
		}
	}
}

// namesOrganization reports whether a value of aws:PrincipalOrgID or
// aws:PrincipalOrgPaths names one organization. One that ends in a wildcard does
// when the id stands before it whole: o-* is every organization, and o-a* every one
// that AWS gave such an id, strangers' among them.
//
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
func namesOrganization(v string) bool {
	const shortestID = len("o-") + 10
	literal, whole := literalPrefix(v)
	id, _, inPath := strings.Cut(literal, "/")
	return len(id) > len("o-") && (whole || inPath) || len(id) >= shortestID
}

func namesUniqueID(v string) bool {
	literal, _ := literalPrefix(v)
	id, _, _ := strings.Cut(literal, ":")
	return isUniqueID(id)
}

// readPrincipalARN reads aws:PrincipalArn, which restricts to accounts when all
// of its values name one. A pattern such as arn:aws:iam::*:role/deploy does not:
// anyone can make a role of that name in an account of their own.
func (n *narrowing) readPrincipalARN(d demand) {
	sso := true
	accounts := make([]string, 0, len(d.values))
	for _, v := range d.values {
		arn, ok := nhiscan.ParseARN(v)
		if ok && (isAccountID(arn.Account) || arn.Account == ownAccountVariable) {
			accounts = append(accounts, arn.Account)
		}
		sso = sso && ok && strings.Contains(arn.Resource, reservedSSOName) &&
			(strings.HasPrefix(arn.Resource, "role/") || strings.HasPrefix(arn.Resource, "assumed-role/"))
	}
	if len(accounts) == len(d.values) {
		n.restrictAccounts(accounts)
	}
	n.sso = n.sso || sso
}

// ownAccountVariable stands for the account of the role.
const ownAccountVariable = "${aws:ResourceAccount}"

// restrictAccounts takes the accounts of one more demand: the caller's must be
// in all of them.
func (n *narrowing) restrictAccounts(accounts []string) {
	var named []string
	for _, a := range accounts {
		switch {
		case a == ownAccountVariable:
			n.ownAccount = true
		case isAccountID(a):
			named = append(named, a)
		default:
			return
		}
	}
	if n.accounts == nil {
		n.accounts = named
		return
	}
	var both []string
	for _, a := range n.accounts {
		for _, b := range named {
			if a == b {
				both = append(both, a)
			}
		}
	}
	if both != nil {
		n.accounts = both
	}
}

func (n *narrowing) readSource(d demand) {
	switch d.key {
	case "aws:sourceip", "aws:vpcsourceip":
		n.network = n.network || d.narrows(false) && d.all(namesNetwork)
	case "aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn":
		n.network = n.network || d.narrows(false)
	default:
		n.readServiceSource(d)
	}
}

// readServiceSource reads the keys that say for whom a service acts. A service
// that sets them always does, so IfExists takes nothing away from it; requests
// of users and roles never carry them.
func (n *narrowing) readServiceSource(d demand) {
	var names func(string) bool
	switch d.key {
	case "aws:sourceaccount":
		names = func(string) bool { return true }
	case "aws:sourceorgid", "aws:sourceorgpaths":
		names = namesOrganization
	case "aws:sourcearn":
		names = namesSource
	default:
		return
	}
	if d.narrows(true) && d.all(names) {
		n.source = true
		n.serviceCall = n.serviceCall || d.narrows(false)
	}
}

// minNetworkBits is the length of the prefix from which a network is one: two
// halves of the internet are all of it.
const minNetworkBits = 8

func namesNetwork(v string) bool {
	_, length, ok := strings.Cut(v, "/")
	bits, err := strconv.Atoi(length)
	return !onlyWildcards(v) && (!ok || err != nil || bits >= minNetworkBits)
}

// namesExternalID reports whether a value of sts:ExternalId is a secret that a
// third party can have made: neither nothing nor a wildcard, whatever the operator.
func namesExternalID(v string) bool { return !onlyWildcards(strings.TrimSpace(v)) }

// namesSource reports whether a value of aws:SourceArn names an account, or a
// resource of a service whose ARNs hold no account, such as an S3 bucket.
func namesSource(v string) bool {
	arn, ok := nhiscan.ParseARN(v)
	if !ok {
		literal, _ := literalPrefix(v)
		return strings.Contains(literal, "${") // written by a tool that fills it in
	}
	if arn.Account == "" {
		literal, _ := literalPrefix(arn.Resource)
		return literal != ""
	}
	return !strings.ContainsAny(arn.Account, "*?")
}

func (n *narrowing) readSTS(d demand) {
	switch d.key {
	case "sts:externalid":
		n.externalID = n.externalID || d.narrows(false) && d.all(namesExternalID)
	case "sts:rolesessionname", "sts:sourceidentity":
		n.userName = n.userName || d.narrows(false) && d.all(isUserNameVariable)
	}
}

func isUserNameVariable(v string) bool {
	return strings.Contains(strings.ToLower(v), "${aws:username")
}
