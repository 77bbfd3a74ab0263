package fakeiam

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
)

// maxRequestBody is far above any request of these APIs; the largest, AssumeRole
// with a session policy and tags, is a few kilobytes.
const maxRequestBody = 1 << 20

// HTTPClient returns a client that hands each request to the server without a
// socket. It ends a request when its context ends, and ignores the host.
func (s *Server) HTTPClient() *http.Client {
	return &http.Client{Transport: transport{s}}
}

type transport struct{ server *Server }

// RoundTrip implements [http.RoundTripper].
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	form, err := readForm(r)
	if err != nil {
		return nil, err
	}
	if err := context.Cause(r.Context()); err != nil {
		return nil, err
	}
	answer := t.server.answer(newRequest(r.Header, form))
	if answer.hang {
		<-r.Context().Done()
	}
	if err := context.Cause(r.Context()); err != nil {
		return nil, err // the answer to a request that was given up is lost, not its effect
	}
	switch {
	case answer.reset:
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	return &http.Response{
		StatusCode:    answer.status,
		Status:        strconv.Itoa(answer.status) + " " + http.StatusText(answer.status),
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        answer.header(),
		Body:          io.NopCloser(answer.reader()),
		ContentLength: int64(answer.length()),
		Request:       r,
	}, nil
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(r)
	if err != nil {
		http.Error(w, "request: "+err.Error(), http.StatusBadRequest)
		return
	}
	answer := s.answer(newRequest(r.Header, form))
	switch {
	case answer.hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case answer.reset:
		reset(w)
		return
	}
	for name, values := range answer.header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.status)
	// A client that has gone away is no concern of the server's.
	_, _ = io.Copy(w, answer.reader())
}

// reset closes the connection so that the client sees a TCP reset.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // fails only when the client has closed it already
	}
	_ = conn.Close() // likewise
}

// readForm returns the parameters of a request, whose body it reads and closes.
func readForm(r *http.Request) (url.Values, error) {
	if r.Body == nil {
		return r.URL.Query(), nil
	}
	defer r.Body.Close()
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequestBody))
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	for name, values := range r.URL.Query() {
		form[name] = append(form[name], values...)
	}
	return form, nil
}
