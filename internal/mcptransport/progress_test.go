package mcptransport_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// TestProgressOrder holds, for 16 clients of both eras at once: every report
// arrives, once, in order, before the result, and at nobody else's.
func TestProgressOrder(t *testing.T) {
	t.Parallel()
	const clients, calls, steps = 16, 20, 50
	e := newEndpoint(t, mcptransport.HTTPOptions{Concurrency: -1})
	shared := e.open(t, nil) // all clients of the old era call in one session
	var group errgroup.Group
	for c := range clients {
		group.Go(func() error {
			for i := range calls {
				token := fmt.Sprintf("%d-%d", c, i)
				meta, h := fmt.Sprintf(`{"progressToken":%q}`, token), shared
				if c%2 == 0 {
					meta = modernMeta[:len(modernMeta)-1] + fmt.Sprintf(`,"progressToken":%q}`, token)
					h = modernHeader("tools/call", "steps")
				}
				r, err := e.try(t.Context(), http.MethodPost, e.url, call(token, "steps", fmt.Sprintf(`{"n":%d}`, steps), meta), h)
				if err != nil {
					return err
				}
				messages := events(t, r.Body)
				r.Body.Close()
				if err := checkProgress(messages, token, steps); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
}

func checkProgress(messages []map[string]any, token string, steps int) error {
	if len(messages) != steps+1 {
		return fmt.Errorf("call %s: %d messages, want %d", token, len(messages), steps+1)
	}
	for i, m := range messages[:steps] {
		params, _ := m["params"].(map[string]any)
		if params["progressToken"] != token || params["progress"] != float64(i+1) {
			return fmt.Errorf("call %s: message %d is %v", token, i, m)
		}
	}
	if messages[steps]["id"] != token || messages[steps]["result"] == nil {
		return fmt.Errorf("call %s: the last message is %v", token, messages[steps])
	}
	return nil
}

func TestProgressIsOnlyForWhoAsked(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{})
	session := e.open(t, nil)
	r := e.post(t, call(1, "steps", "{}", "{}"), session)
	require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	session["Accept"] = "application/json"
	r = e.post(t, call(2, "steps", "{}", `{"progressToken":1}`), session)
	require.Equal(t, "application/json", r.Header.Get("Content-Type"), "a client that takes no streams still gets its result")
	require.Contains(t, text(t, r), "done")
}

// TestProgressTokensAreShort holds that reports do not repeat a message of a client.
func TestProgressTokensAreShort(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{})
	session := e.open(t, nil)
	for _, token := range []string{`"` + strings.Repeat("x", 100_000) + `"`, `{"a":1}`, `[1]`, `true`} {
		r := e.post(t, call(1, "steps", "{}", `{"progressToken":`+token+`}`), session)
		require.Equal(t, "application/json", r.Header.Get("Content-Type"))
	}
}

func TestStreamHeadersAndHeartbeat(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{
		Heartbeat: 5 * time.Millisecond, RequestTimeout: 50 * time.Millisecond,
		BodyTimeout: 20 * time.Millisecond, WriteTimeout: 20 * time.Millisecond,
	})
	r := e.post(t, call(1, "block", "{}", "{}"), e.open(t, nil))
	require.Equal(t, "text/event-stream", r.Header.Get("Content-Type"))
	require.Equal(t, "no", r.Header.Get("X-Accel-Buffering"))
	require.Equal(t, "no-store", r.Header.Get("Cache-Control"))
	body := text(t, r)
	require.Contains(t, body, ": working\n\n")
	require.Contains(t, body, "stopped", "a call that outlasts both timeouts is answered")
	require.ErrorContains(t, receive(t, "end", e.ended), "deadline")
}

func TestSubscription(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{})
	ask := func(id int) *http.Response {
		return e.post(t, request(id, "subscriptions/listen", `{"notifications":{"toolsListChanged":true},"_meta":`+modernMeta+`}`), modernHeader("subscriptions/listen", ""))
	}
	one, two := ask(1), ask(2)
	done := make(chan []map[string]any, 2)
	go func() { done <- events(t, one.Body) }()
	go func() { done <- events(t, two.Body) }()
	e.DeleteTools("echo")
	e.h.Stop()
	for range 2 {
		messages := receive(t, "end of stream", done)
		require.Len(t, messages, 3, "%v", messages)
		require.Equal(t, "notifications/subscriptions/acknowledged", messages[0]["method"])
		require.Equal(t, "notifications/tools/list_changed", messages[1]["method"])
		require.Contains(t, fmt.Sprint(messages[1]), fmt.Sprint("subscriptionId:", messages[2]["id"]))
	}
}
