package policydoc_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

func TestPrint(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		text string
		want string
	}{
		{"canonical order",
			`{"Statement":{"Condition":{"B":{"k":"v"},"A":{"z":1,"y":[true,"x"]}},"Resource":["*"],"Action":["a:b","a:c"],
			  "Principal":{"Service":["s"],"AWS":["a","b"]},"Effect":"Allow","Sid":"x"},"Id":"i","Version":"2008-10-17"}`,
			`{"Version":"2008-10-17","Id":"i","Statement":[{"Sid":"x","Effect":"Allow","Principal":{"AWS":["a","b"],"Service":"s"},` +
				`"Action":["a:b","a:c"],"Resource":"*","Condition":{"A":{"y":["true","x"],"z":"1"},"B":{"k":"v"}}}]}`},
		{"not-forms",
			`{"Statement":{"NotResource":"r","NotAction":"a","NotPrincipal":{"CanonicalUser":"c","Federated":"f"},"Effect":"Deny"}}`,
			`{"Statement":[{"Effect":"Deny","NotPrincipal":{"Federated":"f","CanonicalUser":"c"},"NotAction":"a","NotResource":"r"}]}`},
		{"empty is not absent",
			`{"Statement":[{"Effect":"Deny","Action":[],"Resource":[],"Principal":{},"Condition":{"X":{}}},{"Effect":"Deny","Action":"","Principal":"*"}]}`,
			`{"Statement":[{"Effect":"Deny","Principal":{},"Action":[],"Resource":[],"Condition":{}},{"Effect":"Deny","Principal":"*","Action":""}]}`},
		{"no statement", `{"Statement":[]}`, `{"Statement":[]}`},
		{"only the escapes that JSON demands", allow(`"Sid":"<é&>\u002f\u0000\u001f\b\n\r\t\"\\\u2028"`),
			`{"Statement":[{"Sid":"<é&>/\u0000\u001f\u0008\n\r\t\"\\` + "\u2028" + `","Effect":"Allow","Action":"*"}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, err := policydoc.Parse(tt.text)
			require.NoError(t, err)
			require.Equal(t, tt.want, d.String())

			marshalled, err := d.MarshalJSON()
			require.NoError(t, err)
			require.Equal(t, tt.want, string(marshalled))
			requireReprints(t, d)
		})
	}
}

// requireReprints checks the law that printing and parsing are each other's inverse.
func requireReprints(t *testing.T, d *policydoc.Document) {
	t.Helper()
	text := d.String()
	require.True(t, json.Valid([]byte(text)), text)
	again, err := policydoc.Parse(text)
	require.NoError(t, err, text)
	require.Equal(t, withoutOffsets(d), withoutOffsets(again))
	require.Equal(t, text, again.String())
	require.True(t, policydoc.Equal(d, again))
}

func TestMarshalJSONRefusesWhatIsNoDocument(t *testing.T) {
	t.Parallel()
	allowed := policydoc.Statement{Effect: policydoc.Allow, Actions: []string{"*"}}
	condition := policydoc.Condition{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"true"}}
	twice, unordered := allowed, allowed
	twice.Conditions = []policydoc.Condition{condition, condition}
	both := allowed
	both.NotActions = []string{"a:b"}
	invalid := allowed
	invalid.SID = "\xff"
	tests := []struct {
		name string
		doc  policydoc.Document
		want string
	}{
		{"no effect", policydoc.Document{Statements: []policydoc.Statement{{Actions: []string{"*"}}}},
			`print policy document: statement 1: Effect is missing; add "Allow" or "Deny" (at byte 14)`},
		{"both actions", policydoc.Document{Statements: []policydoc.Statement{allowed, both}},
			"print policy document: statement 2: Action and NotAction exclude each other; keep one (at byte 77)"},
		{"a condition twice", policydoc.Document{Statements: []policydoc.Statement{twice}},
			"print policy document: statement 1: Condition.Bool.aws:SecureTransport: given twice; put the values into one list (at byte 95)"},
		{"not UTF-8", policydoc.Document{Statements: []policydoc.Statement{invalid}},
			"print policy document: statement 1: Sid: byte 0xFF is not UTF-8; save the document as UTF-8 (at byte 22)"},
		{"unknown version", policydoc.Document{Version: "2013"},
			`print policy document: Version: want "2012-10-17" or "2008-10-17", found "2013" (at byte 11)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := tt.doc.MarshalJSON()
			require.EqualError(t, err, tt.want)
		})
	}
	t.Run("unordered conditions are sorted", func(t *testing.T) {
		t.Parallel()
		unordered.Conditions = []policydoc.Condition{condition, {Operator: "Any", Key: "k", Values: nil}}
		text, err := policydoc.Document{Statements: []policydoc.Statement{unordered}}.MarshalJSON()
		require.NoError(t, err)
		require.Equal(t, `{"Statement":[{"Effect":"Allow","Action":"*","Condition":{"Any":{"k":[]},"Bool":{"aws:SecureTransport":"true"}}}]}`, string(text))
		require.Equal(t, "Bool", unordered.Conditions[0].Operator, "the document itself stays as it was")
	})
	t.Run("as a value inside of another", func(t *testing.T) {
		t.Parallel()
		text, err := json.Marshal(struct{ Policy policydoc.Document }{})
		require.NoError(t, err)
		require.JSONEq(t, `{"Policy":{"Statement":[]}}`, string(text))
	})
}

