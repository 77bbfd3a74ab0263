package nhi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// fieldError is an error about one place of a signals file.
type fieldError struct {
	offset  int
	message string
}

func (e fieldError) Error() string { return e.message }

// errorAt returns an error about the field at a path such as words[3].class.
func (f *signalsFile) errorAt(path, format string, args ...any) error {
	return at(f.text, locate(f.text, path), path+": "+fmt.Sprintf(format, args...))
}

func at(text []byte, offset int, message string) error {
	if offset < 0 {
		return fieldError{offset: offset, message: message}
	}
	line := 1 + bytes.Count(text[:min(offset, len(text))], []byte("\n"))
	return fieldError{offset: offset, message: fmt.Sprintf("line %d: %s", line, message)}
}

// locate returns the offset of the value at a path, or -1. A path that is not
// there is that of the nearest value above it.
func locate(text []byte, path string) int {
	for path != "" {
		found := -1
		walk(text, func(at string, offset int, _ bool) bool {
			if at == path {
				found = offset
			}
			return found < 0
		})
		if found >= 0 {
			return found
		}
		path = path[:max(strings.LastIndexByte(path, '.'), 0)]
	}
	return -1
}

// findKey returns the offset of the first key with a name, outside of the
// objects whose keys are free, or -1.
func findKey(text []byte, name string) int {
	found := -1
	walk(text, func(at string, offset int, key bool) bool {
		parent, last := "", at
		if i := strings.LastIndexByte(at, '.'); i >= 0 {
			parent, last = at[:i], at[i+1:]
		}
		switch {
		case !key, last != name, parent == "families", parent == "signals", parent == "accounts", strings.HasPrefix(parent, "evidence"):
		default:
			found = offset
		}
		return found < 0
	})
	return found
}

// walk calls visit with the path and offset of each value of a JSON text until
// visit returns false; key says that the value is a member of an object.
func walk(text []byte, visit func(path string, offset int, key bool) bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	var value func(path string, key bool) bool
	value = func(path string, key bool) bool {
		token, err := d.Token()
		if err != nil || (path != "" && !visit(path, int(d.InputOffset()), key)) {
			return false
		}
		for i := 0; (token == json.Delim('{') || token == json.Delim('[')) && d.More(); i++ {
			next := path + "[" + strconv.Itoa(i) + "]"
			if token == json.Delim('{') {
				name, err := d.Token()
				if err != nil {
					return false
				}
				next = strings.TrimPrefix(path+"."+fmt.Sprint(name), ".")
			}
			if !value(next, token == json.Delim('{')) {
				return false
			}
		}
		if token == json.Delim('{') || token == json.Delim('[') {
			_, err = d.Token()
		}
		return err == nil
	}
	value("", false)
}
