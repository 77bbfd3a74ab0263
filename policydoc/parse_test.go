package policydoc_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

// allow returns a document with one statement, which has the given further elements.
func allow(elements string) string {
	return `{"Statement":{"Effect":"Allow","Action":"*",` + elements + `}}`
}

// parsed returns the statement of allow with what set changes.
func parsed(set func(*policydoc.Statement)) policydoc.Document {
	s := policydoc.Statement{Effect: policydoc.Allow, Actions: []string{"*"}}
	set(&s)
	return policydoc.Document{Statements: []policydoc.Statement{s}}
}

func withoutOffsets(d *policydoc.Document) policydoc.Document {
	out := *d
	out.Statements = append([]policydoc.Statement{}, d.Statements...)
	for i := range out.Statements {
		out.Statements[i].Offset = 0
	}
	return out
}

func TestParseShapes(t *testing.T) {
	t.Parallel()
	type statement = policydoc.Statement
	tests := []struct {
		name string
		text string
		want policydoc.Document
	}{
		{"one statement object", `{"Statement":{"Effect":"Deny","Action":"s3:*"}}`,
			policydoc.Document{Statements: []statement{{Effect: policydoc.Deny, Actions: []string{"s3:*"}}}}},
		{"list of statements", `{"Statement":[{"Effect":"Deny","Action":"a:b"},{"Effect":"Allow","NotAction":"a:c"}]}`,
			policydoc.Document{Statements: []statement{
				{Effect: policydoc.Deny, Actions: []string{"a:b"}},
				{Effect: policydoc.Allow, NotActions: []string{"a:c"}},
			}}},
		{"empty list of statements", `{"Statement":[]}`, policydoc.Document{Statements: []statement{}}},
		{"any order, version 2012, id and sid", `{"Id":"i","Statement":{"Action":"*","Sid":"s","Effect":"Allow"},"Version":"2012-10-17"}`,
			policydoc.Document{Version: policydoc.Version2012, ID: "i",
				Statements: []statement{{SID: "s", Effect: policydoc.Allow, Actions: []string{"*"}}}}},
		{"version 2008", `{"Version":"2008-10-17","Statement":[]}`,
			policydoc.Document{Version: policydoc.Version2008, Statements: []statement{}}},
		{"white space and byte order mark", "\uFEFF\r\n\t { \"Statement\" : [ ] } \n",
			policydoc.Document{Statements: []statement{}}},

		{"action list", `{"Statement":{"Effect":"Allow","Action":["a:b","c:d"]}}`,
			parsed(func(s *statement) { s.Actions = []string{"a:b", "c:d"} })},
		{"empty action list", `{"Statement":{"Effect":"Allow","Action":[]}}`,
			parsed(func(s *statement) { s.Actions = []string{} })},
		{"resource string", allow(`"Resource":"*"`), parsed(func(s *statement) { s.Resources = []string{"*"} })},
		{"resource list", allow(`"Resource":["a","b"]`), parsed(func(s *statement) { s.Resources = []string{"a", "b"} })},
		{"not-resource", allow(`"NotResource":["a"]`), parsed(func(s *statement) { s.NotResources = []string{"a"} })},

		{"everyone", allow(`"Principal":"*"`),
			parsed(func(s *statement) { s.Principal = &policydoc.Principal{Everyone: true} })},
		{"every AWS principal", allow(`"Principal":{"AWS":"*"}`),
			parsed(func(s *statement) { s.Principal = &policydoc.Principal{AWS: []string{"*"}} })},
		{"every type of principal", allow(`"Principal":{"Service":["a","b"],"AWS":["c"],"CanonicalUser":"d","Federated":"e"}`),
			parsed(func(s *statement) {
				s.Principal = &policydoc.Principal{AWS: []string{"c"}, Service: []string{"a", "b"},
					Federated: []string{"e"}, CanonicalUser: []string{"d"}}
			})},
		{"empty principal", allow(`"Principal":{}`),
			parsed(func(s *statement) { s.Principal = &policydoc.Principal{} })},
		{"empty principal list", allow(`"Principal":{"AWS":[]}`),
			parsed(func(s *statement) { s.Principal = &policydoc.Principal{AWS: []string{}} })},
		{"not-principal", allow(`"NotPrincipal":{"AWS":"111122223333"}`),
			parsed(func(s *statement) { s.NotPrincipal = &policydoc.Principal{AWS: []string{"111122223333"}} })},

		{"conditions are sorted", allow(`"Condition":{"StringLike":{"b":"1","a":["2","3"]},"Bool":{"c":"true"}}`),
			parsed(func(s *statement) {
				s.Conditions = []policydoc.Condition{
					{Operator: "Bool", Key: "c", Values: []string{"true"}},
					{Operator: "StringLike", Key: "a", Values: []string{"2", "3"}},
					{Operator: "StringLike", Key: "b", Values: []string{"1"}},
				}
			})},
		{"condition scalars", allow(`"Condition":{"X":{"k":["s",true,false,0,-1.50,2E+3]}}`),
			parsed(func(s *statement) {
				s.Conditions = []policydoc.Condition{{Operator: "X", Key: "k",
					Values: []string{"s", "true", "false", "0", "-1.50", "2E+3"}}}
			})},
		{"condition number alone", allow(`"Condition":{"X":{"k":1}}`),
			parsed(func(s *statement) {
				s.Conditions = []policydoc.Condition{{Operator: "X", Key: "k", Values: []string{"1"}}}
			})},
		{"condition empty list", allow(`"Condition":{"X":{"k":[]}}`),
			parsed(func(s *statement) {
				s.Conditions = []policydoc.Condition{{Operator: "X", Key: "k", Values: []string{}}}
			})},
		{"keys that differ in case", allow(`"Condition":{"X":{"k":"1","K":"2"}}`),
			parsed(func(s *statement) {
				s.Conditions = []policydoc.Condition{
					{Operator: "X", Key: "K", Values: []string{"2"}},
					{Operator: "X", Key: "k", Values: []string{"1"}},
				}
			})},
		{"empty condition", allow(`"Condition":{}`),
			parsed(func(s *statement) { s.Conditions = []policydoc.Condition{} })},
		{"empty operator", allow(`"Condition":{"StringEquals":{}}`),
			parsed(func(s *statement) { s.Conditions = []policydoc.Condition{} })},

		{"escapes", allow(`"Sid":"\"\\\/\b\f\n\r\t\u00e9é\ud83d\uDE00."`),
			parsed(func(s *statement) { s.SID = "\"\\/\b\f\n\r\téé😀." })},
		{"escapes in a name", `{"\u0053tatement":{"Effect":"Allow","\u0041ction":"*"}}`,
			parsed(func(*statement) {})},
		{"characters outside ASCII", allow(`"Resource":"arn:aws:s3:::bücket/日本😀"`),
			parsed(func(s *statement) { s.Resources = []string{"arn:aws:s3:::bücket/日本😀"} })},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := policydoc.Parse(tt.text)
			require.NoError(t, err)
			require.Equal(t, tt.want, withoutOffsets(d))
		})
	}
}

