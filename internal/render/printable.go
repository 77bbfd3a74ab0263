package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// invisible are characters that Unicode counts as printable and that show as
// nothing, or change the look of their neighbours: joiners, fillers and variation
// selectors. Everything of the categories Cc, Cf, Co, Cs, Zl and Zp is caught by
// strconv.IsPrint already.
var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034F, Hi: 0x034F, Stride: 1},
		{Lo: 0x115F, Hi: 0x1160, Stride: 1},
		{Lo: 0x17B4, Hi: 0x17B5, Stride: 1},
		{Lo: 0x180B, Hi: 0x180F, Stride: 1},
		{Lo: 0x2800, Hi: 0x2800, Stride: 1},
		{Lo: 0x3164, Hi: 0x3164, Stride: 1},
		{Lo: 0xFE00, Hi: 0xFE0F, Stride: 1},
		{Lo: 0xFFA0, Hi: 0xFFA0, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0xE0100, Hi: 0xE01EF, Stride: 1}},
}

// Printable returns s with everything that could act on a terminal, reorder or
// hide text written as an escape: "\x1b" for ESC, "\n" for a line break,
// "\u202e" for a right-to-left override, "\xff" for a byte that is not UTF-8.
// Text that is already plain is returned as it is.
func Printable(s string) string {
	var b strings.Builder
	done := 0 // what is before it is in b
	for i := 0; i < len(s); {
		if ' ' <= s[i] && s[i] <= '~' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if broken := r == utf8.RuneError && size == 1; broken || !strconv.IsPrint(r) || unicode.Is(invisible, r) {
			b.WriteString(s[done:i])
			done = i + size
			if broken {
				fmt.Fprintf(&b, `\x%02x`, s[i])
			} else {
				b.WriteString(escapeRune(r))
			}
		}
		i += size
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// escapeRune writes r as Go and JavaScript write it in a string.
func escapeRune(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xFFFF:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

func isPlainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
