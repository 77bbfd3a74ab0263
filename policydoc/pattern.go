package policydoc

import (
	"strings"
	"unicode/utf8"
)

// PatternsOverlap reports whether some text is covered by both Resource patterns,
// as [MatchResource] covers: * stands for any characters or none, ? for one, and
// everything else for itself, policy variables included.
//
// It takes time in proportion to the patterns' lengths when both have a star, and
// to their product at most when one has none.
func PatternsOverlap(a, b string) bool {
	switch aStar, bStar := strings.Contains(a, "*"), strings.Contains(b, "*"); {
	case aStar && bStar:
		return prefixesAgree(a, b) && suffixesAgree(a, b)
	case aStar:
		return matchPattern(a, b, eitherQuestionMark)
	default:
		return matchPattern(b, a, eitherQuestionMark)
	}
}

// prefixesAgree reports whether texts of both patterns can begin alike, as far as
// neither has come to a star. From there on each pattern's own star can take
// what the other one demands in between: only the ends can still disagree.
func prefixesAgree(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[0] != '*' && b[0] != '*' {
		x, sizeA := utf8.DecodeRuneInString(a)
		y, sizeB := utf8.DecodeRuneInString(b)
		if x != '?' && y != '?' && a[:sizeA] != b[:sizeB] {
			return false
		}
		a, b = a[sizeA:], b[sizeB:]
	}
	return true // each has a star, so that neither came to its end
}

// suffixesAgree is prefixesAgree from the other end.
func suffixesAgree(a, b string) bool {
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] != '*' && b[len(b)-1] != '*' {
		x, sizeA := utf8.DecodeLastRuneInString(a)
		y, sizeB := utf8.DecodeLastRuneInString(b)
		if x != '?' && y != '?' && a[len(a)-sizeA:] != b[len(b)-sizeB:] {
			return false
		}
		a, b = a[:len(a)-sizeA], b[:len(b)-sizeB]
	}
	return true
}

// PatternCovers reports whether every text that the Resource pattern narrow covers
// is covered by wide too, as [MatchResource] covers. It may say no where the
// answer is yes for a reason that takes more than one pass to see, and never yes
// where it is no. It takes time in proportion to the product of the lengths at most.
func PatternCovers(wide, narrow string) bool {
	return matchPattern(sortWildcards(wide), sortWildcards(narrow), ownQuestionMark)
}

// sortWildcards writes every run of wildcards with its question marks first and
// at most one star, which means the same.
func sortWildcards(pattern string) string {
	if !strings.Contains(pattern, "**") && !strings.Contains(pattern, "*?") {
		return pattern
	}
	var b strings.Builder
	star := false
	for i := range len(pattern) {
		if pattern[i] == '*' {
			star = true
			continue
		}
		if pattern[i] != '?' && star {
			b.WriteByte('*')
			star = false
		}
		b.WriteByte(pattern[i])
	}
	if star {
		b.WriteByte('*')
	}
	return b.String()
}

// A questionMark says what the question mark of a pattern that is matched stands
// for, when another pattern is matched with it.
type questionMark bool

const (
	// ownQuestionMark is a character that only wildcards match: it may be any.
	ownQuestionMark questionMark = false
	// eitherQuestionMark is a character that matches all: it can be made to.
	eitherQuestionMark questionMark = true
)

// matchPattern matches a pattern with the whole of another pattern, a star of
// which only a star matches. It goes about it as match does.
func matchPattern(pattern, s string, mark questionMark) bool {
	p, i := 0, 0
	afterStar, retry := -1, 0
	for i < len(s) {
		size := characterSize(s[i:])
		switch {
		case p < len(pattern) && pattern[p] == '*':
			p++
			if p == len(pattern) {
				return true
			}
			afterStar, retry = p, i
		case p < len(pattern) && s[i] != '*' && pattern[p] == '?':
			p++
			i += size
		case p < len(pattern) && s[i] == '?' && mark == eitherQuestionMark:
			p += characterSize(pattern[p:])
			i++
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case afterStar >= 0:
			retry += characterSize(s[retry:])
			p, i = afterStar, retry
		default:
			return false
		}
	}
	return strings.TrimLeft(pattern[p:], "*") == ""
}
