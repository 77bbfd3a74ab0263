package nhiscan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json/jsontext"
)

// A jsonReader reads JSON as a stream. It is the one place that knows which
// decoder is used: walking an account file with jsontext takes a fraction of
// the time of decoding it with encoding/json (see BenchmarkRead), and tells
// where it is.
//
// After the first error all methods do nothing and return zero values; err
// holds that error. A null is the same as a key that is not there.
type jsonReader struct {
	in  *positionReader
	dec *jsontext.Decoder
	err error
	// interned holds the strings that recur: keys, ARNs, paths, names of groups.
	interned map[string]string
	scratch  []byte
	// garbled is where strings are that are not Unicode, at most maxSeparateGaps.
	garbled []string
}

// maxElements bounds what an input of endless small things may keep in memory: a
// hundred times what IAM's quotas allow of anything.
const maxElements = 1 << 20

// maxInterned bounds interned against an input that never repeats itself.
const maxInterned = 1 << 16

func newJSONReader(r io.Reader) *jsonReader {
	in := newPositionReader(r)
	// A policy document that has a name twice is for its own parser to report,
	// and must not make the whole file unreadable.
	// One broken character in a tag must not either: bytes replaces it and notes it.
	dec := jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	in.done = dec.InputOffset
	return &jsonReader{in: in, dec: dec, interned: map[string]string{}}
}

// more reports whether another value follows at the top level.
func (r *jsonReader) more() bool {
	if r.err != nil {
		return false
	}
	if r.dec.PeekKind() != jsontext.KindInvalid {
		return true
	}
	// The decoder tells the end of the input from a syntax error by reading on.
	if _, err := r.dec.ReadToken(); err != io.EOF {
		r.stop(err)
	}
	return false
}

// peek returns the kind of the next value.
func (r *jsonReader) peek() jsontext.Kind {
	if r.err != nil {
		return jsontext.KindInvalid
	}
	return r.dec.PeekKind()
}

// object returns the keys of the next value, an object. For each the loop must
// read the value that belongs to it. Keys whose value is null are passed over.
func (r *jsonReader) object() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !r.open(jsontext.KindBeginObject, "an object") {
			return
		}
		for r.err == nil && r.dec.PeekKind() != jsontext.KindEndObject {
			key := r.internedString()
			if r.peek() == jsontext.KindNull {
				r.skip()
				continue
			}
			if r.err != nil || !yield(key) {
				return
			}
		}
		r.close()
	}
}

// list returns the numbers, from 0, of the elements of the next value, an array.
// For each the loop must read the element. What is no array counts as its only
// element: tools that convert XML to JSON write lists of one that way.
func (r *jsonReader) list() iter.Seq[int] {
	return func(yield func(int) bool) {
		if r.peek() != jsontext.KindBeginArray {
			if r.err == nil {
				yield(0)
			}
			return
		}
		r.open(jsontext.KindBeginArray, "a list")
		for i := 0; r.err == nil && r.dec.PeekKind() != jsontext.KindEndArray; i++ {
			if i == maxElements {
				r.fail(r.next(), fmt.Sprintf("a list of more than %d: no account has that; is the file damaged?", maxElements))
				return
			}
			if !yield(i) {
				return
			}
		}
		r.close()
	}
}

// open reads the beginning of an object or array.
func (r *jsonReader) open(kind jsontext.Kind, want string) bool {
	if !r.want(want, kind) {
		return false
	}
	_, err := r.dec.ReadToken()
	r.stop(err)
	return r.err == nil
}

func (r *jsonReader) close() {
	if r.err == nil {
		_, err := r.dec.ReadToken()
		r.stop(err)
	}
}

// skip passes over the next value.
func (r *jsonReader) skip() {
	if r.err == nil {
		r.stop(r.dec.SkipValue())
	}
}

// value returns the text of the next value, valid until the next call.
func (r *jsonReader) value() jsontext.Value {
	if r.err != nil {
		return nil
	}
	v, err := r.dec.ReadValue()
	r.stop(err)
	return v
}

// next returns the offset at which the next value begins.
func (r *jsonReader) next() int64 {
	if r.err != nil {
		return 0
	}
	r.dec.PeekKind()
	unread := r.dec.UnreadBuffer()
	return r.dec.InputOffset() + int64(len(unread)-len(bytes.TrimLeft(unread, " \t\r\n,:")))
}

// fail records what is wrong with the value that was just read, which began at an offset.
func (r *jsonReader) fail(at int64, message string) {
	if r.err == nil {
		r.err = r.formatError(at, string(r.dec.StackPointer()), message)
	}
}

func (r *jsonReader) formatError(at int64, path, message string) error {
	line, column := r.in.position(at)
	return &FormatError{Line: line, Column: column, Offset: at, Path: clipPath(path), Message: message}
}

// stop records the decoder's error, if there is one.
func (r *jsonReader) stop(err error) {
	if err != nil && r.err == nil {
		r.err = r.located(err)
	}
}

// located gives the decoder's error its place and words that help.
func (r *jsonReader) located(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case r.in.err == errTooLong, r.in.err == errTooMuch:
		return r.formatError(r.dec.InputOffset(), string(r.dec.StackPointer()), r.in.err.Error())
	case r.in.err != nil:
		return r.in.err
	case err == io.EOF:
		return r.formatError(r.in.read, "", "the file ends where a value should be")
	case !errors.As(err, &syntax):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		where := string(syntax.JSONPointer)
		if where == "" {
			where = "its first value"
		}
		return r.formatError(r.in.read, "", "the file ends inside "+where+": it was cut off; make it again")
	}
	return r.formatError(syntax.ByteOffset, string(syntax.JSONPointer), "not JSON: "+syntax.Err.Error())
}
