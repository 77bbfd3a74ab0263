package mcptransport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// A pipeClient speaks to a server over two pipes.
type pipeClient struct {
	*fixture
	in     *io.PipeWriter
	lines  chan string
	ended  chan error
	cancel context.CancelFunc
}

func newPipeClient(t *testing.T, o mcptransport.StdioOptions) *pipeClient {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	c := &pipeClient{fixture: newFixture(), in: toServer, lines: make(chan string, 10_000), ended: make(chan error, 1), cancel: cancel}
	o.Logger = c.logger
	go func() {
		c.ended <- mcptransport.ServeStdio(ctx, c.MCPServer, in, out, &o)
		out.Close()
	}()
	go func() {
		defer close(c.lines)
		all := json.NewDecoder(fromServer)
		for {
			var m json.RawMessage
			if all.Decode(&m) != nil {
				return
			}
			c.lines <- string(m)
		}
	}()
	t.Cleanup(func() { cancel(); in.Close(); fromServer.Close() })
	return c
}

func (c *pipeClient) send(t *testing.T, lines ...string) {
	t.Helper()
	_, err := io.WriteString(c.in, strings.Join(lines, "\n")+"\n")
	require.NoError(t, err)
}

const cancelSeven = `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`

func TestStdioAnswersWhatWasAskedBeforeTheEnd(t *testing.T) {
	t.Parallel()
	var in, out bytes.Buffer
	in.WriteString(initialize + "\n")
	for i := range 200 {
		in.WriteString(call(i+1, "steps", `{"n":3}`, fmt.Sprintf(`{"progressToken":"p%d"}`, i+1)) + "\n")
	}
	in.WriteString(request("last", "ping", "{}")) // without a line's end
	require.NoError(t, mcptransport.ServeStdio(t.Context(), newFixture().MCPServer, &in, &out, nil))
	progress, answered := map[string]int{}, 0
	for line := range strings.Lines(out.String()) {
		m := decode(t, line)
		if params, ok := m["params"].(map[string]any); ok {
			token := params["progressToken"].(string)
			progress[token]++
			require.Equal(t, float64(progress[token]), params["progress"])
			continue
		}
		answered++
		if id, ok := m["id"].(float64); ok && id > 0 {
			require.Equal(t, 3, progress[fmt.Sprintf("p%v", id)], "all progress precedes the result")
		}
	}
	require.Equal(t, 202, answered)
}

func TestStdioHostileLines(t *testing.T) {
	t.Parallel()
	ping := request("after", "ping", "{}")
	for name, c := range map[string]struct{ line, want string }{
		"huge line":        {strings.Repeat("x", 3<<20), "-32600"},
		"line at limit":    {`{"jsonrpc":"2.0","method":"` + strings.Repeat("x", 4000), "-32700"},
		"not JSON":         {"hello", "-32700"},
		"not UTF-8":        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xc3\x28\"}", "-32700"},
		"zero byte":        {"\x00", "-32700"},
		"deep nesting":     {strings.Repeat("[", 100_000), "-32700"},
		"batch":            {"[" + ping + "]", "-32600"},
		"string":           {`"x"`, "-32600"},
		"empty object":     {"{}", "-32600"},
		"id array":         {`{"jsonrpc":"2.0","id":[1],"method":"ping"}`, "-32600"},
		"unknown method":   {request(1, "no/such", "{}"), "-32601"},
		"params a string":  {request(1, "tools/call", `"x"`), "-32600"},
		"long tool name":   {request(1, "tools/call", `{"name":"`+strings.Repeat("x", 9000)+`"}`), "-32602"},
		"panic in prompt":  {request(1, "prompts/get", `{"name":"panic"}`), "-32603"},
		"stray response":   {`{"jsonrpc":"2.0","id":99,"result":{}}`, ""},
		"foreign cancel":   {cancelSeven, ""},
		"unknown notice":   {`{"jsonrpc":"2.0","method":"notifications/none"}`, ""},
		"carriage returns": {"\r\n\r", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			in := strings.NewReader(c.line + "\n" + ping + "\n")
			f := newFixture()
			require.NoError(t, mcptransport.ServeStdio(t.Context(), f.MCPServer, in, &out, &mcptransport.StdioOptions{MaxLine: 1 << 20, Logger: f.logger}))
			require.Contains(t, out.String(), `"id":"after","result"`, "the server goes on")
			want := 1
			if c.want != "" {
				want = 2
				require.Contains(t, out.String(), c.want)
			}
			require.Equal(t, want, strings.Count(out.String(), "\n"), out.String())
			require.NotContains(t, out.String()+f.logs.String(), secret)
			require.Less(t, out.Len(), 4096, "no error repeats what may be long")
		})
	}
}

