package mcpserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

// countedOptions count how often AWS is opened.
func countedOptions(fake *fakeiam.Server) (*mcpserver.Options, *atomic.Int32) {
	opts := liveOptions(fake)
	connect, n := opts.Connect, &atomic.Int32{}
	opts.Connect = func(ctx context.Context, o *session.Options) (*mcpserver.Connection, error) {
		n.Add(1)
		return connect(ctx, o)
	}
	return opts, n
}

func TestConnectionIsKept(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	opts, opened := countedOptions(fake)
	var log bytes.Buffer
	opts.AuditLog = &log
	s := newServer(t, opts)
	var calls sync.WaitGroup
	for range 8 {
		c := newClient(t, s)
		calls.Go(func() { callTool(t, c, "list_groups", nil) })
	}
	calls.Wait()
	require.EqualValues(t, 1, opened.Load())
	require.Equal(t, 1, fake.Calls()["GetCallerIdentity"])
	callTool(t, newClient(t, s), "list_groups", map[string]any{"profile": "other"})
	require.EqualValues(t, 2, opened.Load())
	for line := range strings.Lines(log.String()) {
		var record struct {
			AWSIdentity string `json:"aws_identity"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		require.Equal(t, "arn:aws:sts::123456789012:assumed-role/reader/nhiscan", record.AWSIdentity)
	}
}

func TestConnectionIsNotKept(t *testing.T) {
	t.Parallel()
	opts, opened := countedOptions(iamAWS(t))
	opts.CacheTTL = -1
	c := newClient(t, newServer(t, opts))
	callTool(t, c, "list_groups", nil)
	callTool(t, c, "list_groups", nil)
	require.EqualValues(t, 2, opened.Load())
}

// TestConnectionsAreFew requires that a caller who makes up names fills no memory.
func TestConnectionsAreFew(t *testing.T) {
	t.Parallel()
	opts, opened := countedOptions(iamAWS(t))
	c := newClient(t, newServer(t, opts))
	for i := range 40 {
		callTool(t, c, "list_groups", map[string]any{"profile": strings.Repeat("p", i+1)})
	}
	require.EqualValues(t, 40, opened.Load())
	callTool(t, c, "list_groups", map[string]any{"profile": strings.Repeat("p", 40)}) // one of the last
	require.EqualValues(t, 40, opened.Load())
	callTool(t, c, "list_groups", map[string]any{"profile": "p"}) // the first, long gone
	require.EqualValues(t, 41, opened.Load())
}

// TestConnectionWithoutIdentity requires that AWS's silence on who asks keeps no
// tool from answering.
func TestConnectionWithoutIdentity(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	fake.Inject(fakeiam.Fault{Operation: "GetCallerIdentity", Code: "AccessDenied"})
	out := callTool(t, newClient(t, newServer(t, liveOptions(fake))), "list_groups", nil)
	require.False(t, out.IsError)
}

// TestConnectionWithOldCredentials requires that credentials that are renewed are
// found by the next call.
func TestConnectionWithOldCredentials(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	opts, opened := countedOptions(fake)
	c := newClient(t, newServer(t, opts))
	fake.Inject(fakeiam.Fault{Operation: "ListGroups", Times: 1, Code: "ExpiredToken"})
	require.Equal(t, "ExpiredToken", callTool(t, c, "list_groups", nil).Error.Code)
	require.False(t, callTool(t, c, "list_groups", nil).IsError)
	require.EqualValues(t, 2, opened.Load())
}

func TestConnectionIsRefused(t *testing.T) {
	t.Parallel()
	opts, opened := countedOptions(iamAWS(t))
	opts.AllowProfile = func(name string) bool { return false }
	c := newClient(t, newServer(t, opts))
	out := callTool(t, c, "list_groups", map[string]any{"profile": "other"})
	require.Equal(t, mcpserver.CodeRefused, out.Error.Code)
	require.Zero(t, opened.Load())
}

// TestConnectionIsCancelled requires that a call that is given up while AWS is
// opened leaves nothing half open to the next.
func TestConnectionIsCancelled(t *testing.T) {
	t.Parallel()
	opts, opened := countedOptions(iamAWS(t))
	gone, cancel := context.WithCancel(context.Background())
	connect, left := opts.Connect, make(chan struct{})
	opts.Connect = func(ctx context.Context, o *session.Options) (*mcpserver.Connection, error) {
		connection, err := connect(ctx, o)
		if opened.Load() == 1 {
			cancel()
			<-ctx.Done()
			close(left)
		}
		return connection, err
	}
	c := newClient(t, newServer(t, opts))
	request := mcp.CallToolRequest{}
	request.Params.Name = "list_groups"
	if result, err := c.CallTool(gone, request); err == nil {
		require.True(t, result.IsError)
	}
	<-left
	require.False(t, callTool(t, c, "list_groups", nil).IsError)
	require.EqualValues(t, 2, opened.Load())
}
