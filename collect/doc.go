// Package collect reads an AWS account's IAM through the AWS SDK and returns it
// as a plain [nhiscan.Account].
//
// Call [Account] first. It reads in bulk (authorization details, user and role
// lists, virtual MFA devices, credential report: about 35 calls for 10,000
// identities) and then asks, identity by identity, only for what is still
// missing. So the broad permissions
//
//	iam:GetAccountAuthorizationDetails, iam:ListUsers, iam:ListRoles,
//	iam:ListVirtualMFADevices, iam:GenerateCredentialReport,
//	iam:GetCredentialReport, iam:ListAccountAliases
//
// are the fast way, and a role that may only list users and roles and read them
// one by one gets the same answer with more calls. [User], [Role], [Group] and
// [Caller] read one identity whole.
//
// Beside these are functions that each answer one question with as few calls as it
// takes, and return an error or what was asked for, never a part of it: the lists
// ([Users], [Roles], [Groups], [ManagedPolicies], which say where they end),
// policies ([AttachedPolicies], [InlinePolicies], [InlinePolicy],
// [ManagedPolicyDocument]), use ([AccessKeyLastUsed], [ServiceLastAccessed]), the
// policy simulator ([SimulatePrincipal], [SimulateCustom]) and the account as a
// whole ([AccountSummary], [AccountAliases], [CredentialReport]). [Actions] tells
// what permissions each function needs.
//
// What [Account], and the functions that read an identity whole, could not read is
// in the Gaps of the answer and is never taken for absence: a denied, throttled,
// cut-off or cancelled call leaves a gap. Only three things are errors there:
// credentials that AWS does not accept, an identity that does not exist, and an
// account of which nothing at all could be read.
//
// An identity that is deleted while it is being read is left out; that is no gap.
//
// The documents of AWS managed policies are read only when
// Options.AWSManagedPolicies or Options.Detail asks for them, because AWS
// publishes them.
//
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html.
package collect
