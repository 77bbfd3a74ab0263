package policydoc

import (
	"fmt"
	"strconv"
	"strings"
)

// list joins words as in "a, b and c".
func list(words []string, conjunction string) string {
	if len(words) <= 1 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " " + conjunction + " " + words[last]
}

// someOf joins at most limit of the words and counts the rest.
func someOf(words []string, limit int, conjunction string) string {
	if len(words) <= limit+1 {
		return list(words, conjunction)
	}
	return strings.Join(words[:limit], ", ") + " " + conjunction + " " + thousands(len(words)-limit) + " more"
}

// count returns "1 action", "2 actions" and so on.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// literal returns s in double quotes, all that could break a sentence escaped.
func literal(s string) string { return strconv.Quote(s) }

func literals(values []string) []string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = literal(v)
	}
	return quoted
}

// word returns s as it is when it is made of the characters of names and
// patterns, and in quotes otherwise.
func word(s string) string {
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && !isDigit(c) && !strings.ContainsRune("*?:-_./", rune(c)) {
			return literal(s)
		}
	}
	if s == "" {
		return literal(s)
	}
	return s
}

func wordsOf(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = word(v)
	}
	return out
}
