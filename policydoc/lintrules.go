package policydoc

import "slices"

// A Rule is one rule of [Lint].
type Rule struct {
	Name string
	// Level is the level of its findings. A finding is of a lower one where only
	// some kinds of policies are rejected for it.
	Level       FindingLevel
	Description string
}

// The names of the rules.
const (
	ruleSyntax = "syntax"

	ruleMissingVersion   = "missing-version"
	ruleOldVersion       = "old-version"
	ruleNoStatement      = "no-statement"
	rulePolicySize       = "policy-size"
	ruleInvalidCharacter = "invalid-character"
	ruleInvalidSID       = "invalid-sid"
	ruleDuplicateSID     = "duplicate-sid"
	ruleEmptyList        = "empty-list"

	ruleUnexpectedPrincipal = "unexpected-principal"
	ruleMissingPrincipal    = "missing-principal"
	ruleUnexpectedResource  = "unexpected-resource"
	ruleMissingResource     = "missing-resource"
	ruleTrustAction         = "trust-action"
	ruleTrustActionMismatch = "trust-action-principal"
	ruleRCPEffect           = "rcp-effect"
	ruleRCPPrincipal        = "rcp-principal"
	ruleRCPElement          = "rcp-element"
	ruleRCPService          = "rcp-service"
	ruleInvalidPrincipal    = "invalid-principal"

	ruleActionFormat    = "action-format"
	ruleServiceWildcard = "service-wildcard"
	ruleUnknownService  = "unknown-service"
	ruleUnknownAction   = "unknown-action"
	ruleUnmatchedAction = "unmatched-action-pattern"

	ruleInvalidARN        = "invalid-arn"
	ruleInvalidPartition  = "invalid-arn-partition"
	ruleInvalidARNService = "invalid-arn-service"
	ruleInvalidRegion     = "invalid-arn-region"
	ruleInvalidAccount    = "invalid-arn-account"
	ruleActionNoResource  = "action-without-resource"
	ruleActionAllOnly     = "action-needs-all-resources"
	ruleResourceNoAction  = "resource-without-action"

	ruleUnknownOperator     = "unknown-operator"
	ruleOperatorCase        = "operator-case"
	ruleNullIfExists        = "null-if-exists"
	ruleNullQualifier       = "null-with-qualifier"
	ruleKeyFormat           = "condition-key-format"
	ruleUnknownKey          = "unknown-condition-key"
	ruleDeprecatedKey       = "deprecated-condition-key"
	ruleMissingTagKey       = "missing-tag-key"
	ruleDuplicateKey        = "duplicate-condition-key"
	ruleUnsupportedKey      = "unsupported-condition-key"
	ruleTypeMismatch        = "operator-type-mismatch"
	ruleInvalidValue        = "invalid-condition-value"
	ruleLiteralWildcard     = "literal-wildcard"
	rulePrivateIP           = "private-source-ip"
	ruleCIDRHostBits        = "cidr-host-bits"
	ruleMissingQualifier    = "missing-qualifier"
	ruleNeedlessQualifier   = "needless-qualifier"
	ruleForAllValuesMissing = "for-all-values-missing-key"

	ruleVariableVersion   = "variable-in-old-version"
	ruleVariableElement   = "variable-not-supported"
	ruleMalformedVariable = "malformed-variable"
	ruleUnknownVariable   = "unknown-variable"

	ruleAllowAll          = "allow-all"
	ruleAllowNotAction    = "allow-not-action"
	ruleAllowNotResource  = "allow-not-resource"
	ruleAllowNotPrincipal = "allow-not-principal"
	rulePublicPrincipal   = "public-principal"
	rulePassRole          = "pass-any-role"

	ruleRedundantAction    = "redundant-action"
	ruleRedundantResource  = "redundant-resource"
	ruleRedundantStatement = "redundant-statement"
)

