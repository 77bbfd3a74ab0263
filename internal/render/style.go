package render

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Style is how text for people looks. The zero value is plain and as wide as its content.
type Style struct {
	// Width is the number of columns that lines should fit in; 0 for no limit.
	Width int
	// Color says whether to use ANSI colours.
	Color bool
}

// A color is an ANSI "select graphic rendition" sequence; empty for none.
type color string

const (
	plain   color = ""
	bold    color = "\x1b[1m"
	faint   color = "\x1b[2m"
	red     color = "\x1b[31m"
	green   color = "\x1b[32m"
	yellow  color = "\x1b[33m"
	magenta color = "\x1b[35m"
	cyan    color = "\x1b[36m"

	reset = "\x1b[0m"
)

// paint colours text, which must already be printable.
func (st Style) paint(c color, text string) string {
	if !st.Color || c == plain || text == "" {
		return text
	}
	return string(c) + text + reset
}

// runes counts terminal columns. It is fixed, rather than taken from the locale,
// so that the same account gives the same bytes everywhere. Going rune by rune is
// right for printable text, from which joiners and selectors are gone.
var runes = &runewidth.Condition{}

// width is the number of columns that printable text takes.
func width(text string) int {
	if isPlainASCII(text) {
		return len(text)
	}
	n := 0
	for _, r := range text {
		n += runes.RuneWidth(r)
	}
	return n
}

// head returns as much of text's beginning as fits in n columns, and tail of its end.
func head(text string, n int) string {
	used := 0
	for i, r := range text {
		if used += runes.RuneWidth(r); used > n {
			return text[:i]
		}
	}
	return text
}

func tail(text string, n int) string {
	for i := range text {
		if width(text[i:]) <= n {
			return text[i:]
		}
	}
	return ""
}

// shorten cuts text at its end to at most n columns.
func shorten(text string, n int) string {
	if n <= 0 || width(text) <= n {
		return text
	}
	return strings.TrimRight(head(text, n-1), " ") + "…"
}

// shortenMiddle cuts text in its middle to at most n columns: names differ at
// both ends.
func shortenMiddle(text string, n int) string {
	if n <= 0 || width(text) <= n {
		return text
	}
	front := (n - 1) * 3 / 5
	return head(text, front) + "…" + tail(text, n-1-front)
}

// wrap breaks text at spaces into lines of at most n columns; 0 for no limit. A
// word that is longer than a line has one to itself.
func wrap(text string, n int) []string {
	if n <= 0 || width(text) <= n {
		return []string{text}
	}
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(text) {
		w := width(word)
		if used > 0 && used+1+w > n {
			lines = append(lines, line)
			line, used = "", 0
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+w
	}
	return append(lines, line)
}

// wrapWords is wrap that also breaks words that are longer than a line.
func wrapWords(text string, n int) []string {
	if n <= 0 || width(text) <= n {
		return []string{text}
	}
	var parts []string
	for _, word := range strings.Fields(text) {
		for width(word) > n {
			first := head(word, n)
			if first == "" {
				break // no character fits
			}
			parts, word = append(parts, first), word[len(first):]
		}
		parts = append(parts, word)
	}
	return wrap(strings.Join(parts, " "), n)
}
