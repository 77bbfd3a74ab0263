package manage

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// opAuthorizationDetails tells all that guards look at: users, groups, roles and
// policies with their texts, boundaries, tags and trust.
const opAuthorizationDetails = "iam:GetAccountAuthorizationDetails"

// guardActions are the IAM actions that guard may call for a change; kinds whose
// changes bear on permissions, or on something that the caller may have, have them
// among their Actions.
//
// The texts of AWS's managed policies are built in: iam:GetPolicy and
// iam:GetPolicyVersion are for those that are newer.
func guardActions() []string {
	return []string{opAuthorizationDetails, "iam:GetPolicy", "iam:GetPolicyVersion"}
}

// whole returns the account, which is read once for a plan. Nil without an error
// says that it could not be read, which is in p.unread then.
func (p *planner) whole(ctx context.Context) (*nhiscan.Account, error) {
	if p.account != nil || p.unread != nil {
		return p.account, nil
	}
	opts := p.options.Collect
	opts.Detail, opts.AWSManagedPolicies, opts.Logger = false, false, nil
	a, err := collect.Account(ctx, detailsOnly{p.api}, &opts)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	var failed *collect.Error
	switch {
	case err == nil:
		a.Gaps = slices.DeleteFunc(a.Gaps, notAsked)
		p.account = a
	case errors.Is(err, collect.ErrCredentials) || !errors.As(err, &failed):
		return nil, err
	default:
		p.unread = &nhiscan.Gap{Operation: failed.Operation, Resource: "*", Code: failed.Code, Message: failed.Message}
	}
	return p.account, nil
}

// notAsked tells the gaps of what detailsOnly keeps from being asked.
func notAsked(g nhiscan.Gap) bool {
	return g.Operation != opAuthorizationDetails && g.Code == codeNotAsked
}

// detailsOnly keeps collect.Account from asking AWS for more than the authorization
// details: what else it reads of an account says nothing about permissions, takes
// calls by the thousand, and would be further permissions that a caller needs.
type detailsOnly struct{ collect.IAMAPI }

const codeNotAsked = "NotAsked"

func notAskedError() error {
	return &smithy.GenericAPIError{Code: codeNotAsked, Message: "it does not bear on permissions"}
}

type opt = func(*iam.Options)

func (detailsOnly) ListUsers(context.Context, *iam.ListUsersInput, ...opt) (*iam.ListUsersOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) ListRoles(context.Context, *iam.ListRolesInput, ...opt) (*iam.ListRolesOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) ListGroups(context.Context, *iam.ListGroupsInput, ...opt) (*iam.ListGroupsOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) ListPolicies(context.Context, *iam.ListPoliciesInput, ...opt) (*iam.ListPoliciesOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) ListVirtualMFADevices(context.Context, *iam.ListVirtualMFADevicesInput, ...opt) (*iam.ListVirtualMFADevicesOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) ListAccountAliases(context.Context, *iam.ListAccountAliasesInput, ...opt) (*iam.ListAccountAliasesOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) GenerateCredentialReport(context.Context, *iam.GenerateCredentialReportInput, ...opt) (*iam.GenerateCredentialReportOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) GetCredentialReport(context.Context, *iam.GetCredentialReportInput, ...opt) (*iam.GetCredentialReportOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) GetUser(context.Context, *iam.GetUserInput, ...opt) (*iam.GetUserOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) GetRole(context.Context, *iam.GetRoleInput, ...opt) (*iam.GetRoleOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) GetLoginProfile(context.Context, *iam.GetLoginProfileInput, ...opt) (*iam.GetLoginProfileOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) ListAccessKeys(context.Context, *iam.ListAccessKeysInput, ...opt) (*iam.ListAccessKeysOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) ListMFADevices(context.Context, *iam.ListMFADevicesInput, ...opt) (*iam.ListMFADevicesOutput, error) {
	return nil, notAskedError()
}

func (detailsOnly) ListSigningCertificates(context.Context, *iam.ListSigningCertificatesInput, ...opt) (*iam.ListSigningCertificatesOutput, error) {
	return nil, notAskedError()
}
