package collect

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

// sawGroups remembers groups that ListGroupsForUser told, for when ListGroups may not be called.
func (r *reader) sawGroups(groups []types.Group) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.groups == nil {
		r.groups = map[string]nhiscan.Group{}
	}
	for _, g := range groups {
		r.groups[aws.ToString(g.Arn)] = listedGroup(g)
	}
}

// groupMembers reads the group itself and its members, which come in pages.
func (r *reader) groupMembers(ctx context.Context, name string) (group nhiscan.Group, members []nhiscan.User, err error) {
	err = pages(ctx, r, "GetGroup", name, func(marker *string) ([]types.User, position, error) {
		out, err := r.api.GetGroup(ctx, &iam.GetGroupInput{GroupName: &name, Marker: marker, MaxItems: r.pageSize})
		if err == nil && (out.Group == nil || out.Group.Arn == nil) {
			err = errEmptyAnswer
		}
		if err != nil {
			return nil, position{}, err
		}
		group = listedGroup(*out.Group)
		return out.Users, position{out.IsTruncated, out.Marker}, nil
	}, func(page []types.User) { members = append(members, convert(page, listedUser)...) })
	return group, members, err
}

// fillGroup reads the policies of a group. It reports false when the group is gone.
func (r *reader) fillGroup(ctx context.Context, g *nhiscan.Group) bool {
	for _, read := range []func(context.Context, *nhiscan.Group) error{r.readGroupAttachedPolicies, r.readGroupInlinePolicies} {
		err := read(ctx, g)
		if errors.Is(err, ErrNotFound) {
			return false
		}
		r.miss(err)
	}
	return true
}

func (r *reader) readGroupAttachedPolicies(ctx context.Context, g *nhiscan.Group) error {
	return readList(ctx, r, "ListAttachedGroupPolicies", g.Name, func(marker *string) ([]types.AttachedPolicy, position, error) {
		out, err := r.api.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: &g.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.AttachedPolicies, position{out.IsTruncated, out.Marker}, nil
	}, attachedPolicy, &g.AttachedPolicies, &g.Known, nhiscan.FactAttachedPolicies)
}

func (r *reader) readGroupInlinePolicies(ctx context.Context, g *nhiscan.Group) error {
	names, err := r.groupPolicyNames(ctx, g.Name)
	if err != nil {
		return err
	}
	g.InlinePolicies, err = readInlinePolicies(names, func(policy string) (*string, error) {
		return r.groupPolicy(ctx, g.Name, policy)
	})
	if err == nil {
		g.Known |= nhiscan.FactInlinePolicies
	}
	return err
}

func (r *reader) groupPolicyNames(ctx context.Context, group string) ([]string, error) {
	return all(ctx, r, "ListGroupPolicies", group, func(marker *string) ([]string, position, error) {
		out, err := r.api.ListGroupPolicies(ctx, &iam.ListGroupPoliciesInput{GroupName: &group, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.PolicyNames, position{out.IsTruncated, out.Marker}, nil
	})
}

func (r *reader) groupPolicy(ctx context.Context, group, policy string) (*string, error) {
	return call(ctx, r, "GetGroupPolicy", group, func() (*string, error) {
		out, err := r.api.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: &group, PolicyName: &policy})
		if err != nil {
			return nil, err
		}
		return inlineDocument(out.PolicyDocument)
	})
}
