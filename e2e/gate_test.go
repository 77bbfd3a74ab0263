package e2e_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// A gate stands before an AWS with the demo account and holds its answers back when
// it is told to, also by the programs of clients/ (see long.mjs).
type gate struct {
	*httptest.Server
	aws *fakeiam.Server

	mu      sync.Mutex
	held    chan struct{} // closed while requests pass
	waiting int
}

func newGate(t *testing.T) *gate {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	g := &gate{aws: fakeiam.New(account), held: make(chan struct{})}
	close(g.held)
	g.aws.ReportPolls(0)
	g.aws.PageSize(10) // many requests, and much progress
	g.Server = httptest.NewServer(g)
	t.Cleanup(func() {
		g.release()
		g.CloseClientConnections()
		g.Close()
	})
	return g
}

// environment has the settings that make the SDK call it.
func (g *gate) environment() []string {
	return []string{
		"AWS_ENDPOINT_URL=" + g.URL, "GATE=" + g.URL,
		"AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	}
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch what, ok := strings.CutPrefix(r.URL.Path, "/gate/"); {
	case !ok:
		g.pass(w, r)
	case what == "hold":
		g.hold()
	case what == "release":
		g.release()
	case what == "waiting":
		fmt.Fprint(w, g.count())
	}
}

func (g *gate) hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held = make(chan struct{})
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.held:
	default:
		close(g.held)
	}
}

func (g *gate) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting
}

func (g *gate) pass(w http.ResponseWriter, r *http.Request) {
	// The server notices that its client has left only once the body is read.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	g.mu.Lock()
	held := g.held
	g.waiting++
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.waiting--
	}()
	select {
	case <-held:
		g.aws.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
}
