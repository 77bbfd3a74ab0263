package manage

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// CreateAccessKey creates an access key for a user. Its secret goes to
// [Options.Keys], where a place for it is found before there is a key, and is in
// [Result.AccessKey]: AWS does not tell it again. If it cannot be kept after all, the
// key is deleted again; if that fails too, the result names the key, without a secret.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
type CreateAccessKey struct {
	UserName string `json:"user_name" doc:"Name or ARN"`
}

// UpdateAccessKey makes an access key inactive, or active again.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
type UpdateAccessKey struct {
	UserName    string `json:"user_name" doc:"Name or ARN of the user whose key it is"`
	AccessKeyID string `json:"access_key_id" doc:"Id of the key, such as AKIAIOSFODNN7EXAMPLE"`
	Status      string `json:"status" doc:"What it will be" enum:"Active,Inactive"`
}

// DeleteAccessKey deletes an access key, which cannot be had back: make it inactive
// first, with [UpdateAccessKey], and see what fails.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html
type DeleteAccessKey struct {
	UserName    string `json:"user_name" doc:"Name or ARN of the user whose key it is"`
	AccessKeyID string `json:"access_key_id" doc:"Id of the key, such as AKIAIOSFODNN7EXAMPLE"`
}

// Kind implements [Change].
func (CreateAccessKey) Kind() string { return "create_access_key" }

// Kind implements [Change].
func (UpdateAccessKey) Kind() string { return "update_access_key" }

// Kind implements [Change].
func (DeleteAccessKey) Kind() string { return "delete_access_key" }