func TestParseOffsets(t *testing.T) {
	t.Parallel()
	text := "\uFEFF" + `{"Statement": [ {"Effect":"Allow","Action":"é:*"}, {"Effect":"Deny","Action":"*"} ]}`
	d, err := policydoc.Parse(text)
	require.NoError(t, err)
	for i, start := range []string{`{"Effect":"Allow"`, `{"Effect":"Deny"`} {
		require.Equal(t, strings.Index(text, start), d.Statements[i].Offset)
	}
}

func TestParseManyConditionKeys(t *testing.T) {
	t.Parallel()
	keys := make([]string, 100)
	for i := range keys {
		keys[i] = `"k` + strings.Repeat("x", i) + `":"v"`
	}
	d, err := policydoc.Parse(allow(`"Condition":{"StringEquals":{` + strings.Join(keys, ",") + `}}`))
	require.NoError(t, err)
	require.Len(t, d.Statements[0].Conditions, len(keys))

	for _, again := range []string{keys[0], keys[7], keys[8], keys[99]} {
		_, err = policydoc.Parse(allow(`"Condition":{"StringEquals":{` + strings.Join(append(keys, again), ",") + `}}`))
		require.ErrorContains(t, err, "given twice; put the values into one list")
	}
}

func TestUnmarshalJSON(t *testing.T) {
	t.Parallel()
	var response struct{ Policy policydoc.Document }
	require.NoError(t, json.Unmarshal([]byte(`{"Policy":`+allow(`"Resource":"*"`)+`}`), &response))
	require.Equal(t, []string{"*"}, response.Policy.Statements[0].Resources)

	err := json.Unmarshal([]byte(`{"Policy":{"Statement":{}}}`), &response)
	var parseError *policydoc.ParseError
	require.ErrorAs(t, err, &parseError)
	require.Equal(t, 1, parseError.Statement)
}
