package nhi

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// matching returns the ARNs of a sorted list that a pattern covers.
func matching(arns []string, pattern string) []string {
	prefix := pattern[:literalLength(pattern)]
	suffix := pattern[strings.LastIndexAny(pattern, "*?")+1:]
	middle := longestLiteral(strings.TrimSuffix(pattern[len(prefix):], suffix))
	first, _ := slices.BinarySearch(arns, prefix)
	var found []string
	for _, arn := range arns[first:] {
		if !strings.HasPrefix(arn, prefix) {
			break
		}
		// The literal parts rule out most ARNs at a fraction of the cost of matching.
		if strings.HasSuffix(arn, suffix) && strings.Contains(arn[len(prefix):], middle) && policydoc.MatchResource(pattern, arn) {
			found = append(found, arn)
		}
	}
	return found
}

// longestLiteral returns the longest part of a pattern without a wildcard.
func longestLiteral(pattern string) string {
	longest := ""
	for part := range strings.FieldsFuncSeq(pattern, func(r rune) bool { return r == '*' || r == '?' }) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

func denied(patterns []string, arn string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return policydoc.MatchResource(p, arn) })
}

// literalLength returns how much of a pattern comes before its first wildcard.
func literalLength(pattern string) int {
	if i := strings.IndexAny(pattern, "*?"); i >= 0 {
		return i
	}
	return len(pattern)
}
