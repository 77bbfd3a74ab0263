package manage

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// AttachUserPolicy attaches a managed policy to a user.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html
type AttachUserPolicy struct {
	UserName  string `json:"user_name" doc:"Name or ARN"`
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
}

// AttachGroupPolicy attaches a managed policy to a group.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html
type AttachGroupPolicy struct {
	GroupName string `json:"group_name" doc:"Name or ARN"`
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
}

// AttachRolePolicy attaches a managed policy to a role.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
type AttachRolePolicy struct {
	RoleName  string `json:"role_name" doc:"Name or ARN"`
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
}

// DetachUserPolicy detaches a managed policy from a user.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html
type DetachUserPolicy struct {
	UserName  string `json:"user_name" doc:"Name or ARN"`
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
}

// DetachGroupPolicy detaches a managed policy from a group.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachGroupPolicy.html
type DetachGroupPolicy struct {
	GroupName string `json:"group_name" doc:"Name or ARN"`
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
}

// DetachRolePolicy detaches a managed policy from a role.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html
type DetachRolePolicy struct {
	RoleName  string `json:"role_name" doc:"Name or ARN"`
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
}

// Kind implements [Change].
func (AttachUserPolicy) Kind() string { return "attach_user_policy" }

// Kind implements [Change].
func (AttachGroupPolicy) Kind() string { return "attach_group_policy" }

// Kind implements [Change].
func (AttachRolePolicy) Kind() string { return "attach_role_policy" }

// Kind implements [Change].
func (DetachUserPolicy) Kind() string { return "detach_user_policy" }

// Kind implements [Change].
func (DetachGroupPolicy) Kind() string { return "detach_group_policy" }

// Kind implements [Change].
func (DetachRolePolicy) Kind() string { return "detach_role_policy" }

func attachKinds() []Kind {
	kind := func(verb, preposition, of, does string, zero Change) Kind {
		return Kind{
			Name: verb + "_" + of + "_policy", zero: zero, Idempotent: true,
			Title:       fmt.Sprintf("%s a managed policy %s a %s", title(verb), preposition, of),
			Description: does,
			Actions: actions(guardActions(), []string{
				"iam:Get" + title(of), "iam:ListAttached" + title(of) + "Policies", "iam:GetPolicy", "iam:" + title(verb) + title(of) + "Policy",
			}),
		}
	}
	return []Kind{
		kind("attach", "to", "user", "Attaches a managed policy to an IAM user.", AttachUserPolicy{}),
		kind("detach", "from", "user", "Detaches a managed policy from an IAM user.", DetachUserPolicy{}),
		kind("attach", "to", "group", "Attaches a managed policy to an IAM group, for all its members.", AttachGroupPolicy{}),
		kind("detach", "from", "group", "Detaches a managed policy from an IAM group.", DetachGroupPolicy{}),
		kind("attach", "to", "role", "Attaches a managed policy to an IAM role.", AttachRolePolicy{}),
		kind("detach", "from", "role", "Detaches a managed policy from an IAM role.", DetachRolePolicy{}),
	}
}

func (c AttachUserPolicy) plan(ctx context.Context, p *planner) error {
	return p.attach(ctx, collect.IdentityUser, c.UserName, c.PolicyARN, func(name string) (Change, stepCall) {
		return AttachUserPolicy{name, c.PolicyARN}, func(ctx context.Context, api API) error {
			_, err := api.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: &name, PolicyArn: &c.PolicyARN})
			return err
		}
	})
}

func (c AttachGroupPolicy) plan(ctx context.Context, p *planner) error {
	return p.attach(ctx, collect.IdentityGroup, c.GroupName, c.PolicyARN, func(name string) (Change, stepCall) {
		return AttachGroupPolicy{name, c.PolicyARN}, func(ctx context.Context, api API) error {
			_, err := api.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: &name, PolicyArn: &c.PolicyARN})
			return err
		}
	})
}

