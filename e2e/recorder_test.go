package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// A recorder stands before a moto and keeps which operations were asked for that
// change something.
type recorder struct {
	*httptest.Server
	aws *httputil.ReverseProxy

	mu      sync.Mutex
	asked   int
	changes []string
}

// motoForChanges starts a mock with all of IAM that changes need, and something to
// change, behind a recorder.
func motoForChanges(t *testing.T) (*moto, *recorder) {
	t.Helper()
	m := startMoto(t, 2, 2, "--changes")
	return m.recorded(t)
}

// recorded returns the mock behind a recorder of its own.
func (m *moto) recorded(t *testing.T) (*moto, *recorder) {
	t.Helper()
	to, err := url.Parse(m.Endpoint)
	require.NoError(t, err)
	r := &recorder{aws: httputil.NewSingleHostReverseProxy(to)}
	r.Server = httptest.NewServer(r)
	t.Cleanup(func() {
		r.CloseClientConnections()
		r.Close()
	})
	return &moto{r.URL, m.Keys}, r
}

// reading is what changes nothing; everything else is taken for a change.
var reading = regexp.MustCompile(`^(Get|List|Simulate|GenerateCredentialReport$|GenerateServiceLastAccessedDetails$|AssumeRole$)`)

// ServeHTTP passes requests on. The programs of clients/ ask /recorder for the changes.
func (r *recorder) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.URL.Path == "/recorder" {
		_ = json.NewEncoder(w).Encode(r.mutations()) // the client notices what is missing
		return
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	if form, err := url.ParseQuery(string(body)); !strings.HasPrefix(req.URL.Path, "/moto-api/") {
		r.note(form.Get("Action"), err)
	}
	r.aws.ServeHTTP(w, req)
}

func (r *recorder) note(action string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked++
	if err != nil || !reading.MatchString(action) {
		r.changes = append(r.changes, action)
	}
}

// mutations are the operations that were asked for and change something, in order.
func (r *recorder) mutations() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.changes...)
}

// requests counts all requests.
func (r *recorder) requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked
}

// during returns what was asked for that changes something while f ran.
func (r *recorder) during(f func()) []string {
	before := len(r.mutations())
	f()
	return r.mutations()[before:]
}
