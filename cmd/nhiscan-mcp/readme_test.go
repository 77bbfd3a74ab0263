package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadmeTools holds that the README's table of tools is what --list-tools
// prints; -update writes it.
func TestReadmeTools(t *testing.T) {
	t.Parallel()
	const readme, begin, end = "../../README.md", "<!-- tools -->\n", "<!-- /tools -->"
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found)
	table, after, found := strings.Cut(rest, end)
	require.True(t, found)

	var listed bytes.Buffer
	status := run(t.Context(), []string{"--list-tools"}, &console{stdout: &listed, stderr: os.Stderr, getenv: func(string) string { return "" }})
	require.Zero(t, status)
	if *update && table != listed.String() {
		require.NoError(t, os.WriteFile(readme, []byte(before+begin+listed.String()+end+after), 0o644))
		return
	}
	require.Equal(t, listed.String(), table, "run go test ./cmd/nhiscan-mcp -update")
}
