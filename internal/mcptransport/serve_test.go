package mcptransport_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// serve runs Serve on a loopback port.
func serve(t *testing.T, o mcptransport.ServeOptions, ho mcptransport.HTTPOptions) (e *endpoint, stop context.CancelFunc, ended chan error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	f := newFixture()
	ho.Logger, ho.Rate = f.logger, -1
	h, err := mcptransport.NewHandler(f.MCPServer, &ho)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended = make(chan error, 1)
	go func() { ended <- mcptransport.Serve(ctx, l, h, &o) }()
	t.Cleanup(stop)
	return &endpoint{fixture: f, url: "http://" + l.Addr().String() + "/mcp", h: h}, stop, ended
}

func TestServeRefusesOpenEndpoints(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", ":0")
	require.NoError(t, err)
	h, err := mcptransport.NewHandler(newFixture().MCPServer, nil)
	require.NoError(t, err)
	require.ErrorIs(t, mcptransport.Serve(t.Context(), l, h, nil), mcptransport.ErrOpenListen)
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
}

func TestServeStopsGracefully(t *testing.T) {
	t.Parallel()
	e, stop, ended := serve(t, mcptransport.ServeOptions{}, mcptransport.HTTPOptions{RequestTimeout: 50 * time.Millisecond})
	session := e.open(t, nil)
	answer := make(chan int, 1)
	go func() {
		r, err := e.try(context.Background(), http.MethodPost, e.url, call(1, "block", "{}", "{}"), session)
		if err != nil {
			answer <- 0
			return
		}
		r.Body.Close()
		answer <- r.StatusCode
	}()
	receive(t, "start", e.started)
	listen := e.post(t, request(2, "subscriptions/listen", `{"notifications":{"toolsListChanged":true},"_meta":`+modernMeta+`}`), modernHeader("subscriptions/listen", ""))
	stop()
	require.Equal(t, http.StatusOK, receive(t, "answer", answer), "a running call is answered")
	require.Len(t, events(t, listen.Body), 2, "a subscription ends in order")
	require.NoError(t, receive(t, "return", ended))
}

func TestServeStopsInBoundedTime(t *testing.T) {
	t.Parallel()
	e, stop, ended := serve(t, mcptransport.ServeOptions{ShutdownTimeout: time.Millisecond}, mcptransport.HTTPOptions{})
	session := e.open(t, nil)
	go e.try(t.Context(), http.MethodPost, e.url, call(1, "block", "{}", "{}"), session)
	receive(t, "start", e.started)
	stop()
	require.NoError(t, receive(t, "return", ended))
	require.Error(t, receive(t, "end", e.ended), "the handler's context ends")
}

func TestSlowClients(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]string{
		"slow headers": "POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-",
		"slow body":    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, _, _ := serve(t, mcptransport.ServeOptions{HeaderTimeout: 20 * time.Millisecond}, mcptransport.HTTPOptions{BodyTimeout: 20 * time.Millisecond})
			address := strings.TrimSuffix(strings.TrimPrefix(e.url, "http://"), "/mcp")
			c, err := net.Dial("tcp", address)
			require.NoError(t, err)
			defer c.Close()
			_, err = c.Write([]byte(sent))
			require.NoError(t, err)
			require.NoError(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
			r, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err == nil {
				defer r.Body.Close()
				require.Contains(t, []int{http.StatusRequestTimeout, http.StatusBadRequest}, r.StatusCode)
				require.True(t, r.Close)
				return
			}
			var timeout net.Error
			require.NotErrorAs(t, err, &timeout, "the server gives up first")
		})
	}
}

func TestConnectionsAreLimited(t *testing.T) {
	t.Parallel()
	e, _, _ := serve(t, mcptransport.ServeOptions{MaxConnections: 1}, mcptransport.HTTPOptions{})
	address := strings.TrimSuffix(strings.TrimPrefix(e.url, "http://"), "/mcp")
	held, err := net.Dial("tcp", address)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	fresh := &http.Client{Transport: &http.Transport{}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, e.url, nil)
	require.NoError(t, err)
	_, err = fresh.Do(r)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, held.Close())
	waitFor(t, "the place is free", func() bool {
		answer, err := fresh.Get(e.url)
		if err != nil {
			return false
		}
		return answer.Body.Close() == nil
	})
}
