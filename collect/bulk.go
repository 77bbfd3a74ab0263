package collect

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

const opAuthorizationDetails = "GetAccountAuthorizationDetails"

// A bulk is what the calls for the whole account told, each list with the error
// that cut it short, if any.
type bulk struct {
	users     []nhiscan.User
	groups    []nhiscan.Group
	usersErr  error // of users and groups, which come together
	roles     []nhiscan.Role
	rolesErr  error
	policies  []nhiscan.ManagedPolicy
	policyErr error

	listedUsers    []nhiscan.User
	listedUsersErr error
	listedRoles    []types.Role
	listedRolesErr error

	virtualMFA    []types.VirtualMFADevice
	virtualMFAErr error
	report        *nhiscan.CredentialReport
	reportErr     error
	aliases       []string
	aliasesErr    error
}

// bulk makes the calls for the whole account, all at the same time. Markers are
// serial, so the authorization details are read in three streams.
func (r *reader) bulk(ctx context.Context) *bulk {
	b := &bulk{}
	var wg sync.WaitGroup
	wg.Go(func() { b.roles, b.rolesErr = r.roleDetails(ctx) })
	wg.Go(func() { b.policies, b.policyErr = r.policyDetails(ctx, types.EntityTypeLocalManagedPolicy) })
	wg.Go(func() { b.users, b.groups, b.usersErr = r.userDetails(ctx) })
	wg.Go(func() { b.report, b.reportErr = r.credentialReport(ctx) })
	wg.Go(func() { b.listedRoles, b.listedRolesErr = r.listRoles(ctx) })
	wg.Go(func() { b.listedUsers, b.listedUsersErr = r.listUsers(ctx) })
	wg.Go(func() { b.virtualMFA, b.virtualMFAErr = r.listVirtualMFADevices(ctx) })
	wg.Go(func() { b.aliases, b.aliasesErr = r.listAccountAliases(ctx) })
	wg.Wait()
	return b
}

// authorizationDetails hands over the pages of the account's authorization
// details of the given kinds.
func (r *reader) authorizationDetails(ctx context.Context, use func(*iam.GetAccountAuthorizationDetailsOutput), kinds ...types.EntityType) error {
	type output = *iam.GetAccountAuthorizationDetailsOutput
	return pages(ctx, r, opAuthorizationDetails, "*", func(marker *string) ([]output, position, error) {
		out, err := r.api.GetAccountAuthorizationDetails(ctx, &iam.GetAccountAuthorizationDetailsInput{Filter: kinds, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		at := position{out.IsTruncated, out.Marker}
		if out.UserDetailList == nil && out.GroupDetailList == nil && out.RoleDetailList == nil && out.Policies == nil {
			return nil, at, nil
		}
		return []output{out}, at, nil
	}, func(page []output) {
		for _, out := range page {
			use(out)
		}
	})
}

func (r *reader) userDetails(ctx context.Context) (users []nhiscan.User, groups []nhiscan.Group, err error) {
	err = r.authorizationDetails(ctx, func(page *iam.GetAccountAuthorizationDetailsOutput) {
		users = append(users, convert(page.UserDetailList, userDetail)...)
		groups = append(groups, convert(page.GroupDetailList, groupDetail)...)
	}, types.EntityTypeUser, types.EntityTypeGroup)
	return users, groups, err
}

func (r *reader) roleDetails(ctx context.Context) (roles []nhiscan.Role, err error) {
	err = r.authorizationDetails(ctx, func(page *iam.GetAccountAuthorizationDetailsOutput) {
		roles = append(roles, convert(page.RoleDetailList, roleDetail)...)
	}, types.EntityTypeRole)
	return roles, err
}

func (r *reader) policyDetails(ctx context.Context, kind types.EntityType) (policies []nhiscan.ManagedPolicy, err error) {
	err = r.authorizationDetails(ctx, func(page *iam.GetAccountAuthorizationDetailsOutput) {
		policies = append(policies, convert(page.Policies, policyDetail)...)
	}, kind)
	return policies, err
}

func (r *reader) listUsers(ctx context.Context) (users []nhiscan.User, err error) {
	err = pages(ctx, r, "ListUsers", "*", func(marker *string) ([]types.User, position, error) {
		out, err := r.api.ListUsers(ctx, &iam.ListUsersInput{Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Users, position{out.IsTruncated, out.Marker}, nil
	}, func(page []types.User) { users = append(users, convert(page, listedUser)...) })
	return users, err
}

func (r *reader) listRoles(ctx context.Context) ([]types.Role, error) {
	return all(ctx, r, "ListRoles", "*", func(marker *string) ([]types.Role, position, error) {
		out, err := r.api.ListRoles(ctx, &iam.ListRolesInput{Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Roles, position{out.IsTruncated, out.Marker}, nil
	})
}

func (r *reader) listGroups(ctx context.Context) (groups []nhiscan.Group, err error) {
	err = pages(ctx, r, "ListGroups", "*", func(marker *string) ([]types.Group, position, error) {
		out, err := r.api.ListGroups(ctx, &iam.ListGroupsInput{Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Groups, position{out.IsTruncated, out.Marker}, nil
	}, func(page []types.Group) { groups = append(groups, convert(page, listedGroup)...) })
	return groups, err
}

func (r *reader) listVirtualMFADevices(ctx context.Context) ([]types.VirtualMFADevice, error) {
	return all(ctx, r, "ListVirtualMFADevices", "*", func(marker *string) ([]types.VirtualMFADevice, position, error) {
		out, err := r.api.ListVirtualMFADevices(ctx, &iam.ListVirtualMFADevicesInput{
			AssignmentStatus: types.AssignmentStatusTypeAssigned, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.VirtualMFADevices, position{out.IsTruncated, out.Marker}, nil
	})
}

func (r *reader) listAccountAliases(ctx context.Context) ([]string, error) {
	return all(ctx, r, "ListAccountAliases", "*", func(marker *string) ([]string, position, error) {
		out, err := r.api.ListAccountAliases(ctx, &iam.ListAccountAliasesInput{Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.AccountAliases, position{out.IsTruncated, out.Marker}, nil
	})
}

// listPolicies lists the customer's policies, or the AWS managed policies that
// are attached or used as a boundary.
func (r *reader) listPolicies(ctx context.Context, scope types.PolicyScopeType, attachedOnly bool) ([]types.Policy, error) {
	return all(ctx, r, "ListPolicies", "*", func(marker *string) ([]types.Policy, position, error) {
		out, err := r.api.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: scope, OnlyAttached: attachedOnly, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Policies, position{out.IsTruncated, out.Marker}, nil
	})
}