func (c AttachRolePolicy) plan(ctx context.Context, p *planner) error {
	return p.attach(ctx, collect.IdentityRole, c.RoleName, c.PolicyARN, func(name string) (Change, stepCall) {
		return AttachRolePolicy{name, c.PolicyARN}, func(ctx context.Context, api API) error {
			_, err := api.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: &name, PolicyArn: &c.PolicyARN})
			return err
		}
	})
}

func (c DetachUserPolicy) plan(ctx context.Context, p *planner) error {
	return p.detach(ctx, collect.IdentityUser, c.UserName, c.PolicyARN, func(name string) (Change, stepCall) {
		return DetachUserPolicy{name, c.PolicyARN}, func(ctx context.Context, api API) error {
			_, err := api.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: &name, PolicyArn: &c.PolicyARN})
			return err
		}
	})
}

func (c DetachGroupPolicy) plan(ctx context.Context, p *planner) error {
	return p.detach(ctx, collect.IdentityGroup, c.GroupName, c.PolicyARN, func(name string) (Change, stepCall) {
		return DetachGroupPolicy{name, c.PolicyARN}, func(ctx context.Context, api API) error {
			_, err := api.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: &name, PolicyArn: &c.PolicyARN})
			return err
		}
	})
}

func (c DetachRolePolicy) plan(ctx context.Context, p *planner) error {
	return p.detach(ctx, collect.IdentityRole, c.RoleName, c.PolicyARN, func(name string) (Change, stepCall) {
		return DetachRolePolicy{name, c.PolicyARN}, func(ctx context.Context, api API) error {
			_, err := api.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: &name, PolicyArn: &c.PolicyARN})
			return err
		}
	})
}

// attach plans to attach a managed policy. The change is made for the name as it
// turns out to be.
func (p *planner) attach(ctx context.Context, kind collect.IdentityKind, nameOrARN, policyARN string, change func(name string) (Change, stepCall)) error {
	id, has, err := p.attachment(ctx, kind, nameOrARN, policyARN)
	if err != nil {
		return err
	}
	made, call := change(id.name)
	p.made.Change = made
	p.summary("attach policy %s to %s", policyARN, id)
	if has {
		p.note("policy %s is attached to %s already", policyARN, id)
		return nil
	}
	if err := p.attachable(ctx, "policy_arn", policyARN); err != nil {
		return err
	}
	p.touches(id.arn)
	p.set("iam:Attach"+title(string(kind))+"Policy", id.arn, p.made.Summary, call)
	p.after(func(d *draft) {
		list := id.attached(d)
		*list = attached(*list, policyARN)
	}, id.holders...)
	return nil
}

func (p *planner) detach(ctx context.Context, kind collect.IdentityKind, nameOrARN, policyARN string, change func(name string) (Change, stepCall)) error {
	id, has, err := p.attachment(ctx, kind, nameOrARN, policyARN)
	if err != nil {
		return err
	}
	made, call := change(id.name)
	p.made.Change = made
	p.summary("detach policy %s from %s", policyARN, id)
	if !has { // which may be so because the ARN is not right
		_, err := p.findPolicy(ctx, policyARN)
		p.note("policy %s is not attached to %s", policyARN, id)
		return err
	}
	p.touches(id.arn)
	p.remove("iam:Detach"+title(string(kind))+"Policy", id.arn, p.made.Summary, call)
	p.after(func(d *draft) {
		list := id.attached(d)
		*list = detached(*list, policyARN)
	}, id.holders...)
	return nil
}

// attachment checks the arguments and reads who the policy is attached to, or is to
// be, which is the target.
func (p *planner) attachment(ctx context.Context, kind collect.IdentityKind, nameOrARN, policyARN string) (id identity, has bool, err error) {
	if err := p.policyARN("policy_arn", policyARN); err != nil {
		return identity{}, false, err
	}
	id, err = p.identity(ctx, kind, string(kind)+"_name", nameOrARN)
	if err != nil {
		return identity{}, false, err
	}
	p.target(id.arn, id.name)
	list, err := collect.AttachedPolicies(ctx, p.api, id.kind, id.name)
	return id, slices.ContainsFunc(list, func(a nhiscan.AttachedPolicy) bool { return a.ARN == policyARN }), err
}
