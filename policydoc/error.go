package policydoc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A ParseError says where and why a text is not a policy document.
type ParseError struct {
	// Statement is the number of the statement, from 1; 0 outside of any.
	Statement int
	// Offset is the byte of the text at which the fault is.
	Offset int
	// Element is the path to the element inside the statement or the document,
	// such as Effect or Condition.StringEquals.aws:username; empty when the
	// fault is not inside an element. It is as written, thus not safe to print.
	Element string
	// Message says what is wrong and, where it can be known, what to write instead.
	Message string
}

// Error returns the whole story on one line, fit for a terminal:
//
//	statement 2: Effect: want "Allow" or "Deny", found "allow" (at byte 120)
func (e *ParseError) Error() string {
	var b strings.Builder
	if e.Statement > 0 {
		fmt.Fprintf(&b, "statement %d: ", e.Statement)
	}
	if e.Element != "" {
		b.WriteString(printable(e.Element))
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s (at byte %d)", e.Message, e.Offset)
	return b.String()
}

// Position returns the line and the column, both counted from 1, of the fault in
// the text that was parsed. Columns count characters, not bytes.
func (e *ParseError) Position(text string) (line, column int) {
	before := strings.TrimPrefix(text[:min(max(e.Offset, 0), len(text))], byteOrderMark)
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}

// printable returns s as it is when a terminal can show it, and quoted when it
// cannot.
func printable(s string) string {
	if q := quoted(s); q[1:len(q)-1] != s {
		return q
	}
	return s
}

// maxQuoted is how many bytes of a document's own text an error repeats.
const maxQuoted = 80

// quoted returns s in double quotes, control and invisible characters escaped,
// cut short when it is long.
func quoted(s string) string {
	if len(s) <= maxQuoted {
		return strconv.Quote(s)
	}
	cut := maxQuoted
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strconv.Quote(s[:cut] + "…")
}