func accessKeyKinds() []Kind {
	return []Kind{
		{
			Name: "create_access_key", Title: "Create an access key", zero: CreateAccessKey{},
			Description: "Creates an access key for an IAM user, who can have two. The secret is told once. To replace a key, rotate it.",
			Actions: actions(guardActions(), []string{
				"iam:GetUser", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:CreateAccessKey", "iam:DeleteAccessKey",
			}),
		},
		{
			Name: "update_access_key", Title: "Make an access key active or inactive", zero: UpdateAccessKey{}, Idempotent: true,
			Description: "Makes an access key inactive, so that requests with it fail, or active again.",
			Actions:     actions(guardActions(), []string{"iam:GetUser", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:UpdateAccessKey"}),
		},
		{
			Name: "delete_access_key", Title: "Delete an access key", zero: DeleteAccessKey{}, Destructive: true, Idempotent: true,
			Description: "Deletes an access key for good. Make it inactive first: that can be taken back.",
			Actions:     actions([]string{"iam:GetUser", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:DeleteAccessKey"}),
		},
		{
			Name: "rotate_access_key", Title: "Replace an access key", zero: RotateAccessKey{}, Destructive: true,
			Description: "Replaces a user's access key in four steps: create a second key, check which is in use, deactivate the old one, delete it. Each step says what comes next.",
			Actions: actions(guardActions(), []string{
				"iam:GetUser", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed", "iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey",
			}),
		},
	}
}

func (c CreateAccessKey) plan(ctx context.Context, p *planner) error {
	u, err := p.findUser(ctx, "user_name", c.UserName)
	if err != nil {
		return err
	}
	keys, err := accessKeys(ctx, p.api, u.Name)
	if err != nil {
		return err
	}
	if err := p.roomForKey(ctx, u, keys); err != nil {
		return err
	}
	c.UserName = u.Name
	p.made.Change = c
	p.target(u.ARN, u.Name)
	p.summary("create an access key for user %s", u.Name)
	p.createKey(u)
	p.note("The secret is told once, when the key is created.")
	return nil
}

// roomForKey fails for a user who has as many keys as IAM allows.
func (p *planner) roomForKey(ctx context.Context, u *nhiscan.User, keys []nhiscan.AccessKey) error {
	if len(keys) < maxKeys {
		return nil
	}
	words := make([]string, len(keys))
	for i := range keys {
		// What is not known of the keys does not change that there are too many.
		_ = readKeyUse(ctx, p.api, &keys[i])
		words[i] = keyInFull(&keys[i], p.now())
	}
	advice := "make the one that is not used inactive, then delete it"
	if keys[0].Active && keys[1].Active {
		advice += "; if a rotation was begun, its step check says how far it is"
	}
	return &collect.Error{Operation: "iam:CreateAccessKey", Resource: u.ARN, Code: "LimitExceeded",
		Message: fmt.Sprintf("user %s has %d access keys, as many as IAM allows: %s", u.Name, len(keys), and(words)),
		Err:     &advised{hint: advice}}
}

func (c UpdateAccessKey) plan(ctx context.Context, p *planner) error {
	status := types.StatusType(c.Status)
	if status != types.StatusTypeActive && status != types.StatusTypeInactive {
		return p.invalid("status", "want Active or Inactive")
	}
	u, k, err := p.userKey(ctx, c.UserName, c.AccessKeyID)
	if err != nil {
		return err
	}
	c.UserName = u.Name
	p.made.Change = c
	p.target(u.ARN, k.ID)
	wanted := nhiscan.AccessKey{Active: status == types.StatusTypeActive}
	p.summary("make access key %s of user %s %s", k.ID, u.Name, activity(&wanted))
	if k.Active == wanted.Active {
		p.note("Access key %s is %s already.", k.ID, activity(k))
		return nil
	}
	if k.Active {
		if err := readKeyUse(ctx, p.api, k); err != nil {
			return err
		}
		p.warnKeyInUse(k)
		p.note("Requests with the key fail from now on. The same with status Active takes it back.")
	} else {
		p.credentialFor(u.ARN)
	}
	p.updateKey(u, k, status)
	return nil
}

func (c DeleteAccessKey) plan(ctx context.Context, p *planner) error {
	u, k, err := p.userKey(ctx, c.UserName, c.AccessKeyID)
	if err != nil {
		return err
	}
	if err := readKeyUse(ctx, p.api, k); err != nil {
		return err
	}
	c.UserName = u.Name
	p.made.Change = c
	p.target(u.ARN, k.ID)
	p.made.Destructive = true
	p.summary("delete access key %s of user %s (%s, %s)", k.ID, u.Name, activity(k), useOf(k.LastUsed))
	p.warnKeyInUse(k)
	if k.Active {
		p.note("The key is active. Made inactive first, it can be had back while something turns out to need it.")
	}
	p.deleteKey(u, k)
	return nil
}

// userKey reads the user and the key, which must be that user's.
func (p *planner) userKey(ctx context.Context, nameOrARN, id string) (*nhiscan.User, *nhiscan.AccessKey, error) {
	if err := p.keyID("access_key_id", id); err != nil {
		return nil, nil, err
	}
	u, err := p.findUser(ctx, "user_name", nameOrARN)
	if err != nil {
		return nil, nil, err
	}
	keys, err := accessKeys(ctx, p.api, u.Name)
	if err != nil {
		return nil, nil, err
	}
	k, err := p.keyOf(u.Name, keys, id)
	p.touches(u.ARN)
	return u, k, err
}

// warnKeyInUse says when an active key was used not long ago.
func (p *planner) warnKeyInUse(k *nhiscan.AccessKey) {
	if k.Active && k.LastUsed.Within(recentUse, p.now()) {
		p.risk(RiskInUse, "access key %s is active and was %s", k.ID, useOf(k.LastUsed))
	}
}

func (p *planner) updateKey(u *nhiscan.User, k *nhiscan.AccessKey, status types.StatusType) {
	word := activity(&nhiscan.AccessKey{Active: status == types.StatusTypeActive})
	p.set("iam:UpdateAccessKey", u.ARN, "make access key "+k.ID+" "+word, func(ctx context.Context, api API) error {
		_, err := api.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: &u.Name, AccessKeyId: &k.ID, Status: status})
		return err
	})
}

func (p *planner) deleteKey(u *nhiscan.User, k *nhiscan.AccessKey) {
	p.remove("iam:DeleteAccessKey", u.ARN, "delete access key "+k.ID, func(ctx context.Context, api API) error {
		_, err := api.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: &u.Name, AccessKeyId: &k.ID})
		return err
	})
}
