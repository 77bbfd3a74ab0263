package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A peer is an HTTP client that sends whatever it likes.
type peer struct {
	t       *testing.T
	url     string
	headers map[string]string
}

func newPeer(t *testing.T, url, token string) *peer {
	p := &peer{t: t, url: url, headers: map[string]string{}}
	if token != "" {
		p.headers["Authorization"] = "Bearer " + token
	}
	return p
}

// An answer is what came back, as far as it came.
type answer struct {
	status  int
	headers http.Header
	body    string
	err     error
}

// with returns the peer with further headers.
func (p *peer) with(headers map[string]string) *peer {
	all := maps.Clone(p.headers)
	maps.Copy(all, headers)
	return &peer{p.t, p.url, all}
}

func (p *peer) request(method, url string, body io.Reader) *http.Request {
	p.t.Helper()
	r, err := http.NewRequest(method, url, body)
	require.NoError(p.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for name, value := range p.headers {
		if name == "Host" {
			r.Host = value
			continue
		}
		r.Header.Set(name, value)
	}
	return r
}

func send(r *http.Request) answer {
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(text), err}
}

func (p *peer) post(body string) answer {
	p.t.Helper()
	return send(p.request(http.MethodPost, p.url, strings.NewReader(body)))
}

func rpc(id int, method string, params any) string {
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": params})
	if err != nil {
		panic(err)
	}
	return string(text)
}

var hello = rpc(0, "initialize", map[string]any{
	"protocolVersion": "2025-11-25", "capabilities": map[string]any{}, "clientInfo": map[string]any{"name": "peer", "version": "1"},
})

// open returns the peer in a session of its own.
func (p *peer) open() *peer {
	p.t.Helper()
	a := p.post(hello)
	require.NoError(p.t, a.err)
	require.Equal(p.t, http.StatusOK, a.status, a.body)
	session := p.with(map[string]string{"Mcp-Session-Id": a.headers.Get("Mcp-Session-Id"), "MCP-Protocol-Version": "2025-11-25"})
	require.Equal(p.t, http.StatusAccepted, session.post(`{"jsonrpc":"2.0","method":"notifications/initialized"}`).status)
	return session
}

func callOf(id int, tool string, arguments map[string]any) string {
	return rpc(id, "tools/call", map[string]any{"name": tool, "arguments": arguments})
}

func cancelOf(id int) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%d}}`, id)
}

// message returns the answer to a request, from a plain body or from a stream.
func (a answer) message(t *testing.T, id int) message {
	t.Helper()
	require.NoError(t, a.err)
	require.Equal(t, http.StatusOK, a.status, a.body)
	for line := range strings.Lines(a.body) {
		var m message
		line = strings.TrimPrefix(strings.TrimSpace(line), "data:")
		if json.Unmarshal([]byte(line), &m) == nil && m.ID == float64(id) {
			return m
		}
	}
	t.Fatalf("no answer to %d in %.500q", id, a.body)
	return message{}
}

// use calls a tool.
func (p *peer) use(id int, tool string, arguments map[string]any) toolResult {
	p.t.Helper()
	m := p.post(callOf(id, tool, arguments)).message(p.t, id)
	require.Nil(p.t, m.Error)
	var r toolResult
	require.NoError(p.t, json.Unmarshal(m.Result, &r))
	require.NotEmpty(p.t, r.Content)
	return r
}
