package manage

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan/collect"
)

// RotateAccessKey replaces an access key of a user in four steps, each a change of
// its own: a second key is created; it takes the old one's place wherever that is
// used, which [RotateCheck] follows; the old key is made inactive, which can be taken
// back; the old key is deleted. Nothing is remembered from step to step: each reads
// how far it is. The Notes of its plan say what comes next.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html
type RotateAccessKey struct {
	UserName    string     `json:"user_name" doc:"Name or ARN of the user whose key it is"`
	AccessKeyID string     `json:"access_key_id,omitzero" doc:"Id of the key to replace. Left out: the one that the keys themselves tell"`
	Step        RotateStep `json:"step,omitzero" doc:"create a second key, check which is used (changes nothing), deactivate the old one, delete it" enum:"create,check,deactivate,delete" default:"create"`
	Force       bool       `json:"force,omitzero" doc:"Deactivate the old key though the new one has not been seen in its place"`
}

// A RotateStep is a step of the replacement of an access key. The zero value is none:
// the tools and the command line, whose default is create, fill it in.
type RotateStep string

// The steps, in order.
const (
	RotateCreate     RotateStep = "create"
	RotateCheck      RotateStep = "check"
	RotateDeactivate RotateStep = "deactivate"
	RotateDelete     RotateStep = "delete"
)

// Kind implements [Change].
func (RotateAccessKey) Kind() string { return "rotate_access_key" }

func (c RotateAccessKey) plan(ctx context.Context, p *planner) error {
	run, ok := map[RotateStep]func(*planner, context.Context, *rotation) error{
		RotateCreate: (*planner).rotateCreate, RotateCheck: (*planner).rotateCheck,
		RotateDeactivate: (*planner).rotateDeactivate, RotateDelete: (*planner).rotateDelete,
	}[c.Step]
	if !ok {
		return p.invalid("step", "want create, check, deactivate or delete")
	}
	if c.AccessKeyID != "" {
		if err := p.keyID("access_key_id", c.AccessKeyID); err != nil {
			return err
		}
	}
	u, err := p.findUser(ctx, "user_name", c.UserName)
	if err != nil {
		return err
	}
	keys, err := usedAccessKeys(ctx, p.api, u.Name)
	if err != nil {
		return err
	}
	c.UserName = u.Name
	p.made.Change = c
	p.target(u.ARN, u.Name)
	r := &rotation{user: u, keys: keys, force: c.Force}
	if c.AccessKeyID != "" {
		if r.old, err = p.keyOf(u.Name, keys, c.AccessKeyID); err != nil {
			return err
		}
	}
	return run(p, ctx, r)
}

// rotateCreate plans a second key. The old one is told from its being the only one in force.
func (p *planner) rotateCreate(ctx context.Context, r *rotation) error {
	if len(r.keys) == 0 {
		return r.notYet("create one", "user %s has no access key to replace", r.user.Name)
	}
	if err := p.roomForKey(ctx, r.user, r.keys); err != nil {
		return err
	}
	if r.old == nil && !r.keys[0].Active {
		return r.notYet("name the key to replace it all the same, or create another",
			"user %s has no active access key to replace: %s", r.user.Name, keyInFull(&r.keys[0], p.now()))
	}
	r.old = &r.keys[0]
	p.summary("create a second access key for user %s, to replace %s", r.user.Name, r.old.ID)
	p.createKey(r.user)
	p.note("Access key %s stays as it is: %s.", r.old.ID, useOf(r.old.LastUsed))
	p.note("Next: put the new key where %s is used, then step check.", r.old.ID)
	return nil
}

// rotateCheck plans nothing: it says how far the rotation is.
func (p *planner) rotateCheck(_ context.Context, r *rotation) error {
	p.summary("see how far the replacement of user %s's access key is", r.user.Name)
	for i := range r.keys {
		p.note("Access key %s.", keyInFull(&r.keys[i], p.now()))
	}
	for _, sentence := range r.progress() {
		p.note("%s", sentence)
	}
	return nil
}

// rotateDeactivate plans to make the old key inactive, once the new one is used in its place.
func (p *planner) rotateDeactivate(_ context.Context, r *rotation) error {
	if err := p.twoKeys(r, "deactivate"); err != nil {
		return err
	}
	if r.old == nil {
		r.old = &r.keys[0]
	}
	fresh := r.newer()
	p.summary("make access key %s of user %s inactive", r.old.ID, r.user.Name)
	if !r.old.Active {
		p.note("Access key %s is inactive already.", r.old.ID)
		p.note("Next: if nothing has failed for some days, step delete.")
		return nil
	}
	if why := r.notReplaced(); why != "" {
		if !r.force {
			return r.notYet("put the new key wherever the old one is used and check again; with force it is made inactive all the same", "%s", why)
		}
		p.risk(RiskInUse, "%s", why)
	} else {
		p.note("Access key %s was %s, and %s was %s.", fresh.ID, useOf(fresh.LastUsed), r.old.ID, useOf(r.old.LastUsed))
	}
	p.touches(r.user.ARN)
	p.updateKey(r.user, r.old, types.StatusTypeInactive)
	p.note("Making the key active again takes it back.")
	p.note("Next: if nothing has failed for some days, step delete.")
	return nil
}

// rotateDelete plans to delete the old key, which must be inactive while another is active.
func (p *planner) rotateDelete(_ context.Context, r *rotation) error {
	if r.old == nil {
		r.old = r.only(false)
	}
	if r.old == nil && len(r.keys) < maxKeys {
		p.summary("delete the replaced access key of user %s", r.user.Name)
		p.note("User %s has no inactive access key: nothing is left to delete.", r.user.Name)
		return nil
	}
	if r.old == nil || r.old.Active {
		return r.notYet("step check says which is used; step deactivate comes before delete",
			"no access key of user %s that could be deleted is inactive: %s", r.user.Name, r.list(p.now()))
	}
	other := r.other()
	if other == nil || !other.Active {
		return r.notYet("make the other key active first, or delete the key outside a rotation",
			"user %s would be left without an active access key: %s", r.user.Name, r.list(p.now()))
	}
	p.made.Destructive = true
	p.touches(r.user.ARN)
	p.summary("delete access key %s of user %s (inactive, %s)", r.old.ID, r.user.Name, useOf(r.old.LastUsed))
	p.target(r.user.ARN, r.old.ID)
	p.deleteKey(r.user, r.old)
	p.note("Access key %s stays: %s.", other.ID, useOf(other.LastUsed))
	p.note("The replacement is complete then.")
	return nil
}

// twoKeys fails for a user for whom no rotation has begun.
func (p *planner) twoKeys(r *rotation, step RotateStep) error {
	if len(r.keys) == maxKeys || r.force && r.old != nil {
		return nil
	}
	return r.notYet("step create comes first", "user %s has %s: there is no second one to use after step %s", r.user.Name, r.count(), step)
}

// CodeNotYet is the code of a [*collect.Error] for a step of a rotation whose time
// has not come.
const CodeNotYet = "NotYet"

// A notYetError says what to do before the step.
type notYetError struct{ advice string }

func (e *notYetError) Error() string { return "not yet" }

// Hint says in a sentence what to do.
func (e *notYetError) Hint() string { return e.advice }

// notYet is the error for a step whose time has not come, with what to do first.
func (r *rotation) notYet(advice, format string, args ...any) error {
	return &collect.Error{Operation: "rotation", Resource: r.user.ARN, Code: CodeNotYet, Message: fmt.Sprintf(format, args...), Err: &notYetError{advice}}
}
