package toolschema

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A Schema is a JSON Schema (draft 2020-12), as far as tools need one.
type Schema struct {
	Type        any        `json:"type,omitempty"` // a string, or several
	Description string     `json:"description,omitempty"`
	Default     any        `json:"default,omitempty"`
	Enum        []string   `json:"enum,omitempty"`
	Format      string     `json:"format,omitempty"`
	Minimum     *float64   `json:"minimum,omitempty"`
	Maximum     *float64   `json:"maximum,omitempty"`
	MinItems    *int       `json:"minItems,omitempty"`
	MaxItems    *int       `json:"maxItems,omitempty"`
	Items       *Schema    `json:"items,omitempty"`
	Properties  Properties `json:"properties,omitempty"`
	Required    []string   `json:"required,omitempty"`
	// AdditionalProperties is false for objects with fields, and the schema of
	// the values for maps.
	AdditionalProperties any `json:"additionalProperties,omitempty"`

	// maxLength is checked and not told: models need not count, and the limits
	// would be a tenth of all definitions.
	maxLength int
	// asText says that an object stands for its JSON text.
	asText bool
}

// Limit sets the greatest length of a string, in characters, and returns s.
func (s *Schema) Limit(n int) *Schema {
	s.maxLength = n
	return s
}

// Properties are the members of an object in the order of the fields.
type Properties []Property

// A Property is one member of an object.
type Property struct {
	Name   string
	Schema *Schema
}

// MarshalJSON implements [json.Marshaler].
func (p Properties) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, property := range p {
		if i > 0 {
			text = append(text, ',')
		}
		name, err := json.Marshal(property.Name)
		if err != nil {
			return nil, err
		}
		schema, err := json.Marshal(property.Schema)
		if err != nil {
			return nil, err
		}
		text = append(append(append(text, name...), ':'), schema...)
	}
	return append(text, '}'), nil
}

// Property returns the schema of a member.
func (s *Schema) Property(name string) (*Schema, bool) {
	for _, p := range s.Properties {
		if p.Name == name {
			return p.Schema, true
		}
	}
	return nil, false
}

// Without returns a copy of an object's schema that lacks some members.
func (s *Schema) Without(names ...string) *Schema {
	drop := map[string]bool{}
	for _, name := range names {
		drop[name] = true
	}
	c := *s
	c.Properties, c.Required = nil, nil
	for _, p := range s.Properties {
		if !drop[p.Name] {
			c.Properties = append(c.Properties, p)
		}
	}
	for _, name := range s.Required {
		if !drop[name] {
			c.Required = append(c.Required, name)
		}
	}
	return &c
}

// With returns a copy of an object's schema that has the members of another too. It
// panics when both have one of the same name.
func (s *Schema) With(more *Schema) *Schema {
	for _, p := range more.Properties {
		if _, ok := s.Property(p.Name); ok {
			panic("toolschema: two members are called " + p.Name)
		}
	}
	c := *s
	c.Properties = slices.Concat(s.Properties, more.Properties)
	c.Required = slices.Concat(s.Required, more.Required)
	return &c
}

// A Describer is a type with a schema of its own.
type Describer interface{ JSONSchema() *Schema }

const (
	defaultMaxLength = 2048
	// documentMaxLength is many times what AWS takes of a policy, so that what is too
	// long can be told from what is no policy.
	documentMaxLength = 128 << 10
)

// Input returns the schema of a struct type as arguments: strings and lists are
// bounded, and null is nothing that a list can be. It panics for a type that JSON
// Schema cannot say, which a test of the caller shows.
func Input[T any]() *Schema { return InputOf(reflect.TypeFor[T]()) }

// InputOf is Input of a type that is known when the program runs.
func InputOf(t reflect.Type) *Schema { return (&maker{input: true}).of(t) }

// Output returns the schema of a struct type as a result.
func Output[T any]() *Schema { return (&maker{}).of(reflect.TypeFor[T]()) }

type maker struct{ input bool }

