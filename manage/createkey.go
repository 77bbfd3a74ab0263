package manage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/session"
)

// Codes of a [*collect.Error] about an access key whose secret could not be kept.
const (
	// CodeNotKept says that there is no new key: its secret could not have been
	// kept, or the key was deleted again when it could not be.
	CodeNotKept = "SecretNotKept"
	// CodeSecretLost says that there is a new key, which nobody has the secret of.
	CodeSecretLost = "SecretLost"
)

// createKey plans to create an access key for the user, and to keep its secret.
func (p *planner) createKey(u *nhiscan.User) {
	p.touches(u.ARN)
	p.credentialFor(u.ARN)
	k := keyCreation{store: p.options.Keys, account: p.made.AccountID, user: u.Name}
	p.create("iam:CreateAccessKey", u.ARN, "create an access key for user "+u.Name, k.run)
}

// A keyCreation creates an access key. What makes it more than a call is that the
// secret must not be lost, and must not be anywhere but where it is kept.
type keyCreation struct {
	store         KeyStore
	account, user string
}

func (k keyCreation) run(ctx context.Context, api API, r *Result) error {
	slot, err := k.reserve()
	if err != nil {
		return k.notKept("no access key was created: its secret could not be kept", err)
	}
	key, failed := k.create(ctx, api)
	if failed != nil {
		return k.givenBack(slot, failed)
	}
	if slot == nil {
		r.AccessKey = key
		return nil
	}
	if err := slot.Save(*key); err != nil {
		return k.undo(ctx, api, r, slot, key, err)
	}
	key.KeptIn = slot.Where()
	r.AccessKey = key
	return nil
}

func (k keyCreation) reserve() (KeySlot, error) {
	if k.store == nil {
		return nil, nil
	}
	slot, err := k.store.Reserve(k.account, k.user)
	if err == nil && slot == nil {
		err = errors.New("the key store has no place for it")
	}
	return slot, err
}

func (k keyCreation) create(ctx context.Context, api API) (*NewAccessKey, *collect.Error) {
	out, err := api.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &k.user}, once)
	if err != nil {
		return nil, k.unanswered(collect.NewError(ctx, "iam:CreateAccessKey", k.user, err))
	}
	if made := out.AccessKey; made != nil && aws.ToString(made.AccessKeyId) != "" && aws.ToString(made.SecretAccessKey) != "" {
		return &NewAccessKey{
			ID: *made.AccessKeyId, UserName: k.user,
			Secret: session.NewSecret(*made.SecretAccessKey), CreateDate: aws.ToTime(made.CreateDate).UTC(),
		}, nil
	}
	e := &collect.Error{Operation: "iam:CreateAccessKey", Resource: k.user, Code: collect.CodeEmptyAnswer, Message: "AWS answered with success and without the key"}
	return nil, k.unanswered(e)
}

// unanswered adds what to do where nobody knows whether there is a key. The SDK's
// error for an answer that it cannot read holds the answer, and so the secret.
func (k keyCreation) unanswered(e *collect.Error) *collect.Error {
	var garbled *smithy.DeserializationError
	if errors.As(e.Err, &garbled) {
		e.Err = nil
	}
	if refusedByAWS(e) {
		return e
	}
	e.Err = &advised{fmt.Sprintf("look at the access keys of user %s first: if there is a new one, nobody has its secret, and it is to be deleted", k.user), e.Err}
	return e
}

// givenBack gives the place back, and adds to the error when that fails.
func (k keyCreation) givenBack(slot KeySlot, e *collect.Error) error {
	if slot == nil {
		return e
	}
	if err := slot.Discard(); err != nil {
		e.Message += fmt.Sprintf("; and %s could not be given back: %v", slot.Where(), err)
	}
	return e
}

// undo deletes a key whose secret could not be kept.
func (k keyCreation) undo(ctx context.Context, api API, r *Result, slot KeySlot, key *NewAccessKey, saving error) error {
	if err := slot.Discard(); err != nil {
		saving = fmt.Errorf("%w; and %s could not be given back: %w", saving, slot.Where(), err)
	}
	deleting := k.delete(ctx, api, key.ID)
	if deleting == nil {
		return k.notKept("access key "+key.ID+" was deleted again: its secret could not be kept", saving)
	}
	r.AccessKey = &NewAccessKey{ID: key.ID, UserName: key.UserName, CreateDate: key.CreateDate}
	return &collect.Error{Operation: "iam:CreateAccessKey", Resource: k.user, Code: CodeSecretLost,
		Message: fmt.Sprintf("access key %s exists and its secret is lost: it could not be kept (%v), and the key could not be deleted again (%s: %s)",
			key.ID, saving, deleting.Code, deleting.Message),
		Err: &advised{hint: fmt.Sprintf("delete access key %s of user %s", key.ID, k.user)}}
}

// delete deletes a key that was created a moment ago, which AWS may not know of
// everywhere yet.
func (k keyCreation) delete(ctx context.Context, api API, id string) *collect.Error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	for attempt := 0; ; attempt++ {
		_, err := api.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: &k.user, AccessKeyId: &id})
		if err == nil {
			return nil
		}
		e := collect.NewError(ctx, "iam:DeleteAccessKey", k.user, err)
		if !errors.Is(e, collect.ErrNotFound) && !e.Retryable() || attempt == maxPauses-2 || !pause(ctx, attempt) {
			return e
		}
	}
}

// notKept is the error for a key that there is not, because of its secret.
func (k keyCreation) notKept(message string, cause error) error {
	return &collect.Error{Operation: "iam:CreateAccessKey", Resource: k.user, Code: CodeNotKept,
		Message: message + ": " + cause.Error(), Err: fmt.Errorf("%w: %w", errBeforeCall, cause)}
}
