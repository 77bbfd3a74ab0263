package manage

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// CreateUser creates a user without credentials and permissions.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
type CreateUser struct {
	UserName            string            `json:"user_name" doc:"Name of the new user"`
	Path                string            `json:"path,omitzero" doc:"Path, such as /service/" default:"/"`
	PermissionsBoundary string            `json:"permissions_boundary,omitzero" doc:"ARN of the managed policy that bounds it"`
	Tags                map[string]string `json:"tags,omitzero" doc:"Tags by key"`
}

// DeleteUser deletes a user. Without Force it fails for one that has anything left:
// credentials, policies, groups. With Force all that goes first.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users_remove.html
type DeleteUser struct {
	UserName string `json:"user_name" doc:"Name or ARN"`
	Force    bool   `json:"force,omitzero" doc:"Delete its credentials, policies and memberships too"`
}

// Kind implements [Change].
func (CreateUser) Kind() string { return "create_user" }

// Kind implements [Change].
func (DeleteUser) Kind() string { return "delete_user" }

func userKinds() []Kind {
	return []Kind{
		{
			Name: "create_user", Title: "Create a user", zero: CreateUser{},
			Description: "Creates an IAM user, without credentials and permissions.",
			Actions:     actions(guardActions(), []string{"iam:GetUser", "iam:GetPolicy", "iam:CreateUser", "iam:TagUser"}),
		},
		{
			Name: "delete_user", Title: "Delete a user", zero: DeleteUser{}, Destructive: true, Idempotent: true,
			Description: "Deletes an IAM user. With force, all its credentials, policies and group memberships first; without, a user that has any is refused.",
			Actions: actions(collect.Actions()["User"], []string{
				"iam:DeleteLoginProfile", "iam:DeleteAccessKey", "iam:DeleteSigningCertificate", "iam:DeleteSSHPublicKey",
				"iam:DeleteServiceSpecificCredential", "iam:ListVirtualMFADevices", "iam:DeactivateMFADevice", "iam:DeleteVirtualMFADevice", "iam:DeleteUserPolicy",
				"iam:DetachUserPolicy", "iam:RemoveUserFromGroup", "iam:DeleteUser",
			}),
		},
	}
}

func (c CreateUser) plan(ctx context.Context, p *planner) error {
	name, err := p.newName("user", "user_name", c.UserName)
	if err != nil {
		return err
	}
	path, err := p.path(c.Path)
	if err != nil {
		return err
	}
	tags, err := p.tags(c.Tags)
	if err != nil {
		return err
	}
	if err := p.boundaryARN(c.PermissionsBoundary); err != nil {
		return err
	}
	err = p.absent(ctx, "iam:GetUser", "iam:CreateUser", name, "user "+name, func() (bool, error) {
		out, err := p.api.GetUser(ctx, &iam.GetUserInput{UserName: &name})
		return err == nil && out.User != nil, err
	})
	if err != nil {
		return err
	}
	if err := p.boundaryExists(ctx, c.PermissionsBoundary); err != nil {
		return err
	}
	in := &iam.CreateUserInput{UserName: &name, Path: &path, Tags: tags}
	does := "create user " + name
	if c.PermissionsBoundary != "" {
		in.PermissionsBoundary = &c.PermissionsBoundary
		does += ", bounded by " + c.PermissionsBoundary
	}
	c.UserName, c.Path = name, path
	p.made.Change = c
	p.target(p.arn("user"+path+name), name)
	p.summary("%s", does)
	p.create("iam:CreateUser", p.made.Target, does, func(ctx context.Context, api API, r *Result) error {
		out, err := api.CreateUser(ctx, in, once)
		if err == nil && out.User != nil {
			r.ARN, r.ID = aws.ToString(out.User.Arn), aws.ToString(out.User.UserId)
		}
		return err
	})
	user := draftUser(p.made.Target, in)
	p.after(func(d *draft) { d.addUser(user) }, user.ARN) // trust policies may know it by its name, path or tags
	return nil
}

// draftUser is the user that CreateUser makes.
func draftUser(arn string, in *iam.CreateUserInput) nhiscan.User {
	return nhiscan.User{
		Name: *in.UserName, ARN: arn, Path: *in.Path,
		PermissionsBoundary: aws.ToString(in.PermissionsBoundary), Tags: modelTags(in.Tags),
		Known: nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary,
	}
}

// userFacts are what must be known of a user before it is deleted.
const userFacts = nhiscan.FactPassword | nhiscan.FactAccessKeys | nhiscan.FactSigningCertificates | nhiscan.FactSSHPublicKeys |
	nhiscan.FactServiceSpecificCredentials | nhiscan.FactMFADevices | nhiscan.FactInlinePolicies | nhiscan.FactAttachedPolicies | nhiscan.FactGroups

