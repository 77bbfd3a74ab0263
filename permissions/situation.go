package permissions

import "strings"

// A situation is what the rules make of principal, action and resource, before any
// policy is looked at.
type situation struct {
	sameAccount bool
	// resourceAlone: only the resource's policy counts, because the principal has
	// no policies of its own there.
	resourceAlone bool
	// resourceRequired: the resource's policy must allow within an account too.
	resourceRequired bool
	// trust: the resource's policy is a role's trust policy.
	trust bool
	// root: the root user of the resource's account, who needs no policy.
	root bool
	// serviceControlled: SCPs apply.
	serviceControlled bool
	// needsNoPermission: AWS asks no policy.
	needsNoPermission bool
	// impossible: AWS refuses whatever the policies say.
	impossible bool
}

func situationOf(e *environment) situation {
	p := e.principal
	s := situation{sameAccount: p.Account != "" && p.Account == e.resourceAccount}
	s.trust = isRoleAssumption(e)
	s.resourceRequired = s.trust || isKeyAction(e)
	switch p.Type {
	case PrincipalService, PrincipalProvider, PrincipalAnonymous:
		s.resourceAlone = true
		return s
	case PrincipalRoot:
		// Of another account's resource, the policy alone decides too: the root user
		// may do all that its account may.
		s.root = s.sameAccount && !s.resourceRequired
		s.resourceAlone = !s.root
		// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
		s.impossible = e.action.text == "sts:assumerole"
	}
	s.serviceControlled = p.serviceControlled()
	s.needsNoPermission = needsNoPermission(e)
	return s
}

// resourcePolicyType returns what the policy of the resource is called.
func (s *situation) resourcePolicyType() PolicyType {
	if s.trust {
		return TrustPolicy
	}
	return ResourcePolicy
}

// isRoleAssumption reports whether the trust policy of a role must allow the request.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required.
func isRoleAssumption(e *environment) bool {
	switch e.action.text {
	case "sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity",
		"sts:tagsession", "sts:setsourceidentity", "sts:setcontext":
		return strings.Contains(e.resource, ":role/")
	}
	return false
}

// isKeyAction reports whether the request is about a KMS key: IAM policies count
// for one only where the key's policy lets them.
//
// See https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html.
func isKeyAction(e *environment) bool {
	return e.action.service == "kms" && strings.Contains(e.resource, ":key/")
}

// needsNoPermission reports whether AWS lets the request pass whatever the
// policies say, denies included.
//
// See https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
func needsNoPermission(e *environment) bool {
	return e.action.text == "sts:getcalleridentity"
}
