package main

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
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

func (f *contextFlags) context() *permissions.Context {
	return permissions.NewContext(f.values, f.complete)
}

// contextValues are values by condition key in lower case; an empty list is a key
// that is absent.
type contextValues map[string][]string

func (v *contextValues) String() string { return "" }
func (v *contextValues) Type() string   { return "KEY=VALUE" }

func (v *contextValues) Set(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return fmt.Errorf("want KEY=VALUE, such as aws:SourceIp=192.0.2.1")
	}
	if !strings.Contains(key, ":") {
		return fmt.Errorf("a condition key has a service before it, as in aws:SourceIp")
	}
	if err := checkContextValue(key, value); err != nil {
		return err
	}
	if *v == nil {
		*v = contextValues{}
	}
	key = strings.ToLower(key)
	values, seen := (*v)[key]
	switch {
	case value == "" && len(values) > 0, value != "" && seen && len(values) == 0:
		return fmt.Errorf("%s is given a value and said to be absent", key)
	case value == "":
		(*v)[key] = []string{}
	default:
		(*v)[key] = append(values, value)
	}
	return nil
}

// checkContextValue refuses a value that its key cannot have, which no condition
// would ever match.
func checkContextValue(key, value string) error {
	known, ok := policydoc.LookupConditionKey(key)
	if !ok || value == "" {
		return nil
	}
	want, err := "", error(nil)
	switch known.Type {
	case policydoc.KeyIP:
		want = "an IP address, such as 192.0.2.1"
		_, err = netip.ParseAddr(value)
	case policydoc.KeyBool:
		want = "true or false"
		if !strings.EqualFold(value, "true") && !strings.EqualFold(value, "false") {
			err = strconv.ErrSyntax
		}
	case policydoc.KeyNumeric:
		want = "a number"
		_, err = strconv.ParseFloat(value, 64)
	case policydoc.KeyDate:
		want = "a time, such as 2026-10-05T09:00:00Z, or seconds since 1970"
		if _, err = strconv.ParseInt(value, 10, 64); err != nil {
			_, err = time.Parse(time.RFC3339, value)
		}
		if err != nil {
			_, err = time.Parse(time.DateOnly, value)
		}
	}
	if err != nil {
		return fmt.Errorf("the value of %s is %s", known.Name, want)
	}
	return nil
}
