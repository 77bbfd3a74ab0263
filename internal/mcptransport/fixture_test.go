package mcptransport_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

const secret = "hunter2-secret-text"

// A fixture is a server whose tools show what a transport does to them.
type fixture struct {
	*server.MCPServer
	logs    *lockedBuffer
	logger  *slog.Logger
	started chan struct{} // one value for each block call that runs
	ended   chan error    // the cause with which each ended
}

func newFixture() *fixture {
	logs := &lockedBuffer{}
	f := &fixture{
		logs: logs, logger: slog.New(slog.NewTextHandler(logs, nil)),
		started: make(chan struct{}, 100), ended: make(chan error, 100),
	}
	f.MCPServer = server.NewMCPServer("test", "1", append(mcptransport.ServerOptions(f.logger),
		server.WithToolCapabilities(true), server.WithPromptCapabilities(false), server.WithResourceCapabilities(false, false))...)
	f.AddTool(mcp.NewTool("echo"), func(_ context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultText(r.GetString("text", "")), nil
	})
	f.AddTool(mcp.NewTool("caller"), func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultText(fmt.Sprintf("%+v", mcptransport.CallerFromContext(ctx))), nil
	})
	f.AddTool(mcp.NewTool("steps"), func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		report := mcptransport.ProgressReporter(ctx, &r)
		n := r.GetInt("n", 10)
		for i := range n {
			report(float64(i+1), float64(n), fmt.Sprint("step ", i+1))
			report(float64(i), float64(n), "going back is not progress")
		}
		return mcp.NewToolResultText("done"), nil
	})
	f.AddTool(mcp.NewTool("block"), func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		f.started <- struct{}{}
		<-ctx.Done()
		f.ended <- context.Cause(ctx)
		return mcp.NewToolResultText("stopped"), nil
	})
	f.AddTool(mcp.NewTool("panic"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		panic(secret)
	})
	f.AddTool(mcp.NewTool("ask"), func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if a := server.ElicitationResponse(r.Params.InputResponses, "q"); a != nil {
			return mcp.NewToolResultText(string(a.Action)), nil
		}
		return server.NewInputRequestBuilder("").Elicit("q", mcp.ElicitationParams{
			Message: "Sure?", RequestedSchema: map[string]any{"type": "object", "properties": map[string]any{}},
		}).ToolResult(), nil
	})
	f.AddPrompt(mcp.NewPrompt("panic"), func(context.Context, mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		panic(secret)
	})
	return f
}

// waitFor polls for what another goroutine is about to do.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	require.Eventually(t, ok, 10*time.Second, time.Millisecond, what)
}

func receive[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(10 * time.Second):
		require.FailNow(t, "nothing came: "+what)
		panic("unreachable")
	}
}

// heap is how many bytes are in use. Tests that measure it run alone.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// An endpoint is a fixture behind HTTP.
type endpoint struct {
	*fixture
	url string
	h   *mcptransport.Handler
}

func newEndpoint(t *testing.T, o mcptransport.HTTPOptions) *endpoint {
	t.Helper()
	f := newFixture()
	o.Logger = f.logger
	if o.Rate == 0 {
		o.Rate = -1
	}
	h, err := mcptransport.NewHandler(f.MCPServer, &o)
	require.NoError(t, err)
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return &endpoint{fixture: f, url: s.URL + "/mcp", h: h}
}

type header = map[string]string

func (e *endpoint) do(t *testing.T, method, url, body string, h header) *http.Response {
	t.Helper()
	response, err := e.try(t.Context(), method, url, body, h)
	require.NoError(t, err)
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func (e *endpoint) try(ctx context.Context, method, url, body string, h header) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for name, value := range h {
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	return http.DefaultClient.Do(r)
}

func (e *endpoint) post(t *testing.T, body string, h header) *http.Response {
	t.Helper()
	return e.do(t, http.MethodPost, e.url, body, h)
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(b)
}

func request(id any, method, params string) string {
	encoded, err := json.Marshal(id)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":%q,"params":%s}`, encoded, method, params)
}

func call(id any, tool, arguments, meta string) string {
	return request(id, "tools/call", fmt.Sprintf(`{"name":%q,"arguments":%s,"_meta":%s}`, tool, arguments, meta))
}

const initialize = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",` +
	`"capabilities":{"elicitation":{}},"clientInfo":{"name":"Test","version":"1"}}}`

// open opens a session and returns the header that belongs to it.
func (e *endpoint) open(t *testing.T, h header) header {
	t.Helper()
	r := e.post(t, initialize, h)
	require.Equal(t, http.StatusOK, r.StatusCode, text(t, r))
	session := header{"Mcp-Session-Id": r.Header.Get("Mcp-Session-Id")}
	require.NotEmpty(t, session["Mcp-Session-Id"])
	for name, value := range h {
		session[name] = value
	}
	return session
}

const modernMeta = `{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
	`"io.modelcontextprotocol/clientInfo":{"name":"Modern","version":"2"},"io.modelcontextprotocol/clientCapabilities":{}}`

func modernHeader(method, name string) header {
	h := header{"Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": method}
	if name != "" {
		h["Mcp-Name"] = name
	}
	return h
}

// events reads an event stream's messages until it ends.
func events(t *testing.T, body io.Reader) []map[string]any {
	t.Helper()
	var all []map[string]any
	scanner := bufio.NewScanner(body)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if data, ok := strings.CutPrefix(scanner.Text(), "data: "); ok {
			all = append(all, decode(t, data))
		}
	}
	return all
}

func decode(t *testing.T, s string) map[string]any {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal([]byte(s), &m), s)
	return m
}
