package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// A printer writes lines of text for people. It keeps the first error.
type printer struct {
	w     *bufio.Writer
	style Style
	err   error
}

func newPrinter(w io.Writer, style Style) *printer {
	return &printer{w: bufio.NewWriterSize(w, 1<<16), style: style}
}

// raw writes a line that is printable already.
func (p *printer) raw(line string) {
	if p.err != nil {
		return
	}
	if _, err := p.w.WriteString(line); err != nil {
		p.err = err
		return
	}
	p.err = p.w.WriteByte('\n')
}

// flush ends the text and returns the first error.
func (p *printer) flush() error {
	if p.err != nil {
		return p.err
	}
	return p.w.Flush()
}

// heading writes a title, after an empty line.
func (p *printer) heading(title string) {
	p.raw("")
	p.raw(p.style.paint(bold, title))
}

// sprintf is fmt.Sprintf with every text argument made printable.
func sprintf(format string, args ...any) string {
	for i, arg := range args {
		switch v := arg.(type) {
		case string:
			args[i] = Printable(v)
		case error:
			args[i] = Printable(v.Error())
		case fmt.Stringer:
			args[i] = Printable(v.String())
		}
	}
	return fmt.Sprintf(format, args...)
}

// item writes "  label  text" with label padded to labelWidth and text, which
// must be printable, wrapped under itself.
func (p *printer) item(label string, paint color, labelWidth int, text string) {
	room := 0
	indent := 2 + labelWidth + 2
	if p.style.Width > 0 {
		room = max(20, p.style.Width-indent)
	}
	pad := strings.Repeat(" ", max(0, labelWidth-width(label)))
	for i, line := range wrap(text, room) {
		if i == 0 {
			p.raw("  " + p.style.paint(paint, label) + pad + "  " + line)
		} else {
			p.raw(strings.Repeat(" ", indent) + line)
		}
	}
}

// sentence writes printable text of which the part before the first ": " is
// painted, wrapped to the width of the terminal.
func (p *printer) sentence(text string, paint color) {
	for i, line := range wrap(text, p.style.Width) {
		if first, rest, ok := strings.Cut(line, ": "); ok && i == 0 {
			line = p.style.paint(paint, first+":") + " " + rest
		}
		p.raw(line)
	}
}
