package answer

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan/policydoc"
)

// ContextValues are the values of a request's condition keys, by key in lower
// case; an empty list is a key that the request does not have. It is what
// [permissions.NewContext] takes.
type ContextValues map[string][]string

// Add adds a value of a condition key; an empty value says that the request does
// not have the key. The error is an [*InputError].
func (v *ContextValues) Add(key, value string) error {
	if !strings.Contains(key, ":") {
		return inputf("a condition key has a service before it, as in aws:SourceIp")
	}
	if err := CheckContextValue(key, value); err != nil {
		return err
	}
	if *v == nil {
		*v = ContextValues{}
	}
	key = strings.ToLower(key)
	values, seen := (*v)[key]
	switch {
	case value == "" && len(values) > 0, value != "" && seen && len(values) == 0:
		return inputf("%s is given a value and said to be absent", key)
	case value == "":
		(*v)[key] = []string{}
	default:
		(*v)[key] = append(values, value)
	}
	return nil
}

// CheckContextValue refuses, by an [*InputError], a value that its key cannot
// have, which no condition would ever match.
func CheckContextValue(key, value string) error {
	known, ok := policydoc.LookupConditionKey(key)
	if !ok || value == "" {
		return nil
	}
	want, valid := "", true
	switch known.Type {
	case policydoc.KeyIP:
		want = "an IP address, such as 192.0.2.1"
		_, err := netip.ParseAddr(value)
		valid = err == nil
	case policydoc.KeyBool:
		want = "true or false"
		valid = strings.EqualFold(value, "true") || strings.EqualFold(value, "false")
	case policydoc.KeyNumeric:
		want = "a number"
		_, err := strconv.ParseFloat(value, 64)
		valid = err == nil
	case policydoc.KeyDate:
		want = "a time, such as 2026-10-05T09:00:00Z, or seconds since 1970"
		valid = isTime(value)
	}
	if !valid {
		return inputf("the value of %s is %s", known.Name, want)
	}
	return nil
}

func isTime(value string) bool {
	if _, err := strconv.ParseInt(value, 10, 64); err == nil {
		return true
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if _, err := time.Parse(layout, value); err == nil {
			return true
		}
	}
	return false
}
