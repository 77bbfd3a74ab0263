package manage

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// CreateInstanceProfile creates an instance profile without a role.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html
type CreateInstanceProfile struct {
	InstanceProfileName string `json:"instance_profile_name" doc:"Name of the new instance profile"`
	Path                string `json:"path,omitzero" doc:"Path, such as /service/" default:"/"`
}

// DeleteInstanceProfile deletes an instance profile that has no role. EC2 instances
// that have it lose it.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html
type DeleteInstanceProfile struct {
	InstanceProfileName string `json:"instance_profile_name" doc:"Name or ARN"`
}

// Kind implements [Change].
func (CreateInstanceProfile) Kind() string { return "create_instance_profile" }

// Kind implements [Change].
func (DeleteInstanceProfile) Kind() string { return "delete_instance_profile" }

func instanceProfileKinds() []Kind {
	return slices.Concat([]Kind{
		{
			Name: "create_instance_profile", Title: "Create an instance profile", zero: CreateInstanceProfile{},
			Description: "Creates an instance profile, which hands a role to EC2 instances, without a role.",
			Actions:     actions([]string{"iam:GetInstanceProfile", "iam:CreateInstanceProfile"}),
		},
		{
			Name: "delete_instance_profile", Title: "Delete an instance profile", zero: DeleteInstanceProfile{}, Destructive: true, Idempotent: true,
			Description: "Deletes an instance profile. One that has a role is refused: remove the role from it first.",
			Actions:     actions([]string{"iam:GetInstanceProfile", "iam:DeleteInstanceProfile"}),
		},
	}, profileRoleKinds())
}

func (c CreateInstanceProfile) plan(ctx context.Context, p *planner) error {
	name, err := p.newName("instance-profile", "instance_profile_name", c.InstanceProfileName)
	if err != nil {
		return err
	}
	path, err := p.path(c.Path)
	if err != nil {
		return err
	}
	err = p.absent(ctx, "iam:GetInstanceProfile", "iam:CreateInstanceProfile", name, "instance profile "+name, func() (bool, error) {
		out, err := p.api.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: &name})
		return err == nil && out.InstanceProfile != nil, err
	})
	if err != nil {
		return err
	}
	p.made.Change = CreateInstanceProfile{name, path}
	p.target(p.arn("instance-profile"+path+name), name)
	p.summary("create instance profile %s", name)
	p.create("iam:CreateInstanceProfile", p.made.Target, p.made.Summary, func(ctx context.Context, api API, r *Result) error {
		out, err := api.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: &name, Path: &path}, once)
		if err == nil && out.InstanceProfile != nil {
			r.ARN, r.ID = aws.ToString(out.InstanceProfile.Arn), aws.ToString(out.InstanceProfile.InstanceProfileId)
		}
		return err
	})
	return nil
}

func (c DeleteInstanceProfile) plan(ctx context.Context, p *planner) error {
	profile, roles, err := p.findInstanceProfile(ctx, c.InstanceProfileName)
	if err != nil {
		return err
	}
	if len(roles) > 0 {
		return conflict("iam:DeleteInstanceProfile", profile.ARN, fmt.Sprintf("instance profile %s has role %s: remove that from it first", profile.Name, and(roles)))
	}
	p.made.Change = DeleteInstanceProfile{profile.Name}
	p.made.Destructive = true
	p.target(profile.ARN, profile.Name)
	p.summary("delete instance profile %s", profile.Name)
	p.remove("iam:DeleteInstanceProfile", profile.ARN, p.made.Summary, func(ctx context.Context, api API) error {
		_, err := api.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: &profile.Name})
		return err
	})
	return nil
}

// findInstanceProfile reads the instance profile, with the names of its roles: one or none.
func (p *planner) findInstanceProfile(ctx context.Context, nameOrARN string) (nhiscan.InstanceProfile, []string, error) {
	name, err := p.name("instance-profile", "instance_profile_name", nameOrARN)
	if err != nil {
		return nhiscan.InstanceProfile{}, nil, err
	}
	profile, roles, err := readInstanceProfile(ctx, p.api, name)
	if err == nil {
		err = p.sameARN("instance_profile_name", nameOrARN, profile.ARN)
	}
	return profile, roles, err
}

func readInstanceProfile(ctx context.Context, api API, name string) (nhiscan.InstanceProfile, []string, error) {
	out, err := api.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: &name})
	switch {
	case err != nil:
		return nhiscan.InstanceProfile{}, nil, collect.NewError(ctx, "iam:GetInstanceProfile", name, err)
	case out.InstanceProfile == nil || out.InstanceProfile.Arn == nil:
		return nhiscan.InstanceProfile{}, nil, emptyAnswer("iam:GetInstanceProfile", name)
	}
	var roles []string
	for _, r := range out.InstanceProfile.Roles {
		roles = append(roles, aws.ToString(r.RoleName))
	}
	return nhiscan.InstanceProfile{
		Name: aws.ToString(out.InstanceProfile.InstanceProfileName), ARN: *out.InstanceProfile.Arn,
		ID: aws.ToString(out.InstanceProfile.InstanceProfileId), Path: aws.ToString(out.InstanceProfile.Path),
	}, roles, nil
}
