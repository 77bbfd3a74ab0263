package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/policydoc"
)

// changeArguments are the arguments of a kind of change on the command line: a flag
// each, and those that are required may be given without it, in their order.
type changeArguments struct {
	kind manage.Kind
	all  []*argument
}

func newChangeArguments(kind manage.Kind) *changeArguments {
	a := &changeArguments{kind: kind}
	t := kind.Type()
	for i := range t.NumField() {
		a.all = append(a.all, newArgument(t.Field(i)))
	}
	return a
}

func (a *changeArguments) register(cmd *cobra.Command) {
	for _, arg := range a.all {
		flag := cmd.Flags().VarPF(arg, arg.flag, "", arg.usage())
		switch {
		case arg.field.Type.Kind() == reflect.Bool:
			flag.NoOptDefVal = "true"
		case len(arg.enum) > 0:
			complete(cmd, arg.flag, arg.enum)
		case !arg.document:
			complete(cmd, arg.flag, nil)
		}
	}
	cmd.ValidArgsFunction = a.completePositional
}

func (a *changeArguments) required() []*argument {
	var out []*argument
	for _, arg := range a.all {
		if arg.required {
			out = append(out, arg)
		}
	}
	return out
}

// use is the command's line in its help.
func (a *changeArguments) use() string {
	words := []string{commandName(a.kind.Name)}
	for _, arg := range a.required() {
		word := strings.ToUpper(strings.ReplaceAll(arg.flag, "-", "_"))
		if arg.repeats() {
			word += "…"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// positional gives the words of the command line that belong to no flag to the
// required arguments that have none.
func (a *changeArguments) positional(words []string) error {
	open := a.open()
	for i, word := range words {
		if len(open) == 0 {
			return commandline.Usagef("%s: %q is one argument too many", commandName(a.kind.Name), word)
		}
		if word == "" {
			return commandline.Usagef("%s: argument %d is empty", commandName(a.kind.Name), i+1)
		}
		if err := open[0].Set(word); err != nil {
			return commandline.Usagef("--%s %s: %w", open[0].flag, word, err)
		}
		if !open[0].repeats() {
			open = open[1:]
		}
	}
	if left := a.open(); len(left) > 0 {
		return commandline.Usagef("%s: --%s is missing, as in: nhiscan manage %s", commandName(a.kind.Name), left[0].flag, a.sample())
	}
	return nil
}

// open are the required arguments that have not been given.
func (a *changeArguments) open() []*argument {
	var out []*argument
	for _, arg := range a.required() {
		if !arg.given() {
			out = append(out, arg)
		}
	}
	return out
}

func (a *changeArguments) completePositional(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	open := a.open()
	if len(args) >= len(open) {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	next := open[len(args)]
	if next.document {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return next.enum, cobra.ShellCompDirectiveNoFileComp
}

// change makes the change of what was given, and reads the documents that it names.
func (a *changeArguments) change(ctx context.Context, con *console) (manage.Change, error) {
	values := map[string]any{}
	for _, arg := range a.all {
		value := arg.value
		if arg.document && arg.given() {
			text, err := interruptible(ctx, 0, func() (string, error) { return arg.read(con) })
			if err != nil {
				return nil, err
			}
			value = text
		}
		if value != nil {
			values[arg.name] = value
		}
	}
	text, err := json.Marshal(values)
	if err != nil {
		return nil, fmt.Errorf("the arguments: %w", err)
	}
	return a.kind.Decode(text)
}

// text is an argument's value where it is a word; empty when it was not given.
func (a *changeArguments) text(name string) string {
	for _, arg := range a.all {
		if arg.name == name {
			word, _ := arg.value.(string)
			return word
		}
	}
	return ""
}

// explain makes wrong usage of an argument that cannot be, in the words of the
// command line.
func (a *changeArguments) explain(err error) error {
	var wrong *manage.ArgumentError
	if !errors.As(err, &wrong) {
		return err
	}
	for _, arg := range a.all {
		if arg.name != wrong.Argument {
			continue
		}
		subject := "--" + arg.flag
		var parse *policydoc.ParseError
		if arg.document && errors.As(wrong.Err, &parse) {
			return &commandline.UsageError{Err: &argumentError{arg.position(parse).Error(), wrong}}
		}
		if arg.document && arg.file() != "" {
			subject += " " + arg.file()
		}
		return &commandline.UsageError{Err: &argumentError{subject + ": " + wrong.Message, wrong}}
	}
	return &commandline.UsageError{Err: &argumentError{commandName(wrong.Change) + ": " + wrong.Message, wrong}}
}

// An argumentError is an error about an argument of a change, named as its flag.
type argumentError struct {
	message string
	*manage.ArgumentError
}

func (e *argumentError) Error() string { return e.message }
func (e *argumentError) Unwrap() error { return e.ArgumentError }

// createsKey reports whether a change of the kind creates an access key: a rotation
// does in its step create.
func createsKey(kind manage.Kind, step string) bool {
	return slices.Contains(kind.Actions, "iam:CreateAccessKey") && (step == "" || step == "create")
}

// sample is a command line with made-up values.
func (a *changeArguments) sample() string {
	words := []string{commandName(a.kind.Name)}
	for _, arg := range a.required() {
		words = append(words, arg.sample())
	}
	return strings.Join(words, " ")
}

// inFlags is a text about the kind in which arguments are called by their flags.
func (a *changeArguments) inFlags(text string) string {
	for _, arg := range a.all {
		if strings.Contains(arg.name, "_") {
			text = strings.ReplaceAll(text, arg.name, "--"+arg.flag)
		} else if arg.field.Type.Kind() == reflect.Bool {
			text = strings.ReplaceAll(text, "ith "+arg.name, "ith --"+arg.flag)
		}
	}
	return text
}
