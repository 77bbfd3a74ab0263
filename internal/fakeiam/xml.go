package fakeiam

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
)

// An xmlWriter builds an answer. It appends text instead of marshalling values,
// because the pages of a large account are tens of megabytes.
type xmlWriter struct {
	bytes []byte
}

func (x *xmlWriter) raw(s string) { x.bytes = append(x.bytes, s...) }

func (x *xmlWriter) open(name string) {
	x.bytes = append(x.bytes, '<')
	x.bytes = append(x.bytes, name...)
	x.bytes = append(x.bytes, '>')
}

func (x *xmlWriter) close(name string) {
	x.bytes = append(x.bytes, "</"...)
	x.bytes = append(x.bytes, name...)
	x.bytes = append(x.bytes, '>')
}

// text writes an element that AWS always sends, empty or not.
func (x *xmlWriter) text(name, value string) {
	x.open(name)
	x.escape(value)
	x.close(name)
}

// optional writes an element that AWS leaves out when it has no value.
func (x *xmlWriter) optional(name, value string) {
	if value != "" {
		x.text(name, value)
	}
}

func (x *xmlWriter) integer(name string, value int) { x.text(name, strconv.Itoa(value)) }

func (x *xmlWriter) boolean(name string, value bool) { x.text(name, strconv.FormatBool(value)) }

// time writes a time in whole seconds of UTC, as IAM does; a zero time is left out.
func (x *xmlWriter) time(name string, t time.Time) {
	if t.IsZero() {
		return
	}
	x.open(name)
	x.bytes = t.UTC().AppendFormat(x.bytes, timeFormat)
	x.close(name)
}

const timeFormat = "2006-01-02T15:04:05Z"

// document writes a policy document percent-encoded per RFC 3986; one that was
// not read is left out.
func (x *xmlWriter) document(name string, d nhiscan.PolicyDocument) {
	if d.IsZero() {
		return
	}
	x.open(name)
	x.percentEncode(d.Text())
	x.close(name)
}

// percentEncode escapes all but the unreserved characters of RFC 3986,
// https://www.rfc-editor.org/rfc/rfc3986#section-2.3. url.PathEscape keeps more.
func (x *xmlWriter) percentEncode(s string) {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
			x.bytes = append(x.bytes, c)
		default:
			x.bytes = append(x.bytes, '%', hex[c>>4], hex[c&0xf])
		}
	}
}

func (x *xmlWriter) escape(s string) {
	if plain(s) {
		x.bytes = append(x.bytes, s...)
		return
	}
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer does not fail
	x.bytes = append(x.bytes, b.Bytes()...)
}

// plain reports whether s is ASCII that XML takes as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c > 0x7e || strings.IndexByte(`<>&"'`, c) >= 0 {
			return false
		}
	}
	return true
}

// members writes a list: an element with one member element for each item.
func members[T any](x *xmlWriter, name string, items []T, write func(*xmlWriter, T)) {
	x.open(name)
	for _, item := range items {
		x.open("member")
		write(x, item)
		x.close("member")
	}
	x.close(name)
}

func writeName(x *xmlWriter, name string) { x.escape(name) }
