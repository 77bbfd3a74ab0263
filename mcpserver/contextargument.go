package mcpserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/permissions"
)

// contextArguments are the condition keys of a request, as far as they are known.
type contextArguments struct {
	Context  contextValues `json:"context,omitzero" doc:"Condition keys of the request, such as aws:SourceIp: a value, or a list; [] means absent"`
	Complete bool          `json:"context_complete,omitzero" doc:"The request has no other condition keys" default:"false"`
}

// context is nil when nothing was said about it.
func (a *contextArguments) context() (*permissions.Context, error) {
	if !a.Complete && len(a.Context) == 0 {
		return nil, nil
	}
	var values answer.ContextValues
	for _, key := range slices.Sorted(maps.Keys(a.Context)) {
		list := a.Context[key]
		if len(list) == 0 {
			list = []string{""} // which is how a key is said to be absent
		}
		for _, value := range list {
			if err := values.Add(key, value); err != nil {
				return nil, fmt.Errorf("context: %w", err)
			}
		}
	}
	return permissions.NewContext(values, a.Complete), nil
}

// contextValues are the values of condition keys. One value may stand for a list
// of one, and numbers and booleans for their text.
type contextValues map[string][]string

// JSONSchema implements [toolschema.Describer]. What values may be is not in it,
// which would take as long as all the rest: UnmarshalJSON checks it.
func (contextValues) JSONSchema() *toolschema.Schema {
	return &toolschema.Schema{Type: "object", AdditionalProperties: &toolschema.Schema{}}
}

// UnmarshalJSON implements [json.Unmarshaler].
func (v *contextValues) UnmarshalJSON(text []byte) error {
	var given map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // whose spelling is the value
	if err := decoder.Decode(&given); err != nil {
		return err
	}
	*v = make(contextValues, len(given))
	for key, value := range given {
		list, isList := value.([]any)
		if !isList {
			list = []any{value}
		}
		values := make([]string, len(list))
		for i, one := range list {
			var ok bool
			if values[i], ok = contextText(one); !ok {
				return &toolschema.Error{Path: "context", Message: "want a string, number or boolean, or a list of them, for each key"}
			}
		}
		(*v)[key] = values
	}
	return nil
}

// contextText is a value of a condition key as policies compare it.
func contextText(value any) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return v, len(v) <= maxContextValue
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// maxContextValue is the greatest length of a value, in bytes.
const maxContextValue = 2048
