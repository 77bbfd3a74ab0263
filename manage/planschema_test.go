package manage_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/manage"
)

const planSchemaFile = "../schema/plan-v1.json"

var update = flag.Bool("update", false, "write the golden files again")

type object = map[string]any

// planSchema is the JSON Schema of plan files, made from the kinds of change.
func planSchema() object {
	var names []string
	var kinds []any
	for _, k := range manage.Kinds() {
		names = append(names, k.Name)
		kinds = append(kinds, object{
			"if":   object{"properties": object{"change": object{"const": k.Name}}},
			"then": object{"properties": object{"arguments": argumentsSchema(k)}},
		})
	}
	return object{
		"$schema":     "https://json-schema.org/draft/2020-12/schema",
		"$id":         "https://github.com/nhiscan/nhiscan/schema/plan-v1.json",
		"title":       "nhiscan/plan/v1: changes to be made, as nhiscan cleanup writes them and nhiscan manage apply reads them",
		"description": "Made to be edited by hand. Unknown keys are errors, and so is a change that is there twice.",
		"type":        "object",
		"required":    []any{"schema", "account_id", "created_at", "changes"},
		"properties": object{
			"schema":     object{"const": "nhiscan/plan/v1"},
			"account_id": object{"description": "The account that the changes are for.", "type": "string", "pattern": "^[0-9]{12}$"},
			"created_at": object{"type": "string", "format": "date-time"},
			"comment":    object{"description": "For people.", "type": "string"},
			"changes": object{
				"description": "Applied in this order.", "type": "array", "maxItems": 10000, "items": object{"$ref": "#/$defs/change"},
			},
		},
		"additionalProperties": false,
		"$defs": object{"change": object{
			"type": "object", "required": []any{"change", "arguments"},
			"properties": object{
				"change":       object{"description": "What is done.", "type": "string", "enum": names},
				"arguments":    object{"description": "To what; the names are those of the change.", "type": "object"},
				"reason":       object{"description": "A sentence for people.", "type": "string"},
				"unused_since": object{"description": "The change is only made if what it is about has not been used since. Left out: it is made whether used or not.", "type": "string", "format": "date-time"},
			},
			"additionalProperties": false,
			"allOf":                kinds,
		}},
	}
}

func argumentsSchema(k manage.Kind) object {
	properties, required := object{}, []any{}
	for i := range k.Type().NumField() {
		f := k.Type().Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if options == "" {
			required = append(required, name)
		}
		properties[name] = argumentSchema(f)
	}
	return object{"type": "object", "required": required, "properties": properties, "additionalProperties": false}
}

func argumentSchema(f reflect.StructField) object {
	s := object{"description": f.Tag.Get("doc")}
	switch f.Type.Kind() {
	case reflect.Bool:
		s["type"] = "boolean"
	case reflect.Int:
		s["type"] = "integer"
	case reflect.Slice:
		s["type"], s["items"] = "array", object{"type": "string"}
	case reflect.Map:
		s["type"], s["additionalProperties"] = "object", object{"type": "string"}
	default:
		s["type"] = "string"
	}
	if f.Tag.Get("text") == "json" {
		s["type"] = []any{"string", "object"}
	}
	if words := f.Tag.Get("enum"); words != "" {
		s["enum"] = strings.Split(words, ",")
	}
	return s
}

func TestPlanSchema(t *testing.T) {
	t.Parallel()
	var made bytes.Buffer
	e := json.NewEncoder(&made)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(t, e.Encode(planSchema()))
	if *update {
		require.NoError(t, os.WriteFile(planSchemaFile, made.Bytes(), 0o644))
	}
	text, err := os.ReadFile(planSchemaFile)
	require.NoError(t, err)
	require.Equal(t, made.String(), string(text), "the kinds of change are others now: go test ./manage -run TestPlanSchema -update")
}

// validPlan holds a plan file to the published schema.
func validPlan(t *testing.T, text []byte) {
	t.Helper()
	require.NoError(t, validatePlan(t, text))
}

func validatePlan(t *testing.T, text []byte) error {
	t.Helper()
	schema, err := os.ReadFile(planSchemaFile)
	require.NoError(t, err)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("plan-v1.json", doc))
	compiled, err := compiler.Compile("plan-v1.json")
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return compiled.Validate(value)
}

func TestPlanFileIsOfItsSchema(t *testing.T) {
	t.Parallel()
	a, err := demo.Account()
	require.NoError(t, err)
	var text bytes.Buffer
	require.NoError(t, planFile(a.ID, demo.Now(), manage.ProposeCleanup(a, demo.Now(), nil).Proposals).Write(&text))
	validPlan(t, text.Bytes())
	text.Reset()
	require.NoError(t, planFile(a.ID, demo.Now(), nil).Write(&text))
	validPlan(t, text.Bytes())

	for _, wrong := range []string{
		planText(`{"change":"delete_uesr","arguments":{"user_name":"u"}}`), planText(`{"change":"delete_user","arguments":{"user":"u"}}`),
		planText(`{"change":"delete_user","arguments":{}}`), planText(`{"change":"delete_user"}`),
		planText(`{"change":"update_access_key","arguments":{"user_name":"u","access_key_id":"A","status":"active"}}`),
		strings.Replace(planText(), "plan/v1", "plan/v2", 1),
	} {
		require.Error(t, validatePlan(t, []byte(wrong)), wrong)
		_, err := manage.ReadPlanFile(strings.NewReader(wrong))
		require.Error(t, err, wrong)
	}
}
