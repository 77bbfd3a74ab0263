package manage

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/policydoc"
)

// PutUserPolicy gives a user an inline policy, in the place of one of that name.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
type PutUserPolicy struct {
	UserName       string `json:"user_name" doc:"Name or ARN"`
	PolicyName     string `json:"policy_name" doc:"Name of the inline policy"`
	PolicyDocument string `json:"policy_document" doc:"What it allows and denies" text:"json"`
}

// PutGroupPolicy gives a group an inline policy, in the place of one of that name.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html
type PutGroupPolicy struct {
	GroupName      string `json:"group_name" doc:"Name or ARN"`
	PolicyName     string `json:"policy_name" doc:"Name of the inline policy"`
	PolicyDocument string `json:"policy_document" doc:"What it allows and denies" text:"json"`
}

// PutRolePolicy gives a role an inline policy, in the place of one of that name.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
type PutRolePolicy struct {
	RoleName       string `json:"role_name" doc:"Name or ARN"`
	PolicyName     string `json:"policy_name" doc:"Name of the inline policy"`
	PolicyDocument string `json:"policy_document" doc:"What it allows and denies" text:"json"`
}

// DeleteUserPolicy deletes an inline policy of a user.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html
type DeleteUserPolicy struct {
	UserName   string `json:"user_name" doc:"Name or ARN"`
	PolicyName string `json:"policy_name" doc:"Name of the inline policy"`
}

// DeleteGroupPolicy deletes an inline policy of a group.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html
type DeleteGroupPolicy struct {
	GroupName  string `json:"group_name" doc:"Name or ARN"`
	PolicyName string `json:"policy_name" doc:"Name of the inline policy"`
}

// DeleteRolePolicy deletes an inline policy of a role.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html
type DeleteRolePolicy struct {
	RoleName   string `json:"role_name" doc:"Name or ARN"`
	PolicyName string `json:"policy_name" doc:"Name of the inline policy"`
}

// Kind implements [Change].
func (PutUserPolicy) Kind() string { return "put_user_policy" }

// Kind implements [Change].
func (PutGroupPolicy) Kind() string { return "put_group_policy" }

// Kind implements [Change].
func (PutRolePolicy) Kind() string { return "put_role_policy" }

// Kind implements [Change].
func (DeleteUserPolicy) Kind() string { return "delete_user_policy" }

// Kind implements [Change].
func (DeleteGroupPolicy) Kind() string { return "delete_group_policy" }

// Kind implements [Change].
func (DeleteRolePolicy) Kind() string { return "delete_role_policy" }

func inlinePolicyKinds() []Kind {
	calls := func(of, verb string) []string {
		return actions(guardActions(), []string{"iam:Get" + title(of), "iam:Get" + title(of) + "Policy", "iam:" + title(verb) + title(of) + "Policy"})
	}
	put := func(of string, zero Change) Kind {
		return Kind{
			Name: "put_" + of + "_policy", Title: "Put an inline policy on a " + of, zero: zero, Idempotent: true,
			Description: "Gives an IAM " + of + " an inline policy. One of that name is replaced.", Actions: calls(of, "put"),
		}
	}
	remove := func(of string, zero Change) Kind {
		return Kind{
			Name: "delete_" + of + "_policy", Title: "Delete an inline policy of a " + of, zero: zero, Destructive: true, Idempotent: true,
			Description: "Deletes an inline policy of an IAM " + of + ".", Actions: calls(of, "delete"),
		}
	}
	return []Kind{
		put("user", PutUserPolicy{}), remove("user", DeleteUserPolicy{}),
		put("group", PutGroupPolicy{}), remove("group", DeleteGroupPolicy{}),
		put("role", PutRolePolicy{}), remove("role", DeleteRolePolicy{}),
	}
}

func (c PutUserPolicy) plan(ctx context.Context, p *planner) error {
	return p.putInline(ctx, collect.IdentityUser, c.UserName, c.PolicyName, c.PolicyDocument, func(name, document string) (Change, stepCall) {
		return PutUserPolicy{name, c.PolicyName, document}, func(ctx context.Context, api API) error {
			_, err := api.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: &c.PolicyName, PolicyDocument: &document})
			return err
		}
	})
}

func (c PutGroupPolicy) plan(ctx context.Context, p *planner) error {
	return p.putInline(ctx, collect.IdentityGroup, c.GroupName, c.PolicyName, c.PolicyDocument, func(name, document string) (Change, stepCall) {
		return PutGroupPolicy{name, c.PolicyName, document}, func(ctx context.Context, api API) error {
			_, err := api.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: &name, PolicyName: &c.PolicyName, PolicyDocument: &document})
			return err
		}
	})
}

