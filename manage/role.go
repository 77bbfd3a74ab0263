package manage

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// CreateRole creates a role without permissions.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
type CreateRole struct {
	RoleName                 string            `json:"role_name" doc:"Name of the new role"`
	AssumeRolePolicyDocument string            `json:"assume_role_policy_document" doc:"Trust policy: who may assume the role" text:"json"`
	Path                     string            `json:"path,omitzero" doc:"Path, such as /service/" default:"/"`
	Description              string            `json:"description,omitzero" doc:"What the role is for"`
	MaxSessionDuration       int               `json:"max_session_duration,omitzero" doc:"Longest session in seconds" default:"3600" min:"3600" max:"43200"`
	PermissionsBoundary      string            `json:"permissions_boundary,omitzero" doc:"ARN of the managed policy that bounds it"`
	Tags                     map[string]string `json:"tags,omitzero" doc:"Tags by key"`
}

// UpdateAssumeRolePolicy replaces the trust policy of a role.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
type UpdateAssumeRolePolicy struct {
	RoleName       string `json:"role_name" doc:"Name or ARN"`
	PolicyDocument string `json:"policy_document" doc:"Trust policy: who may assume the role" text:"json"`
}

// Kind implements [Change].
func (CreateRole) Kind() string { return "create_role" }

// Kind implements [Change].
func (UpdateAssumeRolePolicy) Kind() string { return "update_assume_role_policy" }

const (
	minSession     = 3600
	maxSession     = 43200
	maxDescription = 1000
)

func roleKinds() []Kind {
	return []Kind{
		{
			Name: "create_role", Title: "Create a role", zero: CreateRole{},
			Description: "Creates an IAM role with a trust policy, without permissions.",
			Actions:     actions(guardActions(), []string{"iam:GetRole", "iam:GetPolicy", "iam:CreateRole", "iam:TagRole"}),
		},
		deleteRoleKind(),
		{
			Name: "update_assume_role_policy", Title: "Replace the trust policy of a role", zero: UpdateAssumeRolePolicy{}, Idempotent: true,
			Description: "Replaces the trust policy of an IAM role, which says who may assume it.",
			Actions:     actions(guardActions(), []string{"iam:GetRole", "iam:UpdateAssumeRolePolicy"}),
		},
	}
}

func (c CreateRole) plan(ctx context.Context, p *planner) error {
	in, err := p.createRoleInput(c)
	if err != nil {
		return err
	}
	name := *in.RoleName
	err = p.absent(ctx, "iam:GetRole", "iam:CreateRole", name, "role "+name, func() (bool, error) {
		out, err := p.api.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
		return err == nil && out.Role != nil, err
	})
	if err != nil {
		return err
	}
	does := "create role " + name
	if err := p.boundaryExists(ctx, c.PermissionsBoundary); err != nil {
		return err
	}
	if c.PermissionsBoundary != "" {
		in.PermissionsBoundary = &c.PermissionsBoundary
		does += ", bounded by " + c.PermissionsBoundary
	}
	c.RoleName, c.Path, c.AssumeRolePolicyDocument, c.MaxSessionDuration = name, *in.Path, *in.AssumeRolePolicyDocument, int(*in.MaxSessionDuration)
	p.made.Change = c
	p.target(p.arn("role"+*in.Path+name), name)
	p.touches(p.made.Target)
	p.summary("%s", does)
	p.create("iam:CreateRole", p.made.Target, does, func(ctx context.Context, api API, r *Result) error {
		out, err := api.CreateRole(ctx, in, once)
		if err == nil && out.Role != nil {
			r.ARN, r.ID = aws.ToString(out.Role.Arn), aws.ToString(out.Role.RoleId)
		}
		return err
	})
	role := draftRole(p.made.Target, in)
	p.after(func(d *draft) { d.addRole(role) }, role.ARN)
	return nil
}

// createRoleInput checks the arguments; the boundary is not among them.
func (p *planner) createRoleInput(c CreateRole) (*iam.CreateRoleInput, error) {
	name, err := p.newName("role", "role_name", c.RoleName)
	if err != nil {
		return nil, err
	}
	path, err := p.path(c.Path)
	if err != nil {
		return nil, err
	}
	if c.MaxSessionDuration == 0 {
		c.MaxSessionDuration = minSession
	}
	if c.MaxSessionDuration < minSession || c.MaxSessionDuration > maxSession {
		return nil, p.invalid("max_session_duration", "%d seconds: IAM takes %d to %d", c.MaxSessionDuration, minSession, maxSession)
	}
	tags, err := p.tags(c.Tags)
	if err != nil {
		return nil, err
	}
	if err := p.boundaryARN(c.PermissionsBoundary); err != nil {
		return nil, err
	}
	trust, err := p.document("assume_role_policy_document", c.AssumeRolePolicyDocument, policydoc.KindTrust)
	if err != nil {
		return nil, err
	}
	in := &iam.CreateRoleInput{RoleName: &name, Path: &path, AssumeRolePolicyDocument: &trust,
		MaxSessionDuration: aws.Int32(int32(c.MaxSessionDuration)), Tags: tags}
	in.Description, err = p.description(c.Description)
	return in, err
}

// description returns nil for none.
func (p *planner) description(text string) (*string, error) {
	switch n := len([]rune(text)); {
	case n == 0:
		return nil, nil
	case n > maxDescription:
		return nil, p.invalid("description", "has %d characters: IAM takes at most %d", n, maxDescription)
	}
	return &text, nil
}

// draftRole is the role that CreateRole makes.
func draftRole(arn string, in *iam.CreateRoleInput) nhiscan.Role {
	return nhiscan.Role{
		Name: *in.RoleName, ARN: arn, Path: *in.Path,
		TrustPolicy:         nhiscan.NewPolicyDocument(*in.AssumeRolePolicyDocument),
		MaxSessionDuration:  time.Duration(*in.MaxSessionDuration) * time.Second,
		PermissionsBoundary: aws.ToString(in.PermissionsBoundary), Tags: modelTags(in.Tags),
		Known: nhiscan.FactTags | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary |
			nhiscan.FactTrustPolicy | nhiscan.FactInstanceProfiles | nhiscan.FactRoleLastUsed | nhiscan.FactRoleSettings,
	}
}

func (c UpdateAssumeRolePolicy) plan(ctx context.Context, p *planner) error {
	if _, err := p.name("role", "role_name", c.RoleName); err != nil {
		return err
	}
	trust, err := p.document("policy_document", c.PolicyDocument, policydoc.KindTrust)
	if err != nil {
		return err
	}
	role, err := p.findRole(ctx, "role_name", c.RoleName)
	if err != nil {
		return err
	}
	p.made.Change = UpdateAssumeRolePolicy{role.Name, trust}
	p.target(role.ARN, role.Name)
	p.summary("replace the trust policy of role %s", role.Name)
	if sameDocument(role.TrustPolicy, nhiscan.NewPolicyDocument(trust)) {
		p.note("role %s has this trust policy already", role.Name)
		return nil
	}
	p.touches(role.ARN)
	p.set("iam:UpdateAssumeRolePolicy", role.ARN, p.made.Summary, func(ctx context.Context, api API) error {
		_, err := api.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: &role.Name, PolicyDocument: &trust})
		return err
	})
	p.after(func(d *draft) { d.role(role.Name).TrustPolicy = nhiscan.NewPolicyDocument(trust) }, role.ARN)
	return nil
}
