package policydoc_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

// The mark ▸ stands in front of the byte at which the error is; it is not part of the text.
const mark = "▸"

func TestParseErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name      string
		text      string
		statement int
		element   string
		message   string
	}{
		{"nothing", `▸`, 0, "", "want a policy document, which is an object, found the end of the text"},
		{"only white space", "  \n▸", 0, "", "want a policy document, which is an object, found the end of the text"},
		{"a list", `▸[]`, 0, "", "want a policy document, which is an object, found a list"},
		{"null", `▸null`, 0, "", "want a policy document, which is an object, found null"},
		{"encoded", `▸%7B%22Statement%22%3A%5B%5D%7D`, 0, "", "the text is percent-encoded; decode it first"},
		{"HTML", `▸<html>`, 0, "", `want a policy document, which is an object, found "<"`},
		{"NUL", "▸\x00", 0, "", `want a policy document, which is an object, found "\x00"`},
		{"UTF-16", "▸\xff\xfe{\x00", 0, "", `want a policy document, which is an object, found "\xff"`},
		{"no statement", ` ▸{"Version":"2012-10-17"}`, 0, "", "Statement is missing; add a statement or a list of them"},
		{"trailing data", `{"Statement":[]} ▸{}`, 0, "", "want the end of the text after the document, found an object"},
		{"trailing comma", `{"Statement":[],▸}`, 0, "", `want a name in double quotes, found "}"`},
		{"open object", `{"Statement":[]▸`, 0, "", `want "," or "}", found the end of the text`},
		{"single quotes", `{▸'Statement':[]}`, 0, "", `want a name in double quotes, found "'"`},
		{"no colon", `{"Statement" ▸[]}`, 0, "", `want ":" after the name "Statement", found a list`},
		{"no quotes around a name", `{▸Statement:[]}`, 0, "", "want a name in double quotes, found Statement"},
		{"unknown element", `{▸"Effect":"Allow"}`, 0, "", `unknown element "Effect"; want Version, Id or Statement`},
		{"element in another case", `{▸"statement":[]}`, 0, "", `unknown element "statement"; did you mean "Statement"?`},
		{"deep nesting", `{▸"x":` + strings.Repeat("[", 1e6), 0, "", `unknown element "x"; want Version, Id or Statement`},
		{"deep nesting of a known element", `{"Statement":[▸` + strings.Repeat("[", 1e6), 1, "", "want a statement, which is an object, found a list"},
		{"element twice", `{"Version":"2012-10-17",▸"Version":"2012-10-17","Statement":[]}`, 0, "Version", "given twice; keep one"},
		{"unknown version", `{"Version":▸"2012-10-18"}`, 0, "Version", `want "2012-10-17" or "2008-10-17", found "2012-10-18"`},
		{"version as number", `{"Version":▸2012}`, 0, "Version", `want "2012-10-17" or "2008-10-17", found the number 2012`},
		{"id as number", `{"Id":▸-1.5e3,"Statement":[]}`, 0, "Id", "want a string, found the number -1.5e3"},
		{"statement is a string", `{"Statement":▸"x"}`, 0, "Statement", `want a statement object or a list of them, found "x"`},
		{"statement list not closed", `{"Statement":[{"Effect":"Deny","Action":"*"}▸`, 0, "Statement", `want "," or "]", found the end of the text`},
		{"statement list with trailing comma", `{"Statement":[{"Effect":"Deny","Action":"*"},▸]}`, 2, "", `want a statement, which is an object, found "]"`},

		{"no effect", `{"Statement":[▸{"Action":"*"}]}`, 1, "", `Effect is missing; add "Allow" or "Deny"`},
		{"no action", `{"Statement":[{"Effect":"Deny","Action":"*"},▸{"Effect":"Allow","Resource":"*"}]}`, 2, "", "Action and NotAction are both missing; add one"},
		{"effect in another case", `{"Statement":[{"Effect":"Deny","Action":"*"},{"Effect":▸"allow"}]}`, 2, "Effect", `want "Allow" or "Deny", found "allow"`},
		{"effect is a Boolean", `{"Statement":{"Effect":▸true}}`, 1, "Effect", `want "Allow" or "Deny", found true`},
		{"effect is null", `{"Statement":{"Effect":▸null}}`, 1, "Effect", `want "Allow" or "Deny", found null`},
		{"both actions", `{"Statement":{"Effect":"Allow","Action":"a",▸"NotAction":"b"}}`, 1, "", "Action and NotAction exclude each other; keep one"},
		{"both principals", allow(`"NotPrincipal":"*",▸"Principal":"*"`), 1, "", "Principal and NotPrincipal exclude each other; keep one"},
		{"both resources", allow(`"Resource":[],▸"NotResource":[]`), 1, "", "Resource and NotResource exclude each other; keep one"},
		{"misspelt element", allow(`▸"Ressource":"*"`), 1, "", `unknown element "Ressource"; did you mean "Resource"?`},
		{"plural element", allow(`▸"NotActions":"*"`), 1, "", `unknown element "NotActions"; did you mean "NotAction"?`},
		{"foreign element", allow(`▸"Owner":"*"`), 1, "", `unknown element "Owner"; want Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource or Condition`},
		{"duplicate through an escape", allow(`▸"\u0041ction":"*"`), 1, "Action", "given twice; keep one"},
		{"sid is an object", allow(`"Sid":▸{}`), 1, "Sid", "want a string, found an object"},
		{"resource is an object", allow(`"Resource":▸{}`), 1, "Resource", "want a string or a list of strings, found an object"},
		{"resource list with a number", allow(`"Resource":["a",▸7]`), 1, "Resource", "want a string, found the number 7"},
		{"resource list with null", allow(`"Resource":[▸null]`), 1, "Resource", "want a string, found null"},
		{"resource list in a list", allow(`"Resource":[▸["a"]]`), 1, "Resource", "want a string, found a list"},
		{"resource list without comma", allow(`"Resource":["a" ▸"b"]`), 1, "Resource", `want "," or "]", found "b"`},
		{"resource list not closed", `{"Statement":{"Resource":["a",▸`, 1, "Resource", "want a string, found the end of the text"},

		{"principal is a name", allow(`"Principal":▸"111122223333"`), 1, "Principal", `want "*" or an object, found "111122223333"; say what it is, as in {"AWS": …}`},
		{"principal is a list", allow(`"Principal":▸["*"]`), 1, "Principal", `want "*" or an object, found a list`},
		{"principal type in another case", allow(`"Principal":{▸"aws":"*"}`), 1, "Principal", `unknown principal type "aws"; did you mean "AWS"?`},
		{"unknown principal type", allow(`"NotPrincipal":{▸"*":"*"}`), 1, "NotPrincipal", `unknown principal type "*"; want AWS, Service, Federated or CanonicalUser`},
		{"principal type twice", allow(`"Principal":{"AWS":"a",▸"AWS":"b"}`), 1, "Principal.AWS", "given twice; keep one"},
		{"account id without quotes", allow(`"Principal":{"AWS":▸111122223333}`), 1, "Principal.AWS", "want a string or a list of strings, found the number 111122223333"},
		{"broken string for a principal", allow(`"Principal":"*▸\x"`), 1, "Principal", `unknown escape "\\x" in a string; write \\ for a backslash`},

		{"condition is a list", allow(`"Condition":▸[]`), 1, "Condition", "want an object of condition operators, found a list"},
		{"operator is a string", allow(`"Condition":{"StringEquals":▸"x"}`), 1, "Condition.StringEquals", `want an object of condition keys, found "x"`},
		{"operator twice", allow(`"Condition":{"Bool":{},▸"Bool":{}}`), 1, "Condition.Bool", "given twice; put the keys into one"},
		{"key twice", allow(`"Condition":{"Bool":{"a":"true",▸"a":"true"}}`), 1, "Condition.Bool.a", "given twice; put the values into one list"},
		{"value is null", allow(`"Condition":{"Bool":{"a:b":▸null}}`), 1, "Condition.Bool.a:b", "want a string, number or Boolean, or a list of them, found null"},
		{"value is an object", allow(`"Condition":{"Bool":{"a":▸{}}}`), 1, "Condition.Bool.a", "want a string, number or Boolean, or a list of them, found an object"},
		{"list in a list of values", allow(`"Condition":{"Bool":{"a":[▸[]]}}`), 1, "Condition.Bool.a", "want a string, number or Boolean, found a list"},
		{"Python's True", allow(`"Condition":{"Bool":{"a":▸True}}`), 1, "Condition.Bool.a", "want a string, number or Boolean, or a list of them, found True"},
		{"longer word than true", allow(`"Condition":{"Bool":{"a":▸trueish}}`), 1, "Condition.Bool.a", "want a string, number or Boolean, or a list of them, found trueish"},
		{"leading zero", allow(`"Condition":{"X":{"a":0▸1}}`), 1, "Condition.X", `want "," or "}", found the number 1`},
		{"lone minus", allow(`"Condition":{"X":{"a":-▸}}`), 1, "Condition.X.a", `want a digit, found "}"`},
		{"no digit after the point", allow(`"Condition":{"X":{"a":1.▸}}`), 1, "Condition.X.a", `want a digit after the decimal point, found "}"`},
		{"no digit in the exponent", allow(`"Condition":{"X":{"a":1e+▸}}`), 1, "Condition.X.a", `want a digit in the exponent, found "}"`},
		{"number at the end", `{"Statement":{"Condition":{"X":{"a":-▸`, 1, "Condition.X.a", "want a digit, found the end of the text"},

		{"broken name", `{"▸\q":1}`, 0, "", `unknown escape "\\q" in a string; write \\ for a backslash`},
		{"string not closed", allow(`"Sid":▸"x`), 1, "Sid", "the string has no closing quote"},
		{"string not closed at the end", `{"Id":▸"x`, 0, "Id", "the string has no closing quote"},
		{"string with escapes not closed", `{"Id":▸"\nx`, 0, "Id", "the string has no closing quote"},
		{"string ends in a backslash", `{"Id":▸"x\`, 0, "Id", "the string has no closing quote"},
		{"line break in a string", "{\"Id\":\"x▸\n\"}", 0, "Id", "control character U+000A in a string; write it as an escape"},
		{"tab after an escape", "{\"Id\":\"\\n▸\t\"}", 0, "Id", "control character U+0009 in a string; write it as an escape"},
		{"Windows path", `{"Id":"C:▸\Windows"}`, 0, "Id", `unknown escape "\\W" in a string; write \\ for a backslash`},
		{"short unicode escape", `{"Id":"▸\u12"}`, 0, "Id", `\u in a string wants four hexadecimal digits`},
		{"sign in a unicode escape", `{"Id":"▸\u+123"}`, 0, "Id", `\u in a string wants four hexadecimal digits`},
		{"lone high surrogate", `{"Id":"▸\ud83d!"}`, 0, "Id", `\ud83d in a string is half of a surrogate pair without its other half`},
		{"lone low surrogate", `{"Id":"▸\uDE00"}`, 0, "Id", `\uDE00 in a string is half of a surrogate pair without its other half`},
		{"two high surrogates", `{"Id":"▸\ud83d\ud83d"}`, 0, "Id", `\ud83d in a string is half of a surrogate pair without its other half`},
		{"invalid UTF-8", "{\"Id\":\"é▸\xe9\"}", 0, "Id", "byte 0xE9 is not UTF-8; save the document as UTF-8"},
		{"invalid UTF-8 after an escape", "{\"Id\":\"é\\n▸\xe9\"}", 0, "Id", "byte 0xE9 is not UTF-8; save the document as UTF-8"},
		{"UTF-8 cut by an escape", "{\"Id\":\"▸\xc3\\u00a9\"}", 0, "Id", "byte 0xC3 is not UTF-8; save the document as UTF-8"},
		{"broken string where an object should be", `{"Statement":▸"\x"}`, 0, "Statement", "want a statement object or a list of them, found a broken string"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(tt.text, mark, "", 1)
			d, err := policydoc.Parse(text)
			require.Nil(t, d)
			var parseError *policydoc.ParseError
			require.ErrorAs(t, err, &parseError)
			require.Equal(t, &policydoc.ParseError{Statement: tt.statement, Element: tt.element,
				Offset: strings.Index(tt.text, mark), Message: tt.message}, parseError)
		})
	}
}

func TestParseErrorString(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 1000)
	tests := []struct {
		name, text, want string
	}{
		{"in a statement", `{"Statement":[{"Effect":"Deny","Action":"*"},{"Effect":"allow"}]}`,
			`statement 2: Effect: want "Allow" or "Deny", found "allow" (at byte 55)`},
		{"in the document", `{"Version":"2020-01-01"}`,
			`Version: want "2012-10-17" or "2008-10-17", found "2020-01-01" (at byte 11)`},
		{"outside of an element", ` []`,
			"want a policy document, which is an object, found a list (at byte 1)"},
		{"terminal escape in a name", allow(`"Condition":{"\u001b[2J\u202e":1}`),
			`statement 1: "Condition.\x1b[2J\u202e": want an object of condition keys, found the number 1 (at byte 75)`},
		{"long name", `{"` + long + `":1}`,
			`unknown element "` + strings.Repeat("é", 40) + `…"; want Version, Id or Statement (at byte 1)`},
		{"long name that is not cut inside a character", `{"` + strings.Repeat("日", 1000) + `":1}`,
			`unknown element "` + strings.Repeat("日", 26) + `…"; want Version, Id or Statement (at byte 1)`},
		{"long number", `{"Id":` + strings.Repeat("1", 1000) + `}`,
			"Id: want a string, found the number " + strings.Repeat("1", 80) + "… (at byte 6)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := policydoc.Parse(tt.text)
			require.EqualError(t, err, tt.want)
		})
	}
}

func TestParseErrorPosition(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name         string
		text         string
		line, column int
	}{
		{"first byte", "▸x", 1, 1},
		{"end of the text", "ab▸", 1, 3},
		{"after a line break", "ab\n▸c", 2, 1},
		{"after Windows line breaks", "ab\r\n\r\n c▸d", 3, 3},
		{"columns are characters", "\n\"é😀▸", 2, 4},
		{"a byte order mark takes no column", "\uFEFF{▸", 1, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := &policydoc.ParseError{Offset: strings.Index(tt.text, mark)}
			line, column := e.Position(strings.Replace(tt.text, mark, "", 1))
			require.Equal(t, []int{tt.line, tt.column}, []int{line, column})
		})
	}
	t.Run("another text than the one parsed", func(t *testing.T) {
		t.Parallel()
		line, column := (&policydoc.ParseError{Offset: 99}).Position("a\nb")
		require.Equal(t, []int{2, 2}, []int{line, column})
	})
}