func (c PutRolePolicy) plan(ctx context.Context, p *planner) error {
	return p.putInline(ctx, collect.IdentityRole, c.RoleName, c.PolicyName, c.PolicyDocument, func(name, document string) (Change, stepCall) {
		return PutRolePolicy{name, c.PolicyName, document}, func(ctx context.Context, api API) error {
			_, err := api.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: &c.PolicyName, PolicyDocument: &document})
			return err
		}
	})
}

func (c DeleteUserPolicy) plan(ctx context.Context, p *planner) error {
	return p.deleteInline(ctx, collect.IdentityUser, c.UserName, c.PolicyName, func(name string) (Change, stepCall) {
		return DeleteUserPolicy{name, c.PolicyName}, func(ctx context.Context, api API) error {
			_, err := api.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: &name, PolicyName: &c.PolicyName})
			return err
		}
	})
}

func (c DeleteGroupPolicy) plan(ctx context.Context, p *planner) error {
	return p.deleteInline(ctx, collect.IdentityGroup, c.GroupName, c.PolicyName, func(name string) (Change, stepCall) {
		return DeleteGroupPolicy{name, c.PolicyName}, func(ctx context.Context, api API) error {
			_, err := api.DeleteGroupPolicy(ctx, &iam.DeleteGroupPolicyInput{GroupName: &name, PolicyName: &c.PolicyName})
			return err
		}
	})
}

func (c DeleteRolePolicy) plan(ctx context.Context, p *planner) error {
	return p.deleteInline(ctx, collect.IdentityRole, c.RoleName, c.PolicyName, func(name string) (Change, stepCall) {
		return DeleteRolePolicy{name, c.PolicyName}, func(ctx context.Context, api API) error {
			_, err := api.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: &c.PolicyName})
			return err
		}
	})
}

// putInline plans to put an inline policy. The change is made for the name and the
// document as they turn out to be.
func (p *planner) putInline(ctx context.Context, kind collect.IdentityKind, nameOrARN, policy, text string, change func(name, document string) (Change, stepCall)) error {
	argument := string(kind) + "_name"
	if _, err := p.name(string(kind), argument, nameOrARN); err != nil {
		return err
	}
	if err := p.checkName("policy_name", policy, maxName("policy")); err != nil {
		return err
	}
	document, err := p.document("policy_document", text, policydoc.KindIdentity)
	if err != nil {
		return err
	}
	id, err := p.identity(ctx, kind, argument, nameOrARN)
	if err != nil {
		return err
	}
	made, call := change(id.name, document)
	p.made.Change = made
	p.target(id.arn, id.name)
	there, err := collect.InlinePolicy(ctx, p.api, kind, id.name, policy)
	switch {
	case err == nil && sameDocument(there.Document, nhiscan.NewPolicyDocument(document)):
		p.summary("put inline policy %s on %s", policy, id)
		p.note("%s has inline policy %s with this document already", id, policy)
		return nil
	case err == nil:
		p.summary("replace inline policy %s of %s", policy, id)
	case errors.Is(err, collect.ErrNotFound):
		p.summary("create inline policy %s of %s", policy, id)
	default:
		return err
	}
	p.touches(id.arn)
	p.set("iam:Put"+title(string(kind))+"Policy", id.arn, p.made.Summary, call)
	p.after(func(d *draft) {
		list := id.inline(d)
		*list = putInline(*list, policy, document)
	}, id.holders...)
	return nil
}

func (p *planner) deleteInline(ctx context.Context, kind collect.IdentityKind, nameOrARN, policy string, change func(name string) (Change, stepCall)) error {
	if err := p.checkName("policy_name", policy, maxName("policy")); err != nil {
		return err
	}
	id, err := p.identity(ctx, kind, string(kind)+"_name", nameOrARN)
	if err != nil {
		return err
	}
	if _, err := collect.InlinePolicy(ctx, p.api, kind, id.name, policy); err != nil {
		return err
	}
	made, call := change(id.name)
	p.made.Change = made
	p.made.Destructive = true
	p.target(id.arn, id.name)
	p.summary("delete inline policy %s of %s", policy, id)
	p.touches(id.arn)
	p.remove("iam:Delete"+title(string(kind))+"Policy", id.arn, p.made.Summary, call)
	p.after(func(d *draft) {
		list := id.inline(d)
		*list = droppedInline(*list, policy)
	}, id.holders...)
	return nil
}
