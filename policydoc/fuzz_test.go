package policydoc_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"s","Effect":"Allow","Action":["a:b"],"Resource":"*"}]}`,
		allow(`"Principal":{"AWS":["a"],"Service":"b","Federated":"c","CanonicalUser":"d"}`),
		allow(`"NotPrincipal":"*","Condition":{"Bool":{"k":[true,1.5e-3,"x"]},"Null":{}}`),
		allow(`"Sid":"\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t"`),
		`{"Statement":{"Effect":"Deny","NotAction":[],"NotResource":[]}}`,
		"\uFEFF{}",
		`{"Statement":[{},{"Effect":null`,
		`{"Statement":{"Effect":"Allow","Action":"\ud83d"}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := policydoc.Parse(text)
		if err == nil {
			require.True(t, json.Valid([]byte(strings.TrimPrefix(text, "\uFEFF"))))
			requireReprints(t, d)
			return
		}
		var parseError *policydoc.ParseError
		require.True(t, errors.As(err, &parseError))
		require.LessOrEqual(t, parseError.Offset, len(text))
		require.NotEmpty(t, parseError.Message)
		require.NotContains(t, err.Error(), "\x1b")
		parseError.Position(text)
	})
}

func FuzzDecode(f *testing.F) {
	f.Add("%7B%22a%22%3A+1%7D")
	f.Add("  {%")
	f.Fuzz(func(t *testing.T, s string) {
		text, err := policydoc.Decode(s)
		if err == nil && strings.HasPrefix(text, "{") {
			again, err := policydoc.Decode(text)
			require.NoError(t, err)
			require.Equal(t, text, again)
		}
	})
}

func FuzzMatchAction(f *testing.F) {
	addPatterns(f)
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if tooLong(pattern, s) {
			return
		}
		// The reference folds as the rule does: ASCII letters and nothing else.
		want := matches([]rune(foldASCII(pattern)), []rune(foldASCII(s)))
		require.Equal(t, want, policydoc.MatchAction(valid(pattern), valid(s)))
	})
}

func FuzzMatchResource(f *testing.F) {
	addPatterns(f)
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if tooLong(pattern, s) {
			return
		}
		want := matches([]rune(valid(pattern)), []rune(valid(s)))
		require.Equal(t, want, policydoc.MatchResource(valid(pattern), valid(s)))
	})
}

func addPatterns(f *testing.F) {
	for _, seed := range [][2]string{
		{"s3:*Object", "S3:GetObject"}, {"*", ""}, {"?", "é"}, {"*a*b?c", "aabxbbcbc"}, {"[a].+", "[a].+"}, {"**a**", "bab"}, {"*??", "日"},
	} {
		f.Add(seed[0], seed[1])
	}
}

// tooLong says that the reference would take so long that few others got their turn.
func tooLong(pattern, s string) bool { return len(pattern)*len(s) > 1<<14 }

func valid(s string) string { return strings.ToValidUTF8(s, "x") }

func foldASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, valid(s))
}

// matches is the definition of a pattern, by dynamic programming: reach[j] says
// that the pattern so far matches the first j characters.
func matches(pattern, s []rune) bool {
	reach := make([]bool, len(s)+1)
	reach[0] = true
	for _, p := range pattern {
		next := make([]bool, len(s)+1)
		for j := range next {
			switch {
			case p == '*':
				next[j] = reach[j] || j > 0 && next[j-1]
			case j > 0:
				next[j] = reach[j-1] && (p == '?' || p == s[j-1])
			}
		}
		reach = next
	}
	return reach[len(s)]
}