func TestStdioCancel(t *testing.T) {
	t.Parallel()
	c := newPipeClient(t, mcptransport.StdioOptions{})
	c.send(t, initialize, call(7, "block", "{}", "{}"))
	receive(t, "start", c.started)
	c.send(t, call(7, "echo", "{}", "{}"), request(8, "ping", "{}"))
	receive(t, "initialize", c.lines)
	both := receive(t, "answer", c.lines) + receive(t, "answer", c.lines)
	require.Contains(t, both, "a request with this id is running")
	require.Contains(t, both, `"id":8,"result":{}`, "ping is answered during a call")
	c.send(t, strings.Replace(cancelSeven, "7", `"7"`, 1))
	c.send(t, cancelSeven)
	require.ErrorContains(t, receive(t, "end", c.fixture.ended), "cancelled")
	require.NoError(t, c.in.Close())
	require.NoError(t, receive(t, "return", c.ended))
	_, more := <-c.lines
	require.False(t, more, "a cancelled request has no answer")
}

// TestStdioMemory requires that answered requests leave nothing behind in the
// connection, which may last for days.
func TestStdioMemory(t *testing.T) {
	c := newPipeClient(t, mcptransport.StdioOptions{})
	ping := func(n int) {
		for i := range n {
			c.send(t, request(i, "ping", "{}"))
			receive(t, "answer", c.lines)
		}
	}
	ping(1000)
	before := heap()
	ping(10_000)
	require.Less(t, int64(heap())-int64(before), int64(1<<20))
}

