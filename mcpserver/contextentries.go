package mcpserver

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/policydoc"
)

// contextEntries are condition keys with values for the policy simulator, which
// has to be told of each value what type it is.
type contextEntries map[string]contextEntry

type contextEntry struct {
	values []string
	// list says that a list was given, even of one value.
	list bool
	// kind is that of the JSON values, empty for strings, or the one that was given.
	kind  collect.ContextType
	given bool
}

// JSONSchema implements [toolschema.Describer].
func (contextEntries) JSONSchema() *toolschema.Schema {
	return &toolschema.Schema{Type: "object", AdditionalProperties: &toolschema.Schema{}}
}

// UnmarshalJSON implements [json.Unmarshaler].
func (e *contextEntry) UnmarshalJSON(text []byte) error {
	*e = contextEntry{}
	if text[0] != '{' {
		return e.read(text)
	}
	var given struct {
		Value  json.RawMessage     `json:"value"`
		Values json.RawMessage     `json:"values"`
		Type   collect.ContextType `json:"type"`
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&given) != nil || (given.Value == nil) == (given.Values == nil) {
		return invalid("context_entries: want {values, type} or {value, type}, with a type in words")
	}
	values := given.Values
	if values == nil {
		values = given.Value
	}
	if err := e.read(values); err != nil {
		return err
	}
	if given.Type != "" {
		e.kind, e.given = given.Type, true
	}
	return nil
}

// read takes one value or a list.
func (e *contextEntry) read(text []byte) error {
	list := []json.RawMessage{text}
	if text[0] == '[' {
		e.list = true
		if err := json.Unmarshal(text, &list); err != nil {
			return err
		}
	}
	for _, one := range list {
		switch one[0] {
		case '"':
			var value string
			if err := json.Unmarshal(one, &value); err != nil {
				return err
			}
			e.values = append(e.values, value)
			continue
		case 't', 'f':
			e.kind = collect.ContextBoolean
		case '{', '[', 'n':
			return invalid("context_entries: a value is a string, a number, true or false")
		default:
			e.kind = collect.ContextNumeric
		}
		e.values = append(e.values, string(one))
	}
	return nil
}

// entries are in the order of their keys.
func (m contextEntries) entries() ([]collect.ContextEntry, error) {
	var out []collect.ContextEntry
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if !strings.Contains(key, ":") {
			return nil, invalid("context_entries: a condition key has a service before it, as in aws:SourceIp")
		}
		entry := m[key]
		out = append(out, collect.ContextEntry{Key: key, Values: entry.values, Type: entry.typeFor(key)})
	}
	return out, nil
}

// typeFor is the type that was given, else that which the key has.
func (e *contextEntry) typeFor(key string) collect.ContextType {
	known, _ := policydoc.LookupConditionKey(key)
	kind := e.kind
	if !e.given {
		kind = simulatorType(known.Type, kind)
	}
	isList := len(e.values) != 1 || e.list && known.Multivalued
	if isList && !strings.HasSuffix(string(kind), "List") {
		kind += "List"
	}
	return kind
}

// simulatorType is the simulator's word for the type of a key, or what is taken
// for it where the catalogue does not know the key.
func simulatorType(t policydoc.KeyType, otherwise collect.ContextType) collect.ContextType {
	switch t {
	case policydoc.KeyString, policydoc.KeyARN:
		return collect.ContextString
	case policydoc.KeyBool:
		return collect.ContextBoolean
	case policydoc.KeyNumeric:
		return collect.ContextNumeric
	case policydoc.KeyDate:
		return collect.ContextDate
	case policydoc.KeyIP:
		return collect.ContextIP
	case policydoc.KeyBinary:
		return collect.ContextBinary
	}
	if otherwise != "" {
		return otherwise
	}
	return collect.ContextString
}
