package manage

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/policydoc"
)

// The functions of this file read what a change is about with as few calls as it
// takes: who may only change one thing needs no permission to read all.

// findUser reads the user whose name or ARN is in the argument: what GetUser tells.
func (p *planner) findUser(ctx context.Context, argument, nameOrARN string) (*nhiscan.User, error) {
	name, err := p.name("user", argument, nameOrARN)
	if err != nil {
		return nil, err
	}
	out, err := p.api.GetUser(ctx, &iam.GetUserInput{UserName: &name})
	switch {
	case err != nil:
		return nil, collect.NewError(ctx, "iam:GetUser", name, err)
	case out.User == nil || out.User.Arn == nil:
		return nil, emptyAnswer("iam:GetUser", name)
	}
	if err := p.sameARN(argument, nameOrARN, *out.User.Arn); err != nil {
		return nil, err
	}
	p.saw(aws.ToString(out.User.UserId))
	return &nhiscan.User{
		Name: aws.ToString(out.User.UserName), ARN: *out.User.Arn, Path: aws.ToString(out.User.Path),
		CreateDate: aws.ToTime(out.User.CreateDate).UTC(),
		Tags:       modelTags(out.User.Tags), PermissionsBoundary: boundaryOf(out.User.PermissionsBoundary),
		Credentials: nhiscan.Credentials{
			Password: nhiscan.Password{LastUsed: nhiscan.LastUse{Known: true, At: aws.ToTime(out.User.PasswordLastUsed).UTC()}},
		},
	}, nil
}

// findRole is findUser for roles, with what GetRole tells.
func (p *planner) findRole(ctx context.Context, argument, nameOrARN string) (*nhiscan.Role, error) {
	name, err := p.name("role", argument, nameOrARN)
	if err != nil {
		return nil, err
	}
	out, err := p.api.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	switch {
	case err != nil:
		return nil, collect.NewError(ctx, "iam:GetRole", name, err)
	case out.Role == nil || out.Role.Arn == nil:
		return nil, emptyAnswer("iam:GetRole", name)
	}
	if err := p.sameARN(argument, nameOrARN, *out.Role.Arn); err != nil {
		return nil, err
	}
	p.saw(aws.ToString(out.Role.RoleId))
	role := &nhiscan.Role{
		Name: aws.ToString(out.Role.RoleName), ARN: *out.Role.Arn, Path: aws.ToString(out.Role.Path),
		CreateDate:  aws.ToTime(out.Role.CreateDate).UTC(),
		TrustPolicy: documentOf(out.Role.AssumeRolePolicyDocument),
		Tags:        modelTags(out.Role.Tags), PermissionsBoundary: boundaryOf(out.Role.PermissionsBoundary),
	}
	if used := out.Role.RoleLastUsed; used != nil {
		role.LastUsed = nhiscan.LastUse{Known: true, At: aws.ToTime(used.LastUsedDate)}
	}
	return role, nil
}

// findGroup is findUser for groups. It returns all members too, with name and ARN.
func (p *planner) findGroup(ctx context.Context, argument, nameOrARN string) (*nhiscan.Group, []nhiscan.User, error) {
	name, err := p.name("group", argument, nameOrARN)
	if err != nil {
		return nil, nil, err
	}
	var group nhiscan.Group
	var members []nhiscan.User
	err = pages(ctx, "iam:GetGroup", name, func(marker *string) (bool, *string, error) {
		out, err := p.api.GetGroup(ctx, &iam.GetGroupInput{GroupName: &name, Marker: marker})
		switch {
		case err != nil:
			return false, nil, err
		case out.Group == nil || out.Group.Arn == nil:
			return false, nil, emptyAnswer("iam:GetGroup", name)
		}
		group = nhiscan.Group{Name: aws.ToString(out.Group.GroupName), ID: aws.ToString(out.Group.GroupId), ARN: *out.Group.Arn, Path: aws.ToString(out.Group.Path)}
		for _, u := range out.Users {
			members = append(members, nhiscan.User{Name: aws.ToString(u.UserName), ARN: aws.ToString(u.Arn)})
		}
		return out.IsTruncated, out.Marker, nil
	})
	if err == nil {
		err = p.sameARN(argument, nameOrARN, group.ARN)
		p.saw(group.ID)
	}
	return &group, members, err
}

// sameARN fails where the argument is the ARN of something else than what was found
// by the name in it: IAM looks for names alone, and an ARN has a path besides.
func (p *planner) sameARN(argument, nameOrARN, found string) error {
	if !strings.HasPrefix(nameOrARN, "arn:") || nameOrARN == found {
		return nil
	}
	return p.invalid(argument, "there is no %s: the one with this name is %s", nameOrARN, found)
}

// findPolicy reads what GetPolicy tells of the managed policy with the ARN.
func (p *planner) findPolicy(ctx context.Context, arn string) (*nhiscan.ManagedPolicy, error) {
	out, err := p.api.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	switch {
	case err != nil:
		return nil, collect.NewError(ctx, "iam:GetPolicy", arn, err)
	case out.Policy == nil || out.Policy.Arn == nil:
		return nil, emptyAnswer("iam:GetPolicy", arn)
	}
	p.saw(aws.ToString(out.Policy.PolicyId))
	return &nhiscan.ManagedPolicy{
		Name: aws.ToString(out.Policy.PolicyName), ARN: *out.Policy.Arn,
		DefaultVersionID: aws.ToString(out.Policy.DefaultVersionId), Attachable: out.Policy.IsAttachable,
	}, nil
}

// absent fails when ask finds what is to be created.
func (p *planner) absent(ctx context.Context, readAction, createAction, name, what string, ask func() (found bool, err error)) error {
	found, err := ask()
	switch {
	case err != nil:
		if err := collect.NewError(ctx, readAction, name, err); !errors.Is(err, collect.ErrNotFound) {
			return err
		}
		return nil
	case !found:
		return emptyAnswer(readAction, name)
	}
	return p.exists(createAction, what)
}

// conflict is the error for something that cannot go because of what it has.
func conflict(action, arn, message string) error {
	return &collect.Error{Operation: action, Resource: arn, Code: "DeleteConflict", Message: message}
}

func boundaryOf(b *types.AttachedPermissionsBoundary) string {
	if b == nil {
		return ""
	}
	return aws.ToString(b.PermissionsBoundaryArn)
}

// documentOf is a document as an answer has it, percent-encoded. One that cannot be
// decoded is kept as it is: it is like no other.
func documentOf(encoded *string) nhiscan.PolicyDocument {
	text, err := policydoc.Decode(aws.ToString(encoded))
	if err != nil {
		text = aws.ToString(encoded)
	}
	return nhiscan.NewPolicyDocument(text)
}

// sameDocument reports whether both say the same, however they are written.
func sameDocument(a, b nhiscan.PolicyDocument) bool {
	if a.Text() == b.Text() {
		return true
	}
	parsedA, errA := a.Parse()
	parsedB, errB := b.Parse()
	return errA == nil && errB == nil && policydoc.Equal(parsedA, parsedB)
}

// day is a date as sentences have it.
func day(t time.Time) string { return t.UTC().Format("2006-01-02") }
