package main

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var servingLine = regexp.MustCompile(`serving MCP on (https?://\S+)`)

// url returns the address that the program says it serves on.
func (p *program) url() string {
	p.t.Helper()
	var found []string
	require.Eventually(p.t, func() bool {
		found = servingLine.FindStringSubmatch(p.stderr.String())
		return found != nil
	}, patience, time.Millisecond, "the program said: %s", p.stderr)
	return found[1]
}

// An httpClient talks to the program over HTTP.
type httpClient struct {
	t       *testing.T
	url     string
	headers map[string]string
	nextID  int
}

// post sends a message and returns the response with its body.
func (c *httpClient) post(body string) (*http.Response, string) {
	c.t.Helper()
	r, err := http.NewRequest(http.MethodPost, c.url, strings.NewReader(body))
	require.NoError(c.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	for name, value := range c.headers {
		r.Header.Set(name, value)
		if name == "Host" {
			r.Host = value
		}
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(c.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	return response, string(text)
}

// call sends a request and returns its answer, from a plain body or from a stream.
func (c *httpClient) call(method string, params any) (*http.Response, message) {
	c.t.Helper()
	c.nextID++
	response, text := c.post(request(c.t, c.nextID, method, params))
	require.Equal(c.t, http.StatusOK, response.StatusCode, text)
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "data:")
		var m message
		if json.Unmarshal([]byte(line), &m) == nil && m.ID == float64(c.nextID) {
			return response, m
		}
	}
	c.t.Fatalf("no answer in %q", text)
	return nil, message{}
}

func TestHTTPConversation(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--demo", "--http", "127.0.0.1:0")
	c := &httpClient{t: t, url: p.url(), headers: map[string]string{}}
	require.Regexp(t, `^http://127\.0\.0\.1:\d+/mcp$`, c.url)

	response, answer := c.call("initialize", hello)
	require.Nil(t, answer.Error)
	if id := response.Header.Get("Mcp-Session-Id"); id != "" {
		c.headers["Mcp-Session-Id"] = id
	}
	c.headers["MCP-Protocol-Version"] = "2025-11-25"
	_, _ = c.post(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	_, answer = c.call("tools/list", nil)
	tools := result[toolList](t, answer)
	require.True(t, tools.has("scan_iam_identities"))
	for _, tool := range tools.Tools {
		require.NotContains(t, tool.InputSchema.Properties, "aws_secret_access_key", tool.Name)
	}
	_, answer = c.call("tools/call", useTool("list_nhi_identities", map[string]any{"max_items": 1}))
	require.False(t, result[toolResult](t, answer).IsError)

	// Pages of other sites, and names that a site has made point here, are refused.
	evil := &httpClient{t: t, url: c.url, headers: map[string]string{"Origin": "https://evil.example"}}
	response, _ = evil.post(request(t, 1, "initialize", hello))
	require.Equal(t, http.StatusForbidden, response.StatusCode)
	rebound := &httpClient{t: t, url: c.url, headers: map[string]string{"Host": "evil.example"}}
	response, _ = rebound.post(request(t, 1, "initialize", hello))
	require.Equal(t, http.StatusForbidden, response.StatusCode)

	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	require.Equal(t, 0, p.status())
	require.Empty(t, p.stdout.String())
}

func TestHTTPToken(t *testing.T) {
	t.Parallel()
	const token = "correct-horse-battery-staple"
	file := filepath.Join(t.TempDir(), "token.txt")
	require.NoError(t, os.WriteFile(file, []byte(token+"\n"), 0o600))
	p := start(t, nil, "--demo", "--http", "127.0.0.1:0", "--auth-token-file", file, "--audit-log", "stderr", "--log-level", "debug")
	for name, header := range map[string]string{"none": "", "another": "Bearer correct-horse-battery-stapl3", "basic": "Basic " + token} {
		c := &httpClient{t: t, url: p.url(), headers: map[string]string{}}
		if header != "" {
			c.headers["Authorization"] = header
		}
		response, text := c.post(request(t, 1, "initialize", hello))
		require.Equal(t, http.StatusUnauthorized, response.StatusCode, name)
		require.Contains(t, response.Header.Get("WWW-Authenticate"), "Bearer", name)
		require.NotContains(t, text, "correct-horse", name)
	}
	c := &httpClient{t: t, url: p.url(), headers: map[string]string{"Authorization": "Bearer " + token}}
	response, answer := c.call("initialize", hello)
	require.Nil(t, answer.Error)
	c.headers["Mcp-Session-Id"] = response.Header.Get("Mcp-Session-Id")
	_, answer = c.call("tools/call", useTool("get_identity_details", map[string]any{"identity_name": token}))
	require.True(t, result[toolResult](t, answer).IsError)
	require.NotContains(t, string(answer.Result), token)

	require.NoError(t, p.cmd.Process.Signal(os.Interrupt))
	require.Equal(t, 0, p.status())
	require.NotContains(t, p.stderr.String(), "correct-horse")
	require.Contains(t, p.stderr.String(), `"method":"token"`)
}

// TestHTTPStandardInput reads the account from standard input, which is free then.
func TestHTTPStandardInput(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--snapshot", "-", "--http", "127.0.0.1:0")
	p.send(`{"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []}`)
	require.NoError(t, p.stdin.Close())
	c := &httpClient{t: t, url: p.url()}
	_, answer := c.call("initialize", hello)
	require.Nil(t, answer.Error)
}

// TestNetworkNamesNoCredentials takes no profile and no role from whom it does not know.
func TestNetworkNamesNoCredentials(t *testing.T) {
	t.Parallel()
	fake := fakeAWS(t)
	p := start(t, fake.environment(), "--http", "127.0.0.1:0", "--allowed-host", "mcp.example",
		"--allow-role", "arn:aws:iam::*:role/audit-*")
	c := &httpClient{t: t, url: p.url(), headers: map[string]string{"Host": "mcp.example"}}
	response, answer := c.call("initialize", hello)
	require.Nil(t, answer.Error)
	c.headers["Mcp-Session-Id"] = response.Header.Get("Mcp-Session-Id")
	for name, test := range map[string]struct {
		arguments map[string]any
		refused   bool
	}{
		"a profile":            {map[string]any{"profile": "prod"}, true},
		"a role":               {map[string]any{"role_arn": "arn:aws:iam::123456789012:role/deploy"}, true},
		"a role that may be":   {map[string]any{"role_arn": "arn:aws:iam::123456789012:role/audit-1"}, false},
		"its own credentials":  {map[string]any{}, false},
		"keys in the argument": {map[string]any{"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE"}, true},
	} {
		_, answer := c.call("tools/call", useTool("list_nhi_identities", test.arguments))
		require.Equal(t, test.refused, bytes.Contains(answer.Result, []byte("Refused")), "%s: %.300s", name, answer.Result)
	}
}

func TestCertificateKeepsTheCause(t *testing.T) {
	t.Parallel()
	h := httpFlags{cert: filepath.Join(t.TempDir(), "none.pem"), key: "none.pem"}
	_, err := h.certificate(&console{stderr: io.Discard})
	require.ErrorIs(t, err, fs.ErrNotExist)
}
