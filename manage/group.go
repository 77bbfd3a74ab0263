package manage

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// CreateGroup creates a group without members and policies.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html
type CreateGroup struct {
	GroupName string `json:"group_name" doc:"Name of the new group"`
	Path      string `json:"path,omitzero" doc:"Path, such as /team/" default:"/"`
}

// DeleteGroup deletes a group. Without Force it fails for one that has members or
// policies. With Force its members leave it and its policies go first.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
type DeleteGroup struct {
	GroupName string `json:"group_name" doc:"Name or ARN"`
	Force     bool   `json:"force,omitzero" doc:"Remove its members and policies too"`
}

// Kind implements [Change].
func (CreateGroup) Kind() string { return "create_group" }

// Kind implements [Change].
func (DeleteGroup) Kind() string { return "delete_group" }

func groupKinds() []Kind {
	return []Kind{
		{
			Name: "create_group", Title: "Create a group", zero: CreateGroup{},
			Description: "Creates an IAM group, without members and policies.",
			Actions:     actions([]string{"iam:GetGroup", "iam:CreateGroup"}),
		},
		{
			Name: "delete_group", Title: "Delete a group", zero: DeleteGroup{}, Destructive: true, Idempotent: true,
			Description: "Deletes an IAM group. With force, its members leave it and its policies go first; without, a group that has any is refused.",
			Actions: actions(guardActions(), []string{
				"iam:GetGroup", "iam:ListAttachedGroupPolicies", "iam:ListGroupPolicies",
				"iam:RemoveUserFromGroup", "iam:DetachGroupPolicy", "iam:DeleteGroupPolicy", "iam:DeleteGroup",
			}),
		},
	}
}

func (c CreateGroup) plan(ctx context.Context, p *planner) error {
	name, err := p.newName("group", "group_name", c.GroupName)
	if err != nil {
		return err
	}
	path, err := p.path(c.Path)
	if err != nil {
		return err
	}
	err = p.absent(ctx, "iam:GetGroup", "iam:CreateGroup", name, "group "+name, func() (bool, error) {
		out, err := p.api.GetGroup(ctx, &iam.GetGroupInput{GroupName: &name, MaxItems: aws.Int32(1)})
		return err == nil && out.Group != nil, err
	})
	if err != nil {
		return err
	}
	c.GroupName = name
	p.made.Change = c
	p.target(p.arn("group"+path+name), name)
	p.summary("create group %s", name)
	p.create("iam:CreateGroup", p.made.Target, p.made.Summary, func(ctx context.Context, api API, r *Result) error {
		out, err := api.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: &name, Path: &path}, once)
		if err == nil && out.Group != nil {
			r.ARN, r.ID = aws.ToString(out.Group.Arn), aws.ToString(out.Group.GroupId)
		}
		return err
	})
	return nil
}

func (c DeleteGroup) plan(ctx context.Context, p *planner) error {
	g, members, err := p.findGroup(ctx, "group_name", c.GroupName)
	if err != nil {
		return err
	}
	if g.AttachedPolicies, err = collect.AttachedPolicies(ctx, p.api, collect.IdentityGroup, g.Name); err != nil {
		return err
	}
	inline, err := collect.InlinePolicies(ctx, p.api, collect.IdentityGroup, g.Name)
	if err != nil {
		return err
	}
	c.GroupName = g.Name
	p.made.Change = c
	p.made.Destructive = true
	p.target(g.ARN, g.Name)
	p.touches(g.ARN)
	p.emptyGroup(g, members, inline)
	left := p.removals(removalWord{"iam:RemoveUserFromGroup", "1 member", "%d members"})
	if left != "" && !c.Force {
		return conflict("iam:DeleteGroup", g.ARN, fmt.Sprintf("group %s has %s: with force they go first", g.Name, left))
	}
	p.deletionOf("group "+g.Name, left)
	p.remove("iam:DeleteGroup", g.ARN, "delete group "+g.Name, func(ctx context.Context, api API) error {
		_, err := api.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: &g.Name})
		return err
	})
	if len(members) > 0 { // a group may forbid, too
		p.after(func(d *draft) {
			for _, u := range members {
				d.leave(u.Name, g.Name)
			}
		}, arnsOf(members)...)
	}
	return nil
}

// emptyGroup plans to remove all that stands in the way of a group's deletion.
func (p *planner) emptyGroup(g *nhiscan.Group, members []nhiscan.User, inline []string) {
	remove := func(action, does string, run stepCall) { p.remove(action, g.ARN, does, run) }
	for _, u := range members {
		remove("iam:RemoveUserFromGroup", "remove user "+u.Name+" from it", func(ctx context.Context, api API) error {
			_, err := api.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: &g.Name, UserName: &u.Name})
			return err
		})
	}
	for _, attached := range g.AttachedPolicies {
		remove("iam:DetachGroupPolicy", "detach policy "+attached.ARN, func(ctx context.Context, api API) error {
			_, err := api.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: &g.Name, PolicyArn: &attached.ARN})
			return err
		})
	}
	for _, policy := range inline {
		remove("iam:DeleteGroupPolicy", "delete inline policy "+policy, func(ctx context.Context, api API) error {
			_, err := api.DeleteGroupPolicy(ctx, &iam.DeleteGroupPolicyInput{GroupName: &g.Name, PolicyName: &policy})
			return err
		})
	}
}
