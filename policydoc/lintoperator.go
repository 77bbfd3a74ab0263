package policydoc

import (
	"slices"
	"strings"
)

// An operator is a condition operator taken apart.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
type operator struct {
	qualifier string // ForAllValues, ForAnyValue or nothing
	base      string // as AWS spells it, such as StringNotLike; "" when unknown
	ifExists  bool
	// spelled says that it is written as AWS writes it.
	spelled bool
}

// An operatorKind is what an operator compares.
type operatorKind struct {
	name    string
	negated bool
	// takes are the types of keys that the operator is for.
	takes []KeyType
}

var (
	// Keys that hold ARNs may be compared as strings; AWS only recommends the ARN
	// operators for them.
	takesString  = []KeyType{KeyString, KeyARN}
	takesARN     = []KeyType{KeyARN}
	takesNumber  = []KeyType{KeyNumeric, KeyDate} // aws:EpochTime counts seconds
	takesDate    = []KeyType{KeyDate}
	takesBool    = []KeyType{KeyBool}
	takesAddress = []KeyType{KeyIP}
	takesBinary  = []KeyType{KeyBinary}
)

var operatorKinds = [...]operatorKind{
	{"StringEquals", false, takesString}, {"StringNotEquals", true, takesString},
	{"StringEqualsIgnoreCase", false, takesString}, {"StringNotEqualsIgnoreCase", true, takesString},
	{"StringLike", false, takesString}, {"StringNotLike", true, takesString},
	{"NumericEquals", false, takesNumber}, {"NumericNotEquals", true, takesNumber},
	{"NumericLessThan", false, takesNumber}, {"NumericLessThanEquals", false, takesNumber},
	{"NumericGreaterThan", false, takesNumber}, {"NumericGreaterThanEquals", false, takesNumber},
	{"DateEquals", false, takesDate}, {"DateNotEquals", true, takesDate},
	{"DateLessThan", false, takesDate}, {"DateLessThanEquals", false, takesDate},
	{"DateGreaterThan", false, takesDate}, {"DateGreaterThanEquals", false, takesDate},
	{"Bool", false, takesBool}, {"BinaryEquals", false, takesBinary},
	{"IpAddress", false, takesAddress}, {"NotIpAddress", true, takesAddress},
	{"ArnEquals", false, takesARN}, {"ArnNotEquals", true, takesARN},
	{"ArnLike", false, takesARN}, {"ArnNotLike", true, takesARN},
	{"Null", false, nil},
}

func parseOperator(text string) operator {
	var o operator
	rest := text
	for _, qualifier := range []string{"ForAllValues", "ForAnyValue"} {
		if n := len(qualifier) + 1; len(rest) > n && strings.EqualFold(rest[:n], qualifier+":") {
			o.qualifier, rest = qualifier, rest[n:]
			break
		}
	}
	const suffix = "IfExists"
	if n := len(rest) - len(suffix); n > 0 && strings.EqualFold(rest[n:], suffix) {
		o.ifExists, rest = true, rest[:n]
	}
	if i := slices.IndexFunc(operatorKinds[:], func(k operatorKind) bool { return strings.EqualFold(k.name, rest) }); i >= 0 {
		o.base = operatorKinds[i].name
	}
	o.spelled = o.String() == text
	return o
}

// String returns the operator as AWS writes it.
func (o operator) String() string {
	s := o.base
	if o.qualifier != "" {
		s = o.qualifier + ":" + s
	}
	if o.ifExists {
		s += "IfExists"
	}
	return s
}

func (o operator) kind() operatorKind {
	for _, k := range operatorKinds {
		if k.name == o.base {
			return k
		}
	}
	return operatorKind{}
}

func (o operator) isString() bool { return strings.HasPrefix(o.base, "String") }
func (o operator) isARN() bool    { return strings.HasPrefix(o.base, "Arn") }

// suggestOperator returns how an unknown operator was probably meant.
func suggestOperator(text string) []string {
	qualifier, base := "", text
	if before, after, ok := strings.Cut(text, ":"); ok {
		qualifiers := nearest(before, []string{"ForAllValues", "ForAnyValue"})
		if qualifiers == nil {
			return nil
		}
		qualifier, base = qualifiers[0]+":", after
	}
	base, suffix := strings.TrimSuffix(base, "IfExists"), ""
	if len(qualifier)+len(base) < len(text) && strings.HasSuffix(text, "IfExists") {
		suffix = "IfExists"
	}
	var names []string
	for _, k := range operatorKinds {
		names = append(names, k.name)
	}
	found := nearest(base, names)
	for i, name := range found {
		found[i] = qualifier + name + suffix
	}
	return found
}
