package policydoc

import (
	"slices"
	"strings"
)

// Parse parses the JSON text of a policy document. It accepts every shape that
// AWS accepts: one statement or a list of them, one string or a list of them,
// condition values of any scalar type, elements in any order, either version or
// none, a leading byte order mark.
//
// It is strict where leniency would hide something: elements that the grammar
// does not have, elements given twice, null, and text after the document are
// errors. The error is a [*ParseError].
//
// Parse takes time linear in the length of the text. The strings of the
// Document share the text's memory. Number values keep their spelling, and JSON
// true is the value "true".
func Parse(text string) (*Document, error) {
	p := parser{scanner: scanner{text: text}}
	if strings.HasPrefix(text, byteOrderMark) {
		p.pos = len(byteOrderMark)
	}
	return p.document()
}

// UnmarshalJSON parses a policy document that is part of a larger JSON text. The
// offsets are those within the document.
func (d *Document) UnmarshalJSON(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = *parsed
	return nil
}

type parser struct {
	scanner
	// items collects the values of the list being read, whose number is not known before.
	items []string
	// spare is what the lists of the document are cut from: most hold one
	// value, and a policy has many of them.
	spare []string
}

var policyElements = []string{"Version", "Id", "Statement"}

func (p *parser) document() (*Document, error) {
	if p.next() != '{' {
		if strings.HasPrefix(p.text[p.pos:], "%") {
			return nil, p.failAt(p.pos, "the text is percent-encoded; decode it first")
		}
		return nil, p.want("a policy document, which is an object")
	}
	start := p.pos
	d := new(Document)
	var seen [3]int
	err := p.block("element", policyElements, seen[:], func(name string) (err error) {
		switch name {
		case "Version":
			d.Version, err = p.version()
		case "Id":
			d.ID, err = p.onlyString()
		case "Statement":
			d.Statements, err = p.statements()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if d.Statements == nil {
		return nil, p.failAt(start, "Statement is missing; add a statement or a list of them")
	}
	if p.next(); p.pos < len(p.text) {
		return nil, p.want("the end of the text after the document")
	}
	return d, nil
}

// block reads an object whose names are those given, each at most once. It calls
// value with each name, and notes in seen where it was.
func (p *parser) block(kind string, names []string, seen []int, value func(name string) error) error {
	return p.object(func(name string, offset int) error {
		i := slices.Index(names, name)
		if i < 0 {
			return p.failAt(offset, "unknown %s %s; %s", kind, quoted(name), suggest(name, names))
		}
		p.enter(name)
		if seen[i] != 0 {
			return p.failAt(offset, "given twice; keep one")
		}
		seen[i] = offset
		err := value(name)
		p.leave()
		return err
	})
}

func (p *parser) version() (Version, error) {
	const want = `"2012-10-17" or "2008-10-17"`
	start := p.pos
	value, err := p.stringOr(want)
	if err != nil {
		return "", err
	}
	switch v := Version(value); v {
	case Version2008, Version2012:
		return v, nil
	}
	return "", p.failAt(start, "want %s, found %s", want, quoted(value))
}

func (p *parser) statements() ([]Statement, error) {
	statements := []Statement{}
	one := func() error {
		statements = append(statements, Statement{})
		// Inside a statement its number says where, not the name of the list.
		p.leave()
		p.statement = len(statements)
		if err := p.parseStatement(&statements[len(statements)-1]); err != nil {
			return err
		}
		p.statement = 0
		p.enter("Statement")
		return nil
	}
	var err error
	switch p.next() {
	case '{':
		err = one()
	case '[':
		err = p.list(one)
	default:
		err = p.want("a statement object or a list of them")
	}
	if err != nil {
		return nil, err
	}
	return statements, nil
}

// onlyString reads a string.
func (p *parser) onlyString() (string, error) { return p.stringOr("a string") }

// stringOr reads a string; want is what to ask for when there is none.
func (p *parser) stringOr(want string) (string, error) {
	if p.next() != '"' {
		return "", p.want(want)
	}
	return p.str()
}

// strings reads a string or a list of strings.
func (p *parser) strings() ([]string, error) {
	return p.values((*parser).stringOr, "a string", "a string or a list of strings")
}

// values reads one value or a list of them. The names say what to ask for when
// there is something else.
func (p *parser) values(read func(p *parser, want string) (string, error), one, oneOrMore string) ([]string, error) {
	if p.next() != '[' {
		value, err := read(p, oneOrMore)
		if err != nil {
			return nil, err
		}
		return p.keep(value), nil
	}
	p.items = p.items[:0]
	err := p.list(func() error {
		value, err := read(p, one)
		p.items = append(p.items, value)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p.keep(p.items...), nil
}

// keep returns a copy of the values, in a list that is not nil and has no room
// to grow into another's.
func (p *parser) keep(values ...string) []string {
	n := len(values)
	if p.spare == nil || n > cap(p.spare)-len(p.spare) {
		p.spare = make([]string, 0, max(n, 8))
	}
	start := len(p.spare)
	p.spare = append(p.spare, values...)
	return p.spare[start : start+n : start+n]
}
