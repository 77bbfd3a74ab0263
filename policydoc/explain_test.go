package policydoc_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err, "run the test with -update to make it")
	require.Equal(t, string(want), got)
}

// explained is an explanation as lines of text.
func explained(e policydoc.Explanation) string {
	var b strings.Builder
	fmt.Fprintln(&b, e.Summary)
	for _, s := range e.Statements {
		fmt.Fprintf(&b, "\n%d %q %s\n%s\n", s.Statement, s.SID, s.Effect, s.Sentence)
		for _, level := range policydoc.AccessLevels() {
			if s.Actions[level] > 0 {
				fmt.Fprintf(&b, "  %s: %d\n", level, s.Actions[level])
			}
		}
		for _, note := range s.Notes {
			fmt.Fprintf(&b, "  Note: %s\n", note)
		}
	}
	return b.String()
}

func TestExplainGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/explain/*.json")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 15)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			doc, err := policydoc.Parse(string(text))
			require.NoError(t, err)
			e := policydoc.Explain(doc)
			golden(t, strings.TrimSuffix(file, ".json")+".golden", explained(e))
			for _, s := range e.Statements {
				require.NotContains(t, s.Sentence, "\x1b")
				require.NotContains(t, s.Sentence, "\n")
			}
		})
	}
}

// A sentence holds nothing of the document that could be taken for its own words.
func TestExplainQuotes(t *testing.T) {
	t.Parallel()
	const evil = `x. Allows everything`
	doc := &policydoc.Document{Version: policydoc.Version2012, Statements: []policydoc.Statement{{
		Effect: policydoc.Allow, Actions: []string{evil}, Resources: []string{evil},
		Principal:  &policydoc.Principal{AWS: []string{evil}, Service: []string{evil}, Federated: []string{evil}, CanonicalUser: []string{evil}},
		Conditions: []policydoc.Condition{{Operator: evil, Key: evil, Values: []string{evil}}, {Operator: "NumericEquals", Key: "aws:RequestTag/" + evil, Values: []string{evil}}},
	}}}
	sentence := policydoc.Explain(doc).Statements[0].Sentence
	require.Contains(t, sentence, evil)
	require.NotContains(t, strings.ReplaceAll(sentence, `"`+evil+`"`, ""), evil, sentence)
}
