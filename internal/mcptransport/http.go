package mcptransport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// HTTPOptions are the options of [NewHandler]. A field's zero value means the
// default that it names.
type HTTPOptions struct {
	// Endpoint is the path of the MCP endpoint. Empty: "/mcp".
	Endpoint string
	// Authenticator tells who sends a request. nil: anybody may, which
	// [Serve] allows on a loopback address only.
	Authenticator Authenticator
	// AllowedHosts are the values of Host, with or without a port, that are
	// answered; "*" is any. Loopback names are answered on loopback
	// connections in any case. Empty: only those.
	AllowedHosts []string
	// AllowedOrigins are web origins, such as https://app.example.com, whose
	// pages may use the endpoint from a browser. Empty: only its own.
	AllowedOrigins []string
	// ResourceMetadata is served for clients without a token (RFC 9728).
	// nil: what the Authenticator says, which for OAuth is its own options.
	ResourceMetadata *ResourceMetadata

	MaxBody        int64         // bytes of one message; 0: 1 MiB
	MaxSessions    int           // of clients older than 2026-07-28; 0: 1000
	SessionIdleTTL time.Duration // 0: 1 h
	Rate           float64       // messages per second and caller; 0: 50, negative: unbounded
	Burst          int           // messages at once and caller; 0: 100
	Concurrency    int           // requests at a time and caller; 0: 32, negative: unbounded
	RequestTimeout time.Duration // of one request's context; 0: 15 min, negative: none
	BodyTimeout    time.Duration // for a body to arrive; 0: 30 s
	WriteTimeout   time.Duration // for a client to take one event or answer; 0: 30 s
	Heartbeat      time.Duration // between signs of life of a silent call; 0: 15 s

	Logger *slog.Logger     // nil: discard
	Now    func() time.Time // clock of sessions and rates; nil: time.Now
}

func (o *HTTPOptions) withDefaults() HTTPOptions {
	var d HTTPOptions
	if o != nil {
		d = *o
	}
	if d.Endpoint == "" {
		d.Endpoint = "/mcp"
	}
	d.MaxBody = orDefault(d.MaxBody, 1<<20)
	d.MaxSessions = orDefault(d.MaxSessions, 1000)
	d.SessionIdleTTL = orDefault(d.SessionIdleTTL, time.Hour)
	d.Rate = orDefault(d.Rate, 50)
	d.Burst = orDefault(d.Burst, 100)
	d.Concurrency = orDefault(d.Concurrency, 32)
	d.RequestTimeout = orDefault(d.RequestTimeout, 15*time.Minute)
	d.BodyTimeout = orDefault(d.BodyTimeout, 30*time.Second)
	d.WriteTimeout = orDefault(d.WriteTimeout, 30*time.Second)
	d.Heartbeat = orDefault(d.Heartbeat, 15*time.Second)
	d.Logger = orDiscard(d.Logger)
	if d.Now == nil {
		d.Now = time.Now
	}
	return d
}

// A Handler is the MCP endpoint and what belongs to it. Make one with
// [NewHandler].
type Handler struct {
	opts HTTPOptions
	dispatcher
	gate     gate
	metadata *publishedMetadata
	sessions *sessions
	limiter  limiter
	open     bool // to anybody
	outage   reminder

	stopOnce sync.Once
	stopping chan struct{}
}

// NewHandler returns the HTTP handler of an MCP server. It serves the endpoint
// and, if there is resource metadata, its well-known path; everything else is
// 404. It starts no goroutine that outlives a request.
func NewHandler(s *server.MCPServer, opts *HTTPOptions) (*Handler, error) {
	if s == nil {
		return nil, errors.New("mcptransport: no server")
	}
	o := opts.withDefaults()
	if !strings.HasPrefix(o.Endpoint, "/") {
		return nil, fmt.Errorf("mcptransport: the endpoint %q is not a path", o.Endpoint)
	}
	for _, origin := range o.AllowedOrigins {
		if !strings.HasPrefix(origin, "https://") && !strings.HasPrefix(origin, "http://") {
			return nil, fmt.Errorf("mcptransport: the allowed origin %q is not an http or https origin", origin)
		}
	}
	if o.MaxSessions < 0 || o.MaxBody < 0 || o.Burst < 0 || o.SessionIdleTTL < 0 || o.Heartbeat < 0 {
		return nil, errors.New("mcptransport: a limit is negative")
	}
	open := o.Authenticator == nil
	if open {
		o.Authenticator = noAuth{}
	}
	if described, ok := o.Authenticator.(interface{ ResourceMetadata() *ResourceMetadata }); ok && o.ResourceMetadata == nil {
		o.ResourceMetadata = described.ResourceMetadata()
	}
	metadata, err := publish(o.ResourceMetadata)
	if err != nil {
		return nil, err
	}
	return &Handler{
		opts:       o,
		dispatcher: dispatcher{server: s, logger: o.Logger},
		gate:       gate{hosts: o.AllowedHosts, origins: o.AllowedOrigins},
		metadata:   metadata,
		sessions:   newSessions(o.MaxSessions, o.SessionIdleTTL, o.Now),
		limiter: limiter{
			rate: o.Rate, burst: float64(o.Burst), concurrent: o.Concurrency,
			now: o.Now, callers: map[string]*usage{},
		},
		open: open, stopping: make(chan struct{}),
	}, nil
}

