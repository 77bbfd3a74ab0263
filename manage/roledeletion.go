package manage

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// DeleteRole deletes a role. Without Force it fails for one that has policies or is
// in an instance profile. With Force it leaves those, and its policies go first.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_delete.html
type DeleteRole struct {
	RoleName string `json:"role_name" doc:"Name or ARN"`
	Force    bool   `json:"force,omitzero" doc:"Remove its policies, and it from instance profiles, too"`
}

// Kind implements [Change].
func (DeleteRole) Kind() string { return "delete_role" }

func deleteRoleKind() Kind {
	return Kind{
		Name: "delete_role", Title: "Delete a role", zero: DeleteRole{}, Destructive: true, Idempotent: true,
		Description: "Deletes an IAM role. With force, it leaves its instance profiles and its policies go first; without, a role that has any is refused.",
		Actions: actions([]string{
			"iam:GetRole", "iam:ListInstanceProfilesForRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
			"iam:RemoveRoleFromInstanceProfile", "iam:DetachRolePolicy", "iam:DeleteRolePolicy", "iam:DeleteRole",
		}),
	}
}

func (c DeleteRole) plan(ctx context.Context, p *planner) error {
	role, err := p.findRole(ctx, "role_name", c.RoleName)
	if err != nil {
		return err
	}
	if role.InstanceProfiles, err = p.instanceProfilesOf(ctx, role.Name); err != nil {
		return err
	}
	if role.AttachedPolicies, err = collect.AttachedPolicies(ctx, p.api, collect.IdentityRole, role.Name); err != nil {
		return err
	}
	inline, err := collect.InlinePolicies(ctx, p.api, collect.IdentityRole, role.Name)
	if err != nil {
		return err
	}
	c.RoleName = role.Name
	p.made.Change = c
	p.made.Destructive = true
	p.target(role.ARN, role.Name)
	p.touches(role.ARN)
	if !role.LastUsed.At.IsZero() {
		p.risk(RiskInUse, "role %s was last used on %s", role.Name, day(role.LastUsed.At))
	}
	p.emptyRole(role, inline)
	left := p.removals()
	if left != "" && !c.Force {
		return conflict("iam:DeleteRole", role.ARN, fmt.Sprintf("role %s has %s: with force they go first", role.Name, left))
	}
	p.deletionOf("role "+role.Name, left)
	p.remove("iam:DeleteRole", role.ARN, "delete role "+role.Name, func(ctx context.Context, api API) error {
		_, err := api.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: &role.Name})
		return err
	})
	return nil
}

// emptyRole plans to remove all that stands in the way of a role's deletion.
func (p *planner) emptyRole(role *nhiscan.Role, inline []string) {
	for _, profile := range role.InstanceProfiles {
		p.remove("iam:RemoveRoleFromInstanceProfile", profile.ARN, "remove it from instance profile "+profile.Name, func(ctx context.Context, api API) error {
			_, err := api.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: &profile.Name, RoleName: &role.Name})
			return err
		})
	}
	for _, attached := range role.AttachedPolicies {
		p.remove("iam:DetachRolePolicy", role.ARN, "detach policy "+attached.ARN, func(ctx context.Context, api API) error {
			_, err := api.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: &role.Name, PolicyArn: &attached.ARN})
			return err
		})
	}
	for _, policy := range inline {
		p.remove("iam:DeleteRolePolicy", role.ARN, "delete inline policy "+policy, func(ctx context.Context, api API) error {
			_, err := api.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &role.Name, PolicyName: &policy})
			return err
		})
	}
}

// instanceProfilesOf lists all instance profiles that a role is in.
func (p *planner) instanceProfilesOf(ctx context.Context, role string) ([]nhiscan.InstanceProfile, error) {
	var list []nhiscan.InstanceProfile
	err := pages(ctx, "iam:ListInstanceProfilesForRole", role, func(marker *string) (bool, *string, error) {
		out, err := p.api.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: &role, Marker: marker})
		switch {
		case err != nil:
			return false, nil, err
		case out.InstanceProfiles == nil:
			return false, nil, emptyAnswer("iam:ListInstanceProfilesForRole", role)
		}
		for _, i := range out.InstanceProfiles {
			list = append(list, nhiscan.InstanceProfile{Name: aws.ToString(i.InstanceProfileName), ARN: aws.ToString(i.Arn), Path: aws.ToString(i.Path)})
		}
		return out.IsTruncated, out.Marker, nil
	})
	return list, err
}
