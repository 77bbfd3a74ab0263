package permissions

import "strings"

// A derivedKey is a condition key whose value follows from the principal and the
// resource of a request.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
type derivedKey uint8

const (
	derivedNone derivedKey = iota
	derivedPrincipalARN
	derivedPrincipalAccount
	derivedPrincipalType
	derivedUsername
	derivedUserID
	derivedPrincipalIsService
	derivedPrincipalServiceName
	derivedPrincipalServiceNames
	derivedPrincipalOrg
	derivedResourceAccount
)

// derivedKeyOf returns which derived key a key in lower case is.
func derivedKeyOf(key string) derivedKey {
	switch key {
	case "aws:principalarn":
		return derivedPrincipalARN
	case "aws:principalaccount":
		return derivedPrincipalAccount
	case "aws:principaltype":
		return derivedPrincipalType
	case "aws:username":
		return derivedUsername
	case "aws:userid":
		return derivedUserID
	case "aws:principalisawsservice":
		return derivedPrincipalIsService
	case "aws:principalservicename":
		return derivedPrincipalServiceName
	case "aws:principalservicenameslist":
		return derivedPrincipalServiceNames
	case "aws:principalorgid", "aws:principalorgpaths":
		return derivedPrincipalOrg
	case "aws:resourceaccount":
		return derivedResourceAccount
	}
	if strings.HasPrefix(key, "aws:principaltag/") {
		return derivedPrincipalOrg
	}
	return derivedNone
}

// derive returns what the request says about a key.
func (e *environment) derive(key derivedKey) keyValues {
	if key == derivedResourceAccount {
		if e.resourceAccount == "" || e.resource == "*" {
			return keyValues{}
		}
		return present(e.resourceAccount)
	}
	p := e.principal
	switch p.Type {
	case PrincipalService:
		return deriveForService(p, key)
	case PrincipalAnonymous:
		return deriveForAnonymous(key)
	case PrincipalUser, PrincipalRole, PrincipalSession, PrincipalRoot, PrincipalFederated:
		return deriveForSigned(p, key)
	}
	// AWS does not say what an AssumeRoleWith… request has of these.
	return keyValues{}
}

func deriveForService(p *Principal, key derivedKey) keyValues {
	switch key {
	case derivedPrincipalIsService:
		return present("true")
	case derivedPrincipalServiceName:
		return present(p.ARN)
	case derivedPrincipalARN, derivedPrincipalAccount, derivedUsername, derivedPrincipalOrg:
		return keyValues{state: keyAbsent}
	}
	return keyValues{}
}

func deriveForAnonymous(key derivedKey) keyValues {
	switch key {
	case derivedPrincipalAccount, derivedUserID:
		return present("anonymous")
	case derivedPrincipalType:
		return present("Anonymous")
	}
	return keyValues{state: keyAbsent}
}

func deriveForSigned(p *Principal, key derivedKey) keyValues {
	switch key {
	case derivedPrincipalARN:
		return deriveARN(p)
	case derivedPrincipalAccount:
		if p.Account == "" {
			return keyValues{}
		}
		return present(p.Account)
	case derivedPrincipalType:
		return present(principalTypeValue(p.Type))
	case derivedUsername:
		if p.Type != PrincipalUser {
			return keyValues{state: keyAbsent}
		}
		return present(p.ARN[strings.LastIndexByte(p.ARN, '/')+1:])
	case derivedUserID:
		return deriveUserID(p)
	case derivedPrincipalIsService:
		return present("false")
	case derivedPrincipalServiceName, derivedPrincipalServiceNames:
		return keyValues{state: keyAbsent}
	}
	return keyValues{}
}

// deriveARN gives the role of a session, not the session itself. Without the
// role's path it is not known.
func deriveARN(p *Principal) keyValues {
	switch {
	case p.Type == PrincipalSession && p.RoleARN == "", p.ARN == "":
		return keyValues{}
	case p.Type == PrincipalSession:
		return present(p.RoleARN)
	}
	return present(p.ARN)
}

// deriveUserID follows the table of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable:
// the ids of users and roles are not in their ARNs.
func deriveUserID(p *Principal) keyValues {
	switch p.Type {
	case PrincipalRoot:
		return present(p.Account)
	case PrincipalFederated:
		return present(p.Account + ":" + p.ARN[strings.LastIndexByte(p.ARN, '/')+1:])
	}
	return keyValues{}
}

func principalTypeValue(t PrincipalType) string {
	switch t {
	case PrincipalUser:
		return "User"
	case PrincipalRoot:
		return "Account"
	case PrincipalFederated:
		return "FederatedUser"
	}
	return "AssumedRole"
}
