package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/permissions"
)

// contextFlags are the condition keys of a request, as far as they are known.
type contextFlags struct {
	values   contextValues
	complete bool
}

func (f *contextFlags) register(flags *pflag.FlagSet) {
	flags.Var(&f.values, "context", "the request has this condition key, as in aws:SourceIp=192.0.2.1; give the flag\nonce for each value; KEY= says that the request does not have the key")
	flags.BoolVar(&f.complete, "context-complete", false, "the request has no condition key beyond --context and what follows from the\nprincipal; without it such keys are unknown")
}

// given reports whether the context was said anything about.
func (f *contextFlags) given() bool { return f.complete || len(f.values) > 0 }

// context is nil when nothing was said about it.
func (f *contextFlags) context() *permissions.Context {
	if !f.given() {
		return nil
	}
	return permissions.NewContext(f.values, f.complete)
}

// contextValues is the flag that adds one value each time.
type contextValues answer.ContextValues

func (v *contextValues) String() string { return "" }
func (v *contextValues) Type() string   { return "KEY=VALUE" }

func (v *contextValues) Set(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return fmt.Errorf("want KEY=VALUE, such as aws:SourceIp=192.0.2.1")
	}
	return (*answer.ContextValues)(v).Add(key, value)
}
