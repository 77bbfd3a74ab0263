package trust

import "strings"

// An arnParts is an Amazon Resource Name in its parts.
type arnParts struct {
	partition, service, region, account, resource string
}

// parseARN splits s. It checks the number of parts and nothing else.
func parseARN(s string) (arnParts, bool) {
	var a arnParts
	rest, ok := strings.CutPrefix(s, "arn:")
	for _, part := range []*string{&a.partition, &a.service, &a.region, &a.account} {
		if !ok {
			return arnParts{}, false
		}
		*part, rest, ok = strings.Cut(rest, ":")
	}
	a.resource = rest
	return a, ok
}

// isAccountID reports whether s is a 12-digit AWS account id.
func isAccountID(s string) bool { return len(s) == 12 && isDigits(s) }

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
