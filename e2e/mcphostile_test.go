package e2e_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	neturl "net/url"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestHostileMessages sends what no client should. None of it is answered as if it
// were right, and a client that behaves is served after each.
func TestHostileMessages(t *testing.T) {
	t.Parallel()
	p, url := serve(t, nil, "--demo", "--rate-limit", "0")
	root := strings.TrimSuffix(url, "/mcp")
	good := newPeer(t, url, "").open()
	evil := newPeer(t, url, "").open()
	long := strings.Repeat("x", 2<<20)
	deep := func(n int) string {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"who_can","arguments":{"action":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}}}`
	}
	for name, r := range map[string]*http.Request{
		"nothing":            evil.request("POST", url, nil),
		"no JSON":            evil.request("POST", url, strings.NewReader("garbage")),
		"half of a message":  evil.request("POST", url, strings.NewReader(`{"jsonrpc":"2.0","id":1,"meth`)),
		"two messages":       evil.request("POST", url, strings.NewReader(rpc(1, "ping", nil)+rpc(2, "ping", nil))),
		"a batch":            evil.request("POST", url, strings.NewReader("["+rpc(1, "ping", nil)+"]")),
		"no object":          evil.request("POST", url, strings.NewReader("null")),
		"no UTF-8":           evil.request("POST", url, strings.NewReader("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}")),
		"no version":         evil.request("POST", url, strings.NewReader(`{"id":1,"method":"ping"}`)),
		"an object as id":    evil.request("POST", url, strings.NewReader(`{"jsonrpc":"2.0","id":{},"method":"ping"}`)),
		"a fraction as id":   evil.request("POST", url, strings.NewReader(`{"jsonrpc":"2.0","id":1.5,"method":"ping"}`)),
		"a long id":          evil.request("POST", url, strings.NewReader(`{"jsonrpc":"2.0","id":"`+strings.Repeat("x", 1000)+`","method":"ping"}`)),
		"an unasked answer":  evil.request("POST", url, strings.NewReader(`{"jsonrpc":"2.0","id":1,"result":{}}`)),
		"deep":               evil.request("POST", url, strings.NewReader(deep(100_000))),
		"huge":               evil.request("POST", url, strings.NewReader(callOf(1, "who_can", map[string]any{"action": long}))),
		"huge, in chunks":    evil.request("POST", url, io.MultiReader(strings.NewReader(callOf(1, "who_can", map[string]any{"action": long})))),
		"text":               evil.with(map[string]string{"Content-Type": "text/plain"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"a form":             evil.with(map[string]string{"Content-Type": "application/x-www-form-urlencoded"}).request("POST", url, strings.NewReader("a=b")),
		"compressed":         evil.with(map[string]string{"Content-Encoding": "gzip"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"another page":       evil.with(map[string]string{"Origin": "https://evil.example"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"a page of a file":   evil.with(map[string]string{"Origin": "null"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"another name":       evil.with(map[string]string{"Host": "evil.example"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"a name like it":     evil.with(map[string]string{"Host": "127.0.0.1.evil.example"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"no such session":    evil.with(map[string]string{"Mcp-Session-Id": "guess"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"a long session id":  evil.with(map[string]string{"Mcp-Session-Id": strings.Repeat("x", 60_000)}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"no such revision":   evil.with(map[string]string{"MCP-Protocol-Version": "1999-01-01"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"two revisions":      evil.with(map[string]string{"MCP-Protocol-Version": "2026-07-28"}).request("POST", url, strings.NewReader(rpc(1, "ping", nil))),
		"GET":                evil.request("GET", url, nil),
		"PUT":                evil.request("PUT", url, strings.NewReader(rpc(1, "ping", nil))),
		"TRACE":              evil.request("TRACE", url, nil),
		"another path":       evil.request("POST", root+"/admin", strings.NewReader(rpc(1, "ping", nil))),
		"a path with dots":   evil.request("POST", root+"/mcp/../../etc/passwd", strings.NewReader(rpc(1, "ping", nil))),
		"DELETE of no one":   evil.with(map[string]string{"Mcp-Session-Id": "guess"}).request("DELETE", url, nil),
		"token in the query": evil.request("POST", url+"?access_token=x", strings.NewReader(rpc(1, "ping", nil))),
	} {
		a := send(r)
		require.NoError(t, a.err, name)
		require.GreaterOrEqual(t, a.status, 400, "%s: %s", name, a.body)
		require.Less(t, a.status, 500, "%s: %s", name, a.body)
		require.Less(t, len(a.body), 2000, name)
		require.Equal(t, http.StatusOK, good.post(rpc(1, "ping", nil)).status, "after %s", name)
	}
	for name, body := range map[string]string{
		"no such method":   rpc(1, "tools/destroy", nil),
		"no such tool":     callOf(1, "create_user", map[string]any{"user_name": "x"}),
		"no arguments":     rpc(1, "tools/call", map[string]any{"name": "who_can", "arguments": "text"}),
		"deep arguments":   deep(80),
		"no name":          rpc(1, "tools/call", nil),
		"out of order":     rpc(1, "resources/read", map[string]any{"uri": 5}),
		"logging":          rpc(1, "logging/setLevel", map[string]any{"level": "debug"}),
		"a cursor of ours": rpc(1, "tools/list", map[string]any{"cursor": "????"}),
	} {
		a := evil.post(body)
		require.Contains(t, a.body, "rror", "%s: %d", name, a.status)
		require.Less(t, a.status, 500, name)
		require.NotContains(t, a.body, "goroutine", name)
	}
	before := newPeer(t, url, "").post(rpc(1, "tools/list", nil))
	require.Equal(t, http.StatusBadRequest, before.status, "before initialize: %s", before.body)
	replayed := evil.post(hello)
	require.Less(t, replayed.status, 500)
	require.Equal(t, http.StatusOK, good.post(rpc(1, "ping", nil)).status)
	p.stop()
}

// TestHostileCancel has two clients use the same ids, and cancel.
func TestHostileCancel(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	p, url := serve(t, g.environment())
	a, b := newPeer(t, url, "").open(), newPeer(t, url, "").open()
	g.hold()
	call := callOf(7, "scan_iam_identities", map[string]any{"refresh": true})
	ofA, ofB := make(chan answer, 1), make(chan answer, 1)
	go func() { ofA <- a.post(call) }()
	go func() { ofB <- b.post(call) }()
	require.Eventually(t, func() bool { return g.count() > 0 }, patience, time.Millisecond)
	// The second request with an id is refused once the first one runs.
	for _, c := range []*peer{a, b} {
		require.Eventually(t, func() bool { return c.post(rpc(7, "ping", nil)).status == http.StatusBadRequest }, patience, time.Millisecond)
	}
	require.Equal(t, http.StatusAccepted, b.post(cancelOf(7)).status)
	cancelled := <-ofB
	require.NoError(t, cancelled.err)
	require.NotContains(t, cancelled.body, `"result"`, "a cancelled request is not answered")
	require.Equal(t, http.StatusAccepted, newPeer(t, url, "").open().post(cancelOf(7)).status)
	modern := newPeer(t, url, "").with(map[string]string{"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "notifications/cancelled"})
	require.Less(t, modern.post(cancelOf(7)).status, 500)
	require.Positive(t, g.count(), "the other's goes on")
	g.release()
	require.Nil(t, (<-ofA).message(t, 7).Error)
	require.False(t, ptr(b.use(7, "scan_iam_identities", nil)).IsError, "the id is free again")

	// A client that leaves takes its call along.
	g.hold()
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan answer, 1)
	request := a.request(http.MethodPost, url, strings.NewReader(call)).WithContext(ctx)
	go func() { left <- send(request) }()
	require.Eventually(t, func() bool { return g.count() > 0 }, patience, time.Millisecond)
	leave()
	require.Error(t, (<-left).err)
	require.Eventually(t, func() bool { return g.count() == 0 }, patience, time.Millisecond)
	g.release()
	p.stop()
}

// TestHostileSlow has many connections that never send a whole request.
func TestHostileSlow(t *testing.T) {
	t.Parallel()
	p, url := serve(t, nil, "--demo", "--rate-limit", "0")
	u, err := neturl.Parse(url)
	require.NoError(t, err)
	good := newPeer(t, url, "").open()
	for i := range 400 {
		conn, err := net.Dial("tcp", u.Host)
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() }) // the server may have been first
		text := "POST /mcp HTTP/1.1\r\nHost: " + u.Host + "\r\nX-Slow: "
		if i%2 == 0 { // slow with the body instead
			text += "x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
		}
		_, err = io.WriteString(conn, text)
		require.NoError(t, err)
		if i%50 == 0 {
			require.Equal(t, http.StatusOK, good.post(rpc(1, "ping", nil)).status)
		}
	}
	require.False(t, ptr(good.use(2, "list_nhi_identities", nil)).IsError)
	require.Less(t, p.memory("VmHWM"), maxMemory)

	// One that does not read what it asked for.
	deaf, err := net.Dial("tcp", u.Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = deaf.Close() })
	ask := callOf(3, "scan_iam_identities", map[string]any{"max_items": 1000})
	for range 100 {
		_, err := fmt.Fprintf(deaf, "POST /mcp HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nMcp-Session-Id: %s\r\nContent-Length: %d\r\n\r\n%s",
			u.Host, good.headers["Mcp-Session-Id"], len(ask), ask)
		require.NoError(t, err)
	}
	require.False(t, ptr(good.use(4, "list_nhi_identities", nil)).IsError)
	require.Less(t, p.memory("VmHWM"), maxMemory)
}

// maxMemory is far above what serving takes, and far below what keeping the
// messages of the floods below would.
const maxMemory = 512 << 20

// memory returns a figure of Linux about the process; elsewhere 0.
func (p *program) memory(name string) int {
	p.t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(p.t, err)
	found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(text)
	require.NotNil(p.t, found)
	kilobytes, err := strconv.Atoi(string(found[1]))
	require.NoError(p.t, err)
	return kilobytes << 10
}

// TestHostileFlood has one caller send more than anybody needs, of all kinds, while
// another one works.
func TestHostileFlood(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"with a limit": nil, "without a limit": {"--rate-limit", "0"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			p, url := serve(t, nil, append(append(i.flags(), "--demo"), flags...)...)
			alice := newPeer(t, url, i.token(t, nil, nil)).open()
			mallory := newPeer(t, url, i.token(t, map[string]any{"sub": "mallory"}, nil)).open()
			var flood sync.WaitGroup
			for worker := range 16 {
				flood.Go(func() { mallory.flood(worker, 24) })
			}
			for n := range 20 {
				r := alice.use(n+1, "list_nhi_identities", map[string]any{"max_items": 3})
				require.False(t, r.IsError, "%v", r.Content)
			}
			flood.Wait()
			require.False(t, ptr(alice.use(99, "distinguish_users_vs_nhi", nil)).IsError)
			t.Logf("%d MiB at most, %d MiB now", p.memory("VmHWM")>>20, p.memory("VmRSS")>>20)
			require.Less(t, p.memory("VmHWM"), maxMemory)
			p.stop()
		})
	}
}

// flood sends requests and looks at no answer; some it does not even wait for.
func (p *peer) flood(worker, n int) {
	large := callOf(1, "who_can", map[string]any{"action": strings.Repeat("x", 900<<10)})
	for k := range n {
		id := worker*n + k
		var body string
		switch k % 8 {
		case 0:
			body = hello // one more session
		case 1:
			body = callOf(id, "scan_iam_identities", map[string]any{"include_permissions": true, "max_items": 1000, "refresh": true})
		case 2:
			body = cancelOf(id - 1)
		case 3:
			if worker%8 == 0 { // each takes long under the race detector
				body = large
			}
		case 4:
			body = callOf(id, "find_escalation_paths", map[string]any{"max_items": 200})
		case 5:
			body = strings.Repeat("[", 1<<16)
		case 6:
			body = rpc(5, "tools/list", nil) // the same id as others
		case 7:
			body = rpc(id, "resources/read", map[string]any{"uri": "nhiscan://account/summary"})
		}
		if k%5 == 0 {
			p.sendAndLeave(body)
			continue
		}
		_ = send(p.request(http.MethodPost, p.url, strings.NewReader(body)))
	}
}

// sendAndLeave closes the connection as soon as the answer begins.
func (p *peer) sendAndLeave(body string) {
	r := p.request(http.MethodPost, p.url, strings.NewReader(body))
	conn, err := net.Dial("tcp", r.URL.Host)
	if err != nil {
		return
	}
	defer conn.Close()
	if r.Write(conn) == nil {
		_, _ = bufio.NewReader(conn).ReadByte()
	}
}
