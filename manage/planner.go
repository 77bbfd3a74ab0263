package manage

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// A planner makes one plan.
type planner struct {
	api     API
	options Options
	// caller is the ARN of the one who changes; partition and account are its own.
	caller nhiscan.ARN
	made   *Plan

	// edits make of the account what it will be after the change; see after.
	edits []edit
	// concerned are the ARNs of those whose permissions the edits bear on.
	concerned []string
	// touched are the ARNs of what the change is about, and credentials those of the
	// users whom it gives a credential.
	touched, credentials []string

	// account is what guards look at, once it was read; unread is why it was not.
	account *nhiscan.Account
	unread  *nhiscan.Gap
}

// An edit changes a copy of the account as the change will change the real one.
type edit func(*draft)

func newPlanner(api API, change Change, opts *Options) (*planner, error) {
	if opts == nil {
		opts = &Options{}
	}
	if change == nil || reflect.TypeOf(change).Kind() == reflect.Pointer && reflect.ValueOf(change).IsNil() {
		return nil, errors.New("manage: no change is given")
	}
	if v := reflect.ValueOf(change); v.Kind() == reflect.Pointer {
		change, _ = v.Elem().Interface().(Change)
	}
	caller, ok := nhiscan.ParseARN(opts.CallerARN)
	if !ok || caller.Account == "" {
		return nil, fmt.Errorf("manage: Options.CallerARN is %q: want the ARN that sts:GetCallerIdentity tells", opts.CallerARN)
	}
	return &planner{
		api: api, options: *opts, caller: caller,
		made: &Plan{Change: change, AccountID: caller.Account, options: *opts},
	}, nil
}

// target says what is changed.
func (p *planner) target(arn, name string) { p.made.Target, p.made.TargetName = arn, name }

// saw notes the unique id of something that the plan is about: one that is deleted
// and made again has the same name and ARN, and is another.
func (p *planner) saw(id string) { p.made.ids = append(p.made.ids, id) }

// summary says in a sentence what will be so.
func (p *planner) summary(format string, args ...any) { p.made.Summary = fmt.Sprintf(format, args...) }

// A stepCall is the call of a step that creates nothing.
type stepCall func(context.Context, API) error

// set adds a call that can be repeated, remove one of which what is gone already is
// progress, and create one that must not be sent twice.
func (p *planner) set(action, resource, does string, run stepCall) {
	p.step(setting, action, resource, does, run)
}

func (p *planner) remove(action, resource, does string, run stepCall) {
	p.step(removal, action, resource, does, run)
}

func (p *planner) create(action, resource, does string, run func(context.Context, API, *Result) error) {
	p.made.Steps = append(p.made.Steps, Step{Action: action, Resource: resource, Does: does, mode: creation, run: run})
}

func (p *planner) step(mode stepMode, action, resource, does string, run stepCall) {
	p.made.Steps = append(p.made.Steps, Step{Action: action, Resource: resource, Does: does, mode: mode,
		run: func(ctx context.Context, api API, _ *Result) error { return run(ctx, api) }})
}

// risk adds one; refuse adds one that stops the plan unless the operator allows it.
func (p *planner) risk(code RiskCode, format string, args ...any) {
	p.made.Risks = append(p.made.Risks, Risk{code, fmt.Sprintf(format, args...)})
}

func (p *planner) refuse(code RiskCode, format string, args ...any) {
	r := Risk{code, fmt.Sprintf(format, args...)}
	list := &p.made.Refusals
	if p.options.AllowPrivileged {
		list = &p.made.Risks
	}
	if !slices.Contains(*list, r) {
		*list = append(*list, r)
	}
}

func (p *planner) note(format string, args ...any) {
	p.made.Notes = append(p.made.Notes, fmt.Sprintf(format, args...))
}

// after says how the change bears on permissions: what the account will be, and
// whom it concerns, by ARN.
func (p *planner) after(e edit, concerned ...string) {
	p.edits = append(p.edits, e)
	p.concerned = append(p.concerned, concerned...)
}

// arn is that of something of IAM in the account, such as user/ci.
func (p *planner) arn(resource string) string {
	return "arn:" + p.caller.Partition + ":iam::" + p.caller.Account + ":" + resource
}

// invalid is an error about an argument.
func (p *planner) invalid(argument, format string, args ...any) error {
	return &ArgumentError{Change: p.made.Change.Kind(), Argument: argument, Message: fmt.Sprintf(format, args...)}
}

// exists is the error for something that is to be created and is there already.
func (p *planner) exists(action, what string) error {
	return &collect.Error{Operation: action, Resource: what, Code: "EntityAlreadyExists", Message: what + " exists already"}
}

// newName returns the name of what is to be created, which has no ARN yet.
func (p *planner) newName(kind, argument, name string) (string, error) {
	if strings.HasPrefix(name, "arn:") {
		return "", p.invalid(argument, "%q is an ARN: what is created needs a name, and a path beside it", name)
	}
	return p.name(kind, argument, name)
}

// name returns the name in an argument that is a name or an ARN of the kind (user,
// role, group, instance-profile), and refuses what IAM would not take.
func (p *planner) name(kind, argument, nameOrARN string) (string, error) {
	name := nameOrARN
	if strings.HasPrefix(nameOrARN, "arn:") {
		arn, ok := nhiscan.ParseARN(nameOrARN)
		switch {
		case !ok || arn.Service != "iam" || !strings.HasPrefix(arn.Resource, kind+"/"):
			return "", p.invalid(argument, "%q is not the ARN of a %s", nameOrARN, kind)
		case arn.Account != p.caller.Account:
			return "", p.invalid(argument, "%s is of account %s, and the credentials are of account %s", nameOrARN, arn.Account, p.caller.Account)
		case arn.Partition != p.caller.Partition:
			return "", p.invalid(argument, "%s is of partition %s, and the credentials are of %s", nameOrARN, arn.Partition, p.caller.Partition)
		}
		name = arn.Resource[strings.LastIndexByte(arn.Resource, '/')+1:]
	}
	return name, p.checkName(argument, name, maxName(kind))
}
