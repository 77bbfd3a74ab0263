package permissions

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A conditionValue is one value of a condition, read as its operator reads it.
type conditionValue struct {
	// valid says that the value could be read; one that could not matches nothing.
	valid    bool
	text     string
	template template
	number   float64
	instant  time.Time
	network  netip.Prefix
	binary   []byte
}

func newConditionValue(op operator, text string, version policydoc.Version) conditionValue {
	v := conditionValue{valid: true, text: text}
	switch op {
	case stringEquals, stringEqualsIgnoreCase, stringLike, arnLike:
		v.template = newTemplate(text, version)
	case numericEquals, numericLess, numericLessEquals, numericGreater, numericGreaterEquals:
		v.number, v.valid = parseNumber(text)
	case dateEquals, dateLess, dateLessEquals, dateGreater, dateGreaterEquals:
		v.instant, v.valid = parseDate(text)
	case boolEquals:
		v.text = strings.ToLower(text)
		v.valid = v.text == "true" || v.text == "false"
	case ipAddress:
		v.network, v.valid = parseNetwork(text)
	case binaryEquals:
		v.binary, v.valid = parseBinary(text)
	}
	return v
}

// matches compares the value with one of the request, which [readable] took, without
// negation. It also says whether the two can be compared: a value that could not be
// read cannot. One with a policy variable that has no value is like nothing, so a
// negated operator takes it.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value.
func (v *conditionValue) matches(op operator, e *environment, s string) (match, comparable truth) {
	if !v.valid {
		return no, no
	}
	switch op {
	case stringEquals, stringEqualsIgnoreCase, stringLike, arnLike:
		return v.matchesText(op, e, s)
	case numericEquals, numericLess, numericLessEquals, numericGreater, numericGreaterEquals:
		n, _ := parseNumber(s)
		return truthOf(compares(op-numericEquals, n < v.number, n == v.number)), yes
	case dateEquals, dateLess, dateLessEquals, dateGreater, dateGreaterEquals:
		t, _ := parseDate(s)
		return truthOf(compares(op-dateEquals, t.Before(v.instant), t.Equal(v.instant))), yes
	case boolEquals:
		return truthOf(strings.EqualFold(v.text, s)), yes
	case ipAddress:
		n, _ := parseNetwork(s)
		return truthOf(n.Bits() >= v.network.Bits() && v.network.Contains(n.Addr())), yes
	case binaryEquals:
		b, _ := parseBinary(s)
		return truthOf(bytes.Equal(b, v.binary)), yes
	}
	return maybe, yes
}

// readable reports whether a value of a request is one that the operator compares.
func readable(op operator, s string) bool {
	ok := true
	switch op {
	case numericEquals, numericLess, numericLessEquals, numericGreater, numericGreaterEquals:
		_, ok = parseNumber(s)
	case dateEquals, dateLess, dateLessEquals, dateGreater, dateGreaterEquals:
		_, ok = parseDate(s)
	case ipAddress:
		_, ok = parseNetwork(s)
	case binaryEquals:
		_, ok = parseBinary(s)
	case arnLike:
		ok = isARN(s)
	}
	return ok
}

// compares says whether a value that is less than or equal to the policy's
// satisfies a comparison, counted from that for equality.
func compares(comparison operator, less, equal bool) bool {
	switch comparison {
	case 0:
		return equal
	case numericLess - numericEquals:
		return less
	case numericLessEquals - numericEquals:
		return less || equal
	case numericGreater - numericEquals:
		return !less && !equal
	}
	return !less
}

func (v *conditionValue) matchesText(op operator, e *environment, s string) (match, comparable truth) {
	if v.template.parts == nil && op == stringLike {
		return truthOf(v.template.pattern.match(s)), yes
	}
	t, state := v.template.expand(e)
	switch {
	case state == variablesMissing:
		return no, yes
	case state == variablesUnknown:
		return maybe, yes
	}
	switch op {
	case stringLike:
		return truthOf(t.match(s)), yes
	case arnLike:
		return truthOf(matchARN(&t, s)), truthOf(t.kind != patternAll && isARN(t.text))
	case stringEquals:
		return truthOf(t.isText(s)), yes
	}
	return truthOf(strings.EqualFold(t.literal(), s)), yes
}

func parseNumber(s string) (float64, bool) {
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && n == n
}

// dateLayouts are the forms of ISO 8601 that IAM takes, see https://www.w3.org/TR/NOTE-datetime.
var dateLayouts = [...]string{
	time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02", "2006-01", "2006",
}

// parseDate reads a date, or seconds since 1970. Four digits are a year.
func parseDate(s string) (time.Time, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	seconds, ok := parseNumber(s)
	if !ok || seconds > 1e12 || seconds < -1e12 {
		return time.Time{}, false
	}
	whole := int64(seconds)
	return time.Unix(whole, int64((seconds-float64(whole))*1e9)), true
}

// parseNetwork reads an address, or a network in CIDR notation. A bare address is
// a network of one.
func parseNetwork(s string) (netip.Prefix, bool) {
	if strings.Contains(s, "/") {
		p, err := netip.ParsePrefix(s)
		return p.Masked(), err == nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

func parseBinary(s string) ([]byte, bool) {
	b, err := base64.StdEncoding.DecodeString(s)
	return b, err == nil
}

// matchARN compares the six parts of an ARN one by one: a wildcard does not reach
// past the first five colons.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN.
func matchARN(p *pattern, s string) bool {
	if p.kind == patternLiteral {
		return p.text == s
	}
	text := p.text
	if p.kind == patternPrefix {
		text = p.text + "*"
	}
	for range 5 {
		part, rest, ok := strings.Cut(text, ":")
		have, after, found := strings.Cut(s, ":")
		if !ok || !found || !glob(part, have, false) {
			return false
		}
		text, s = rest, after
	}
	return glob(text, s, false)
}

// isARN reports whether s has the six parts of an ARN.
func isARN(s string) bool { return strings.Count(s, ":") >= 5 }

// isText reports whether the pattern, taken as it is written, is s.
func (p *pattern) isText(s string) bool {
	if p.kind == patternLiteral {
		return p.text == s
	}
	return p.literal() == s
}

// literal returns the text of a pattern whose wildcards stand for themselves.
func (p *pattern) literal() string {
	switch p.kind {
	case patternAll:
		return "*"
	case patternLiteral:
		return p.text
	case patternPrefix:
		return p.text + "*"
	}
	return literalUnescaper.Replace(p.text)
}

var literalUnescaper = strings.NewReplacer(string(rune(literalStar)), "*", string(rune(literalQuestion)), "?")
