package mcpserver

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/manage"
)

// changeArguments are those that all tools have that change IAM, beside those of
// the change. None of them confirms it: only a person does.
type changeArguments struct {
	Preview bool `json:"preview,omitzero" doc:"Only say what would be done"`
	accountArguments
}

// manageTools are the tools that change IAM, one for each kind of change.
func manageTools() []*tool {
	output := marshalSchema(toolschema.Output[changeResult]())
	var tools []*tool
	for _, kind := range manage.Kinds() {
		t := &tool{Tool: Tool{
			Name: kind.Name, Title: kind.Title, Description: kind.Description, Toolset: ToolsetManage, NeedsAWS: true,
			Destructive: kind.Destructive, Idempotent: kind.Idempotent, Output: output,
			Actions: append(slices.Clone(kind.Actions), callerIdentity),
		}}
		own := toolschema.InputOf(kind.Type())
		t.take(own.With(toolschema.Input[changeArguments]()))
		t.run = func(ctx context.Context, c *call, arguments any) (result, error) {
			x, err := c.newChanging(&kind, own, t.input, arguments)
			if err != nil {
				return nil, err
			}
			return x.run(ctx)
		}
		tools = append(tools, t)
	}
	return tools
}

const callerIdentity = "sts:GetCallerIdentity"

// A changing is one call of a tool that changes IAM.
type changing struct {
	*call
	change manage.Change
	// digest is of all arguments.
	digest  string
	preview bool
	creds   credentialArguments
	// documents are the policies among the arguments, as they will be sent, and others
	// what else was given, in words.
	documents []string
	others    []argumentWords

	// The rest is known once AWS was asked.
	api      manage.API
	identity string // the ARN of the credentials
}

// newChanging reads the arguments of a call: own are those of the change.
func (c *call) newChanging(kind *manage.Kind, own, whole *toolschema.Schema, arguments any) (*changing, error) {
	complete, err := whole.Complete(arguments)
	if err != nil {
		return nil, err
	}
	ofChange, ofCall := map[string]any{}, map[string]any{}
	for name, value := range complete {
		if _, ok := own.Property(name); ok {
			ofChange[name] = value
		} else {
			ofCall[name] = value
		}
	}
	shared, err := toolschema.Decode[changeArguments](toolschema.Input[changeArguments](), ofCall)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(ofChange)
	if err != nil {
		return nil, fmt.Errorf("arguments: %w", err)
	}
	change, err := kind.Decode(text)
	if err != nil {
		return nil, err
	}
	all, err := json.Marshal(complete) // with the members in order
	if err != nil {
		return nil, fmt.Errorf("arguments: %w", err)
	}
	x := &changing{call: c, change: change, digest: fmt.Sprintf("%x", sha256.Sum256(all)), preview: shared.Preview, creds: shared.credentials()}
	x.documents, x.others = argumentsInWords(kind.Type(), own, ofChange)
	return x, nil
}

// run plans the change, and carries it out once a person has confirmed it.
func (x *changing) run(ctx context.Context) (result, error) {
	confirmed, err := x.confirmation()
	if err != nil {
		return nil, err
	}
	asks := !x.preview && confirmed == nil && !x.server.options.NoConfirmation
	if !x.preview && !asks {
		// From here to the end of the change nothing else is changed by this server:
		// what a person has confirmed is still so when it is done.
		select {
		case x.server.changing <- struct{}{}:
			defer func() { <-x.server.changing }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	plan, err := x.plan(ctx)
	if err != nil {
		return nil, err
	}
	x.note(func(r *record) { r.Target = plan.Target })
	switch {
	case x.preview:
		x.note(func(r *record) { r.Decision = decisionPreview })
		return newChangeResult(plan, statusPreview), nil
	case len(plan.Steps) == 0:
		return newChangeResult(plan, statusUnchanged), nil
	case plan.Refused():
		return nil, &manage.RefusedError{Refusals: plan.Refusals}
	}
	if err := x.checkKeys(plan); err != nil {
		return nil, err
	}
	if asks {
		return x.ask(ctx, plan)
	}
	if err := x.checkSame(confirmed, plan); err != nil {
		return nil, err
	}
	return x.apply(ctx, plan)
}

// plan works out what the change will do, from what AWS says now.
func (x *changing) plan(ctx context.Context) (*manage.Plan, error) {
	connection, err := x.server.connections.of(ctx, x.call, x.creds)
	if err != nil {
		return nil, err
	}
	if connection.Manage == nil {
		return nil, refusef("this server has no way to change AWS", "the operator can allow it: --allow-write")
	}
	x.api = connection.Manage
	who, err := connection.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, x.forget(collect.NewError(ctx, callerIdentity, "*", err))
	}
	x.identity = aws.ToString(who.Arn)
	if x.identity == "" {
		return nil, refusef("whose credentials these are is not known, and so not what a change of them would be", "AWS has to answer sts:GetCallerIdentity")
	}
	x.note(func(r *record) { r.AWSIdentity = x.identity })
	select { // it may read the whole account
	case x.server.scans.running <- struct{}{}:
		defer func() { <-x.server.scans.running }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	o := &x.server.options
	collected := o.Collect
	collected.Progress = func(p collect.Progress) { x.progress.add(progressOf(p)) }
	plan, err := manage.NewPlan(ctx, x.api, x.change, &manage.Options{
		CallerARN: x.identity, AllowPrivileged: o.AllowPrivilegedGrants, Keys: o.Keys,
		Collect: collected, Permissions: o.Permissions, Trust: o.Trust,
	})
	return plan, x.forget(err)
}

// forget drops a connection whose credentials AWS no longer accepts, and passes the
// error on.
func (x *changing) forget(err error) error {
	if isCredentialError(err) {
		x.server.connections.forget(x.creds)
	}
	return err
}

// checkKeys refuses a change that makes an access key whose secret nobody would get.
func (x *changing) checkKeys(plan *manage.Plan) error {
	o := &x.server.options
	if !createsKey(plan) || o.Keys != nil || o.RevealSecrets {
		return nil
	}
	return refusef("AWS tells the secret of a new access key once, and this server has no place for it: nothing was changed",
		"the operator can give one: --secrets-dir DIR, or --reveal-secrets to have it in the answer")
}

// apply carries out the plan, and has what is known of the account read again.
func (x *changing) apply(ctx context.Context, plan *manage.Plan) (result, error) {
	if err := x.logBegun(); err != nil {
		return nil, refusef("the audit log could not be written, and nothing is changed without it", "the operator finds the reason in the server's log")
	}
	x.mayChange.Store(true)
	defer x.mayChange.Store(false)
	var done *manage.Result // nil after a panic: who knows how far it came
	defer func() {
		if done == nil || done.Count(manage.StepDone)+done.Count(manage.StepUnknown) > 0 {
			x.server.scans.forgetAccount(plan.AccountID)
			x.server.connections.forget(x.creds)
		}
	}()
	done, err := plan.Apply(ctx, x.api)
	x.note(func(r *record) { r.StepsDone = done.Count(manage.StepDone) })
	if key := done.AccessKey; key != nil {
		x.redactor = x.redactor.With(key.Secret.Reveal())
	}
	if err != nil {
		return nil, changeError(ctx, done, err)
	}
	out := newChangeResult(plan, statusDone)
	out.take(done, x.server.options.RevealSecrets)
	return out, nil
}
