package toolschema

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Decode reads arguments, as encoding/json decodes them into an any, into a value
// of T, whose schema s is. Arguments that are not given, or null where the schema
// takes no null, have their defaults. The error is an [*Error] or an [*UnknownError].
func Decode[T any](s *Schema, arguments any) (T, error) {
	var into T
	object, ok := arguments.(map[string]any)
	switch {
	case arguments == nil:
		object = map[string]any{}
	case !ok:
		return into, &Error{"", "the arguments are " + kindOf(arguments) + ": want an object"}
	}
	complete := make(map[string]any, len(object))
	for name, value := range object {
		if value != nil || !s.optional(name) {
			complete[name] = value
		}
	}
	if err := s.Check(complete); err != nil {
		return into, err
	}
	for _, p := range s.Properties {
		if _, given := complete[p.Name]; !given && p.Schema.Default != nil {
			complete[p.Name] = p.Schema.Default
		}
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

// optional reports whether the argument exists and may be left out; some clients
// send null for each of those.
func (s *Schema) optional(name string) bool {
	_, ok := s.Property(name)
	return ok && !slices.Contains(s.Required, name)
}