func TestStdioEnds(t *testing.T) {
	t.Parallel()
	t.Run("a call that does not end is cut", func(t *testing.T) {
		t.Parallel()
		c := newPipeClient(t, mcptransport.StdioOptions{DrainTimeout: time.Millisecond})
		c.send(t, call(1, "block", "{}", "{}"))
		receive(t, "start", c.started)
		require.NoError(t, c.in.Close())
		require.NoError(t, receive(t, "return", c.ended))
		require.Error(t, receive(t, "end", c.fixture.ended))
	})
	t.Run("a subscription ends with the input", func(t *testing.T) {
		t.Parallel()
		c := newPipeClient(t, mcptransport.StdioOptions{DrainTimeout: time.Hour})
		c.send(t, request(1, "subscriptions/listen", `{"notifications":{"toolsListChanged":true},"_meta":`+modernMeta+`}`))
		require.Contains(t, receive(t, "acknowledgement", c.lines), "acknowledged")
		require.NoError(t, c.in.Close())
		require.NoError(t, receive(t, "return", c.ended))
		require.Contains(t, receive(t, "answer", c.lines), `"id":1,"result"`)
	})
	t.Run("the context ends it", func(t *testing.T) {
		t.Parallel()
		c := newPipeClient(t, mcptransport.StdioOptions{})
		c.send(t, call(1, "block", "{}", "{}"))
		receive(t, "start", c.started)
		c.cancel()
		require.ErrorIs(t, receive(t, "return", c.ended), context.Canceled)
	})
	t.Run("a client that does not read", func(t *testing.T) {
		t.Parallel()
		blocked, _ := io.Pipe()
		_, out := io.Pipe() // nobody reads
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		in := io.MultiReader(strings.NewReader("nonsense\n"), blocked)
		go func() { ended <- mcptransport.ServeStdio(ctx, newFixture().MCPServer, in, out, nil) }()
		cancel()
		require.ErrorIs(t, receive(t, "return", ended), context.Canceled)
	})
	t.Run("a broken output", func(t *testing.T) {
		t.Parallel()
		c := newPipeClient(t, mcptransport.StdioOptions{})
		broken := brokenWriter{}
		err := mcptransport.ServeStdio(t.Context(), c.MCPServer, io.MultiReader(strings.NewReader("x\n"), blockedReader(t)), broken, nil)
		require.ErrorIs(t, err, errBroken)
	})
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func blockedReader(t *testing.T) io.Reader {
	r, w := io.Pipe()
	t.Cleanup(func() { w.Close() })
	return r
}

func TestStdioBusy(t *testing.T) {
	t.Parallel()
	c := newPipeClient(t, mcptransport.StdioOptions{MaxConcurrent: 1, MaxPending: 2})
	c.send(t, call(1, "block", "{}", "{}"), call(2, "block", "{}", "{}"), request(3, "ping", "{}"))
	receive(t, "start", c.started)
	require.Contains(t, receive(t, "refusal", c.lines), `"id":3,"error":{"code":-32000`)
	require.Empty(t, c.started, "the second call waits its turn")
}

func TestStdioElicitationWithOneSlot(t *testing.T) {
	t.Parallel()
	c := newPipeClient(t, mcptransport.StdioOptions{MaxConcurrent: 1})
	c.send(t, initialize)
	receive(t, "initialize", c.lines)
	var calls []string
	for i := range 20 {
		calls = append(calls, call(i+1, "ask", "{}", "{}"))
	}
	c.send(t, calls...)
	for range 20 {
		question := decode(t, receive(t, "question", c.lines))
		c.send(t, fmt.Sprintf(`{"jsonrpc":"2.0","id":%v,"result":{"action":"decline"}}`, question["id"]))
		require.Contains(t, receive(t, "result", c.lines), "decline")
	}
}

func TestStdioBothErasOnOneConnection(t *testing.T) {
	t.Parallel()
	c := newPipeClient(t, mcptransport.StdioOptions{})
	c.send(t, initialize)
	receive(t, "initialize", c.lines)
	c.send(t, call(1, "caller", "{}", modernMeta))
	require.Contains(t, receive(t, "modern", c.lines), "Method:stdio Scopes: Client:Modern/2")
	c.send(t, call(2, "caller", "{}", "{}"))
	require.Contains(t, receive(t, "legacy", c.lines), "Client:Test/1", "the other era's client info stays its own")
	c.send(t, call(3, "ask", "{}", modernMeta))
	require.Contains(t, receive(t, "undeclared", c.lines), `-32021`)
	c.DeleteTools("echo")
	require.Contains(t, receive(t, "broadcast", c.lines), "notifications/tools/list_changed")
}

func TestClientNameIsCleaned(t *testing.T) {
	t.Parallel()
	c := newPipeClient(t, mcptransport.StdioOptions{})
	hostile := "ev\u202eil\n\x1b[31m\U000e0041\u200b" + strings.Repeat("x", 100)
	encoded, err := json.Marshal(hostile)
	require.NoError(t, err)
	c.send(t, strings.Replace(initialize, `"Test"`, string(encoded), 1), call(1, "caller", "{}", "{}"))
	receive(t, "initialize", c.lines)
	require.Contains(t, receive(t, "caller", c.lines), "Client:evil[31m"+strings.Repeat("x", 56)+"/1")
}

// FuzzStdio holds that no input makes the server crash, write anything but
// JSON-RPC messages of one line, answer more than it was asked, or stop short
// of the ping that follows.
func FuzzStdio(f *testing.F) {
	for _, seed := range []string{
		initialize, cancelSeven, call(1, "echo", `{"text":"x"}`, modernMeta), "[]", "{}", "\n\r\n", "\xff", `{"jsonrpc":"2.0","id":1,"result":{}}`,
		initialize + "\n" + call(1, "ask", "{}", "{}"), request(2, "subscriptions/listen", `{"_meta":`+modernMeta+`}`), strings.Repeat("[", 300),
		call(1, "steps", `{"n":2}`, `{"progressToken":1}`) + "\n" + call(1, "panic", "{}", "{}"),
	} {
		f.Add([]byte(seed))
	}
	fixture := newFixture()
	fixture.DeleteTools("block")
	f.Fuzz(func(t *testing.T, input []byte) {
		var out bytes.Buffer
		in := io.MultiReader(bytes.NewReader(input), strings.NewReader("\n"+request("the last ping", "ping", "{}")))
		o := mcptransport.StdioOptions{MaxLine: 1 << 10, DrainTimeout: time.Second}
		require.NoError(t, mcptransport.ServeStdio(t.Context(), fixture.MCPServer, in, &out, &o))
		answers := 0
		for line := range strings.Lines(out.String()) {
			m := decode(t, line)
			require.Equal(t, "2.0", m["jsonrpc"])
			if m["method"] == nil {
				answers++
			}
		}
		require.LessOrEqual(t, answers, 2+bytes.Count(input, []byte("\n")))
		require.Contains(t, out.String(), `"the last ping","result":{}`)
		require.NotContains(t, out.String(), secret)
	})
}
