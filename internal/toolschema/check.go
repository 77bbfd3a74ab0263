package toolschema

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// An Error says which argument is wrong and what it takes. It repeats no value.
type Error struct {
	// Path is the argument, such as context_entries[2].values.
	Path    string
	Message string
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return e.Path + ": " + e.Message
}

// An UnknownError is an argument that the tool does not have.
type UnknownError struct {
	Path, Name string
	// Known are the arguments that it has.
	Known []string
}

func (e *UnknownError) Error() string {
	where := ""
	if e.Path != "" {
		where = e.Path + ": "
	}
	if len(e.Known) == 0 {
		return fmt.Sprintf("%sunknown argument %q: there are none", where, cut(e.Name))
	}
	return fmt.Sprintf("%sunknown argument %q: there are %s", where, cut(e.Name), strings.Join(e.Known, ", "))
}

const maxName = 64

func cut(name string) string {
	if len(name) > maxName {
		return strings.ToValidUTF8(name[:maxName], "") + "…"
	}
	return name
}

// Check tests a value as encoding/json decodes it into an any. The error is an
// [*Error] or an [*UnknownError].
func (s *Schema) Check(value any) error { return s.check("", value) }

func (s *Schema) check(path string, value any) error {
	kinds := s.kinds()
	if len(kinds) == 0 {
		return nil
	}
	for _, kind := range kinds {
		if isKind(value, kind) {
			return s.checkKind(path, kind, value)
		}
	}
	return &Error{path, "want " + s.wanted() + ", found " + kindOf(value)}
}

func (s *Schema) kinds() []string {
	switch t := s.Type.(type) {
	case string:
		return []string{t}
	case []string:
		return t
	}
	return nil
}

func (s *Schema) checkKind(path, kind string, value any) error {
	switch kind {
	case "string":
		return s.checkString(path, value.(string))
	case "integer", "number":
		if n := value.(float64); s.Minimum != nil && n < *s.Minimum || s.Maximum != nil && n > *s.Maximum {
			return &Error{path, "want " + s.wanted()}
		}
	case "array":
		return s.checkList(path, value.([]any))
	case "object":
		return s.checkObject(path, value.(map[string]any))
	}
	return nil
}

func (s *Schema) checkString(path, text string) error {
	switch {
	case len(s.Enum) > 0 && !slices.Contains(s.Enum, text):
		return &Error{path, "want " + s.wanted()}
	case s.maxLength > 0 && utf8.RuneCountInString(text) > s.maxLength:
		return &Error{path, fmt.Sprintf("longer than %d characters", s.maxLength)}
	case strings.ContainsRune(text, 0):
		return &Error{path, "has a zero byte"}
	}
	return nil
}

func (s *Schema) checkList(path string, list []any) error {
	if s.MinItems != nil && len(list) < *s.MinItems || s.MaxItems != nil && len(list) > *s.MaxItems {
		return &Error{path, "want " + s.wanted() + fmt.Sprintf(", found %d", len(list))}
	}
	for i, item := range list {
		if err := s.Items.check(fmt.Sprintf("%s[%d]", path, i), item); err != nil {
			return err
		}
	}
	return nil
}

func (s *Schema) checkObject(path string, object map[string]any) error {
	values, isMap := s.AdditionalProperties.(*Schema)
	for _, name := range sortedNames(object) {
		property, ok := s.Property(name)
		switch {
		case ok:
		case isMap:
			property = values
		case s.AdditionalProperties == nil:
			continue
		default:
			return &UnknownError{path, name, s.names()}
		}
		if err := property.check(join(path, name), object[name]); err != nil {
			return err
		}
	}
	for _, name := range s.Required {
		if _, ok := object[name]; !ok {
			return &Error{join(path, name), "is missing: want " + s.mustProperty(name).wanted()}
		}
	}
	return nil
}

func (s *Schema) mustProperty(name string) *Schema {
	p, _ := s.Property(name)
	return p
}

func (s *Schema) names() []string {
	names := make([]string, len(s.Properties))
	for i, p := range s.Properties {
		names[i] = p.Name
	}
	return names
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func join(path, name string) string {
	if path == "" {
		return cut(name)
	}
	return path + "." + cut(name)
}

// wanted says in words what the schema takes.
func (s *Schema) wanted() string {
	if len(s.Enum) > 0 {
		return "one of " + strings.Join(s.Enum, ", ")
	}
	words := make([]string, 0, 2)
	for _, kind := range s.kinds() {
		words = append(words, s.wantedKind(kind))
	}
	return strings.Join(words, " or ")
}

func (s *Schema) wantedKind(kind string) string {
	switch kind {
	case "string":
		return "a string"
	case "boolean":
		return "true or false"
	case "integer":
		return "a whole number" + span(s.Minimum, s.Maximum)
	case "number":
		return "a number" + span(s.Minimum, s.Maximum)
	case "array":
		return "a list" + count(s.MinItems, s.MaxItems)
	case "object":
		return "an object"
	}
	return kind
}

func span(least, most *float64) string {
	switch {
	case least != nil && most != nil:
		return fmt.Sprintf(" from %g to %g", *least, *most)
	case least != nil:
		return fmt.Sprintf(" from %g", *least)
	case most != nil:
		return fmt.Sprintf(" up to %g", *most)
	}
	return ""
}

func count(least, most *int) string {
	switch {
	case least != nil && most != nil:
		return fmt.Sprintf(" of %d to %d items", *least, *most)
	case least != nil:
		return fmt.Sprintf(" of %d items or more", *least)
	case most != nil:
		return fmt.Sprintf(" of at most %d items", *most)
	}
	return ""
}

func isKind(value any, kind string) bool {
	switch v := value.(type) {
	case nil:
		return kind == "null"
	case string:
		return kind == "string"
	case bool:
		return kind == "boolean"
	case float64:
		return kind == "number" || kind == "integer" && v == math.Trunc(v) && math.Abs(v) < 1<<53
	case []any:
		return kind == "array"
	case map[string]any:
		return kind == "object"
	}
	return false
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "a string"
	case bool:
		return "a boolean"
	case float64:
		return "a number"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("%T", value)
}
