package nhiscan

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// bytes returns the next value, a string, valid until the next call.
func (r *jsonReader) bytes() []byte {
	if !r.want("a string", jsontext.KindString) {
		return nil
	}
	v := r.value()
	if len(v) < 2 {
		return nil
	}
	if bytes.IndexByte(v, '\\') < 0 && utf8.Valid(v) {
		return v[1 : len(v)-1]
	}
	// The decoder has read the value, so that all that can be wrong with it is
	// what AppendUnquote replaces with U+FFFD: half a surrogate pair, or a byte
	// that is not UTF-8.
	var err error
	if r.scratch, err = jsontext.AppendUnquote(r.scratch[:0], v); err != nil && len(r.garbled) < maxSeparateGaps {
		r.garbled = append(r.garbled, clipPath(string(r.dec.StackPointer())))
	}
	return r.scratch
}

func (r *jsonReader) string() string { return string(r.bytes()) }

// internedString is string for strings that recur.
func (r *jsonReader) internedString() string {
	b := r.bytes()
	if s, ok := r.interned[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(r.interned) < maxInterned && len(s) < 1<<10 {
		r.interned[s] = s
	}
	return s
}

func (r *jsonReader) bool() bool {
	if !r.want("true or false", jsontext.KindTrue, jsontext.KindFalse) {
		return false
	}
	return r.value().Kind() == jsontext.KindTrue
}

func (r *jsonReader) int() int {
	return int(r.number("a whole number, 0 or more", func(t jsontext.Token) (float64, error) {
		n, err := t.Int()
		if n != int64(int32(n)) || n < 0 {
			return 0, strconv.ErrRange
		}
		return float64(n), err
	}))
}

// number reads a number, converted by convert.
func (r *jsonReader) number(want string, convert func(jsontext.Token) (float64, error)) float64 {
	if !r.want(want, jsontext.KindNumber) {
		return 0
	}
	at := r.next()
	token, err := r.dec.ReadToken()
	if err != nil {
		r.stop(err)
		return 0
	}
	n, err := convert(token)
	if err != nil {
		r.fail(at, fmt.Sprintf("want %s, found %s", want, clip(token.String())))
	}
	return n
}

// time reads a time in any of the forms that AWS tools print.
func (r *jsonReader) time() time.Time {
	const want = "a time such as 2024-05-01T12:00:00Z"
	at := r.next()
	if r.peek() == jsontext.KindNumber {
		seconds := r.number(want, func(t jsontext.Token) (float64, error) { return t.Float() })
		t, ok := epochTime(seconds)
		if !ok {
			r.fail(at, fmt.Sprintf("want %s, found the number %g", want, seconds))
		}
		return t
	}
	if !r.want(want, jsontext.KindString) {
		return time.Time{}
	}
	b := r.bytes()
	if len(b) == 0 {
		return time.Time{}
	}
	t, ok := parseTime(string(b))
	if !ok {
		r.fail(at, fmt.Sprintf("want %s, found %q", want, clip(string(b))))
	}
	return t
}

// document reads a policy document: an object as the AWS CLI prints it, or a
// string as the API and the SDKs hold it.
func (r *jsonReader) document() PolicyDocument {
	if r.peek() == jsontext.KindString {
		return NewPolicyDocument(decodeDocument(r.string()))
	}
	return NewPolicyDocument(string(r.value()))
}

// want fails unless the next value is of one of the kinds.
func (r *jsonReader) want(want string, kinds ...jsontext.Kind) bool {
	got := r.peek()
	for _, kind := range kinds {
		if got == kind {
			return true
		}
	}
	if r.err != nil {
		return false
	}
	at := r.next()
	if _, err := r.dec.ReadToken(); err != nil {
		r.stop(err)
		return false
	}
	r.fail(at, "want "+want+", found "+kindName(got))
	return false
}

func kindName(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "a boolean"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "a list"
	}
	return "something else"
}
