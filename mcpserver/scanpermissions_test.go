package mcpserver_test

import (
	"context"
	"sync"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"
)

// TestPermissionsAreShared has calls ask for all permissions of an account at once,
// some of which give up: the others are answered in full, and alike.
func TestPermissionsAreShared(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	want := callTool(t, newClient(t, demoServer(t)), "find_escalation_paths", nil)
	var all sync.WaitGroup
	answers := make([][]any, 16)
	for i := range answers {
		all.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if i%2 == 1 {
				go cancel()
			}
			request := mcp.CallToolRequest{}
			request.Params.Name = "find_escalation_paths"
			if result, err := c.CallTool(ctx, request); err == nil && !result.IsError {
				answers[i], _ = result.StructuredContent.(map[string]any)["identities"].([]any)
			}
		})
	}
	all.Wait()
	for i, got := range answers {
		if i%2 == 0 || got != nil {
			require.Equal(t, want.Structured["identities"], any(got), i)
		}
	}
}

// TestPermissionsProgress requires that a client hears of progress up to the end.
func TestPermissionsProgress(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	whole := make(chan struct{})
	c.OnNotification(func(n mcp.JSONRPCNotification) {
		f := n.Params.AdditionalFields
		if f["progress"] != nil && f["progress"] == f["total"] {
			close(whole)
		}
	})
	request := mcp.CallToolRequest{}
	request.Params.Name = "find_escalation_paths"
	request.Params.Meta = &mcp.Meta{ProgressToken: "p"}
	_, err := c.CallTool(context.Background(), request)
	require.NoError(t, err)
	<-whole // this transport may deliver it after the result
}
