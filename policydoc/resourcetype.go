package policydoc

import "strings"

// A ResourceType is a kind of resource that actions work on.
type ResourceType struct {
	Service, Name string
	// ARN is its pattern, such as arn:${Partition}:s3:::${BucketName}. A few types
	// have several, with a comma and a space between them.
	ARN           string
	ConditionKeys []string
}

// Matches reports whether some ARN of this type could be covered by the Resource
// pattern. A placeholder of the type stands for any text but the empty one; a
// partition, region, account or bucket has no colon or slash in it, and a name of
// IAM no colon. A policy variable of the pattern, such as ${aws:username}, stands
// for any text. It takes time in proportion to the product of the lengths at most.
func (t ResourceType) Matches(pattern string) bool {
	pattern = replacePlaceholders(pattern, "*")
	if strings.Trim(pattern, "*") == "" {
		return pattern != ""
	}
	for arn := range strings.SplitSeq(t.ARN, ", ") {
		// The first is quick, and says no to most.
		if PatternsOverlap(replacePlaceholders(arn, "?*"), pattern) && overlaps(t.tokens(arn), pattern) {
			return true
		}
	}
	return false
}

// An arnToken is one character of a type's ARN, or stands for some in a placeholder.
type arnToken struct {
	char byte // '?' and '*' as in a pattern
	// noColon and noSlash say what a '?' or '*' does not stand for.
	noColon, noSlash bool
}

func (t ResourceType) tokens(arn string) []arnToken {
	tokens := make([]arnToken, 0, len(arn))
	for arn != "" {
		before, rest, _ := strings.Cut(arn, "${")
		for i := range len(before) {
			tokens = append(tokens, arnToken{char: before[i]})
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			break
		}
		one := arnToken{char: '?', noColon: t.Service == "iam"}
		switch name {
		case "Partition", "Region", "Account", "BucketName":
			one.noColon, one.noSlash = true, true
		}
		some := one
		some.char = '*'
		tokens = append(tokens, one, some)
		arn = after
	}
	return tokens
}

// canBe reports whether the token stands for a character of a pattern, or for one
// of those that its question mark stands for.
func (t arnToken) canBe(c byte) bool {
	if t.char == '?' || t.char == '*' {
		return !(c == ':' && t.noColon || c == '/' && t.noSlash)
	}
	return t.char == c || c == '?'
}

// overlaps reports whether some text is made of the tokens and covered by the
// pattern, by dynamic programming: reach[j] says that one is, for the tokens so
// far and the first j characters of the pattern.
func overlaps(tokens []arnToken, pattern string) bool {
	before, reach := make([]bool, len(pattern)+1), make([]bool, len(pattern)+1)
	reach[0] = true
	for j := 0; j < len(pattern) && pattern[j] == '*'; j++ {
		reach[j+1] = true
	}
	for _, token := range tokens {
		before, reach = reach, before
		reach[0] = token.char == '*' && before[0]
		for j := range len(pattern) {
			switch {
			case pattern[j] == '*':
				reach[j+1] = reach[j] || before[j+1]
			case token.char == '*':
				reach[j+1] = before[j+1] || token.canBe(pattern[j]) && reach[j]
			default:
				reach[j+1] = before[j] && token.canBe(pattern[j])
			}
		}
	}
	return reach[len(pattern)]
}

// replacePlaceholders puts another text in the place of everything like ${Name}.
func replacePlaceholders(s, with string) string {
	if !strings.Contains(s, "${") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "${")
		_, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(before)
		b.WriteString(with)
		s = after
	}
}
