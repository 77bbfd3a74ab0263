package collect

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

// roleFacts are what an account's roles are read for.
const roleFacts = roleDetailFacts | nhiscan.FactRoleLastUsed | nhiscan.FactRoleSettings

// A roleRead is one way to read some facts of one role.
type roleRead struct {
	facts nhiscan.Facts
	read  func(*reader, context.Context, *nhiscan.Role) error
}

// roleReads are tried in order, so that what GetRole told is not asked again.
func roleReads() []roleRead {
	return []roleRead{
		{nhiscan.FactTags | nhiscan.FactPermissionsBoundary | nhiscan.FactTrustPolicy |
			nhiscan.FactRoleLastUsed | nhiscan.FactRoleSettings, (*reader).readRole},
		{nhiscan.FactTags, (*reader).readRoleTags},
		{nhiscan.FactAttachedPolicies, (*reader).readRoleAttachedPolicies},
		{nhiscan.FactInlinePolicies, (*reader).readRoleInlinePolicies},
		{nhiscan.FactInstanceProfiles, (*reader).readInstanceProfiles},
	}
}

// fillRole reads the wanted facts of a role, one call after another. It reports
// false when the role is gone.
func (r *reader) fillRole(ctx context.Context, role *nhiscan.Role, wanted nhiscan.Facts) bool {
	for _, way := range roleReads() {
		if wanted&way.facts == 0 {
			continue
		}
		err := way.read(r, ctx, role)
		wanted &^= way.facts & role.Known
		if errors.Is(err, ErrNotFound) {
			return false
		}
		r.miss(err)
	}
	return true
}

func (r *reader) getRole(ctx context.Context, name string) (*types.Role, error) {
	return call(ctx, r, "GetRole", name, func() (*types.Role, error) {
		out, err := r.api.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
		if err == nil && (out.Role == nil || out.Role.Arn == nil) {
			err = errEmptyAnswer
		}
		if err != nil {
			return nil, err
		}
		return out.Role, nil
	})
}

func (r *reader) readRole(ctx context.Context, role *nhiscan.Role) error {
	got, err := r.getRole(ctx, role.Name)
	if err != nil {
		return err
	}
	setRoleSettings(role, got)
	setRoleDetails(role, got)
	if !role.Known.Has(nhiscan.FactTrustPolicy) {
		setTrustPolicy(role, got)
	}
	return nil
}

func (r *reader) readRoleTags(ctx context.Context, role *nhiscan.Role) error {
	return readList(ctx, r, "ListRoleTags", role.Name, func(marker *string) ([]types.Tag, position, error) {
		out, err := r.api.ListRoleTags(ctx, &iam.ListRoleTagsInput{RoleName: &role.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Tags, position{out.IsTruncated, out.Marker}, nil
	}, tagOf, &role.Tags, &role.Known, nhiscan.FactTags)
}

func (r *reader) readRoleAttachedPolicies(ctx context.Context, role *nhiscan.Role) error {
	return readList(ctx, r, "ListAttachedRolePolicies", role.Name, func(marker *string) ([]types.AttachedPolicy, position, error) {
		out, err := r.api.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &role.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.AttachedPolicies, position{out.IsTruncated, out.Marker}, nil
	}, attachedPolicy, &role.AttachedPolicies, &role.Known, nhiscan.FactAttachedPolicies)
}

func (r *reader) readRoleInlinePolicies(ctx context.Context, role *nhiscan.Role) error {
	names, err := r.rolePolicyNames(ctx, role.Name)
	if err != nil {
		return err
	}
	role.InlinePolicies, err = readInlinePolicies(names, func(policy string) (*string, error) {
		return r.rolePolicy(ctx, role.Name, policy)
	})
	if err == nil {
		role.Known |= nhiscan.FactInlinePolicies
	}
	return err
}

func (r *reader) rolePolicyNames(ctx context.Context, role string) ([]string, error) {
	return all(ctx, r, "ListRolePolicies", role, func(marker *string) ([]string, position, error) {
		out, err := r.api.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &role, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.PolicyNames, position{out.IsTruncated, out.Marker}, nil
	})
}

func (r *reader) rolePolicy(ctx context.Context, role, policy string) (*string, error) {
	return call(ctx, r, "GetRolePolicy", role, func() (*string, error) {
		out, err := r.api.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &policy})
		if err != nil {
			return nil, err
		}
		return inlineDocument(out.PolicyDocument)
	})
}

func (r *reader) readInstanceProfiles(ctx context.Context, role *nhiscan.Role) error {
	return readList(ctx, r, "ListInstanceProfilesForRole", role.Name, func(marker *string) ([]types.InstanceProfile, position, error) {
		out, err := r.api.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: &role.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.InstanceProfiles, position{out.IsTruncated, out.Marker}, nil
	}, instanceProfile, &role.InstanceProfiles, &role.Known, nhiscan.FactInstanceProfiles)
}
