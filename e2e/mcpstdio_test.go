package e2e_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/testcache"
)

// A conversation is nhiscan-mcp over stdio, with a client that does as little as it can.
type conversation struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	lines  chan string
	stdout *buffer
	stderr *buffer
	nextID int
}

// A message is what a server sends.
type message struct {
	ID     any             `json:"id"`
	Method string          `json:"method"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// A toolResult is the answer of a tool. When it is an error, failure says which.
type toolResult struct {
	Content []struct {
		Text string `json:"text"`
	} `json:"content"`
	Structured map[string]any `json:"structuredContent"`
	IsError    bool           `json:"isError"`
}

// A failure is an error as the model reads it.
type failure struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
}

func (r *toolResult) failure(t *testing.T) failure {
	t.Helper()
	require.True(t, r.IsError)
	var f struct {
		Error failure `json:"error"`
	}
	require.NoError(t, json.Unmarshal([]byte(r.Content[0].Text), &f))
	return f.Error
}

// converse starts the server, by the older revisions of MCP.
func converse(t *testing.T, env []string, args ...string) *conversation {
	t.Helper()
	require.NoError(t, testcache.DependOn(".."))
	c := &conversation{t: t, cmd: exec.Command(mcpBinary, args...), lines: make(chan string, 1000), stdout: &buffer{}, stderr: &buffer{}}
	c.cmd.Dir = t.TempDir()
	c.cmd.Env = mcpEnvironment(c.cmd.Dir, env)
	c.cmd.Stderr = c.stderr
	var err error
	c.stdin, err = c.cmd.StdinPipe()
	require.NoError(t, err)
	out, err := c.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.cmd.Start())
	t.Cleanup(func() { _ = c.cmd.Process.Kill() }) // it has ended unless the test failed
	go c.read(out)
	c.call("initialize", map[string]any{
		"protocolVersion": "2025-11-25", "capabilities": map[string]any{},
		"clientInfo": map[string]any{"name": "e2e", "version": "1"},
	})
	_, err = io.WriteString(c.stdin, `{"jsonrpc":"2.0","method":"notifications/initialized"}`+"\n")
	require.NoError(t, err)
	return c
}

func (c *conversation) read(out io.Reader) {
	scanner := bufio.NewScanner(io.TeeReader(out, c.stdout))
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		c.lines <- scanner.Text()
	}
	close(c.lines)
}

// call sends a request and returns its answer.
func (c *conversation) call(method string, params any) message {
	c.t.Helper()
	c.nextID++
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": c.nextID, "method": method, "params": params})
	require.NoError(c.t, err)
	_, err = c.stdin.Write(append(text, '\n'))
	require.NoError(c.t, err)
	for {
		select {
		case line, ok := <-c.lines:
			require.True(c.t, ok, "the server ended; it said:\n%s", c.stderr)
			var m message
			require.NoError(c.t, json.Unmarshal([]byte(line), &m), "standard output has %q", line)
			if m.Method == "" {
				require.EqualValues(c.t, c.nextID, m.ID)
				return m
			}
		case <-time.After(patience):
			c.t.Fatalf("no answer to %s; the server said:\n%s", method, c.stderr)
		}
	}
}

// use calls a tool.
func (c *conversation) use(tool string, arguments map[string]any) toolResult {
	c.t.Helper()
	m := c.call("tools/call", map[string]any{"name": tool, "arguments": arguments})
	require.Nil(c.t, m.Error)
	var r toolResult
	require.NoError(c.t, json.Unmarshal(m.Result, &r))
	require.NotEmpty(c.t, r.Content)
	return r
}

// must is use for a call that has to succeed; it returns the structured answer.
func (c *conversation) must(tool string, arguments map[string]any) map[string]any {
	c.t.Helper()
	r := c.use(tool, arguments)
	require.False(c.t, r.IsError, "%s: %s", tool, r.Content[0].Text)
	require.NotEmpty(c.t, r.Structured, tool)
	return r.Structured
}

// close ends the conversation, which ends the server.
func (c *conversation) close() {
	c.t.Helper()
	require.NoError(c.t, c.stdin.Close())
	for range c.lines {
	}
	require.NoError(c.t, c.cmd.Wait(), c.stderr)
}
