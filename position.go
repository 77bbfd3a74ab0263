package nhiscan

import (
	"bytes"
	"fmt"
	"io"
	"sort"
)

const (
	// maxValueLength bounds what one value of the input may keep in memory. The
	// largest thing that IAM prints, a user with all its inline policies, is
	// thousands of times smaller.
	maxValueLength = 64 << 20
	maxValueLines  = 1 << 20
	// maxTextLength bounds the whole text, which a small compressed file can blow
	// up to anything: some twenty times that of an account at its quotas.
	maxTextLength = 1 << 30
)

var errTooMuch = fmt.Errorf("the text is longer than %d MiB: no account has that; is the file damaged?", maxTextLength>>20)

var errTooLong = fmt.Errorf("a value is longer than %d MiB or %d lines: no account has that; is the file damaged?",
	maxValueLength>>20, maxValueLines)

// A positionReader passes an input on to a decoder, remembers where its lines
// begin, and stops the decoder when it wants too much at a time.
type positionReader struct {
	in io.Reader
	// done returns how much the decoder has consumed for good.
	done func() int64

	read int64
	// err is what the input failed with, other than its end.
	err error
	// lineStarts are the offsets at which lines begin, as far back as done; the
	// first of them begins line number firstLine.
	lineStarts []int64
	firstLine  int
}

func newPositionReader(in io.Reader) *positionReader {
	return &positionReader{in: in, lineStarts: []int64{0}, firstLine: 1}
}

func (p *positionReader) Read(b []byte) (int, error) {
	done := p.done()
	p.forget(done)
	if p.read-done > maxValueLength || len(p.lineStarts) > maxValueLines {
		p.err = errTooLong
		return 0, p.err
	}
	if p.read > maxTextLength {
		p.err = errTooMuch
		return 0, p.err
	}
	n, err := p.in.Read(b[:min(int64(len(b)), maxValueLength+1-(p.read-done))])
	for i := 0; i < n; {
		newline := bytes.IndexByte(b[i:n], '\n')
		if newline < 0 {
			break
		}
		i += newline + 1
		p.lineStarts = append(p.lineStarts, p.read+int64(i))
	}
	p.read += int64(n)
	if err != nil && err != io.EOF {
		p.err = err
	}
	return n, err
}

// forget drops the lines that end before offset.
func (p *positionReader) forget(offset int64) {
	keep := p.lineAt(offset)
	if keep == 0 {
		return
	}
	p.firstLine += keep
	p.lineStarts = append(p.lineStarts[:0], p.lineStarts[keep:]...)
}

// lineAt returns the index in lineStarts of the line that offset is in.
func (p *positionReader) lineAt(offset int64) int {
	after := sort.Search(len(p.lineStarts), func(i int) bool { return p.lineStarts[i] > offset })
	return max(after-1, 0)
}

// position returns the line and column, from 1, of an offset not before done.
func (p *positionReader) position(offset int64) (line, column int) {
	i := p.lineAt(offset)
	return p.firstLine + i, int(offset-p.lineStarts[i]) + 1
}
