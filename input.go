package nhiscan

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// sniffLength is how much of an input is looked at to tell its kind.
const sniffLength = 4 << 10

// openText returns the input as UTF-8 text without a byte order mark, whatever
// it came as: plain or compressed with gzip, in UTF-8 or in the UTF-16 that
// Windows PowerShell writes for ">".
func openText(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, 256<<10)
	head, err := in.Peek(2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if bytes.Equal(head, []byte{0x1f, 0x8b}) {
		unzipped, err := gzip.NewReader(in)
		if err == io.ErrUnexpectedEOF {
			return nil, errCutGzip
		}
		if err != nil {
			return nil, damagedGzip(err)
		}
		in = bufio.NewReaderSize(&gzipInput{unzipped}, 256<<10)
	}
	head, err = in.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		_, err := in.Discard(3)
		return in, err
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return decodeUTF16(in, binary.LittleEndian)
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return decodeUTF16(in, binary.BigEndian)
	}
	return in, nil
}

// errCutGzip is the end of a compressed file before its end.
var errCutGzip = errors.New("the compressed file ends too early: it was cut off; make it again")

// damagedGzip says of a decompressor's error what to do about it.
func damagedGzip(err error) error {
	var corrupt flate.CorruptInputError
	if err == gzip.ErrHeader || err == gzip.ErrChecksum || errors.As(err, &corrupt) {
		return fmt.Errorf("the compressed file is damaged (%w); make it again", err)
	}
	return err
}

var errCutUTF16 = errors.New("the UTF-16 text ends in the middle of a character: it was cut off; make it again")

// A gzipInput says in words what io.ErrUnexpectedEOF leaves open.
type gzipInput struct{ *gzip.Reader }

func (g *gzipInput) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err == io.ErrUnexpectedEOF {
		return n, errCutGzip
	}
	return n, damagedGzip(err)
}

func decodeUTF16(in *bufio.Reader, order binary.ByteOrder) (*bufio.Reader, error) {
	if _, err := in.Discard(2); err != nil {
		return nil, err
	}
	return bufio.NewReader(&utf16Reader{in: in, order: order}), nil
}

// A utf16Reader turns UTF-16 into UTF-8. What is not valid UTF-16 becomes U+FFFD.
type utf16Reader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	out   []byte // converted and not yet read
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	for len(u.out) == 0 {
		if err := u.convert(); err != nil {
			return 0, err
		}
	}
	n := copy(p, u.out)
	u.out = u.out[n:]
	return n, nil
}

// convert fills out with some of the input.
func (u *utf16Reader) convert() error {
	u.out = u.out[:0]
	for len(u.out) < sniffLength {
		unit, err := u.unit()
		if err == io.EOF && len(u.out) > 0 {
			return nil
		}
		if err != nil {
			return err
		}
		r := rune(unit)
		if utf16.IsSurrogate(r) {
			r = u.pair(r)
		}
		u.out = utf8.AppendRune(u.out, r)
	}
	return nil
}

func (u *utf16Reader) unit() (uint16, error) {
	var b [2]byte
	if _, err := io.ReadFull(u.in, b[:]); err != nil {
		if err == io.ErrUnexpectedEOF {
			err = errCutUTF16
		}
		return 0, err
	}
	return u.order.Uint16(b[:]), nil
}

// pair returns the rune of which high is the first half, and reads the second
// half only if it is one.
func (u *utf16Reader) pair(high rune) rune {
	next, err := u.in.Peek(2)
	if err != nil {
		return utf8.RuneError
	}
	r := utf16.DecodeRune(high, rune(u.order.Uint16(next)))
	if r != utf8.RuneError {
		_, _ = u.in.Discard(2) // cannot fail: Peek has just buffered them
	}
	return r
}
