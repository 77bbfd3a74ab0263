package policydoc

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A place is a part of a statement or of the document. The zero place is the
// whole of it.
type place struct {
	element string // such as Action
	group   string // the condition operator or the type of principal
	key     string // the condition key
	index   int    // of the value, from 0; onlyName for what has values
}

// onlyName is the index of a name: an element, operator or key as such.
const onlyName = -1

// textOffset as the element says that the index is a byte of the text.
const textOffset = "text"

func atElement(name string) place             { return place{element: name, index: onlyName} }
func atValue(element string, i int) place     { return place{element: element, index: i} }
func atPrincipal(e, kind string, i int) place { return place{element: e, group: kind, index: i} }
func atOperator(c *Condition) place {
	return place{element: "Condition", group: c.Operator, index: onlyName}
}

func atKey(c *Condition) place {
	return place{element: "Condition", group: c.Operator, key: c.Key, index: onlyName}
}

func atConditionValue(c *Condition, i int) place {
	return place{element: "Condition", group: c.Operator, key: c.Key, index: i}
}

func (p place) path(list bool) string {
	var b strings.Builder
	b.WriteString(p.element)
	for _, name := range []string{p.group, p.key} {
		if name != "" {
			b.WriteByte('.')
			b.WriteString(name)
		}
	}
	if list && p.index != onlyName {
		fmt.Fprintf(&b, "[%d]", p.index)
	}
	return b.String()
}

// A spot is where a place is in the text.
type spot struct {
	offset int
	list   bool // the value is one of a list
}

// A finder finds places in a text that parses. It reads one statement at a time,
// again, and keeps where its parts are.
type finder struct {
	scanner
	statement int // the one whose spots are known; -2 for none
	spots     map[place]spot
}

func newFinder(text string) *finder {
	return &finder{scanner: scanner{text: text}, statement: -2, spots: map[place]spot{}}
}

// find returns where a place of a statement is (the document for -1), which
// begins at start, and its path. What is not there is where the statement is.
func (f *finder) find(statement, start int, at place) (offset int, path string) {
	if at.element == textOffset {
		return at.index, ""
	}
	if statement < 0 && strings.HasPrefix(f.text, byteOrderMark) {
		start = len(byteOrderMark)
	}
	if statement != f.statement {
		f.statement = statement
		clear(f.spots)
		f.pos = start
		f.next()
		// The text parsed before, so that nothing can fail here.
		_ = f.object(func(name string, offset int) error { return f.element(statement, name, offset) })
	}
	if found, ok := f.spots[at]; ok {
		return found.offset, at.path(found.list)
	}
	return start, at.element
}

func (f *finder) element(statement int, name string, offset int) error {
	at := atElement(name)
	f.spots[at] = spot{offset: offset}
	switch {
	case statement < 0 && name == "Statement":
		return f.skip()
	case f.text[f.pos] == '{':
		return f.object(func(group string, offset int) error { return f.group(name, group, offset) })
	}
	return f.values(at)
}

func (f *finder) group(element, group string, offset int) error {
	at := place{element: element, group: group, index: onlyName}
	f.spots[at] = spot{offset: offset}
	if f.text[f.pos] != '{' {
		return f.values(at)
	}
	return f.object(func(key string, offset int) error {
		at := place{element: element, group: group, key: key, index: onlyName}
		f.spots[at] = spot{offset: offset}
		return f.values(at)
	})
}

func (f *finder) values(at place) error {
	at.index = 0
	if f.text[f.pos] != '[' {
		f.spots[at] = spot{offset: f.pos}
		return f.scalar()
	}
	return f.list(func() error {
		f.spots[at] = spot{offset: f.pos, list: true}
		at.index++
		return f.scalar()
	})
}

// scalar reads past a string, number or Boolean.
func (f *finder) scalar() error {
	switch c := f.text[f.pos]; {
	case c == '"':
		_, err := f.str()
		return err
	case isLetter(c):
		for f.pos < len(f.text) && isLetter(f.text[f.pos]) {
			f.pos++
		}
		return nil
	}
	_, err := f.number()
	return err
}

// skip reads past a value of any kind. It only counts brackets: they match.
func (f *finder) skip() error {
	for depth := 0; ; {
		switch f.next() {
		case '{', '[':
			depth++
			f.pos++
		case '}', ']':
			depth--
			f.pos++
		case ',', ':':
			f.pos++
		default:
			if err := f.scalar(); err != nil {
				return err
			}
		}
		if depth == 0 {
			return nil
		}
	}
}

// setLines sets the lines and columns of findings that are in the order of the
// text, in one pass over it.
func setLines(text string, findings []Finding) {
	line, column, at := 1, 1, 0
	if strings.HasPrefix(text, byteOrderMark) {
		at = len(byteOrderMark)
	}
	for i := range findings {
		f := &findings[i]
		if f.Offset > at {
			passed := text[at:f.Offset]
			if n := strings.Count(passed, "\n"); n > 0 {
				line += n
				column = 1
				passed = passed[strings.LastIndexByte(passed, '\n')+1:]
			}
			column += utf8.RuneCountInString(passed)
			at = f.Offset
		}
		f.Line, f.Column = line, column
	}
}