var rules = [...]Rule{
	{ruleActionAllOnly, FindingWarning, `An action that takes no resource is granted on named ones only; it needs Resource "*".`},
	{ruleActionFormat, FindingError, "An Action is neither service:action nor a star."},
	{ruleActionNoResource, FindingWarning, "None of the statement's resources is of a type that the action takes."},
	{ruleAllowAll, FindingWarning, "A statement allows every action on every resource without a condition."},
	{ruleAllowNotAction, FindingWarning, "Allow with NotAction grants all actions but some, those to come included."},
	{ruleAllowNotPrincipal, FindingWarning, "Allow with NotPrincipal lets in everyone but some, anonymous callers included."},
	{ruleAllowNotResource, FindingWarning, "Allow with NotResource grants all resources but some, those to come included."},
	{ruleCIDRHostBits, FindingSuggestion, "An address range is written with an address that is not its first."},
	{ruleKeyFormat, FindingError, "A condition key has no service before a colon."},
	{ruleDeprecatedKey, FindingWarning, "A global condition key has been replaced by others."},
	{ruleDuplicateKey, FindingWarning, "A condition key occurs twice under one operator, in different case."},
	{ruleDuplicateSID, FindingError, "Two statements have the same Sid."},
	{ruleEmptyList, FindingWarning, "A list of actions, resources, principals, keys or values is empty."},
	{ruleForAllValuesMissing, FindingWarning, "ForAllValues in an Allow is true when the request has no such key."},
	{ruleInvalidARN, FindingError, "A Resource is neither an ARN of six parts nor a star."},
	{ruleInvalidAccount, FindingError, "The account of an ARN is not of 12 digits."},
	{ruleInvalidPartition, FindingError, "The partition of an ARN does not exist."},
	{ruleInvalidRegion, FindingWarning, "The Region of an ARN does not look like one."},
	{ruleInvalidARNService, FindingError, "The service of an ARN is missing, holds a wildcard or is not in lower case."},
	{ruleInvalidCharacter, FindingError, "The text holds a character that IAM does not accept."},
	{ruleInvalidValue, FindingError, "A condition value is none of the kind that its operator compares."},
	{ruleInvalidPrincipal, FindingError, "A principal is not one that AWS accepts."},
	{ruleInvalidSID, FindingError, "A Sid holds other characters than letters and digits."},
	{ruleLiteralWildcard, FindingWarning, "A star or question mark stands for itself under this operator."},
	{ruleMalformedVariable, FindingError, "A policy variable is not closed, is empty or holds what it may not."},
	{ruleMissingPrincipal, FindingError, "A trust, resource or resource control policy has no Principal."},
	{ruleMissingQualifier, FindingWarning, "A condition on a key with several values lacks ForAllValues or ForAnyValue."},
	{ruleMissingResource, FindingError, "A statement of an identity policy or SCP has no Resource."},
	{ruleMissingTagKey, FindingWarning, "A tag condition key does not say which tag."},
	{ruleMissingVersion, FindingWarning, "The document has no Version and thus is of the old one."},
	{ruleNeedlessQualifier, FindingWarning, "ForAllValues or ForAnyValue is used on a key that has one value."},
	{ruleNoStatement, FindingWarning, "The document has no statement."},
	{ruleNullIfExists, FindingError, "Null with IfExists: Null asks whether the key exists."},
	{ruleNullQualifier, FindingSuggestion, "Null with ForAllValues or ForAnyValue: Null asks only whether the key exists."},
	{ruleOldVersion, FindingSuggestion, "The document declares the old version 2008-10-17."},
	{ruleOperatorCase, FindingSuggestion, "A condition operator is not written as AWS writes it."},
	{ruleTypeMismatch, FindingWarning, "A condition operator compares another type than its key has."},
	{rulePassRole, FindingWarning, "iam:PassRole is allowed for all roles and to any service."},
	{rulePolicySize, FindingError, "The document is larger than AWS accepts."},
	{rulePrivateIP, FindingWarning, "aws:SourceIp is compared with private addresses, which AWS never sees."},
	{rulePublicPrincipal, FindingWarning, "Everyone is allowed, without a condition."},
	{ruleRCPEffect, FindingError, "A resource control policy other than RCPFullAWSAccess allows."},
	{ruleRCPElement, FindingError, "A resource control policy has an element that RCPs do not support."},
	{ruleRCPPrincipal, FindingError, `The Principal of a resource control policy is not "*".`},
	{ruleRCPService, FindingWarning, "Resource control policies do not apply to the service."},
	{ruleRedundantAction, FindingSuggestion, "An action is covered by another of the same list."},
	{ruleRedundantResource, FindingSuggestion, "A resource is covered by another of the same list."},
	{ruleRedundantStatement, FindingSuggestion, "A statement is covered by another of the same effect."},
	{ruleResourceNoAction, FindingWarning, "No action of the statement takes the resource."},
	{ruleServiceWildcard, FindingSuggestion, "The service of an action holds a wildcard."},
	{ruleSyntax, FindingError, "The text is not a policy document."},
	{ruleTrustAction, FindingError, "A trust policy names an action that does not assume a role."},
	{ruleTrustActionMismatch, FindingWarning, "The action of a trust policy is not one that its principals can use."},
	{ruleUnexpectedPrincipal, FindingError, "An identity policy or SCP has a Principal."},
	{ruleUnexpectedResource, FindingError, "A trust policy has a Resource."},
	{ruleUnknownAction, FindingWarning, "The service has no such action."},
	{ruleUnknownKey, FindingWarning, "There is no such condition key."},
	{ruleUnknownOperator, FindingError, "There is no such condition operator."},
	{ruleUnknownService, FindingWarning, "There is no such service prefix."},
	{ruleUnknownVariable, FindingWarning, "A policy variable names no condition key."},
	{ruleUnmatchedAction, FindingWarning, "An action pattern covers no action."},
	{ruleUnsupportedKey, FindingWarning, "No action of the statement supports the condition key."},
	{ruleVariableVersion, FindingWarning, "A policy variable stands for itself in documents of the old version."},
	{ruleVariableElement, FindingWarning, "A policy variable is used where it stands for itself."},
}

// Rules returns the rules of [Lint], sorted by name.
func Rules() []Rule {
	return slices.SortedFunc(slices.Values(rules[:]), func(a, b Rule) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
}

func ruleLevel(name string) FindingLevel {
	for i := range rules {
		if rules[i].Name == name {
			return rules[i].Level
		}
	}
	panic("policydoc: no rule " + name)
}
