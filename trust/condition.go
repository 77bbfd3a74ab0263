package trust

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A demand is a condition taken apart: what the request must carry.
type demand struct {
	operator operator
	key      string // in lower case
	values   []string
}

// An operator is a condition operator taken apart.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
type operator struct {
	base     string // in lower case, without prefix and suffix
	set      string // "forallvalues", "foranyvalue" or empty
	ifExists bool
}

func parseOperator(s string) operator {
	s = strings.ToLower(s)
	var op operator
	if set, base, ok := strings.Cut(s, ":"); ok {
		op.set, s = set, base
	}
	op.base, op.ifExists = strings.CutSuffix(s, "ifexists")
	return op
}

func (o operator) negated() bool { return strings.Contains(o.base, "not") }

// takesWildcards reports whether * and ? in the operator's values are wildcards.
func (o operator) takesWildcards() bool {
	switch o.base {
	case "stringlike", "stringnotlike", "arnlike", "arnequals", "arnnotlike", "arnnotequals":
		return true
	}
	return false
}

func parseConditions(list []policydoc.Condition) []demand {
	demands := make([]demand, len(list))
	for i, c := range list {
		demands[i] = demand{parseOperator(c.Operator), strings.ToLower(c.Key), c.Values}
	}
	return demands
}

// narrows reports whether the demand can keep anyone out who does not have one
// of its values: it names values, and a request without the key fails it, unless
// the key is always there.
func (d demand) narrows(alwaysThere bool) bool {
	if d.operator.negated() || d.operator.base == "null" || len(d.values) == 0 {
		return false
	}
	if !alwaysThere && (d.operator.ifExists || d.operator.set == "forallvalues") {
		return false
	}
	for _, v := range d.values {
		if d.operator.takesWildcards() && onlyWildcards(v) {
			return false
		}
	}
	return true
}

// lenient reports whether a request without the key meets the demand.
func (d demand) lenient() bool { return d.operator.ifExists || d.operator.set == "forallvalues" }

// is reports whether every value of the demand is the given one, without regard to case.
func (d demand) is(value string) bool {
	for _, v := range d.values {
		if !strings.EqualFold(v, value) {
			return false
		}
	}
	return len(d.values) > 0
}

// all reports whether f holds for every value, of which there is at least one.
func (d demand) all(f func(string) bool) bool {
	for _, v := range d.values {
		if !f(v) {
			return false
		}
	}
	return len(d.values) > 0
}

// onlyWildcards reports whether the pattern matches without naming anything.
func onlyWildcards(pattern string) bool { return strings.Trim(pattern, "*?") == "" }

// literalPrefix returns the part of pattern before its first wildcard, and
// whether that is all of it. The * of a policy variable such as ${*} is none.
func literalPrefix(pattern string) (string, bool) {
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '*' || c == '?':
			return pattern[:i], false
		case c == '$' && strings.HasPrefix(pattern[i:], "${"):
			if end := strings.IndexByte(pattern[i:], '}'); end > 0 {
				i += end
			}
		}
	}
	return pattern, true
}

// opposites are the operators that hold exactly when the other does not. For a
// key that is missing, a negated operator holds and any other does not, which
// turns round as well; numbers, dates, Bool and IP ranges need the care that
// invert takes.
var opposites = map[string]string{
	"stringequals":              "StringNotEquals",
	"stringnotequals":           "StringEquals",
	"stringequalsignorecase":    "StringNotEqualsIgnoreCase",
	"stringnotequalsignorecase": "StringEqualsIgnoreCase",
	"stringlike":                "StringNotLike",
	"stringnotlike":             "StringLike",
	"arnequals":                 "ArnNotEquals",
	"arnnotequals":              "ArnEquals",
	"arnlike":                   "ArnNotLike",
	"arnnotlike":                "ArnLike",
	"ipaddress":                 "NotIpAddress",
	"notipaddress":              "IpAddress",
	"numericequals":             "NumericNotEquals",
	"numericnotequals":          "NumericEquals",
	"dateequals":                "DateNotEquals",
	"datenotequals":             "DateEquals",
}

// orderOpposites are the opposites of operators that fail on a missing key and
// whose opposite fails on it too.
var orderOpposites = map[string]string{
	"numericlessthan":          "NumericGreaterThanEquals",
	"numericlessthanequals":    "NumericGreaterThan",
	"numericgreaterthan":       "NumericLessThanEquals",
	"numericgreaterthanequals": "NumericLessThan",
	"datelessthan":             "DateGreaterThanEquals",
	"datelessthanequals":       "DateGreaterThan",
	"dategreaterthan":          "DateLessThanEquals",
	"dategreaterthanequals":    "DateLessThan",
}

// invert returns the condition that holds exactly when c does not, so that the
// only condition of a Deny statement can be read as a demand. It reports false
// where no single condition says that.
func invert(c policydoc.Condition) (policydoc.Condition, bool) {
	op := parseOperator(c.Operator)
	out := policydoc.Condition{Key: c.Key, Values: c.Values}
	// Bool and orderings: a missing key fails both the operator and its
	// opposite, so IfExists moves to the other side.
	suffix := "IfExists"
	if op.ifExists {
		suffix = ""
	}
	switch opposite, ok := opposites[op.base]; {
	case op.set != "":
		return invertSet(op, out)
	case op.base == "null" || op.base == "bool":
		value, ok := invertBool(c.Values)
		if op.base == "null" {
			suffix = ""
		}
		out.Operator, out.Values = op.title()+suffix, []string{value}
		return out, ok
	case orderOpposites[op.base] != "":
		out.Operator = orderOpposites[op.base] + suffix
		return out, len(c.Values) == 1
	case !ok || op.ifExists && !op.negated():
		return policydoc.Condition{}, false
	default:
		out.Operator = opposite
		return out, len(c.Values) > 0
	}
}

// invertSet turns round a set operator: not all values are means that some value is not.
func invertSet(op operator, out policydoc.Condition) (policydoc.Condition, bool) {
	opposite, ok := opposites[op.base]
	if !ok || op.ifExists || len(out.Values) == 0 {
		return policydoc.Condition{}, false
	}
	switch op.set {
	case "forallvalues":
		out.Operator = "ForAnyValue:" + opposite
	case "foranyvalue":
		out.Operator = "ForAllValues:" + opposite
	default:
		return policydoc.Condition{}, false
	}
	return out, true
}

// title returns the name of the operators Bool and Null as AWS spells them.
func (o operator) title() string {
	if o.base == "null" {
		return "Null"
	}
	return "Bool"
}

func invertBool(values []string) (string, bool) {
	if len(values) != 1 {
		return "", false
	}
	switch {
	case strings.EqualFold(values[0], "true"):
		return "false", true
	case strings.EqualFold(values[0], "false"):
		return "true", true
	}
	return "", false
}
