package manage

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// DeletePolicy deletes a managed policy with its versions. Without Force it fails for
// one that is attached or has other versions. With Force it is detached from all
// users, groups and roles first. One that is a permissions boundary is never deleted:
// whoever it bounds could do more then.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
type DeletePolicy struct {
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
	Force     bool   `json:"force,omitzero" doc:"Detach it from all that have it, and delete its other versions, too"`
}

// Kind implements [Change].
func (DeletePolicy) Kind() string { return "delete_policy" }

func deletePolicyKind() Kind {
	return Kind{
		Name: "delete_policy", Title: "Delete a managed policy", zero: DeletePolicy{}, Destructive: true, Idempotent: true,
		Description: "Deletes a managed policy of the account. With force, it is detached from all users, groups and roles and its other versions go first; without, a policy that has any is refused. One that is a permissions boundary is not deleted.",
		Actions: actions(guardActions(), []string{
			"iam:GetPolicy", "iam:ListEntitiesForPolicy", "iam:ListPolicyVersions",
			"iam:DetachUserPolicy", "iam:DetachGroupPolicy", "iam:DetachRolePolicy", "iam:DeletePolicyVersion", "iam:DeletePolicy",
		}),
	}
}

func (c DeletePolicy) plan(ctx context.Context, p *planner) error {
	if err := p.ownPolicyARN(c.PolicyARN); err != nil {
		return err
	}
	policy, err := p.findPolicy(ctx, c.PolicyARN)
	if err != nil {
		return err
	}
	if bounded, err := p.entitiesOf(ctx, policy.ARN, types.PolicyUsageTypePermissionsBoundary); err != nil {
		return err
	} else if len(bounded) > 0 {
		return conflict("iam:DeletePolicy", policy.ARN, fmt.Sprintf(
			"policy %s is the permissions boundary of %s, who could do more without it: set another boundary first", policy.Name, and(names(bounded))))
	}
	holders, err := p.entitiesOf(ctx, policy.ARN, types.PolicyUsageTypePermissionsPolicy)
	if err != nil {
		return err
	}
	if policy.Versions, err = p.versionsOf(ctx, policy.ARN); err != nil {
		return err
	}
	p.made.Destructive = true
	p.target(policy.ARN, policy.Name)
	p.touches(policy.ARN)
	p.emptyPolicy(policy, holders)
	left := p.removals(
		removalWord{"iam:DetachUserPolicy", "1 attached user", "%d attached users"},
		removalWord{"iam:DetachGroupPolicy", "1 attached group", "%d attached groups"},
		removalWord{"iam:DetachRolePolicy", "1 attached role", "%d attached roles"},
	)
	if left != "" && !c.Force {
		return conflict("iam:DeletePolicy", policy.ARN, fmt.Sprintf("policy %s has %s: with force they go first", policy.Name, left))
	}
	p.deletionOf("policy "+policy.Name, left)
	p.remove("iam:DeletePolicy", policy.ARN, "delete policy "+policy.Name, func(ctx context.Context, api API) error {
		_, err := api.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: &policy.ARN})
		return err
	})
	if len(holders) > 0 { // a policy may forbid, too
		p.after(func(d *draft) {
			for _, h := range holders {
				list := h.attached(d)
				*list = detached(*list, policy.ARN)
			}
		})
	}
	return nil
}

// emptyPolicy plans to remove all that stands in the way of a policy's deletion.
func (p *planner) emptyPolicy(policy *nhiscan.ManagedPolicy, holders []identity) {
	for _, h := range holders {
		p.remove("iam:Detach"+title(string(h.kind))+"Policy", policy.ARN, "detach it from "+h.String(), func(ctx context.Context, api API) error {
			var err error
			switch h.kind {
			case collect.IdentityUser:
				_, err = api.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: &h.name, PolicyArn: &policy.ARN})
			case collect.IdentityGroup:
				_, err = api.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: &h.name, PolicyArn: &policy.ARN})
			case collect.IdentityRole:
				_, err = api.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: &h.name, PolicyArn: &policy.ARN})
			}
			return err
		})
	}
	for _, v := range policy.Versions {
		if !v.Default {
			p.deleteVersion(policy, v.ID)
		}
	}
}

// entitiesOf lists the users, groups and roles that have the policy, or are bounded
// by it. AWS tells their names, not their ARNs.
func (p *planner) entitiesOf(ctx context.Context, arn string, usage types.PolicyUsageType) ([]identity, error) {
	var users, groups, roles []identity
	err := pages(ctx, "iam:ListEntitiesForPolicy", arn, func(marker *string) (bool, *string, error) {
		out, err := p.api.ListEntitiesForPolicy(ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: &arn, PolicyUsageFilter: usage, Marker: marker})
		switch {
		case err != nil:
			return false, nil, err
		case out.PolicyUsers == nil && out.PolicyGroups == nil && out.PolicyRoles == nil:
			return false, nil, emptyAnswer("iam:ListEntitiesForPolicy", arn)
		}
		for _, u := range out.PolicyUsers {
			users = append(users, identity{kind: collect.IdentityUser, name: aws.ToString(u.UserName)})
		}
		for _, g := range out.PolicyGroups {
			groups = append(groups, identity{kind: collect.IdentityGroup, name: aws.ToString(g.GroupName)})
		}
		for _, r := range out.PolicyRoles {
			roles = append(roles, identity{kind: collect.IdentityRole, name: aws.ToString(r.RoleName)})
		}
		return out.IsTruncated, out.Marker, nil
	})
	return append(append(users, groups...), roles...), err
}

func names(identities []identity) []string {
	words := make([]string, len(identities))
	for i, id := range identities {
		words[i] = id.String()
	}
	return words
}
