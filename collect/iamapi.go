package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// IAMAPI is the part of the SDK's IAM client that this package needs.
// [*iam.Client] has it. Every method only reads, except that
// GenerateCredentialReport and GenerateServiceLastAccessedDetails make AWS write
// reports of its own.
//
// A function that reads one thing asks for the part of it that it calls.
type IAMAPI interface {
	AccountAPI
	UserAPI
	CredentialAPI
	RoleAPI
	GroupAPI
	PolicyAPI
	LastAccessedAPI
	SimulateAPI
}

// IdentityAPI reads one user, role or group.
type IdentityAPI interface {
	UserAPI
	RoleAPI
	GroupAPI
}

// AccountAPI reads the whole account at once.
type AccountAPI interface {
	iam.GetAccountAuthorizationDetailsAPIClient
	iam.ListUsersAPIClient
	iam.ListRolesAPIClient
	iam.ListGroupsAPIClient
	iam.ListVirtualMFADevicesAPIClient
	iam.ListAccountAliasesAPIClient
	GetAccountSummary(context.Context, *iam.GetAccountSummaryInput, ...func(*iam.Options)) (*iam.GetAccountSummaryOutput, error)
	GenerateCredentialReport(context.Context, *iam.GenerateCredentialReportInput, ...func(*iam.Options)) (*iam.GenerateCredentialReportOutput, error)
	GetCredentialReport(context.Context, *iam.GetCredentialReportInput, ...func(*iam.Options)) (*iam.GetCredentialReportOutput, error)
}

// UserAPI reads one user.
type UserAPI interface {
	iam.GetUserAPIClient
	iam.ListUserTagsAPIClient
	iam.ListGroupsForUserAPIClient
	iam.ListAttachedUserPoliciesAPIClient
	iam.ListUserPoliciesAPIClient
	GetUserPolicy(context.Context, *iam.GetUserPolicyInput, ...func(*iam.Options)) (*iam.GetUserPolicyOutput, error)
}

// CredentialAPI reads one user's credentials.
type CredentialAPI interface {
	iam.ListAccessKeysAPIClient
	iam.ListMFADevicesAPIClient
	iam.ListSigningCertificatesAPIClient
	iam.ListSSHPublicKeysAPIClient
	GetLoginProfile(context.Context, *iam.GetLoginProfileInput, ...func(*iam.Options)) (*iam.GetLoginProfileOutput, error)
	GetAccessKeyLastUsed(context.Context, *iam.GetAccessKeyLastUsedInput, ...func(*iam.Options)) (*iam.GetAccessKeyLastUsedOutput, error)
	ListServiceSpecificCredentials(context.Context, *iam.ListServiceSpecificCredentialsInput, ...func(*iam.Options)) (*iam.ListServiceSpecificCredentialsOutput, error)
}

// RoleAPI reads one role.
type RoleAPI interface {
	iam.GetRoleAPIClient
	iam.ListRoleTagsAPIClient
	iam.ListAttachedRolePoliciesAPIClient
	iam.ListRolePoliciesAPIClient
	iam.ListInstanceProfilesForRoleAPIClient
	GetRolePolicy(context.Context, *iam.GetRolePolicyInput, ...func(*iam.Options)) (*iam.GetRolePolicyOutput, error)
}

// GroupAPI reads one group.
type GroupAPI interface {
	iam.GetGroupAPIClient
	iam.ListAttachedGroupPoliciesAPIClient
	iam.ListGroupPoliciesAPIClient
	GetGroupPolicy(context.Context, *iam.GetGroupPolicyInput, ...func(*iam.Options)) (*iam.GetGroupPolicyOutput, error)
}

// PolicyAPI reads managed policies.
type PolicyAPI interface {
	iam.ListPoliciesAPIClient
	iam.GetPolicyAPIClient
	iam.ListPolicyTagsAPIClient
	iam.ListPolicyVersionsAPIClient
	GetPolicyVersion(context.Context, *iam.GetPolicyVersionInput, ...func(*iam.Options)) (*iam.GetPolicyVersionOutput, error)
}

// LastAccessedAPI asks when services were last used.
type LastAccessedAPI interface {
	GenerateServiceLastAccessedDetails(context.Context, *iam.GenerateServiceLastAccessedDetailsInput, ...func(*iam.Options)) (*iam.GenerateServiceLastAccessedDetailsOutput, error)
	GetServiceLastAccessedDetails(context.Context, *iam.GetServiceLastAccessedDetailsInput, ...func(*iam.Options)) (*iam.GetServiceLastAccessedDetailsOutput, error)
}

// SimulateAPI asks AWS's policy simulator.
type SimulateAPI interface {
	iam.SimulatePrincipalPolicyAPIClient
	iam.SimulateCustomPolicyAPIClient
}

// STSAPI is the part of the SDK's STS client that tells whose credentials these are.
type STSAPI interface {
	GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error)
}

// parts is an IAMAPI of which only the parts are there that a function was given.
type parts struct {
	AccountAPI
	UserAPI
	CredentialAPI
	RoleAPI
	GroupAPI
	PolicyAPI
	LastAccessedAPI
	SimulateAPI
}

var (
	_ IAMAPI = (*iam.Client)(nil)
	_ STSAPI = (*sts.Client)(nil)
)
