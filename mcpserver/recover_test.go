package mcpserver

import (
	"context"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

// No prompt panics that a client could ask for, so this is a test from inside.
func TestPromptPanic(t *testing.T) {
	t.Parallel()
	s, err := New(&Options{Snapshot: &Snapshot{Account: &nhiscan.Account{}}})
	require.NoError(t, err)
	handler := s.recoverPrompt(func(context.Context, mcp.GetPromptRequest) (*mcp.GetPromptResult, error) { panic("secret words") })
	_, err = handler(context.Background(), mcp.GetPromptRequest{})
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret words")
}
