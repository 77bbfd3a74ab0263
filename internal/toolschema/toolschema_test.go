package toolschema_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/toolschema"
)

type common struct {
	Profile string `json:"profile,omitzero" doc:"a profile" maxlen:"8"`
}

type arguments struct {
	Name   string            `json:"name" doc:"a name"`
	Kind   string            `json:"kind,omitzero" enum:"user,role" default:"user"`
	Count  int               `json:"count,omitzero" min:"1" max:"10" default:"5"`
	Share  float64           `json:"share,omitzero" min:"0" max:"1"`
	Deep   bool              `json:"deep,omitzero"`
	List   []string          `json:"list,omitzero" min:"1" max:"2" enum:"a,b"`
	Values map[string]string `json:"values,omitzero"`
	Inner  *inner            `json:"inner,omitzero"`
	common
}

type inner struct {
	Depth int `json:"depth" min:"0"`
}

func TestInput(t *testing.T) {
	t.Parallel()
	text, err := toolschema.Input[arguments]().JSON()
	require.NoError(t, err)
	require.JSONEq(t, `{"type":"object","additionalProperties":false,"required":["name"],"properties":{
		"name":{"type":"string","description":"a name"},
		"kind":{"type":"string","enum":["user","role"],"default":"user"},
		"count":{"type":"integer","minimum":1,"maximum":10,"default":5},
		"share":{"type":"number","minimum":0,"maximum":1},
		"deep":{"type":"boolean"},
		"list":{"type":"array","minItems":1,"maxItems":2,"items":{"type":"string","enum":["a","b"]}},
		"values":{"type":"object","additionalProperties":{"type":"string"}},
		"inner":{"type":"object","additionalProperties":false,"required":["depth"],"properties":{"depth":{"type":"integer","minimum":0}}},
		"profile":{"type":"string","description":"a profile"}}}`, string(text))
	require.Less(t, strings.Index(string(text), `"name"`), strings.Index(string(text), `"kind"`), "members are in the order of the fields")
}

func TestOutput(t *testing.T) {
	t.Parallel()
	type output struct {
		Found  *inner  `json:"found"`
		Items  []inner `json:"items"`
		hidden int
	}
	_ = output{}.hidden
	text, err := toolschema.Output[output]().JSON()
	require.NoError(t, err)
	depth := `{"type":%s,"additionalProperties":false,"required":["depth"],"properties":{"depth":{"type":"integer"}}}`
	require.JSONEq(t, `{"type":"object","additionalProperties":false,"required":["found","items"],"properties":{
		"found":`+strings.Replace(depth, "%s", `["object","null"]`, 1)+`,
		"items":{"type":"array","items":`+strings.Replace(depth, "%s", `"object"`, 1)+`}}}`, string(text))
}

