package policydoc

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string, the scanner being at its opening quote.
func (s *scanner) str() (string, error) {
	start := s.pos + 1
	rest := s.text[start:]
	var bits byte
	for i := range len(rest) {
		c := rest[i]
		bits |= c
		switch {
		case c == '"':
			value := rest[:i]
			if bits >= utf8.RuneSelf && !utf8.ValidString(value) {
				return "", s.invalidUTF8(start)
			}
			s.pos = start + i + 1
			return value, nil
		case c == '\\':
			return s.escapedStr(start, start+i)
		case c < ' ':
			return "", s.controlCharacter(start + i)
		}
	}
	return "", s.failAt(s.pos, "the string has no closing quote")
}

// escapedStr reads the rest of a string that begins at start and has its first
// escape at i.
func (s *scanner) escapedStr(start, i int) (string, error) {
	var value strings.Builder
	copied := start
	for i < len(s.text) {
		switch c := s.text[i]; {
		case c == '"':
			// Escapes are ASCII, so the raw text is valid exactly when the value is.
			if !utf8.ValidString(s.text[start:i]) {
				return "", s.invalidUTF8(start)
			}
			value.WriteString(s.text[copied:i])
			s.pos = i + 1
			return value.String(), nil
		case c == '\\':
			value.WriteString(s.text[copied:i])
			r, size, err := s.escape(i)
			if err != nil {
				return "", err
			}
			value.WriteRune(r)
			i += size
			copied = i
		case c < ' ':
			return "", s.controlCharacter(i)
		default:
			i++
		}
	}
	return "", s.failAt(s.pos, "the string has no closing quote")
}

// escape decodes the escape whose backslash is at i, and returns its length.
func (s *scanner) escape(i int) (r rune, size int, err error) {
	if i+1 == len(s.text) {
		return 0, 0, s.failAt(s.pos, "the string has no closing quote")
	}
	switch c := s.text[i+1]; c {
	case '"', '\\', '/':
		return rune(c), 2, nil
	case 'b':
		return '\b', 2, nil
	case 'f':
		return '\f', 2, nil
	case 'n':
		return '\n', 2, nil
	case 'r':
		return '\r', 2, nil
	case 't':
		return '\t', 2, nil
	case 'u':
		return s.unicodeEscape(i)
	}
	_, n := utf8.DecodeRuneInString(s.text[i+1:])
	return 0, 0, s.failAt(i, "unknown escape %s in a string; write \\\\ for a backslash", printable(s.text[i:i+1+n]))
}

// unicodeEscape decodes \uXXXX, or a pair of them that makes one character.
func (s *scanner) unicodeEscape(i int) (r rune, size int, err error) {
	r, ok := hex4(s.text[i:])
	if !ok {
		return 0, 0, s.failAt(i, `\u in a string wants four hexadecimal digits`)
	}
	if !utf16.IsSurrogate(r) {
		return r, 6, nil
	}
	low, _ := hex4(s.text[i+6:])
	if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
		return 0, 0, s.failAt(i, `%s in a string is half of a surrogate pair without its other half`, s.text[i:i+6])
	}
	return r, 12, nil
}

// hex4 decodes the \uXXXX that text begins with.
func hex4(text string) (rune, bool) {
	if len(text) < 6 || text[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}

func (s *scanner) controlCharacter(i int) error {
	return s.failAt(i, "control character U+%04X in a string; write it as an escape", s.text[i])
}

// invalidUTF8 returns the error for the first byte from start on that is not
// UTF-8. There must be one.
func (s *scanner) invalidUTF8(start int) error {
	for i := start; ; {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if r == utf8.RuneError && size <= 1 {
			return s.failAt(i, "byte 0x%02X is not UTF-8; save the document as UTF-8", s.text[i])
		}
		i += size
	}
}
