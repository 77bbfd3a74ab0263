package mcpserver

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
)

// An argumentWords is an argument of a change with its value in words, part by part:
// one, or those of a list or of an object.
type argumentWords struct {
	name  string
	parts []string
	// required is of one that the plan's own sentences name, as far as they are whole.
	required bool
}

// argumentsInWords returns the policies among the arguments of a change, and the
// others that say more than yes or no, or which of a few words.
func argumentsInWords(change reflect.Type, own *toolschema.Schema, given map[string]any) (documents []string, others []argumentWords) {
	for i := range change.NumField() {
		field := change.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		value, ok := given[name]
		if schema, known := own.Property(name); !ok || !known || schema.Enum != nil || sameWords(value, schema.Default) {
			continue
		}
		if text, isText := value.(string); isText && field.Tag.Get("text") == "json" {
			documents = append(documents, text)
		} else if parts := partsOf(value); len(parts) > 0 {
			others = append(others, argumentWords{name, parts, slices.Contains(own.Required, name)})
		}
	}
	return documents, others
}

func sameWords(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }

func partsOf(value any) []string {
	var parts []string
	switch v := value.(type) {
	case bool:
	case []any:
		for _, item := range v {
			parts = append(parts, fmt.Sprint(item))
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, fmt.Sprintf("%s=%v", key, v[key]))
		}
	default:
		parts = append(parts, fmt.Sprint(v))
	}
	return parts
}

// otherLines say what the lines do not say yet of the arguments: a person confirms
// nothing that the question does not show.
func otherLines(others []argumentWords, said []string) []string {
	before := strings.Join(said, "\n")
	var lines []string
	for _, argument := range others {
		unsaid := slices.DeleteFunc(printableParts(argument.parts), func(part string) bool { return argument.required && strings.Contains(before, part) })
		if len(unsaid) > 0 {
			name := strings.ReplaceAll(argument.name, "_", " ")
			lines = append(lines, "With "+name+": "+cut(strings.Join(unsaid, ", "), maxQuestionPolicy))
		}
	}
	return lines
}

func printableParts(parts []string) []string {
	printable := make([]string, len(parts))
	for i, part := range parts {
		printable[i] = render.Printable(part)
	}
	return printable
}
