package manage

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// A Change is one change of IAM as a value, such as [AttachUserPolicy]. The types of
// this package that have it are all there are; [Kinds] lists them.
//
// Their JSON has IAM's names in snake case, as the tools and the command line have
// them. Where a user, role or group is named, its ARN may be given instead.
type Change interface {
	// Kind is the name of the kind of change, such as attach_user_policy.
	Kind() string

	plan(ctx context.Context, p *planner) error
}

// A Kind is a kind of change, for menus, tools and commands.
type Kind struct {
	// Name is such as attach_user_policy, and Title as "Attach a managed policy to a user".
	Name, Title string
	// Description says in a few sentences what it does and what it needs.
	Description string
	// Destructive says that something is lost that cannot be had back: a person
	// confirms it by typing the name.
	Destructive bool
	// Idempotent says that the same change a second time changes nothing more.
	Idempotent bool
	// Actions are the IAM actions that planning and applying it may call, sorted.
	Actions []string

	zero Change
}

// Type is the struct type of the kind's changes: the fields are its arguments, with
// their names, and whether they may be left out (omitzero), in the json tag, and in
// the tags doc, default, enum, min and max what they are.
func (k *Kind) Type() reflect.Type { return reflect.TypeOf(k.zero) }

// Decode reads a change of the kind from a JSON object of its arguments. The error is
// an [*ArgumentError], for arguments that the kind does not have too. What is left out
// is its zero value; [NewPlan] says what cannot be left out.
func (k *Kind) Decode(arguments []byte) (Change, error) {
	into := reflect.New(k.Type())
	d := json.NewDecoder(strings.NewReader(string(arguments)))
	d.DisallowUnknownFields()
	if err := d.Decode(into.Interface()); err != nil {
		return nil, &ArgumentError{Change: k.Name, Message: fmt.Sprintf("the arguments: %v", err)}
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &ArgumentError{Change: k.Name, Message: "the arguments: something follows after their end"}
	}
	change, _ := into.Elem().Interface().(Change)
	return change, nil
}

// KindOf returns the kind with the name.
func KindOf(name string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}
