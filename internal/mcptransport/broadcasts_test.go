package mcptransport_test

import (
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// A stuckWriter is a client that does not read until it is told to.
type stuckWriter struct{ read chan struct{} }

func (w stuckWriter) Write(p []byte) (int, error) {
	<-w.read
	return len(p), nil
}

// TestStdioEndsWhileInitializeIsAnswered has ServeStdio give up on a client that
// does not read; what goes on behind it must not subscribe that client any more.
func TestStdioEndsWhileInitializeIsAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var registered atomic.Int64
		hooks := &server.Hooks{}
		hooks.AddOnRegisterSession(func(context.Context, server.ClientSession) { registered.Add(1) })
		s := server.NewMCPServer("test", "1", server.WithHooks(hooks))
		client := stuckWriter{make(chan struct{})}
		in, toServer := io.Pipe()
		defer toServer.Close()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			ended <- mcptransport.ServeStdio(ctx, s, io.MultiReader(strings.NewReader(initialize+"\n"), in), client, nil)
		}()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-ended, context.Canceled)
		close(client.read)
		synctest.Wait()
		require.Zero(t, registered.Load())
	})
}
