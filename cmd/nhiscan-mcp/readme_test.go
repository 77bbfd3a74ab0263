package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/mcpserver"
)

const readme = "../../README.md"

// TestReadmeTools holds that the README's tables of tools are what --list-tools
// prints, and its policies what --print-policy does; -update writes them.
func TestReadmeTools(t *testing.T) {
	t.Parallel()
	blocks := map[string]string{
		"tools":        printed(t, "--list-tools"),
		"tools manage": printed(t, "--list-tools", "--allow-write", "--toolsets", string(mcpserver.ToolsetManage)),
	}
	for _, set := range mcpserver.Toolsets() {
		args := []string{"--print-policy", "--toolsets", string(set)}
		if set == mcpserver.ToolsetManage {
			args = append(args, "--allow-write")
		}
		blocks["policy "+string(set)] = "\n```json\n" + printed(t, args...) + "```\n\n"
	}
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	whole := string(text)
	for name, want := range blocks {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
		before, rest, found := strings.Cut(whole, begin)
		require.True(t, found, name)
		shown, after, found := strings.Cut(rest, end)
		require.True(t, found, name)
		if *update {
			whole = before + begin + want + end + after
			continue
		}
		require.Equal(t, want, shown, "run go test ./cmd/nhiscan-mcp -update")
	}
	if whole != string(text) {
		require.NoError(t, os.WriteFile(readme, []byte(whole), 0o644))
	}
}
