package mcptransport_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// byName authenticates by a header, so that tests have several callers.
type byName struct{}

func (byName) Authenticate(r *http.Request) (mcptransport.Caller, error) {
	return mcptransport.Caller{Subject: r.Header.Get("X-Name"), Method: mcptransport.MethodOAuth}, nil
}

func TestSessionBelongsToItsCaller(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: byName{}})
	alice := e.open(t, header{"X-Name": "alice"})
	mallory := header{"X-Name": "mallory", "Mcp-Session-Id": alice["Mcp-Session-Id"]}
	list := request(1, "tools/list", "{}")
	require.Equal(t, http.StatusOK, e.post(t, list, alice).StatusCode)
	require.Equal(t, http.StatusNotFound, e.post(t, list, mallory).StatusCode)
	require.Equal(t, http.StatusNotFound, e.post(t, `{"jsonrpc":"2.0","id":1,"result":{}}`, mallory).StatusCode)
	require.Equal(t, http.StatusNotFound, e.do(t, http.MethodDelete, e.url, "", mallory).StatusCode)
	require.Equal(t, http.StatusNoContent, e.do(t, http.MethodDelete, e.url, "", alice).StatusCode)
	require.Equal(t, http.StatusNotFound, e.post(t, list, alice).StatusCode)
	require.Equal(t, http.StatusNotFound, e.do(t, http.MethodDelete, e.url, "", alice).StatusCode)
}

func TestSessionsAreCapped(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: byName{}, MaxSessions: 3})
	list := request(1, "tools/list", "{}")
	bob := e.open(t, header{"X-Name": "bob"})
	first := e.open(t, header{"X-Name": "alice"})
	second := e.open(t, header{"X-Name": "alice"})
	third := e.open(t, header{"X-Name": "alice"})
	require.Equal(t, http.StatusNotFound, e.post(t, list, first).StatusCode, "alice's oldest made room")
	for _, kept := range []header{bob, second, third} {
		require.Equal(t, http.StatusOK, e.post(t, list, kept).StatusCode)
	}
	e.open(t, header{"X-Name": "carol"})
	require.Equal(t, http.StatusNotFound, e.post(t, list, bob).StatusCode, "carol has none of her own: the oldest of all")
}

func TestSessionsIdleOut(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64
	e := newEndpoint(t, mcptransport.HTTPOptions{SessionIdleTTL: time.Minute, Now: func() time.Time { return time.Unix(clock.Load(), 0) }})
	idle, used := e.open(t, nil), e.open(t, nil)
	list := request(1, "tools/list", "{}")
	clock.Add(40)
	require.Equal(t, http.StatusOK, e.post(t, list, used).StatusCode)
	clock.Add(40)
	require.Equal(t, http.StatusNotFound, e.post(t, list, idle).StatusCode)
	require.Equal(t, http.StatusOK, e.post(t, list, used).StatusCode)
}

var sessionCount = flag.Int("sessions", 20_000, "open this many sessions in TestSessionMemory")

// TestSessionMemory opens and abandons sessions without a network, and measures
// the heap before and after.
func TestSessionMemory(t *testing.T) {
	f := newFixture()
	h, err := mcptransport.NewHandler(f.MCPServer, &mcptransport.HTTPOptions{Rate: -1, MaxSessions: 100})
	require.NoError(t, err)
	open := func(n int) {
		for i := range n {
			r := httptest.NewRequest(http.MethodPost, "http://localhost/mcp", strings.NewReader(initialize))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if id := w.Header().Get("Mcp-Session-Id"); i%2 == 0 {
				r = httptest.NewRequest(http.MethodDelete, "http://localhost/mcp", nil)
				r.Header.Set("Mcp-Session-Id", id)
				h.ServeHTTP(httptest.NewRecorder(), r)
			}
		}
	}
	open(1000)
	before, goroutines := heap(), runtime.NumGoroutine()
	open(*sessionCount)
	grown := int64(heap()) - int64(before)
	t.Logf("heap grew by %d bytes over %d sessions", grown, *sessionCount)
	require.Less(t, grown, int64(4<<20))
	waitFor(t, "goroutines", func() bool { return runtime.NumGoroutine() <= goroutines+50 })
}

