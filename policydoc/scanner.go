package policydoc

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// byteOrderMark is what some editors on Windows put before UTF-8 text.
const byteOrderMark = "\uFEFF"

// A scanner reads JSON from left to right, each byte once. It only ever goes
// into a value that its caller knows, so the grammar of policies bounds how deep
// it nests. Strings without escapes are not copied: they share the text's memory.
type scanner struct {
	text string
	pos  int

	// Where in the policy the scanner is, for errors.
	statement int
	path      [3]string // Condition, operator, key is the longest there is
	depth     int
}

// enter notes that what follows belongs to the named element, until leave.
func (s *scanner) enter(name string) {
	s.path[s.depth] = name
	s.depth++
}

func (s *scanner) leave() { s.depth-- }

// failAt returns a ParseError at the given byte and in the current element.
func (s *scanner) failAt(offset int, format string, args ...any) error {
	return &ParseError{
		Statement: s.statement,
		Offset:    offset,
		Element:   strings.Join(s.path[:s.depth], "."),
		Message:   fmt.Sprintf(format, args...),
	}
}

// want returns the error for finding something else than what at the current byte.
func (s *scanner) want(what string) error {
	return s.failAt(s.pos, "want %s, found %s", what, s.found())
}

// found says what begins at the current byte.
func (s *scanner) found() string {
	if s.pos >= len(s.text) {
		return "the end of the text"
	}
	rest := s.text[s.pos:]
	switch c := rest[0]; {
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"':
		if value, err := (&scanner{text: s.text, pos: s.pos}).str(); err == nil {
			return quoted(value)
		}
		return "a broken string"
	case c == '-' || isDigit(c):
		return "the number " + leading(rest, "+-.0123456789Ee")
	case isLetter(c):
		return leading(rest, letters)
	}
	_, size := utf8.DecodeRuneInString(rest)
	return quoted(rest[:size])
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// leading returns the characters of set that s begins with, cut short when they are many.
func leading(s, set string) string {
	word := s[:len(s)-len(strings.TrimLeft(s, set))]
	if len(word) > maxQuoted {
		return word[:maxQuoted] + "…"
	}
	return word
}

// next skips white space and returns the byte after it, 0 at the end of the text.
func (s *scanner) next() byte {
	text, i := s.text, s.pos
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	s.pos = i
	if i < len(text) {
		return text[i]
	}
	return 0
}

// object reads an object, the scanner being at its brace. For each member it
// calls value with the name and where it is, the scanner being at the value,
// which value must read.
func (s *scanner) object(value func(name string, offset int) error) error {
	s.pos++
	if s.next() == '}' {
		s.pos++
		return nil
	}
	for {
		if s.next() != '"' {
			return s.want("a name in double quotes")
		}
		offset := s.pos
		name, err := s.str()
		if err != nil {
			return err
		}
		if s.next() != ':' {
			return s.want(`":" after the name ` + quoted(name))
		}
		s.pos++
		s.next()
		if err := value(name, offset); err != nil {
			return err
		}
		if end, err := s.separator('}', `"," or "}"`); end || err != nil {
			return err
		}
	}
}

// list reads a list, the scanner being at its bracket. It calls value for each
// item, the scanner being at the item, which value must read.
func (s *scanner) list(value func() error) error {
	s.pos++
	if s.next() == ']' {
		s.pos++
		return nil
	}
	for {
		s.next()
		if err := value(); err != nil {
			return err
		}
		if end, err := s.separator(']', `"," or "]"`); end || err != nil {
			return err
		}
	}
}

// separator reads a comma or the closing character, and reports whether it was the latter.
func (s *scanner) separator(closing byte, what string) (end bool, err error) {
	switch s.next() {
	case ',':
		s.pos++
		return false, nil
	case closing:
		s.pos++
		return true, nil
	}
	return false, s.want(what)
}

// number reads a number, the scanner being at its first character, and returns
// it as written.
func (s *scanner) number() (string, error) {
	start := s.pos
	if s.text[s.pos] == '-' {
		s.pos++
	}
	if s.pos < len(s.text) && s.text[s.pos] == '0' {
		s.pos++ // a zero stands alone: JSON has no leading zeros
	} else if !s.digits() {
		return "", s.want("a digit")
	}
	if s.pos < len(s.text) && s.text[s.pos] == '.' {
		s.pos++
		if !s.digits() {
			return "", s.want("a digit after the decimal point")
		}
	}
	if s.pos < len(s.text) && s.text[s.pos]|0x20 == 'e' {
		s.pos++
		if s.pos < len(s.text) && (s.text[s.pos] == '+' || s.text[s.pos] == '-') {
			s.pos++
		}
		if !s.digits() {
			return "", s.want("a digit in the exponent")
		}
	}
	return s.text[start:s.pos], nil
}

// digits skips digits and reports whether there was one.
func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.text) && isDigit(s.text[s.pos]) {
		s.pos++
	}
	return s.pos > start
}

// literal reads the given word if the text goes on with it and with no further letter.
func (s *scanner) literal(word string) bool {
	rest, ok := strings.CutPrefix(s.text[s.pos:], word)
	if !ok || rest != "" && isLetter(rest[0]) {
		return false
	}
	s.pos += len(word)
	return true
}
