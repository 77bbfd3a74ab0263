package nhiscan

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A jsonWriter writes JSON as a stream, with policy documents exactly as they
// are: an encoder would take the white space out, and with it the lines that
// findings refer to. After the first error it does nothing; flush returns it.
type jsonWriter struct {
	out   *bufio.Writer
	err   error
	buf   []byte
	comma bool // a value stands before, in the same object or list
}

func newJSONWriter(w io.Writer) *jsonWriter {
	return &jsonWriter{out: bufio.NewWriterSize(w, 256<<10)}
}

func (w *jsonWriter) flush() error {
	if w.err == nil {
		w.err = w.out.Flush()
	}
	return w.err
}

func (w *jsonWriter) raw(s string) {
	if w.err == nil {
		_, w.err = w.out.WriteString(s)
	}
}

// quote writes a string; one that is not UTF-8 has no place in JSON.
func (w *jsonWriter) quote(s string) {
	if w.err != nil {
		return
	}
	w.buf, w.err = jsontext.AppendQuote(w.buf[:0], s)
	if w.err != nil {
		w.err = fmt.Errorf("%q: %w", clip(s), w.err)
		return
	}
	_, w.err = w.out.Write(w.buf)
}

func (w *jsonWriter) separate() {
	if w.comma {
		w.raw(",")
	}
	w.comma = true
}

func (w *jsonWriter) key(name string) {
	w.separate()
	w.quote(name)
	w.raw(":")
}

// object writes an object whose members body writes.
func (w *jsonWriter) object(body func()) {
	w.raw("{")
	w.comma = false
	body()
	w.raw("}")
	w.comma = true
}

// objects writes a list of objects under a key. Lists at the top of the file
// have a line for each element, so that line tools can work on it.
func (w *jsonWriter) objects(name string, n int, lines bool, element func(i int)) {
	w.key(name)
	w.raw("[")
	w.comma = false
	for i := range n {
		w.separate()
		if lines {
			w.raw("\n")
		}
		w.object(func() { element(i) })
	}
	w.raw("]")
	w.comma = true
}

// byARN writes an object of objects under a key, a line for each.
func (w *jsonWriter) byARN(name string, n int, arn func(i int) string, value func(i int)) {
	if n == 0 {
		return
	}
	w.key(name)
	w.object(func() {
		for i := range n {
			w.separate()
			w.raw("\n")
			w.comma = false
			w.key(arn(i))
			w.object(func() { value(i) })
		}
	})
}

func (w *jsonWriter) strings(name string, list []string) {
	w.key(name)
	w.raw("[")
	w.comma = false
	for _, s := range list {
		w.separate()
		w.quote(s)
	}
	w.raw("]")
	w.comma = true
}

func (w *jsonWriter) string(name, value string) {
	w.key(name)
	w.quote(value)
}

// optional writes a string that is not empty.
func (w *jsonWriter) optional(name, value string) {
	if value != "" {
		w.string(name, value)
	}
}

func (w *jsonWriter) bool(name string, value bool) {
	w.key(name)
	w.raw(strconv.FormatBool(value))
}

func (w *jsonWriter) int(name string, value int) {
	w.key(name)
	w.raw(strconv.Itoa(value))
}

// time writes a time that is not zero.
func (w *jsonWriter) time(name string, t time.Time) {
	if t.IsZero() {
		return
	}
	if !inRange(t.UTC()) && w.err == nil {
		w.err = fmt.Errorf("%s: the year %d cannot be written", name, t.UTC().Year())
	}
	w.string(name, t.UTC().Format(time.RFC3339Nano))
}

// document writes a policy document that was read: as it is, or, if it is not
// a JSON object, as the string that decodeDocument turns back into it.
func (w *jsonWriter) document(name string, d PolicyDocument) {
	if d.IsZero() {
		return
	}
	text := d.Text()
	if text[0] != '{' || !jsontext.Value(text).IsValid(jsontext.AllowDuplicateNames(true)) {
		w.string(name, encodeDocument(text))
		return
	}
	w.key(name)
	w.raw(text)
}
