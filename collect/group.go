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
	names, err := all(ctx, r, "ListGroupPolicies", g.Name, func(marker *string) ([]string, position, error) {
		out, err := r.api.ListGroupPolicies(ctx, &iam.ListGroupPoliciesInput{GroupName: &g.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.PolicyNames, position{out.IsTruncated, out.Marker}, nil
	})
	if err != nil {
		return err
	}
	g.InlinePolicies, err = readInlinePolicies(ctx, r, "GetGroupPolicy", g.Name, names, func(policy string) (*string, error) {
		out, err := r.api.GetGroupPolicy(ctx, &iam.GetGroupPolicyInput{GroupName: &g.Name, PolicyName: &policy})
		if err != nil {
			return nil, err
		}
		return out.PolicyDocument, nil
	})
	if err == nil {
		g.Known |= nhiscan.FactInlinePolicies
	}
	return err
}
