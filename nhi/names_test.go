package nhi_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/nhi"
)

// Names of people and of software, made up for this test, without any other
// evidence: none is taken for the other, and few are left open.
func TestNamesOfPeopleAndMachines(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]nhi.Verdict{"people.txt": nhi.Human, "machines.txt": nhi.NonHuman} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile("testdata/" + file)
			require.NoError(t, err)
			total, open := 0, 0
			for line := range strings.Lines(string(text)) {
				if strings.HasPrefix(line, "#") {
					continue
				}
				for _, name := range strings.Fields(line) {
					got := one(t, userNamed(name))
					total++
					if got.Verdict == nhi.Uncertain {
						open++
						continue
					}
					require.Equal(t, want, got.Verdict, "%s: %v", name, got.Signals)
				}
			}
			require.Greater(t, total, 100)
			require.LessOrEqual(t, open, total/20)
		})
	}
}

func FuzzTokens(f *testing.F) {
	for _, name := range []string{"", "anna.kowalska@example.com", "ExportToS3", "svc--x__y", "ÅsaÖberg", "1X2Y3Z4A5B6C", "日本", "a@b.", "\xff\xfe", strings.Repeat("ciCI-", 60)} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		u := userNamed(name)
		got := one(t, u)
		require.Equal(t, got, one(t, u))
		require.GreaterOrEqual(t, got.Confidence, 0.0)
		require.LessOrEqual(t, got.Confidence, 1.0)
		tokens := nhi.Tokens(name)
		require.LessOrEqual(t, len(strings.Join(tokens, "")), len(name))
		for _, token := range tokens {
			require.NotEmpty(t, token)
			require.Contains(t, name, token)
		}
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"":                   nil,
		"lucia.marcio":       {"lucia", "marcio"},
		"ExportToS3":         {"Export", "To", "S", "3"},
		"HTTPServer":         {"HTTP", "Server"},
		"ci--shop_2024":      {"ci", "shop", "2024"},
		"EC2Instance":        {"EC", "2", "Instance"},
		"a+b=c,d@e":          {"a", "b", "c", "d", "e"},
		"Åsa.Öberg":          {"Åsa", "Öberg"},
		"-leading.trailing-": {"leading", "trailing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, want, nhi.Tokens(name))
		})
	}
}

func TestNameLists(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"aaron", "anna", "zoe", "hiroshi", "priya", "dmitri"} {
		require.True(t, nhi.IsGiven(name), name)
	}
	for _, name := range []string{"smith", "tanaka", "kowalska", "ivanova", "papadopoulos", "zimmermann", "anna"} {
		require.True(t, nhi.IsSurname(name), name)
	}
	for _, word := range []string{"", "a", "zzzzzz", "aa", "deploy", "prod", "backup", "Anna", "日本", "{"} {
		require.False(t, nhi.IsGiven(word), word)
		require.False(t, nhi.IsSurname(word), word)
	}
}

func BenchmarkNameLists(b *testing.B) {
	for b.Loop() {
		nhi.LoadNames()
	}
}
