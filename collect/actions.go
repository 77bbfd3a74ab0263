package collect

// Actions returns the actions that each function of this package calls, by the
// function's name: what the credentials must be allowed for all of its answer.
// Where an argument makes a difference, it stands behind the name: "Account" is
// what [Account] calls with the zero Options, "Account.Detail" with
// Options.Detail, "Account.AWSManagedPolicies" with that, and "InlinePolicies.role" what [InlinePolicies] calls for a role.
//
// What a function falls back on when one of these is denied is not in the list.
// sts:GetCallerIdentity is in it and needs no permission.
//
// The map is the caller's to change.
func Actions() map[string][]string {
	return map[string][]string{
		"AccessKeyLastUsed": {"iam:GetAccessKeyLastUsed"},
		"Account": {
			"iam:GenerateCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:GetCredentialReport",
			"iam:ListAccountAliases", "iam:ListRoles", "iam:ListUsers", "iam:ListVirtualMFADevices",
		},
		"Account.AWSManagedPolicies": {
			"iam:GenerateCredentialReport", "iam:GetAccountAuthorizationDetails", "iam:GetCredentialReport",
			"iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListAccountAliases", "iam:ListPolicies", "iam:ListRoles", "iam:ListUsers",
			"iam:ListVirtualMFADevices",
		},
		"Account.Detail": {
			"iam:GenerateCredentialReport", "iam:GetAccessKeyLastUsed", "iam:GetAccountAuthorizationDetails",
			"iam:GetCredentialReport", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListAccessKeys", "iam:ListAccountAliases",
			"iam:ListMFADevices",
			"iam:ListPolicies", "iam:ListPolicyTags", "iam:ListRoles", "iam:ListSSHPublicKeys",
			"iam:ListServiceSpecificCredentials", "iam:ListSigningCertificates", "iam:ListUsers", "iam:ListVirtualMFADevices",
		},
		"AccountAliases":         {"iam:ListAccountAliases"},
		"AccountSummary":         {"iam:GetAccountSummary"},
		"AttachedPolicies.group": {"iam:ListAttachedGroupPolicies"},
		"AttachedPolicies.role":  {"iam:ListAttachedRolePolicies"},
		"AttachedPolicies.user":  {"iam:ListAttachedUserPolicies"},
		"Caller": {
			"iam:GetAccessKeyLastUsed", "iam:GetGroupPolicy", "iam:GetLoginProfile", "iam:GetPolicy", "iam:GetPolicyVersion",
			"iam:GetRole", "iam:GetRolePolicy", "iam:GetUser", "iam:GetUserPolicy", "iam:ListAccessKeys",
			"iam:ListAttachedGroupPolicies", "iam:ListAttachedRolePolicies", "iam:ListAttachedUserPolicies",
			"iam:ListGroupPolicies", "iam:ListGroupsForUser", "iam:ListInstanceProfilesForRole", "iam:ListMFADevices",
			"iam:ListPolicyVersions", "iam:ListRolePolicies", "iam:ListSSHPublicKeys", "iam:ListServiceSpecificCredentials",
			"iam:ListSigningCertificates", "iam:ListUserPolicies", "sts:GetCallerIdentity",
		},
		"CredentialReport": {"iam:GenerateCredentialReport", "iam:GetCredentialReport"},
		"Group": {
			"iam:GetGroup", "iam:GetGroupPolicy", "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListAttachedGroupPolicies",
			"iam:ListGroupPolicies", "iam:ListPolicyVersions",
		},
		"Groups":                {"iam:ListGroups"},
		"InlinePolicies.group":  {"iam:ListGroupPolicies"},
		"InlinePolicies.role":   {"iam:ListRolePolicies"},
		"InlinePolicies.user":   {"iam:ListUserPolicies"},
		"InlinePolicy.group":    {"iam:GetGroupPolicy"},
		"InlinePolicy.role":     {"iam:GetRolePolicy"},
		"InlinePolicy.user":     {"iam:GetUserPolicy"},
		"ManagedPolicies":       {"iam:ListPolicies"},
		"ManagedPolicyDocument": {"iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions"},
		"Role": {
			"iam:GetPolicy", "iam:GetPolicyVersion", "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies",
			"iam:ListInstanceProfilesForRole", "iam:ListPolicyVersions", "iam:ListRolePolicies",
		},
		"Roles":               {"iam:ListRoles"},
		"ServiceLastAccessed": {"iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails"},
		"SimulateCustom":      {"iam:SimulateCustomPolicy"},
		"SimulatePrincipal":   {"iam:SimulatePrincipalPolicy"},
		"User": {
			"iam:GetAccessKeyLastUsed", "iam:GetGroupPolicy", "iam:GetLoginProfile", "iam:GetPolicy", "iam:GetPolicyVersion",
			"iam:GetUser", "iam:GetUserPolicy", "iam:ListAccessKeys", "iam:ListAttachedGroupPolicies",
			"iam:ListAttachedUserPolicies", "iam:ListGroupPolicies", "iam:ListGroupsForUser", "iam:ListMFADevices",
			"iam:ListPolicyVersions", "iam:ListSSHPublicKeys", "iam:ListServiceSpecificCredentials",
			"iam:ListSigningCertificates", "iam:ListUserPolicies",
		},
		"Users": {"iam:ListUsers"},
	}
}