func (c DeleteUser) plan(ctx context.Context, p *planner) error {
	name, err := p.name("user", "user_name", c.UserName)
	if err != nil {
		return err
	}
	a, err := collect.User(ctx, p.api, name, &p.options.Collect)
	if err != nil {
		return err
	}
	u := &a.Users[0]
	p.saw(u.ID)
	if err := p.sameARN("user_name", c.UserName, u.ARN); err != nil {
		return err
	}
	if err := missing(a, u.Known, userFacts); err != nil {
		return err
	}
	c.UserName = u.Name
	p.made.Change = c
	p.made.Destructive = true
	p.target(u.ARN, u.Name)
	p.touches(u.ARN)
	p.warnUserInUse(u)
	p.emptyUser(u)
	left := p.removals()
	if len(p.made.Steps) > 0 && !c.Force {
		return conflict("iam:DeleteUser", u.ARN, fmt.Sprintf("user %s has %s: with force they are deleted first", u.Name, left))
	}
	if c.Force {
		if err := p.leftoverDevice(ctx, u); err != nil {
			return err
		}
	}
	p.deletionOf("user "+u.Name, left)
	p.remove("iam:DeleteUser", u.ARN, "delete user "+u.Name, func(ctx context.Context, api API) error {
		_, err := api.DeleteUser(ctx, &iam.DeleteUserInput{UserName: &u.Name})
		return err
	})
	return nil
}

// emptyUser plans to remove all that stands in the way of a user's deletion, in the
// order of https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html.
func (p *planner) emptyUser(u *nhiscan.User) {
	p.removeCredentials(u)
	p.removePolicies(u)
}

func (p *planner) removeCredentials(u *nhiscan.User) {
	user := &u.Name
	remove := func(action, does string, run stepCall) { p.remove(action, u.ARN, does, run) }
	if u.Password.Enabled {
		remove("iam:DeleteLoginProfile", "delete the console password", func(ctx context.Context, api API) error {
			_, err := api.DeleteLoginProfile(ctx, &iam.DeleteLoginProfileInput{UserName: user})
			return err
		})
	}
	for _, k := range u.AccessKeys {
		remove("iam:DeleteAccessKey", "delete access key "+k.ID, func(ctx context.Context, api API) error {
			_, err := api.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: user, AccessKeyId: &k.ID})
			return err
		})
	}
	for _, c := range u.SigningCertificates {
		remove("iam:DeleteSigningCertificate", "delete signing certificate "+c.ID, func(ctx context.Context, api API) error {
			_, err := api.DeleteSigningCertificate(ctx, &iam.DeleteSigningCertificateInput{UserName: user, CertificateId: &c.ID})
			return err
		})
	}
	for _, k := range u.SSHPublicKeys {
		remove("iam:DeleteSSHPublicKey", "delete SSH public key "+k.ID, func(ctx context.Context, api API) error {
			_, err := api.DeleteSSHPublicKey(ctx, &iam.DeleteSSHPublicKeyInput{UserName: user, SSHPublicKeyId: &k.ID})
			return err
		})
	}
	for _, c := range u.ServiceSpecificCredentials {
		remove("iam:DeleteServiceSpecificCredential", "delete credential "+c.ID+" for "+c.Service, func(ctx context.Context, api API) error {
			_, err := api.DeleteServiceSpecificCredential(ctx, &iam.DeleteServiceSpecificCredentialInput{UserName: user, ServiceSpecificCredentialId: &c.ID})
			return err
		})
	}
	for _, d := range u.MFADevices {
		remove("iam:DeactivateMFADevice", "deactivate MFA device "+d.SerialNumber, func(ctx context.Context, api API) error {
			_, err := api.DeactivateMFADevice(ctx, &iam.DeactivateMFADeviceInput{UserName: user, SerialNumber: &d.SerialNumber})
			return err
		})
		if virtual(d) {
			p.deleteDevice(d.SerialNumber)
		}
	}
}

// removePolicies plans to take the user's policies and memberships away.
func (p *planner) removePolicies(u *nhiscan.User) {
	user := &u.Name
	remove := func(action, does string, run stepCall) { p.remove(action, u.ARN, does, run) }
	for _, i := range u.InlinePolicies {
		remove("iam:DeleteUserPolicy", "delete inline policy "+i.Name, func(ctx context.Context, api API) error {
			_, err := api.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: user, PolicyName: &i.Name})
			return err
		})
	}
	for _, attached := range u.AttachedPolicies {
		remove("iam:DetachUserPolicy", "detach policy "+attached.ARN, func(ctx context.Context, api API) error {
			_, err := api.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: user, PolicyArn: &attached.ARN})
			return err
		})
	}
	for _, group := range u.Groups {
		remove("iam:RemoveUserFromGroup", "remove it from group "+group, func(ctx context.Context, api API) error {
			_, err := api.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{UserName: user, GroupName: &group})
			return err
		})
	}
}
