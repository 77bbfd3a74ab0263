package manage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan/collect"
)

// SetPermissionsBoundary bounds a user or role by a managed policy, in the place of
// one that bounds it already.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html
type SetPermissionsBoundary struct {
	IdentityName string `json:"identity_name" doc:"Name or ARN of the user or role"`
	PolicyARN    string `json:"policy_arn" doc:"ARN of the managed policy"`
	IdentityType string `json:"identity_type,omitzero" doc:"Which of them it is" enum:"user,role" default:"user"`
}

// DeletePermissionsBoundary takes a user's or role's permissions boundary away.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html
type DeletePermissionsBoundary struct {
	IdentityName string `json:"identity_name" doc:"Name or ARN of the user or role"`
	IdentityType string `json:"identity_type,omitzero" doc:"Which of them it is" enum:"user,role" default:"user"`
}

// Kind implements [Change].
func (SetPermissionsBoundary) Kind() string { return "set_permissions_boundary" }

// Kind implements [Change].
func (DeletePermissionsBoundary) Kind() string { return "delete_permissions_boundary" }

func boundaryKinds() []Kind {
	return []Kind{
		{
			Name: "set_permissions_boundary", Title: "Bound a user or role", zero: SetPermissionsBoundary{}, Idempotent: true,
			Description: "Makes a managed policy the permissions boundary of an IAM user or role, which can then do at most what it allows.",
			Actions: actions(guardActions(), []string{
				"iam:GetUser", "iam:GetRole", "iam:GetPolicy", "iam:PutUserPermissionsBoundary", "iam:PutRolePermissionsBoundary",
			}),
		},
		{
			Name: "delete_permissions_boundary", Title: "Remove a permissions boundary", zero: DeletePermissionsBoundary{}, Idempotent: true,
			Description: "Takes the permissions boundary of an IAM user or role away: it can then do all that its policies allow.",
			Actions:     actions(guardActions(), []string{"iam:GetUser", "iam:GetRole", "iam:DeleteUserPermissionsBoundary", "iam:DeleteRolePermissionsBoundary"}),
		},
	}
}

func (c SetPermissionsBoundary) plan(ctx context.Context, p *planner) error {
	if err := p.policyARN("policy_arn", c.PolicyARN); err != nil {
		return err
	}
	id, err := p.userOrRole(ctx, c.IdentityType, c.IdentityName)
	if err != nil {
		return err
	}
	p.made.Change = SetPermissionsBoundary{id.name, c.PolicyARN, string(id.kind)}
	p.summary("bound %s by %s", id, c.PolicyARN)
	switch id.boundary {
	case "":
	case c.PolicyARN:
		p.note("%s is bounded by %s already", id, c.PolicyARN)
		return nil
	default:
		p.summary("bound %s by %s, no longer by %s", id, c.PolicyARN, id.boundary)
	}
	if err := p.attachable(ctx, "policy_arn", c.PolicyARN); err != nil {
		return err
	}
	p.touches(id.arn)
	p.set("iam:Put"+title(string(id.kind))+"PermissionsBoundary", id.arn, p.made.Summary, func(ctx context.Context, api API) error {
		if id.kind == collect.IdentityRole {
			_, err := api.PutRolePermissionsBoundary(ctx, &iam.PutRolePermissionsBoundaryInput{RoleName: &id.name, PermissionsBoundary: &c.PolicyARN})
			return err
		}
		_, err := api.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: &id.name, PermissionsBoundary: &c.PolicyARN})
		return err
	})
	p.after(func(d *draft) { *id.bounded(d) = c.PolicyARN }, id.arn)
	return nil
}

func (c DeletePermissionsBoundary) plan(ctx context.Context, p *planner) error {
	id, err := p.userOrRole(ctx, c.IdentityType, c.IdentityName)
	if err != nil {
		return err
	}
	p.made.Change = DeletePermissionsBoundary{id.name, string(id.kind)}
	p.summary("remove the permissions boundary of %s", id)
	if id.boundary == "" {
		p.note("%s has no permissions boundary", id)
		return nil
	}
	p.summary("remove the permissions boundary of %s, %s", id, id.boundary)
	p.touches(id.arn)
	p.remove("iam:Delete"+title(string(id.kind))+"PermissionsBoundary", id.arn, p.made.Summary, func(ctx context.Context, api API) error {
		if id.kind == collect.IdentityRole {
			_, err := api.DeleteRolePermissionsBoundary(ctx, &iam.DeleteRolePermissionsBoundaryInput{RoleName: &id.name})
			return err
		}
		_, err := api.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: &id.name})
		return err
	})
	p.after(func(d *draft) { *id.bounded(d) = "" }, id.arn)
	return nil
}

// userOrRole reads the identity in the argument identity_name, which is the target. An
// ARN says itself what it is of; a type that says otherwise is an error.
func (p *planner) userOrRole(ctx context.Context, identityType, nameOrARN string) (identity, error) {
	switch {
	case identityType != "" && identityType != "user" && identityType != "role":
		return identity{}, p.invalid("identity_type", "%q is neither user nor role", identityType)
	case identityType == "" && strings.HasPrefix(nameOrARN, "arn:") && strings.Contains(nameOrARN, ":role/"):
		identityType = "role"
	case identityType == "":
		identityType = "user"
	}
	id, err := p.identity(ctx, collect.IdentityKind(identityType), "identity_name", nameOrARN)
	if err == nil {
		p.target(id.arn, id.name)
	}
	return id, err
}
