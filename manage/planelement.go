package manage

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
)

// An element is a value of a plan file, and where it begins.
type element struct {
	text []byte
	at   int
}

// whole returns the file's one value.
func (p *planReader) whole() (element, error) {
	d := json.NewDecoder(bytes.NewReader(p.text))
	var text json.RawMessage
	if err := d.Decode(&text); err != nil {
		return element{}, p.syntax(err)
	}
	end := int(d.InputOffset())
	if _, err := d.Token(); err != io.EOF {
		return element{}, p.fail(end+blanks(p.text[end:]), "something follows after the end of the plan")
	}
	return element{text, end - len(text)}, nil
}

// syntax is the error of a text that is no JSON.
func (p *planReader) syntax(err error) error {
	var syntax *json.SyntaxError
	switch {
	case isEnd(err):
		return p.fail(len(p.text), "the file ends too early")
	case errors.As(err, &syntax):
		// The offset is that of the byte after the one that is wrong.
		return p.fail(max(int(syntax.Offset)-1, 0), "%s", strings.TrimPrefix(syntax.Error(), "json: "))
	}
	return p.fail(0, "%v", err)
}

// object reads an object whose members are those of the targets, and calls then for
// each after it was read.
func (p *planReader) object(e element, targets map[string]target, then func(key string, value element) error) error {
	if e.text[0] != '{' {
		return p.fail(e.at, "want an object")
	}
	given := map[string]bool{}
	err := p.members(e, func(key string, keyAt int, value element) error {
		t, ok := targets[key]
		switch {
		case !ok:
			return p.fail(keyAt, "unknown %q: there are %s", key, strings.Join(sortedKeys(targets), ", "))
		case given[key]:
			return p.fail(keyAt, "%s is there twice", key)
		}
		given[key] = true
		if err := t.set(p, key, value); err != nil {
			return err
		}
		return then(key, value)
	})
	if err != nil {
		return err
	}
	for _, key := range sortedKeys(targets) {
		if targets[key].required && !given[key] {
			return p.fail(e.at, "%s is missing", key)
		}
	}
	return nil
}

// members calls visit for each member of an object of valid JSON.
func (p *planReader) members(e element, visit func(key string, keyAt int, value element) error) error {
	d := json.NewDecoder(bytes.NewReader(e.text))
	if _, err := d.Token(); err != nil {
		return p.syntax(err)
	}
	for d.More() {
		keyAt := e.at + separators(e.text, int(d.InputOffset()))
		token, err := d.Token()
		if err != nil {
			return p.syntax(err)
		}
		key, _ := token.(string)
		value, err := p.next(d, e)
		if err != nil {
			return err
		}
		if err := visit(key, keyAt, value); err != nil {
			return err
		}
	}
	return nil
}

// elements are those of a list of valid JSON.
func (p *planReader) elements(key string, e element) ([]element, error) {
	if e.text[0] != '[' {
		return nil, p.fail(e.at, "%s: want a list", key)
	}
	d := json.NewDecoder(bytes.NewReader(e.text))
	if _, err := d.Token(); err != nil {
		return nil, p.syntax(err)
	}
	var list []element
	for d.More() {
		item, err := p.next(d, e)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, nil
}

// next reads the next value of a decoder of the element's text.
func (p *planReader) next(d *json.Decoder, e element) (element, error) {
	var text json.RawMessage
	if err := d.Decode(&text); err != nil {
		return element{}, p.syntax(err)
	}
	return element{text, e.at + int(d.InputOffset()) - len(text)}, nil
}

// distinct fails for a map that has a key twice, and for a list or map that has a
// null, which encoding/json would pass over.
func (p *planReader) distinct(key string, e element, kind reflect.Kind) error {
	given := map[string]bool{}
	null := func(value element) error {
		if string(value.text) == "null" {
			return p.fail(value.at, "%s: want a string", key)
		}
		return nil
	}
	switch {
	case kind == reflect.Map && e.text[0] == '{':
		return p.members(e, func(name string, at int, value element) error {
			if given[name] {
				return p.fail(at, "%s: %q is there twice", key, name)
			}
			given[name] = true
			return null(value)
		})
	case kind == reflect.Slice && e.text[0] == '[':
		list, err := p.elements(key, e)
		for _, value := range list {
			if err == nil {
				err = null(value)
			}
		}
		return err
	}
	return nil
}

func separators(text []byte, at int) int {
	for at < len(text) && strings.IndexByte(" \t\r\n,", text[at]) >= 0 {
		at++
	}
	return at
}

func blanks(text []byte) int { return len(text) - len(bytes.TrimLeft(text, " \t\r\n")) }

func sortedKeys(targets map[string]target) []string {
	keys := make([]string, 0, len(targets))
	for key := range targets {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
