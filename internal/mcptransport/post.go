package mcptransport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// A post is one message that came by HTTP.
type post struct {
	*Handler
	w      http.ResponseWriter
	r      *http.Request
	caller Caller
	m      message
}

func (h *Handler) post(w http.ResponseWriter, r *http.Request, caller Caller) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "the content type must be application/json")
		return
	}
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		refuse(w, http.StatusUnsupportedMediaType, "the body must not be compressed")
		return
	}
	body, ok := h.read(w, r)
	if !ok {
		return
	}
	p := post{Handler: h, w: w, r: r, caller: caller}
	m, bad := parseMessage(body)
	p.m = m
	if bad == errBatch && p.batch(body) {
		return
	}
	if bad != nil {
		p.fail(http.StatusBadRequest, bad)
		return
	}
	version, header := m.metaOf().ProtocolVersion(), r.Header.Get(mcp.HeaderProtocolVersion)
	switch {
	case mcp.IsModernProtocol(version) || mcp.IsModernProtocol(header):
		p.modern(version, header)
	case header != "" && !mcp.IsValidProtocolVersion(header) && m.method != string(mcp.MethodInitialize):
		p.fail(http.StatusBadRequest, &rpcError{Code: mcp.INVALID_REQUEST, Message: "the protocol version is not supported"})
	default:
		p.legacy()
	}
}

// read reads the body in bounded time and space.
func (h *Handler) read(w http.ResponseWriter, r *http.Request) ([]byte, bool) {
	if r.ContentLength > h.opts.MaxBody {
		w.Header().Set("Connection", "close") // rather than read the rest
		refuse(w, http.StatusRequestEntityTooLarge, "the message is too long")
		return nil, false
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(h.opts.BodyTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, h.opts.MaxBody))
	// Without a deadline, the server goes on watching for the client's leaving.
	_ = control.SetReadDeadline(time.Time{})
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &tooLong):
		refuse(w, http.StatusRequestEntityTooLarge, "the message is too long")
	case err != nil:
		w.Header().Set("Connection", "close")
		refuse(w, http.StatusRequestTimeout, "the message did not arrive")
	}
	return body, err == nil
}

// modern serves a message of 2026-07-28 or later: no session, and each request
// says everything about its client.
//
// https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#streamable-http
func (p *post) modern(version, header string) {
	if bad := p.checkVersion(version, header); bad != nil {
		p.fail(http.StatusBadRequest, bad)
		return
	}
	switch {
	case p.m.isRequest():
		if bad := p.checkHeaders(version); bad != nil {
			p.fail(http.StatusBadRequest, bad)
			return
		}
		p.run(newExchangeFacts("http-"+p.caller.Subject, newFacts()), nil, true)
	case p.m.isNotification():
		// A request is cancelled by closing its stream, so a cancellation says
		// nothing: without a session, it could as well mean another's request.
		if p.m.method != string(mcp.MethodNotificationCancelled) {
			p.notify(newFacts(), &p.m)
		}
		p.w.WriteHeader(http.StatusAccepted)
	default:
		p.fail(http.StatusBadRequest, &rpcError{Code: mcp.INVALID_REQUEST, Message: "this protocol version has no responses from clients"})
	}
}

func (p *post) checkVersion(version, header string) *rpcError {
	switch {
	case p.r.Header.Get(mcp.HeaderLastEventID) != "":
		return &rpcError{Code: mcp.HEADER_MISMATCH, Message: "Last-Event-ID: streams cannot be resumed, send the request anew"}
	case header == "":
		return &rpcError{Code: mcp.HEADER_MISMATCH, Message: "the " + mcp.HeaderProtocolVersion + " header is missing"}
	case version == "" && p.m.isNotification():
		return nil
	case version == "":
		return &rpcError{Code: mcp.INVALID_PARAMS, Message: "_meta lacks " + mcp.MetaKeyProtocolVersion}
	case version != header:
		return &rpcError{Code: mcp.HEADER_MISMATCH, Message: "the " + mcp.HeaderProtocolVersion + " header and _meta name different versions"}
	case !mcp.IsValidProtocolVersion(version):
		details := mcp.UnsupportedProtocolVersionError{Version: clean(version), Supported: mcp.ValidProtocolVersions}.JSONRPCError().Error
		return &rpcError{Code: details.Code, Message: details.Message, Data: details.Data}
	}
	return nil
}

// checkHeaders holds the headers that proxies route by to what the body says.
func (p *post) checkHeaders(version string) *rpcError {
	err := mcp.ValidateStandardHeaders(p.r.Header.Get, version, mcp.MCPMethod(p.m.method), p.m.params)
	if err == nil && p.m.method == string(mcp.MethodToolsCall) {
		var call struct {
			Name string `json:"name"`
		}
		_ = json.Unmarshal(p.m.params, &call) // the server says what is wrong with it
		if tool := p.server.GetTool(call.Name); tool != nil {
			err = mcp.ValidateParamHeadersLookup(p.lookupHeader, &tool.Tool, p.m.params)
		}
	}
	if err == nil {
		return nil
	}
	return &rpcError{Code: mcp.HEADER_MISMATCH, Message: err.Error()}
}

