package permissions

import (
	"math"
	"strings"
	"unicode/utf8"
)

// In patterns these two characters stand for a literal * and ?, which come from
// ${*}, ${?} and the values of policy variables. IAM takes neither in a policy
// nor in a request.
const (
	literalStar     = '\x00'
	literalQuestion = '\x01'
)

// A pattern is text with wildcards, told apart by how it can be compared.
type pattern struct {
	text string // of a prefix without the star
	// lead is how many bytes stand before the first wildcard.
	lead uint16
	kind patternKind
}

type patternKind uint8

const (
	patternGlob patternKind = iota
	patternLiteral
	patternPrefix // one star, at the end
	patternAll
)

func newPattern(text string) pattern {
	special := strings.IndexAny(text, "*?\x00\x01")
	switch {
	case text == "*":
		return pattern{text: "", kind: patternAll}
	case special < 0:
		return pattern{text: text, kind: patternLiteral}
	case special == len(text)-1 && text[special] == '*':
		return pattern{text: text[:special], kind: patternPrefix}
	}
	return pattern{text: text, lead: uint16(min(special, math.MaxUint16))}
}

// match reports whether the pattern covers the whole of s; case counts.
func (p *pattern) match(s string) bool {
	switch p.kind {
	case patternAll:
		return true
	case patternLiteral:
		return p.text == s
	case patternPrefix:
		return strings.HasPrefix(s, p.text)
	}
	lead := int(p.lead)
	return len(s) >= lead && s[:lead] == p.text[:lead] && glob(p.text[lead:], s[lead:])
}

// hasPrefixFold is strings.HasPrefix for a prefix in lower case and any s.
func hasPrefixFold(s, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if lower(s[i]) != prefix[i] {
			return false
		}
	}
	return true
}

// lower folds ASCII.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// glob matches the whole of s. After a mismatch it goes back only to the last
// star seen: an earlier star could take no more than what that one can take. So
// the time is at most len(pattern) times len(s).
func glob[P string | []byte](pattern P, s string) bool {
	p, i := 0, 0
	afterStar, retry := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			// Question marks beside a star are as good before it, where they cost no retry.
			for ; p < len(pattern) && (pattern[p] == '*' || pattern[p] == '?'); p++ {
				if pattern[p] == '*' {
					continue
				}
				if i == len(s) {
					return false
				}
				i += characterSize(s[i:])
			}
			if p == len(pattern) {
				return true
			}
			afterStar, retry = p, i
		case p < len(pattern) && pattern[p] == '?':
			p++
			i += characterSize(s[i:])
		case p < len(pattern) && sameByte(pattern[p], s[i]):
			p++
			i++
		case afterStar >= 0:
			retry += characterSize(s[retry:])
			// What follows the star says where it can end.
			if c := pattern[afterStar]; c != '*' && c != '?' && c > literalQuestion {
				skip := strings.IndexByte(s[retry:], c)
				if skip < 0 {
					return false
				}
				retry += skip
			}
			p, i = afterStar, retry
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

func sameByte(p, c byte) bool {
	switch p {
	case literalStar:
		return c == '*'
	case literalQuestion:
		return c == '?'
	}
	return p == c
}

func characterSize(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}

// appendLiteral appends the pattern that matches s alone.
func appendLiteral(pattern []byte, s string) []byte {
	for i := range len(s) {
		switch s[i] {
		case '*':
			pattern = append(pattern, literalStar)
		case '?':
			pattern = append(pattern, literalQuestion)
		default:
			pattern = append(pattern, s[i])
		}
	}
	return pattern
}