func TestEqual(t *testing.T) {
	t.Parallel()
	parse := func(text string) *policydoc.Document {
		d, err := policydoc.Parse(text)
		require.NoError(t, err)
		return d
	}
	base := parse(allow(`"Resource":"a"`))
	require.True(t, policydoc.Equal(base, parse("  "+allow(`"Resource":["a"]`))))
	require.True(t, policydoc.Equal(nil, nil))
	require.False(t, policydoc.Equal(base, nil))
	require.False(t, policydoc.Equal(nil, base))
	require.False(t, policydoc.Equal(base, parse(allow(`"Resource":"b"`))))
	require.False(t, policydoc.Equal(parse(allow(`"Resource":[]`)), parse(`{"Statement":{"Effect":"Allow","Action":"*"}}`)))
}

func TestPrintParseIsIdentity(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		requireReprints(t, randomDocument(random))
	}
}

func randomDocument(r *rand.Rand) *policydoc.Document {
	d := &policydoc.Document{
		Version:    []policydoc.Version{policydoc.VersionUnset, policydoc.Version2008, policydoc.Version2012}[r.IntN(3)],
		ID:         randomString(r),
		Statements: make([]policydoc.Statement, r.IntN(4)),
	}
	for i := range d.Statements {
		s := &d.Statements[i]
		s.SID = randomString(r)
		s.Effect = []policydoc.Effect{policydoc.Allow, policydoc.Deny}[r.IntN(2)]
		*pick(r, &s.Principal, &s.NotPrincipal) = randomPrincipal(r)
		*pick(r, &s.Actions, &s.NotActions) = append([]string{}, randomStrings(r)...)
		*pick(r, &s.Resources, &s.NotResources) = randomStrings(r)
		if r.IntN(2) == 0 {
			s.Conditions = []policydoc.Condition{}
		}
		for operator := range r.IntN(3) {
			for key := range r.IntN(3) {
				s.Conditions = append(s.Conditions, policydoc.Condition{
					Operator: string(rune('A'+operator)) + "\"", Key: string(rune('a'+key)) + "\n",
					Values: append([]string{}, randomStrings(r)...),
				})
			}
		}
	}
	return d
}

func pick[T any](r *rand.Rand, choices ...*T) *T { return choices[r.IntN(len(choices))] }

func randomPrincipal(r *rand.Rand) *policydoc.Principal {
	switch r.IntN(4) {
	case 0:
		return nil
	case 1:
		return &policydoc.Principal{Everyone: true}
	}
	return &policydoc.Principal{AWS: randomStrings(r), Service: randomStrings(r),
		Federated: randomStrings(r), CanonicalUser: randomStrings(r)}
}

// randomStrings returns nil, an empty list or some strings.
func randomStrings(r *rand.Rand) []string {
	n := r.IntN(5) - 1
	if n < 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = randomString(r)
	}
	return list
}

func randomString(r *rand.Rand) string {
	alphabet := []rune("ab:/*?${}\"\\\x00\n\t\u007fé日😀\u2028\uFEFF<>&")
	out := make([]rune, r.IntN(6))
	for i := range out {
		out[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(out)
}
