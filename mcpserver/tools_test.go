package mcpserver_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// allOptions serve every tool with every argument.
func allOptions(t *testing.T) *mcpserver.Options {
	t.Helper()
	opts := liveOptions(demoIAM(t))
	opts.InlineCredentials, opts.AllowWrite = true, true
	return opts
}

func TestEveryTool(t *testing.T) {
	t.Parallel()
	s := newServer(t, allOptions(t))
	c := newClient(t, s)
	list, err := c.ListTools(context.Background(), mcp.ListToolsRequest{})
	require.NoError(t, err)
	require.Len(t, list.Tools, len(s.Tools()))
	for _, tool := range list.Tools {
		t.Run(tool.Name, func(t *testing.T) {
			t.Parallel()
			definition, err := json.Marshal(tool)
			require.NoError(t, err)
			golden(t, "tools/"+tool.Name+".json", indented(t, definition))
			requireAnnotated(t, tool)
			require.NotEmpty(t, tool.Description)
			var schemas struct{ InputSchema, OutputSchema json.RawMessage }
			require.NoError(t, json.Unmarshal(definition, &schemas))
			compile(t, schemas.InputSchema)
			compile(t, schemas.OutputSchema)
			requireClosed(t, schemas.InputSchema)

			out := callTool(t, c, tool.Name, map[string]any{"no_such_argument": 1})
			require.True(t, out.IsError)
			require.Equal(t, mcpserver.CodeInvalidArgument, out.Error.Code)
			require.Contains(t, out.Error.Message, "no_such_argument")
			require.NotEmpty(t, out.Error.Hint)
		})
	}
}

func requireAnnotated(t *testing.T, tool mcp.Tool) {
	t.Helper()
	require.NotEmpty(t, tool.Title)
	a := tool.Annotations
	require.NotEmpty(t, a.Title)
	for _, hint := range []*bool{a.ReadOnlyHint, a.DestructiveHint, a.IdempotentHint, a.OpenWorldHint} {
		require.NotNil(t, hint)
	}
	kind, changes := manage.KindOf(tool.Name)
	require.Equal(t, !changes, *a.ReadOnlyHint)
	require.Equal(t, kind.Destructive, *a.DestructiveHint)
	require.Equal(t, !changes || kind.Idempotent, *a.IdempotentHint)
}

// requireClosed requires that arguments are an object that takes no others, and
// that each says what it is for.
func requireClosed(t *testing.T, schema []byte) {
	t.Helper()
	var input struct {
		Type                 string
		AdditionalProperties any
		Properties           map[string]struct{ Description string }
	}
	require.NoError(t, json.Unmarshal(schema, &input))
	require.Equal(t, "object", input.Type)
	require.Equal(t, false, input.AdditionalProperties)
	for name, p := range input.Properties {
		require.NotEmpty(t, p.Description, name)
	}
}

// TestToolSnapshots requires that each snapshot is of a tool that there is.
func TestToolSnapshots(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/tools/*.json")
	require.NoError(t, err)
	var names []string
	for _, tool := range newServer(t, allOptions(t)).Tools() {
		names = append(names, tool.Name)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if *update && !slices.Contains(names, name) {
			require.NoError(t, os.Remove(file))
			continue
		}
		require.Contains(t, names, name)
	}
}
