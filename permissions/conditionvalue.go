package permissions

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A conditionValue is one value of a condition, read as its operator reads it.
type conditionValue struct {
	// text is the value as the policy has it; where it is compared as text and has
	// no variables, with the escapes ${*}, ${?} and ${$} replaced.
	text     string
	template template
	// comparable says that a text without variables is one for the operator.
	comparable bool
	// operand is nil for a value that could not be read, which matches nothing,
	// and with operators that compare text.
	operand *operand
}

func newConditionValue(op operator, text string, version policydoc.Version) conditionValue {
	v := conditionValue{text: text}
	if !op.comparesText() {
		if o, ok := readOperand(op, text); ok {
			v.operand = &o
		}
		return v
	}
	v.template = newTemplate(text, version)
	if v.template.parts == nil {
		v.text = v.template.pattern.whole()
		v.comparable = op != arnLike || isARN(v.text)
		if op == stringEquals || op == stringEqualsIgnoreCase {
			v.text = v.template.pattern.literal()
		}
	}
	return v
}

// comparesText reports whether the operator's values may have policy variables.
func (op operator) comparesText() bool {
	return op == stringEquals || op == stringEqualsIgnoreCase || op == stringLike || op == arnLike
}

// matches compares the value of an operator that compares text with one of the
// request, without negation. It also says whether the two can be compared. A
// value with a policy variable that has no value is like nothing, so a negated
// operator takes it.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value.
func (v *conditionValue) matches(op operator, e *environment, s string) (match, comparable truth) {
	if v.template.parts == nil {
		return truthOf(comparesAs(op, &v.template.pattern, v.text, s)), truthOf(v.comparable)
	}
	t, state := v.template.expand(e)
	switch state {
	case variablesMissing:
		return no, yes
	case variablesUnknown:
		return maybe, yes
	}
	text := t.whole()
	if op == stringEquals || op == stringEqualsIgnoreCase {
		text = t.literal()
	}
	return truthOf(comparesAs(op, &t, text, s)), truthOf(op != arnLike || isARN(text))
}

// comparesAs compares a pattern with s; text is the whole of the pattern, and for
// the operators that know no wildcards, without escapes.
func comparesAs(op operator, p *pattern, text, s string) bool {
	switch {
	case op == stringLike:
		return p.match(s)
	case op == stringEquals || p.kind == patternLiteral && op == arnLike:
		return text == s
	case op == arnLike:
		return matchARN(text, s)
	}
	return strings.EqualFold(text, s)
}

// matchARN compares the six parts of an ARN one by one: a wildcard does not reach
// past the first five colons.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN.
func matchARN(pattern, s string) bool {
	for range 5 {
		part, rest, ok := strings.Cut(pattern, ":")
		have, after, found := strings.Cut(s, ":")
		if !ok || !found || !glob(part, have) {
			return false
		}
		pattern, s = rest, after
	}
	return glob(pattern, s)
}

// isARN reports whether s has the six parts of an ARN.
func isARN(s string) bool { return strings.Count(s, ":") >= 5 }

// literal returns the text of a pattern whose wildcards stand for themselves.
func (p *pattern) literal() string {
	return literalUnescaper.Replace(p.whole())
}

// whole returns the text that the pattern was made of.
func (p *pattern) whole() string {
	switch p.kind {
	case patternAll:
		return "*"
	case patternPrefix:
		return p.text + "*"
	}
	return p.text
}

var literalUnescaper = strings.NewReplacer(string(rune(literalStar)), "*", string(rune(literalQuestion)), "?")
