package permissions

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// An operand is a value of a condition or of a request as an operator that does
// not compare text reads it.
type operand struct {
	number  float64
	instant time.Time
	truth   bool
	network netip.Prefix
	binary  []byte
}

// readOperand reads a value; not ok is one that the operator cannot compare.
func readOperand(op operator, s string) (o operand, ok bool) {
	switch op {
	case numericEquals, numericLess, numericLessEquals, numericGreater, numericGreaterEquals:
		o.number, ok = parseNumber(s)
	case dateEquals, dateLess, dateLessEquals, dateGreater, dateGreaterEquals:
		o.instant, ok = parseDate(s)
	case boolEquals:
		o.truth = strings.EqualFold(s, "true")
		ok = o.truth || strings.EqualFold(s, "false")
	case ipAddress:
		o.network, ok = parseNetwork(s)
	case binaryEquals:
		o.binary, ok = parseBinary(s)
	}
	return o, ok
}

// meets reports whether what a request has satisfies the operator, without
// negation, for what a policy wants.
func (have *operand) meets(op operator, want *operand) bool {
	switch op {
	case numericEquals, numericLess, numericLessEquals, numericGreater, numericGreaterEquals:
		return compares(op-numericEquals, have.number < want.number, have.number == want.number)
	case dateEquals, dateLess, dateLessEquals, dateGreater, dateGreaterEquals:
		return compares(op-dateEquals, have.instant.Before(want.instant), have.instant.Equal(want.instant))
	case boolEquals:
		return have.truth == want.truth
	case ipAddress:
		return have.network.Bits() >= want.network.Bits() && want.network.Contains(have.network.Addr())
	case binaryEquals:
		return bytes.Equal(have.binary, want.binary)
	}
	return false
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