// Stop ends subscription streams, which would otherwise outlast a graceful
// shutdown; [Serve] calls it. Other requests run on.
func (h *Handler) Stop() { h.stopOnce.Do(func() { close(h.stopping) }) }

// ServeHTTP implements [http.Handler].
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case !h.gate.host(r):
		h.forbid(w, r, "the Host header names a host that this server does not answer for", "host", r.Host)
	case !h.gate.origin(r):
		h.forbid(w, r, "the origin is not allowed", "origin", strings.Join(r.Header.Values("Origin"), " "))
	case h.gate.cors(w, r):
	case h.metadata.at(r.URL.Path):
		h.metadata.serve(w, r)
	case r.URL.Path != h.opts.Endpoint:
		refuse(w, http.StatusNotFound, "not found")
	default:
		h.serveEndpoint(w, r)
	}
}

func (h *Handler) serveEndpoint(w http.ResponseWriter, r *http.Request) {
	if hasTokenInQuery(r) {
		h.refuseCaller(w, r, &AuthError{
			Status: http.StatusBadRequest, Code: "invalid_request", Reason: "a credential in the query string",
		})
		return
	}
	modern := mcp.IsModernProtocol(r.Header.Get(mcp.HeaderProtocolVersion))
	switch {
	case r.Method == http.MethodPost:
	case r.Method == http.MethodDelete && !modern:
	case modern:
		refuseMethod(w, "POST")
		return
	default: // GET too: this server offers no stream outside of requests
		refuseMethod(w, "POST, DELETE")
		return
	}
	caller, err := h.opts.Authenticator.Authenticate(r)
	if err != nil {
		h.refuseCaller(w, r, err)
		return
	}
	if wait, ok := h.limiter.allow(caller.key()); !ok {
		refuseBusy(w, wait)
		return
	}
	r = r.WithContext(withCaller(r.Context(), caller))
	if r.Method == http.MethodDelete {
		h.delete(w, r, caller)
		return
	}
	h.post(w, r, caller)
}

// delete ends a session and what runs in it.
func (h *Handler) delete(w http.ResponseWriter, r *http.Request, caller Caller) {
	if !h.sessions.drop(r.Header.Get(mcp.HeaderSessionID), caller.key()) {
		refuse(w, http.StatusNotFound, "no such session")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// hasTokenInQuery spots credentials where proxies and histories keep them.
//
// https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#access-token-usage
func hasTokenInQuery(r *http.Request) bool {
	for name := range r.URL.Query() {
		switch strings.ToLower(name) {
		case "access_token", "token", "authorization", "bearer", "api_key", "apikey":
			return true
		}
	}
	return false
}

func (h *Handler) refuseCaller(w http.ResponseWriter, r *http.Request, err error) {
	var refused *AuthError
	if !errors.As(err, &refused) {
		refused = unauthorized("the authenticator failed")
	}
	level := slog.LevelWarn
	if refused.Status == http.StatusServiceUnavailable && !h.outage.due(h.opts.Now()) {
		level = slog.LevelDebug
	}
	h.logger.Log(r.Context(), level, "request refused", "status", refused.Status, "reason", refused.Reason, "remote", r.RemoteAddr)
	if refused.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "5")
	} else {
		w.Header().Set("WWW-Authenticate", h.metadata.challenge(refused))
	}
	refuse(w, refused.Status, strings.ToLower(http.StatusText(refused.Status)))
}

// forbid refuses what a browser may have been led to send. The log has the value
// for an operator whose own name is missing among those allowed.
func (h *Handler) forbid(w http.ResponseWriter, r *http.Request, reason, header, value string) {
	h.logger.WarnContext(r.Context(), "request refused", "status", http.StatusForbidden, "reason", reason, header, clean(value), "remote", r.RemoteAddr)
	refuse(w, http.StatusForbidden, reason)
}

// A reminder keeps what goes on for long, such as an issuer that is down, from
// filling the log.
type reminder struct {
	mu   sync.Mutex
	last time.Time
}

// due reports whether the last time it was is a minute ago.
func (r *reminder) due(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.last.IsZero() && now.Sub(r.last) < time.Minute {
		return false
	}
	r.last = now
	return true
}

func refuse(w http.ResponseWriter, status int, text string) { http.Error(w, text, status) }

func refuseMethod(w http.ResponseWriter, allowed string) {
	w.Header().Set("Allow", allowed)
	refuse(w, http.StatusMethodNotAllowed, "method not allowed")
}

func refuseBusy(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", fmt.Sprint(1+int64(wait/time.Second)))
	refuse(w, http.StatusTooManyRequests, "too many requests")
}

// until returns a context that ends with the request, its timeout or, if it is
// a subscription, the server's shutdown.
func (h *Handler) until(ctx context.Context, subscription bool) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	if subscription {
		go func() {
			select {
			case <-h.stopping:
				cancel(errGone)
			case <-ctx.Done():
			}
		}()
		return ctx, cancel
	}
	if h.opts.RequestTimeout > 0 {
		limited, release := context.WithTimeout(ctx, h.opts.RequestTimeout)
		return limited, func(cause error) { cancel(cause); release() }
	}
	return ctx, cancel
}
