package manage

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
)

// AddUserToGroup makes a user a member of a group.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html
type AddUserToGroup struct {
	UserName  string `json:"user_name" doc:"Name or ARN of the user"`
	GroupName string `json:"group_name" doc:"Name or ARN of the group"`
}

// RemoveUserFromGroup takes a user out of a group.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html
type RemoveUserFromGroup struct {
	UserName  string `json:"user_name" doc:"Name or ARN of the user"`
	GroupName string `json:"group_name" doc:"Name or ARN of the group"`
}

// Kind implements [Change].
func (AddUserToGroup) Kind() string { return "add_user_to_group" }

// Kind implements [Change].
func (RemoveUserFromGroup) Kind() string { return "remove_user_from_group" }

func membershipKinds() []Kind {
	reads := []string{"iam:GetGroup", "iam:GetUser"}
	return []Kind{
		{
			Name: "add_user_to_group", Title: "Add a user to a group", zero: AddUserToGroup{}, Idempotent: true,
			Description: "Makes an IAM user a member of a group, whose policies it then has.",
			Actions:     actions(guardActions(), reads, []string{"iam:AddUserToGroup"}),
		},
		{
			Name: "remove_user_from_group", Title: "Remove a user from a group", zero: RemoveUserFromGroup{}, Idempotent: true,
			Description: "Takes an IAM user out of a group, whose policies it then no longer has.",
			Actions:     actions(guardActions(), reads, []string{"iam:RemoveUserFromGroup"}),
		},
	}
}

func (c AddUserToGroup) plan(ctx context.Context, p *planner) error {
	u, g, member, err := p.membership(ctx, c.UserName, c.GroupName)
	if err != nil {
		return err
	}
	p.made.Change = AddUserToGroup{u.Name, g.Name}
	p.summary("add user %s to group %s", u.Name, g.Name)
	if member {
		p.note("user %s is in group %s already", u.Name, g.Name)
		return nil
	}
	p.touches(u.ARN)
	p.set("iam:AddUserToGroup", g.ARN, p.made.Summary, func(ctx context.Context, api API) error {
		_, err := api.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: &g.Name, UserName: &u.Name})
		return err
	})
	p.after(func(d *draft) { d.join(u.Name, g.Name) }, u.ARN)
	return nil
}

func (c RemoveUserFromGroup) plan(ctx context.Context, p *planner) error {
	u, g, member, err := p.membership(ctx, c.UserName, c.GroupName)
	if err != nil {
		return err
	}
	p.made.Change = RemoveUserFromGroup{u.Name, g.Name}
	p.summary("remove user %s from group %s", u.Name, g.Name)
	if !member {
		p.note("user %s is not in group %s", u.Name, g.Name)
		return nil
	}
	p.touches(u.ARN)
	p.remove("iam:RemoveUserFromGroup", g.ARN, p.made.Summary, func(ctx context.Context, api API) error {
		_, err := api.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: &g.Name, UserName: &u.Name})
		return err
	})
	p.after(func(d *draft) { d.leave(u.Name, g.Name) }, u.ARN)
	return nil
}

// membership reads the user and the group, which is the target, and whether the one is in the other.
func (p *planner) membership(ctx context.Context, user, group string) (*nhiscan.User, *nhiscan.Group, bool, error) {
	g, members, err := p.findGroup(ctx, "group_name", group)
	if err != nil {
		return nil, nil, false, err
	}
	u, err := p.findUser(ctx, "user_name", user)
	if err != nil {
		return nil, nil, false, err
	}
	p.target(g.ARN, g.Name)
	return u, g, slices.ContainsFunc(members, func(m nhiscan.User) bool { return m.ARN == u.ARN }), nil
}
