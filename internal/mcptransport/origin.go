package mcptransport

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// A gate keeps web pages of other origins out: a browser sends their Origin,
// and the name under which it was led to this address as Host.
//
// https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#security-warning
type gate struct {
	hosts   []string
	origins []string
}

// host reports whether the request names a host that this server answers for.
func (g *gate) host(r *http.Request) bool {
	name := hostname(r.Host)
	for _, allowed := range g.hosts {
		if allowed == "*" || strings.EqualFold(allowed, r.Host) || strings.EqualFold(allowed, name) {
			return true
		}
	}
	return isLoopback(name) && onLoopback(r)
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

// onLoopback reports whether the connection came in at a loopback address.
// Without a server's word, as in a test, it did.
func onLoopback(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return true
	}
	address, err := netip.ParseAddrPort(local.String())
	return err == nil && address.Addr().Unmap().IsLoopback()
}

// origin reports whether the request's origin, if it has one, may come here:
// those that were listed, and this server's own.
func (g *gate) origin(r *http.Request) bool {
	values := r.Header.Values("Origin")
	if len(values) == 0 {
		return true
	}
	if len(values) > 1 {
		return false
	}
	if g.listed(values[0]) {
		return true
	}
	u, err := url.Parse(values[0])
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

func (g *gate) listed(origin string) bool {
	return slices.ContainsFunc(g.origins, func(allowed string) bool { return strings.EqualFold(allowed, origin) })
}

// cors adds what a browser needs to let a listed origin's page read the answer,
// and reports whether the request was the browser's question in advance.
func (g *gate) cors(w http.ResponseWriter, r *http.Request) (preflight bool) {
	origin := r.Header.Get("Origin")
	if origin == "" || !g.listed(origin) {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Add("Vary", "Origin")
	h.Set("Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate, Retry-After")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "POST, DELETE, GET")
	h.Set("Access-Control-Allow-Headers", allowedHeaders(r.Header.Get("Access-Control-Request-Headers")))
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// allowedHeaders names those of the wanted headers that this transport reads.
func allowedHeaders(wanted string) string {
	var allowed []string
	for name := range strings.SplitSeq(wanted, ",") {
		name = http.CanonicalHeaderKey(strings.TrimSpace(name))
		switch {
		case name == "Authorization", name == "Content-Type", name == "Accept", name == "Last-Event-Id", strings.HasPrefix(name, "Mcp-"):
			allowed = append(allowed, name)
		}
	}
	return strings.Join(allowed, ", ")
}
