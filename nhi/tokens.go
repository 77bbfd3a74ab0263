package nhi

import "strings"

// segments cuts a name at everything that is neither a letter nor a digit.
func segments(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool {
		return r < 0x80 && !isLetter(byte(r)) && !isDigit(byte(r))
	})
}

// splitCase cuts a segment where its case or its kind of character changes:
// ExportToS3 gives Export, To, S, 3; EC2Instance gives EC, 2, Instance;
// HTTPServer gives HTTP, Server.
func splitCase(segment string) []string {
	var parts []string
	start := 0
	for i := 1; i < len(segment); i++ {
		if boundary(segment, i) {
			parts = append(parts, segment[start:i])
			start = i
		}
	}
	return append(parts, segment[start:])
}

func boundary(s string, i int) bool {
	before, here := s[i-1], s[i]
	switch {
	case isDigit(before) != isDigit(here):
		return true
	case isUpper(here):
		if !isUpper(before) {
			return true
		}
		return i+1 < len(s) && isLower(s[i+1])
	default:
		return false
	}
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isLetter(c byte) bool { return isLower(c) || isUpper(c) }

// letters reports whether all of s is lower-case ASCII letters or the letters of
// another script.
func letters(s string) bool {
	for i := range len(s) {
		if s[i] < 0x80 && !isLower(s[i]) {
			return false
		}
	}
	return s != ""
}

// digits reports whether all of s is digits.
func digits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
