package toolschema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Decode reads arguments, as encoding/json decodes them into an any, into a value
// of T, whose schema s is. Arguments that are not given, or null where the schema
// takes no null, have their defaults. The error is an [*Error] or an [*UnknownError].
func Decode[T any](s *Schema, arguments any) (into T, err error) {
	complete, err := s.Complete(arguments)
	if err != nil {
		return into, err
	}
	text, err := json.Marshal(complete)
	if err == nil {
		err = json.Unmarshal(text, &into)
	}
	if err != nil {
		return into, fmt.Errorf("arguments: %w", err)
	}
	return into, nil
}

// Complete checks arguments as Decode does, and returns them with their defaults,
// and with text in the place of objects that stand for it.
func (s *Schema) Complete(arguments any) (map[string]any, error) {
	object, ok := arguments.(map[string]any)
	switch {
	case arguments == nil:
		object = map[string]any{}
	case !ok:
		return nil, &Error{"", "the arguments are " + kindOf(arguments) + ": want an object"}
	}
	complete := make(map[string]any, len(object))
	for name, value := range object {
		if value != nil || !s.optional(name) {
			complete[name] = value
		}
	}
	if err := s.Check(complete); err != nil {
		return nil, err
	}
	for _, p := range s.Properties {
		value, given := complete[p.Name]
		document, isObject := value.(map[string]any)
		switch {
		case !given && p.Schema.Default != nil:
			complete[p.Name] = p.Schema.Default
		case isObject && p.Schema.asText:
			text, err := documentText(document)
			if err != nil {
				return nil, &Error{p.Name, "cannot be written as JSON"}
			}
			if len(text) > p.Schema.maxLength {
				return nil, &Error{p.Name, fmt.Sprintf("longer than %d characters", p.Schema.maxLength)}
			}
			complete[p.Name] = text
		}
	}
	return complete, nil
}

// documentText is the JSON of a document, in which < and > are as they are.
func documentText(document map[string]any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(document)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// optional reports whether the argument exists and may be left out; some clients
// send null for each of those.
func (s *Schema) optional(name string) bool {
	_, ok := s.Property(name)
	return ok && !slices.Contains(s.Required, name)
}
