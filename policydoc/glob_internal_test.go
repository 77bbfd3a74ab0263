package policydoc

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// matchPlainly says what a pattern means, in whatever time that takes, for texts of
// ASCII.
func matchPlainly(pattern, s string) bool {
	switch {
	case pattern == "":
		return s == ""
	case pattern[0] == '*':
		return matchPlainly(pattern[1:], s) || s != "" && matchPlainly(pattern, s[1:])
	case s == "":
		return false
	}
	return (pattern[0] == '?' || lower(pattern[0]) == lower(s[0])) && matchPlainly(pattern[1:], s[1:])
}

func requireSameMatch(t *testing.T, pattern, name string) {
	t.Helper()
	want := matchPlainly(pattern, name)
	glob := newActionGlob(pattern)
	require.Equal(t, want, glob.match(lowerASCII(name)), "made ready: %q %q", pattern, name)
	require.Equal(t, want, match(pattern, name, true), "as written: %q %q", pattern, name)
	require.Equal(t, want, match(sortWildcards(pattern), name, true), "sorted: %q %q", pattern, name)
	require.True(t, !want || lettersOf(name).has(glob.demanded) && len(name) >= glob.least, "ruled out: %q %q", pattern, name)
}

// Few different characters make patterns and names that often match.
func TestGlobMeansWhatThePatternMeans(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	text := func(alphabet string, longest int) string {
		b := make([]byte, random.IntN(longest+1))
		for i := range b {
			b[i] = alphabet[random.IntN(len(alphabet))]
		}
		return string(b)
	}
	matches := 0
	for range 200_000 {
		pattern, name := text("**??abA:", 9), text("aabBB:", 9)
		requireSameMatch(t, pattern, name)
		if matchPlainly(pattern, name) {
			matches++
		}
	}
	require.Greater(t, matches, 10_000)
}

func FuzzGlob(f *testing.F) {
	f.Add("*?a*b?", "xaab")
	f.Add("*??*", "a")
	f.Add("a?*?a", "aaaa")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 12 || len(name) > 24 || strings.ContainsFunc(pattern+name, func(r rune) bool { return r > 126 }) || strings.ContainsAny(name, "*?") {
			return
		}
		requireSameMatch(t, pattern, name)
	})
}

// What the memo answers is what it was given, however much it had to let go.
func TestExpansionMemoStaysSmall(t *testing.T) {
	t.Parallel()
	var m expansionMemo
	set := AllActions()
	for i := range 5000 {
		key := memoKey([]string{"*", strings.Repeat("?", i)})
		m.put(key, set)
		got, ok := m.get(key)
		require.True(t, ok)
		require.True(t, set.Equal(got))
		require.LessOrEqual(t, m.size, maxMemoBytes)
	}
	require.Less(t, len(m.latest)+len(m.past), 5000)
	_, ok := m.get(memoKey([]string{"*", ""}))
	require.False(t, ok)
	m.put(strings.Repeat("*", maxMemoBytes), set)
	_, ok = m.get(strings.Repeat("*", maxMemoBytes))
	require.False(t, ok, "larger than the memo")
}

func TestMemoKeyTellsListsApart(t *testing.T) {
	t.Parallel()
	seen := map[string][]string{}
	for _, list := range [][]string{{}, {""}, {"", ""}, {"*a"}, {"*", "a"}, {"a", "*"}, {"*a", ""}, {"", "*a"}, {"*\x01a"}, {"\x02*a"}} {
		key := memoKey(list)
		require.NotContains(t, seen, key, "%q", list)
		seen[key] = list
	}
}

// Statements with the same patterns and resources are judged once, and each keeps
// what is its own.
func TestDangersOfAlikeStatements(t *testing.T) {
	t.Parallel()
	one := func(sid, rest string) string { return `{"Sid":"` + sid + `","Effect":"Allow",` + rest + `}` }
	for name, rest := range map[string]string{
		"pattern":      `"Action":["iam:*","s3:Get*"],"Resource":"*"`,
		"NotAction":    `"NotAction":"s3:*","Resource":"*"`,
		"resources":    `"Action":"s3:*","Resource":["arn:aws:s3:::a/*","arn:aws:s3:::a"]`,
		"NotResource":  `"Action":"iam:*","NotResource":"arn:aws:iam::*:role/a"`,
		"NotAll":       `"NotAction":"s3:*","NotResource":"arn:aws:iam::*:role/a"`,
		"no resources": `"Action":"iam:*"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dangers := func(statements ...string) []Danger {
				doc, err := Parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
				require.NoError(t, err)
				return Dangerous(doc)
			}
			single := dangers(one("A", rest))
			require.NotEmpty(t, single)
			var second []Danger
			for _, d := range dangers(one("A", rest), one("B", rest)) {
				if d.Statement == 2 {
					require.Equal(t, "B", d.SID)
					d.Statement, d.SID = 1, "A"
					second = append(second, d)
				}
			}
			require.Equal(t, single, second)
		})
	}
}
