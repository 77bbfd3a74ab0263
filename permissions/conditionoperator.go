package permissions

import "strings"

// An operator is a condition operator without its prefix and suffix.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
type operator uint8

const (
	operatorUnknown operator = iota
	stringEquals
	stringEqualsIgnoreCase
	stringLike
	numericEquals
	numericLess
	numericLessEquals
	numericGreater
	numericGreaterEquals
	dateEquals
	dateLess
	dateLessEquals
	dateGreater
	dateGreaterEquals
	boolEquals
	binaryEquals
	ipAddress
	arnLike
	null
)

// A quantifier says how the values of a request are taken together.
type quantifier uint8

const (
	single quantifier = iota
	forAllValues
	forAnyValue
)

// A parsedOperator is an Operator as policies write it.
type parsedOperator struct {
	operator   operator
	negated    bool
	ifExists   bool
	quantifier quantifier
}

// parseOperator reads an operator. AWS gives operators in one spelling and does
// not say that another is refused: case does not count here.
func parseOperator(text string) parsedOperator {
	var p parsedOperator
	text = strings.ToLower(text)
	if set, rest, ok := strings.Cut(text, ":"); ok {
		switch set {
		case "forallvalues":
			p.quantifier = forAllValues
		case "foranyvalue":
			p.quantifier = forAnyValue
		default:
			return parsedOperator{}
		}
		text = rest
	}
	text, p.ifExists = strings.CutSuffix(text, "ifexists")
	p.operator, p.negated = operatorNamed(text)
	if p.operator == null && (p.ifExists || p.quantifier != single) {
		return parsedOperator{}
	}
	return p
}

func operatorNamed(name string) (op operator, negated bool) {
	switch name {
	case "stringequals":
		return stringEquals, false
	case "stringnotequals":
		return stringEquals, true
	case "stringequalsignorecase":
		return stringEqualsIgnoreCase, false
	case "stringnotequalsignorecase":
		return stringEqualsIgnoreCase, true
	case "stringlike":
		return stringLike, false
	case "stringnotlike":
		return stringLike, true
	case "bool":
		return boolEquals, false
	case "binaryequals":
		return binaryEquals, false
	case "ipaddress":
		return ipAddress, false
	case "notipaddress":
		return ipAddress, true
	case "arnequals", "arnlike":
		return arnLike, false
	case "arnnotequals", "arnnotlike":
		return arnLike, true
	case "null":
		return null, false
	}
	if comparison, ok := strings.CutPrefix(name, "numeric"); ok {
		return comparisonNamed(comparison, numericEquals)
	}
	if comparison, ok := strings.CutPrefix(name, "date"); ok {
		return comparisonNamed(comparison, dateEquals)
	}
	return operatorUnknown, false
}

// comparisonNamed returns the operator of the family that begins with equals.
func comparisonNamed(name string, equals operator) (op operator, negated bool) {
	switch name {
	case "equals":
		return equals, false
	case "notequals":
		return equals, true
	case "lessthan":
		return equals + 1, false
	case "lessthanequals":
		return equals + 2, false
	case "greaterthan":
		return equals + 3, false
	case "greaterthanequals":
		return equals + 4, false
	}
	return operatorUnknown, false
}
