package collect

import (
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// A ContextEntry is a condition key with its values in a simulation.
type ContextEntry struct {
	// Key is such as aws:SourceIp.
	Key string
	// Values is one, or any number for a list.
	Values []string
	// Type must be that of the key: AWS compares no string with an address.
	// Empty: a string, or a list of strings for other than one value.
	Type ContextType
}

// A ContextType is the type of a condition key.
type ContextType string

// The types.
const (
	ContextString      ContextType = "string"
	ContextStringList  ContextType = "stringList"
	ContextNumeric     ContextType = "numeric"
	ContextNumericList ContextType = "numericList"
	ContextBoolean     ContextType = "boolean"
	ContextBooleanList ContextType = "booleanList"
	ContextIP          ContextType = "ip" // an address, or a range in CIDR notation
	ContextIPList      ContextType = "ipList"
	ContextBinary      ContextType = "binary" // in base 64
	ContextBinaryList  ContextType = "binaryList"
	ContextDate        ContextType = "date" // ISO 8601, or seconds since 1970
	ContextDateList    ContextType = "dateList"
)

// check returns an [*Error] of the kind ErrInvalid for a request that AWS would
// refuse, or would take for another one.
func (s *SimulationRequest) check(function string) error {
	if s == nil || len(s.Actions) == 0 {
		return invalid(function, "", "there is no action to simulate")
	}
	for _, action := range s.Actions {
		service, name, _ := strings.Cut(action, ":")
		if service == "" || name == "" || strings.ContainsAny(action, "*? ") {
			return invalid(function, action, "%q is not the full name of an action, such as s3:GetObject; the simulator knows no wildcards", action)
		}
	}
	for i, policy := range s.Policies {
		if strings.TrimSpace(policy) == "" {
			return invalid(function, "", "policy %d is empty", i+1)
		}
	}
	seen := map[string]bool{}
	for _, entry := range s.Context {
		key := strings.ToLower(entry.Key)
		if key == "" || seen[key] {
			return invalid(function, entry.Key, "the context key %q is empty or there twice", entry.Key)
		}
		seen[key] = true
		if problem := entry.problem(); problem != "" {
			return invalid(function, entry.Key, "context key %s: %s", entry.Key, problem)
		}
	}
	return nil
}

// problem says what is wrong with the type and values; empty for nothing.
func (e ContextEntry) problem() string {
	kind := e.kind()
	single, isList := strings.CutSuffix(string(kind), "List")
	valid := contextValue(ContextType(single))
	switch {
	case valid == nil:
		return strconv.Quote(string(kind)) + " is not a type of context keys: string, numeric, boolean, ip, binary, date, and each with List"
	case !isList && len(e.Values) != 1:
		return "the type " + string(kind) + " takes one value and there are " + strconv.Itoa(len(e.Values))
	}
	for _, value := range e.Values {
		if !valid(value) {
			return strconv.Quote(value) + " is not of the type " + single
		}
	}
	return ""
}

func (e ContextEntry) kind() ContextType {
	switch {
	case e.Type != "":
		return e.Type
	case len(e.Values) == 1:
		return ContextString
	}
	return ContextStringList
}

// contextValue returns what tells the values of a type that is no list, nil for no such type.
func contextValue(kind ContextType) func(string) bool {
	switch kind {
	case ContextString:
		return func(string) bool { return true }
	case ContextNumeric:
		return isNumber
	case ContextBoolean:
		return func(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }
	case ContextIP:
		return isAddress
	case ContextBinary:
		return func(s string) bool { _, err := base64.StdEncoding.DecodeString(s); return err == nil }
	case ContextDate:
		return isDate
	}
	return nil
}

// isNumber leaves out what Go takes for a number and AWS does not: NaN, Inf, 0x10, 1_000.
func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && strings.Trim(s, "+-.0123456789eE") == ""
}

func isAddress(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	_, err := netip.ParsePrefix(s)
	return err == nil
}

// isDate: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
func isDate(s string) bool {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	_, err := strconv.ParseInt(s, 10, 64)
	return err == nil
}

func contextEntry(e ContextEntry) types.ContextEntry {
	return types.ContextEntry{ContextKeyName: &e.Key, ContextKeyType: types.ContextKeyTypeEnum(e.kind()), ContextKeyValues: e.Values}
}