func (p *post) lookupHeader(name string) (string, bool) {
	values := p.r.Header.Values(name)
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

// legacy serves a message of an older revision, in the session that its client
// opened with initialize.
func (p *post) legacy() {
	owner, id := p.caller.key(), p.r.Header.Get(mcp.HeaderSessionID)
	if p.m.isRequest() && p.m.method == string(mcp.MethodInitialize) {
		s := p.sessions.open(owner)
		defer p.sessions.release(s)
		p.w.Header().Set(mcp.HeaderSessionID, s.id)
		if !p.run(newExchangeFacts(s.name, s.facts), s, false) {
			p.sessions.drop(s.id, owner)
		}
		return
	}
	if id == "" {
		p.fail(http.StatusBadRequest, &rpcError{Code: mcp.INVALID_REQUEST, Message: "the " + mcp.HeaderSessionID + " header is missing: send initialize first"})
		return
	}
	s := p.sessions.use(id, owner)
	if s == nil {
		p.fail(http.StatusNotFound, &rpcError{Code: mcp.INVALID_REQUEST, Message: "no such session: send initialize again"})
		return
	}
	defer p.sessions.release(s)
	if p.m.isRequest() {
		x := newExchangeFacts(s.name, s.facts)
		x.asks = s.asks
		p.run(x, s, false)
		return
	}
	if !p.take(s, &p.m) {
		refuse(p.w, http.StatusBadRequest, "no request of this server awaits the answer")
		return
	}
	p.w.WriteHeader(http.StatusAccepted)
}

// take handles what is no request and reports whether anybody wanted it.
func (p *post) take(s *session, m *message) bool {
	switch {
	case !m.isNotification():
		return s.asks.answer(*m)
	case m.method == string(mcp.MethodNotificationCancelled):
		s.calls.cancel(m)
	default:
		p.notify(s.facts, m)
	}
	return true
}

func newExchangeFacts(name string, f *facts) *exchange {
	return newExchange(name, f, nil, func([]byte) error { return errNoStream })
}

func (p *post) notify(f *facts, m *message) {
	p.notification(p.r.Context(), newExchangeFacts("http", f), m)
}

// stream returns the way back to the client, whose going ends what cancel does.
func (p *post) stream(cancel context.CancelCauseFunc) *stream {
	return &stream{
		w: p.w, control: http.NewResponseController(p.w), timeout: p.opts.WriteTimeout,
		accepts: acceptsEvents(p.r), failed: func(error) { cancel(errGone) },
	}
}

// ask hands a request to the server; what precedes the answer goes out at once.
func (p *post) ask(ctx context.Context, x *exchange, out *stream, m *message) reply {
	x.out, x.beat, x.every = out.send, out.beat, p.opts.Heartbeat
	return p.request(ctx, x, m)
}

// run answers a request and reports whether with a result. s is nil for a
// request that has no session.
func (p *post) run(x *exchange, s *session, modern bool) bool {
	if !p.limiter.enter(p.caller.key()) {
		refuseBusy(p.w, time.Second)
		return false
	}
	defer p.limiter.leave(p.caller.key())
	ctx, cancel := p.until(p.r.Context(), p.m.method == string(mcp.MethodSubscriptionsListen))
	defer cancel(nil)
	if s != nil {
		if !s.calls.begin(p.m.id, cancel) {
			p.fail(http.StatusBadRequest, errIDInUse)
			return false
		}
		defer s.calls.end(p.m.id)
	}
	out := p.stream(cancel)
	answer := p.ask(ctx, x, out, &p.m)
	if errors.Is(context.Cause(ctx), errCancelled) {
		out.finish(http.StatusOK, nil)
		return false
	}
	status := http.StatusOK
	if modern {
		status = statusOf(answer.code)
	}
	out.finish(status, answer.body)
	return answer.code == 0
}

// statusOf is the HTTP status of a JSON-RPC error since 2026-07-28; before, all
// answers were 200.
func statusOf(code int) int {
	switch code {
	case mcp.METHOD_NOT_FOUND:
		return http.StatusNotFound
	case mcp.HEADER_MISMATCH, mcp.MISSING_REQUIRED_CLIENT_CAPABILITY, mcp.UNSUPPORTED_PROTOCOL_VERSION,
		mcp.INVALID_REQUEST, mcp.INVALID_PARAMS, mcp.PARSE_ERROR:
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// fail answers a message that is not handed to the server.
func (p *post) fail(status int, e *rpcError) {
	p.w.Header().Set("Content-Type", "application/json")
	p.w.WriteHeader(status)
	_, _ = io.Copy(p.w, bytes.NewReader(errorReply(p.m.id, e).body))
}