func TestCancelReachesOnlyOnesOwn(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{})
	one, other := e.open(t, nil), e.open(t, nil)
	answered := make(chan string, 2)
	for _, session := range []header{one, other} { // both use the id 7
		go func() {
			r, err := e.try(t.Context(), http.MethodPost, e.url, call(7, "block", "{}", "{}"), session)
			if err != nil {
				answered <- err.Error()
				return
			}
			defer r.Body.Close()
			body, _ := bufio.NewReader(r.Body).ReadString(0)
			answered <- body
		}()
	}
	receive(t, "start", e.started)
	receive(t, "start", e.started)
	cancel := `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`
	require.Equal(t, http.StatusBadRequest, e.post(t, cancel, nil).StatusCode, "no session, no cancellation")
	require.Equal(t, http.StatusAccepted, e.post(t, cancel, header{"Mcp-Protocol-Version": "2026-07-28"}).StatusCode)
	require.Equal(t, http.StatusBadRequest, e.post(t, call(7, "echo", "{}", "{}"), one).StatusCode, "the id is in use")
	require.Contains(t, text(t, e.post(t, request(8, "ping", "{}"), one)), `"result":{}`, "ping is answered meanwhile")
	require.Empty(t, e.ended)
	require.Equal(t, http.StatusAccepted, e.post(t, cancel, one).StatusCode)
	require.ErrorContains(t, receive(t, "end", e.ended), "cancelled")
	require.Empty(t, receive(t, "end of stream", answered), "a cancelled request has no answer")
	require.Equal(t, http.StatusNoContent, e.do(t, http.MethodDelete, e.url, "", other).StatusCode)
	require.ErrorContains(t, receive(t, "end", e.ended), "gone", "the session's end ends its requests")
}

func TestDisconnectEndsTheCall(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{BodyTimeout: time.Second})
	for name, c := range map[string]struct {
		body string
		h    header
	}{
		"2025-11-25": {call(1, "block", "{}", "{}"), e.open(t, nil)},
		"2026-07-28": {call(1, "block", "{}", modernMeta), modernHeader("tools/call", "block")},
	} {
		ctx, leave := context.WithCancel(t.Context())
		go e.try(ctx, http.MethodPost, e.url, c.body, c.h)
		receive(t, name, e.started)
		leave()
		require.Error(t, receive(t, name, e.ended))
	}
}

func TestElicitation(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{})
	session, stranger := e.open(t, nil), e.open(t, nil)
	r := e.post(t, call(1, "ask", "{}", "{}"), session)
	lines := bufio.NewReader(r.Body)
	var question map[string]any
	for question == nil {
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			question = decode(t, data)
		}
	}
	require.Equal(t, "elicitation/create", question["method"])
	answer := fmt.Sprintf(`{"jsonrpc":"2.0","id":%v,"result":{"action":"accept","content":{}}}`, question["id"])
	require.Equal(t, http.StatusBadRequest, e.post(t, answer, stranger).StatusCode)
	require.Equal(t, http.StatusAccepted, e.post(t, answer, session).StatusCode)
	require.Contains(t, fmt.Sprint(events(t, lines)), "accept")
	require.Equal(t, http.StatusBadRequest, e.post(t, answer, session).StatusCode, "nothing waits any more")

	t.Run("undeclared", func(t *testing.T) {
		t.Parallel()
		r := e.post(t, strings.Replace(initialize, `"elicitation":{}`, "", 1), nil)
		mute := header{"Mcp-Session-Id": r.Header.Get("Mcp-Session-Id")}
		require.Contains(t, text(t, e.post(t, call(1, "ask", "{}", "{}"), mute)), "error", "not asked, and not hanging")
	})
}
