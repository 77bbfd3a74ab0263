package manage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// AddRoleToInstanceProfile gives a role to an instance profile, which has one at most.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
type AddRoleToInstanceProfile struct {
	RoleName            string `json:"role_name" doc:"Name or ARN of the role"`
	InstanceProfileName string `json:"instance_profile_name" doc:"Name or ARN of the instance profile"`
}

// RemoveRoleFromInstanceProfile takes the role from an instance profile: EC2
// instances that have the profile lose the role's permissions.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html
type RemoveRoleFromInstanceProfile struct {
	RoleName            string `json:"role_name" doc:"Name or ARN of the role"`
	InstanceProfileName string `json:"instance_profile_name" doc:"Name or ARN of the instance profile"`
}

// Kind implements [Change].
func (AddRoleToInstanceProfile) Kind() string { return "add_role_to_instance_profile" }

// Kind implements [Change].
func (RemoveRoleFromInstanceProfile) Kind() string { return "remove_role_from_instance_profile" }

func profileRoleKinds() []Kind {
	reads := []string{"iam:GetInstanceProfile", "iam:GetRole"}
	return []Kind{
		{
			Name: "add_role_to_instance_profile", Title: "Give a role to an instance profile", zero: AddRoleToInstanceProfile{}, Idempotent: true,
			Description: "Gives a role to an instance profile, which has one at most: EC2 instances that have the profile can use the role.",
			Actions:     actions(guardActions(), reads, []string{"iam:AddRoleToInstanceProfile", "iam:PassRole"}),
		},
		{
			Name: "remove_role_from_instance_profile", Title: "Remove a role from an instance profile", zero: RemoveRoleFromInstanceProfile{}, Idempotent: true,
			Description: "Takes the role from an instance profile: EC2 instances that have the profile lose the role's permissions.",
			Actions:     actions(reads, []string{"iam:RemoveRoleFromInstanceProfile"}),
		},
	}
}

func (c AddRoleToInstanceProfile) plan(ctx context.Context, p *planner) error {
	profile, roles, role, err := p.profileAndRole(ctx, c.InstanceProfileName, c.RoleName)
	if err != nil {
		return err
	}
	p.made.Change = AddRoleToInstanceProfile{role.Name, profile.Name}
	p.summary("add role %s to instance profile %s", role.Name, profile.Name)
	switch {
	case isNamed(roles, role.Name):
		p.note("role %s is in instance profile %s already", role.Name, profile.Name)
		return nil
	case len(roles) > 0:
		return &collect.Error{Operation: "iam:AddRoleToInstanceProfile", Resource: profile.ARN, Code: "LimitExceeded",
			Message: fmt.Sprintf("instance profile %s has role %s, and has one at most: remove that from it first", profile.Name, and(roles))}
	}
	p.touches(role.ARN)
	p.set("iam:AddRoleToInstanceProfile", profile.ARN, p.made.Summary, func(ctx context.Context, api API) error {
		_, err := api.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &profile.Name, RoleName: &role.Name})
		if err == nil {
			return nil
		}
		// After a lost answer the SDK asks again, and AWS says that there is a role already.
		if _, now, readErr := readInstanceProfile(ctx, api, profile.Name); readErr == nil && isNamed(now, role.Name) {
			return nil
		}
		return err
	})
	// The guard looks at everybody: who may pass the role can start an instance with it from now on.
	p.after(func(d *draft) {
		r := d.role(role.Name)
		r.InstanceProfiles = with(r.InstanceProfiles, profile)
	}, role.ARN)
	return nil
}

func (c RemoveRoleFromInstanceProfile) plan(ctx context.Context, p *planner) error {
	profile, roles, role, err := p.profileAndRole(ctx, c.InstanceProfileName, c.RoleName)
	if err != nil {
		return err
	}
	p.made.Change = RemoveRoleFromInstanceProfile{role.Name, profile.Name}
	p.summary("remove role %s from instance profile %s", role.Name, profile.Name)
	if !isNamed(roles, role.Name) {
		p.note("role %s is not in instance profile %s", role.Name, profile.Name)
		return nil
	}
	p.touches(role.ARN)
	p.note("instances that run with instance profile %s lose the permissions of role %s", profile.Name, role.Name)
	p.remove("iam:RemoveRoleFromInstanceProfile", profile.ARN, p.made.Summary, func(ctx context.Context, api API) error {
		_, err := api.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: &profile.Name, RoleName: &role.Name})
		return err
	})
	return nil
}

// profileAndRole reads the instance profile, which is the target, the names of its
// roles, and the role.
func (p *planner) profileAndRole(ctx context.Context, profileName, roleName string) (nhiscan.InstanceProfile, []string, *nhiscan.Role, error) {
	profile, roles, err := p.findInstanceProfile(ctx, profileName)
	if err != nil {
		return profile, nil, nil, err
	}
	p.target(profile.ARN, profile.Name)
	role, err := p.findRole(ctx, "role_name", roleName)
	return profile, roles, role, err
}

func isNamed(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}
