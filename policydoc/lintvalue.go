package policydoc

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// conditionValues looks at the values that a condition compares with.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
func (l *linter) conditionValues(c *Condition, o operator, key ConditionKey, known bool) {
	if len(c.Values) == 0 {
		l.report(ruleEmptyList, atKey(c), "the condition has no values to compare with", "add one, or take out the condition")
		return
	}
	for i, value := range c.Values {
		at := atConditionValue(c, i)
		l.variables(at, value, o.isString() || o.isARN())
		if strings.Contains(value, "${") {
			continue
		}
		switch {
		case o.isARN():
			l.arnValue(at, value)
		case o.isString():
			l.stringValue(at, value, o, key, known)
		default:
			l.plainValue(at, value, o, c.Key)
		}
	}
}

// arnValue: ARN operators compare part by part, so that all six must be there.
func (l *linter) arnValue(at place, value string) {
	if isStars(value) || strings.HasPrefix(value, "arn:") && strings.Count(value, ":") >= 5 {
		return
	}
	l.reportAt(FindingWarning, ruleInvalidValue, at, quoted(value)+" is not an ARN of six parts", "write arn:partition:service:region:account:resource")
}

func (l *linter) stringValue(at place, value string, o operator, key ConditionKey, known bool) {
	if strings.HasSuffix(o.base, "Like") || !strings.ContainsAny(value, "*?") {
		return
	}
	if known && key.Type == KeyARN {
		l.report(ruleLiteralWildcard, at, o.base+" takes * and ? literally", "write "+strings.Replace(like(o), "String", "Arn", 1))
		return
	}
	if strings.Contains(value, "*") || strings.HasSuffix(value, "?") {
		l.report(ruleLiteralWildcard, at, o.base+" takes * and ? literally", "write "+like(o))
	}
}

// like returns the operator that understands wildcards.
func like(o operator) string {
	o.base = strings.TrimSuffix(strings.TrimSuffix(o.base, "IgnoreCase"), "Equals") + "Like"
	return o.String()
}

// plainValue looks at a value that is neither a string nor an ARN.
func (l *linter) plainValue(at place, value string, o operator, key string) {
	want := ""
	switch {
	case o.base == "Bool" || o.base == "Null":
		if !strings.EqualFold(value, "true") && !strings.EqualFold(value, "false") {
			want = "true or false"
		}
	case strings.HasPrefix(o.base, "Numeric"):
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			want = "a number"
		}
	case strings.HasPrefix(o.base, "Date"):
		if !isDate(value) {
			want = "a date such as 2026-01-31T00:00:00Z, or a Unix time"
		}
	case strings.HasSuffix(o.base, "IpAddress"):
		want = l.address(at, value, key)
	case o.base == "BinaryEquals":
		if _, err := base64.StdEncoding.DecodeString(value); err != nil {
			want = "data in base64"
		}
	}
	if want != "" {
		l.report(ruleInvalidValue, at, fmt.Sprintf("%s compares with %s, and %s is not", o.base, want, quoted(value)), "write "+want)
	}
}

// isDate reports whether s is a date in the ISO 8601 forms of the W3C, or a Unix
// time in seconds.
//
// See https://www.w3.org/TR/NOTE-datetime.
func isDate(s string) bool {
	if _, err := strconv.ParseInt(s, 10, 64); err == nil {
		return true
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05",
		"2006-01-02T15:04", "2006-01-02", "2006-01",
	} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// address looks at an IP address or a range of them, and returns what is wanted
// instead of one that is none.
func (l *linter) address(at place, value, key string) (want string) {
	prefix, err := netip.ParsePrefix(value)
	if err != nil {
		ip, err := netip.ParseAddr(value)
		if err != nil || ip.Zone() != "" {
			return "an address or a range such as 203.0.113.0/24"
		}
		prefix = netip.PrefixFrom(ip, ip.BitLen())
	}
	if prefix != prefix.Masked() {
		l.report(ruleCIDRHostBits, at, fmt.Sprintf("the range of %s begins at %s", value, prefix.Masked().Addr()), "write "+prefix.Masked().String())
	}
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip:
	// the key is the public address; aws:VpcSourceIp is for private ones.
	if strings.EqualFold(key, "aws:SourceIp") && prefix.Addr().IsPrivate() {
		l.report(rulePrivateIP, at, value+" is private: AWS never sees a request come from there", "use the public addresses, or aws:VpcSourceIp")
	}
	return ""
}