var describer = reflect.TypeFor[Describer]()

func (m *maker) of(t reflect.Type) *Schema {
	if t.Kind() != reflect.Pointer && t.Implements(describer) {
		return reflect.Zero(t).Interface().(Describer).JSONSchema()
	}
	switch t.Kind() {
	case reflect.String:
		return &Schema{Type: "string"}
	case reflect.Bool:
		return &Schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return &Schema{Type: "integer"}
	case reflect.Float64:
		return &Schema{Type: "number"}
	case reflect.Pointer:
		return m.nullable(m.of(t.Elem()))
	case reflect.Slice:
		return &Schema{Type: "array", Items: m.of(t.Elem())}
	case reflect.Map:
		return &Schema{Type: "object", AdditionalProperties: m.of(t.Elem())}
	case reflect.Struct:
		return m.object(t)
	}
	panic(fmt.Sprintf("toolschema: no schema for the type %s", t))
}

func (m *maker) nullable(s *Schema) *Schema {
	if name, ok := s.Type.(string); ok && !m.input {
		s.Type = []string{name, "null"}
	}
	return s
}

func (m *maker) object(t reflect.Type) *Schema {
	s := &Schema{Type: "object", AdditionalProperties: false}
	m.addFields(s, t)
	return s
}

func (m *maker) addFields(s *Schema, t reflect.Type) {
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() && !field.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			m.addFields(s, field.Type)
			continue
		}
		if name == "" || name == "-" {
			panic(fmt.Sprintf("toolschema: %s.%s has no JSON name", t, field.Name))
		}
		s.Properties = append(s.Properties, Property{name, m.field(field)})
		if !strings.Contains(options, "omitzero") && !strings.Contains(options, "omitempty") {
			s.Required = append(s.Required, name)
		}
	}
}

func (m *maker) field(f reflect.StructField) *Schema {
	s := m.of(f.Type)
	if doc := f.Tag.Get("doc"); doc != "" {
		s.Description = doc
	}
	if enum := f.Tag.Get("enum"); enum != "" {
		target := s
		if s.Items != nil {
			target = s.Items
		}
		target.Enum = strings.Split(enum, ",")
	}
	if f.Tag.Get("text") == "json" && m.input {
		s.Type, s.maxLength, s.asText = []string{"string", "object"}, documentMaxLength, true
	}
	if m.input {
		m.bound(s, f)
	}
	if text, ok := f.Tag.Lookup("default"); ok {
		s.Default = defaultValue(s, text, f)
	}
	return s
}

// bound sets the limits of an argument.
func (m *maker) bound(s *Schema, f reflect.StructField) {
	least, hasLeast := number(f, "min")
	most, hasMost := number(f, "max")
	switch s.Type {
	case "integer", "number":
		if hasLeast {
			s.Minimum = &least
		}
		if hasMost {
			s.Maximum = &most
		}
	case "array":
		if hasLeast {
			n := int(least)
			s.MinItems = &n
		}
		if hasMost {
			n := int(most)
			s.MaxItems = &n
		}
		if s.Items.Type == "string" {
			s.Items.maxLength = defaultMaxLength
		}
	case "string":
		if s.maxLength == 0 {
			s.maxLength = defaultMaxLength
		}
		if n, ok := number(f, "maxlen"); ok {
			s.maxLength = int(n)
		}
		if len(s.Enum) > 0 {
			s.maxLength = 0
		}
	}
}

func number(f reflect.StructField, tag string) (float64, bool) {
	text, ok := f.Tag.Lookup(tag)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) {
		panic(fmt.Sprintf("toolschema: the tag %s of %s is no number", tag, f.Name))
	}
	return n, true
}

func defaultValue(s *Schema, text string, f reflect.StructField) any {
	if s.Type == "string" {
		return text
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(fmt.Sprintf("toolschema: the default of %s: %v", f.Name, err))
	}
	return v
}

// JSON returns the schema as JSON.
func (s *Schema) JSON() ([]byte, error) { return json.Marshal(s) }