func TestDecode(t *testing.T) {
	t.Parallel()
	schema := toolschema.Input[arguments]()
	for name, test := range map[string]struct {
		in   string
		want arguments
	}{
		"defaults":              {`{"name":"x"}`, arguments{Name: "x", Kind: "user", Count: 5}},
		"null for optional":     {`{"name":"x","kind":null,"deep":null}`, arguments{Name: "x", Kind: "user", Count: 5}},
		"all":                   {`{"name":"x","kind":"role","count":10,"share":0.25,"deep":true,"list":["a","b"],"values":{"k":"v"},"inner":{"depth":0},"profile":"prod"}`, arguments{"x", "role", 10, 0.25, true, []string{"a", "b"}, map[string]string{"k": "v"}, &inner{}, common{"prod"}}},
		"whole number as float": {`{"name":"x","count":3.0}`, arguments{Name: "x", Kind: "user", Count: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := toolschema.Decode[arguments](schema, decoded(t, test.in))
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	schema := toolschema.Input[arguments]()
	const secret = "wJalrXUtnFEMI"
	for name, test := range map[string]struct{ in, want string }{
		"no object":           {`["x"]`, "the arguments are a list: want an object"},
		"nothing":             {`null`, "name: is missing: want a string"},
		"null for required":   {`{"name":null}`, "name: want a string, found null"},
		"missing":             {`{"kind":"user"}`, "name: is missing: want a string"},
		"unknown":             {`{"name":"x","nam":1}`, `unknown argument "nam": there are name, kind, count, share, deep, list, values, inner, profile`},
		"unknown, long":       {`{"name":"x","` + strings.Repeat("n", 99) + `":1}`, `unknown argument "` + strings.Repeat("n", 64) + `…": there are name, kind, count, share, deep, list, values, inner, profile`},
		"wrong type":          {`{"name":7}`, "name: want a string, found a number"},
		"not one of them":     {`{"name":"x","kind":"` + secret + `"}`, "kind: want one of user, role"},
		"too small":           {`{"name":"x","count":0}`, "count: want a whole number from 1 to 10"},
		"too large":           {`{"name":"x","count":1e300}`, "count: want a whole number from 1 to 10, found a number"},
		"no whole number":     {`{"name":"x","count":1.5}`, "count: want a whole number from 1 to 10, found a number"},
		"number out of range": {`{"name":"x","share":1.5}`, "share: want a number from 0 to 1"},
		"string for number":   {`{"name":"x","count":"5"}`, "count: want a whole number from 1 to 10, found a string"},
		"string for boolean":  {`{"name":"x","deep":"true"}`, "deep: want true or false, found a string"},
		"empty list":          {`{"name":"x","list":[]}`, "list: want a list of 1 to 2 items, found 0"},
		"item":                {`{"name":"x","list":["a","` + secret + `"]}`, "list[1]: want one of a, b"},
		"value of a map":      {`{"name":"x","values":{"k":1}}`, "values.k: want a string, found a number"},
		"inner":               {`{"name":"x","inner":{"depth":-1}}`, "inner.depth: want a whole number from 0"},
		"inner unknown":       {`{"name":"x","inner":{"depth":1,"more":2}}`, `inner: unknown argument "more": there are depth`},
		"too long":            {`{"name":"x","profile":"` + secret + `"}`, "profile: longer than 8 characters"},
		"zero byte":           {`{"name":"a\u0000b"}`, "name: has a zero byte"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := toolschema.Decode[arguments](schema, decoded(t, test.in))
			require.EqualError(t, err, test.want)
			require.NotContains(t, err.Error(), secret)
		})
	}
}

func TestWithout(t *testing.T) {
	t.Parallel()
	schema := toolschema.Input[arguments]()
	less := schema.Without("name", "profile")
	_, err := toolschema.Decode[arguments](less, decoded(t, `{}`))
	require.NoError(t, err)
	_, err = toolschema.Decode[arguments](less, decoded(t, `{"profile":"x"}`))
	require.ErrorAs(t, err, new(*toolschema.UnknownError))
	require.Equal(t, []string{"name"}, schema.Required, "the schema itself stays")
}

func TestDescriber(t *testing.T) {
	t.Parallel()
	type described struct {
		Text limited `json:"text"`
	}
	schema := toolschema.Input[described]()
	_, err := toolschema.Decode[described](schema, decoded(t, `{"text":"abcd"}`))
	require.EqualError(t, err, "text: longer than 3 characters")
}

type limited string

func (limited) JSONSchema() *toolschema.Schema {
	return (&toolschema.Schema{Type: "string"}).Limit(3)
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"name":"x"}`)
	f.Add(`{"name":"x","inner":{"depth":1},"list":["a"],"values":{"":""}}`)
	f.Add(`{"name":{"a":[1,2,{"b":null}]}}`)
	schema := toolschema.Input[arguments]()
	f.Fuzz(func(t *testing.T, text string) {
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			return
		}
		got, err := toolschema.Decode[arguments](schema, value)
		if err != nil {
			return
		}
		again, err := json.Marshal(got)
		require.NoError(t, err)
		require.NoError(t, schema.Check(decoded(t, string(again))), "what was read holds to the schema")
	})
}

func decoded(t *testing.T, text string) (value any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &value))
	return value
}

// TestDocument takes a JSON document as a string and as an object.
func TestDocument(t *testing.T) {
	t.Parallel()
	type change struct {
		Policy string `json:"policy" doc:"a policy" text:"json"`
		Count  int    `json:"count,omitzero" default:"3"`
	}
	schema := toolschema.InputOf(reflect.TypeFor[change]())
	text, err := schema.JSON()
	require.NoError(t, err)
	require.JSONEq(t, `{"type":"object","additionalProperties":false,"required":["policy"],"properties":{
		"policy":{"type":["string","object"],"description":"a policy"},"count":{"type":"integer","default":3}}}`, string(text))
	for name, test := range map[string]struct{ in, want string }{
		"text":      {`{"policy":" {\"a\": 1} "}`, ` {"a": 1} `},
		"an object": {`{"policy":{"b":"<&>","a":[123456789012,true]}}`, `{"a":[123456789012,true],"b":"<&>"}`},
		"no object": {`{"policy":"x"}`, "x"},
	} {
		got, err := toolschema.Decode[change](schema, decoded(t, test.in))
		require.NoError(t, err, name)
		require.Equal(t, change{test.want, 3}, got, name)
	}
	for name, in := range map[string]string{"a list": `{"policy":[]}`, "null": `{"policy":null}`, "far too long": `{"policy":{"a":"` + strings.Repeat("x", 1<<18) + `"}}`} {
		_, err := toolschema.Decode[change](schema, decoded(t, in))
		require.ErrorContains(t, err, "policy", name)
	}
	more := schema.With(toolschema.Input[common]())
	_, ok := more.Property("profile")
	require.True(t, ok)
	require.Panics(t, func() { more.With(schema) })
}
