package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMatches(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		block, printed string
		want           bool
	}{
		"equal":                     {"a b", "a b", true},
		"another line":              {"a c", "a b", false},
		"a line too few":            {"a", "a b", false},
		"a line too many":           {"a b", "a", false},
		"any lines between":         {"a … d", "a b c d", true},
		"no line between":           {"a … b", "a b", true},
		"any lines at the end":      {"a …", "a b c", true},
		"nothing after any lines":   {"a … x", "a b c", false},
		"any lines twice":           {"a … c … e", "a b c d e", true},
		"any lines, in wrong order": {"a … d … c", "a b c d", false},
		"a line that comes twice":   {"a … b c", "a b b c", true},
		"nothing printed":           {"a", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, matches(strings.Fields(tt.block), strings.Fields(tt.printed)))
		})
	}
}

func TestCheckSnippets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := filepath.Join(dir, "example_test.go")
	require.NoError(t, os.WriteFile(source, []byte("func Example() {\n\tone()\n\ttwo()\n}\n"), 0o644))
	comment := "<!-- source: " + source + " -->\n"
	tests := map[string]struct{ text, want string }{
		"stands there":    {comment + "```go\none()\ntwo()\n```\n", ""},
		"differs":         {"# Title\n" + comment + "```go\none()\nthree()\n```\n", "README.md:3: the block does not stand in " + source},
		"without source":  {"```go\nthree()\n```\n", ""},
		"source for one":  {comment + "```go\none()\n```\n```go\nthree()\n```\n", ""},
		"no such source":  {"<!-- source: missing.go -->\n```go\n```\n", "missing.go"},
		"without end":     {"text\n```go\none()\n", "README.md:2: the block has no end"},
		"without command": {"```console\nno dollar\n```\n", `a console block without a "$ " line`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "README.md")
			require.NoError(t, os.WriteFile(file, []byte(tt.text), 0o644))
			err := check(file, false)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}
