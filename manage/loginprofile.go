package manage

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan/collect"
)

// DeleteLoginProfile deletes a user's console password. Access keys go on working.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteLoginProfile.html
type DeleteLoginProfile struct {
	UserName string `json:"user_name" doc:"Name or ARN"`
}

// Kind implements [Change].
func (DeleteLoginProfile) Kind() string { return "delete_login_profile" }

func loginProfileKinds() []Kind {
	return []Kind{{
		Name: "delete_login_profile", Title: "Delete a console password", zero: DeleteLoginProfile{}, Destructive: true, Idempotent: true,
		Description: "Deletes an IAM user's console password, so that the user cannot sign in to the console. Access keys go on working.",
		Actions:     actions([]string{"iam:GetUser", "iam:GetLoginProfile", "iam:DeleteLoginProfile"}),
	}}
}

func (c DeleteLoginProfile) plan(ctx context.Context, p *planner) error {
	u, err := p.findUser(ctx, "user_name", c.UserName)
	if err != nil {
		return err
	}
	c.UserName = u.Name
	p.made.Change = c
	p.target(u.ARN, u.Name)
	p.touches(u.ARN)
	p.made.Destructive = true
	p.summary("delete the console password of user %s", u.Name)
	_, err = passwordSince(ctx, p.api, u.Name)
	switch {
	case errors.Is(err, collect.ErrNotFound):
		p.note("User %s has no console password.", u.Name)
		return nil
	case err != nil:
		return err
	}
	if u.Password.LastUsed.Within(recentUse, p.now()) {
		p.risk(RiskInUse, "the console password of user %s was %s", u.Name, useOf(u.Password.LastUsed))
	}
	p.note("Who is signed in stays so until the session ends.")
	p.remove("iam:DeleteLoginProfile", u.ARN, "delete the console password of user "+u.Name, func(ctx context.Context, api API) error {
		_, err := api.DeleteLoginProfile(ctx, &iam.DeleteLoginProfileInput{UserName: &u.Name})
		return err
	})
	return nil
}

// passwordSince tells since when the user has a console password; collect.ErrNotFound
// for a user who has none.
func passwordSince(ctx context.Context, api API, user string) (time.Time, error) {
	out, err := api.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &user})
	switch {
	case err != nil:
		return time.Time{}, collect.NewError(ctx, "iam:GetLoginProfile", user, err)
	case out.LoginProfile == nil:
		return time.Time{}, emptyAnswer("iam:GetLoginProfile", user)
	}
	return aws.ToTime(out.LoginProfile.CreateDate).UTC(), nil
}
