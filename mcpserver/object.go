package mcpserver

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan/internal/toolschema"
)

// An object is a part of a published document as it stands: its members are
// described there and not again in the schema of each tool.
type object jsontext.Value

// JSONSchema implements [toolschema.Describer].
func (object) JSONSchema() *toolschema.Schema { return &toolschema.Schema{Type: "object"} }

// MarshalJSONTo implements json.MarshalerTo.
func (o object) MarshalJSONTo(enc *jsontext.Encoder) error { return enc.WriteValue(jsontext.Value(o)) }

// asObject makes an object of a value with fields. It says less of itself to
// clients than a type in the schema: tokens are dear where all tools are listed.
func asObject(value any) object {
	text, err := json.Marshal(value, jsonOptions)
	if err != nil {
		panic("mcpserver: a part of an answer: " + err.Error()) // its type is a constant
	}
	return object(text)
}

// objects makes an object of each.
func objects[T any](list []T, encode func(T) jsontext.Value) []object {
	out := make([]object, len(list))
	for i, item := range list {
		out[i] = object(encode(item))
	}
	return out
}

// firstOf cuts a list and returns how many are left out.
func firstOf[T any](list []T, n int) (first []T, leftOut int) {
	if len(list) <= n {
		return list, 0
	}
	return list[:n:n], len(list) - n
}
