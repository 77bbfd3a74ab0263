package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/mcptransport"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// httpFlags say how to serve over HTTP, if at all.
type httpFlags struct {
	// address is empty for stdio.
	address   string
	tokenFile string
	issuer    string
	audience  string
	jwksURL   string
	scopes    []string
	hosts     []string
	origins   []string
	cert, key string
	rateLimit int
}

// httpOnly are the flags that mean something with --http alone.
var httpOnly = []string{
	"auth-token-file", "oauth-issuer", "oauth-audience", "oauth-jwks-url", "oauth-scope",
	"allowed-host", "allowed-origin", "tls-cert", "tls-key", "rate-limit",
}

// defaultRate is far above what people who share a token ask for, and below what
// would keep others from being served.
const defaultRate = 50

func (h *httpFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&h.address, "http", "", "serve streamable HTTP on this `address`, such as 127.0.0.1:8080, instead of\nstandard input and output; other than loopback addresses need authentication")
	flags.StringVar(&h.tokenFile, "auth-token-file", "", "with --http: clients must send the bearer token that is in this `file`")
	flags.StringVar(&h.issuer, "oauth-issuer", "", "with --http: clients must send an access token of this OAuth 2 issuer (`URL`)")
	flags.StringVar(&h.audience, "oauth-audience", "", "with --oauth-issuer: the `audience` that tokens must be for, which is this server's\nURL as clients know it")
	flags.StringVar(&h.jwksURL, "oauth-jwks-url", "", "with --oauth-issuer: the `URL` of its keys (default: the issuer's metadata say)")
	flags.StringArrayVar(&h.scopes, "oauth-scope", nil, "with --oauth-issuer: tokens must have this `scope`; can be repeated")
	flags.StringArrayVar(&h.hosts, "allowed-host", nil, "with --http: a `host` that requests may name, such as that of a proxy in front; can\nbe repeated")
	flags.StringArrayVar(&h.origins, "allowed-origin", nil, "with --http: an `origin` whose web pages may call, such as https://app.example; can\nbe repeated (default: none)")
	flags.StringVar(&h.cert, "tls-cert", "", "with --http: serve HTTPS with the certificate chain in this PEM `file`")
	flags.StringVar(&h.key, "tls-key", "", "with --tls-cert: its private key, in this PEM `file`")
	flags.IntVar(&h.rateLimit, "rate-limit", defaultRate, "with --http: take this `number` of messages a second from one caller, which is\neverybody with the same token; 0 is any")
}

// rate is the limit as the transport has it.
func (h *httpFlags) rate() float64 {
	if h.rateLimit == 0 {
		return -1
	}
	return float64(h.rateLimit)
}

// check refuses flags that lack what they go with.
func (h *httpFlags) check(set *pflag.FlagSet) error {
	if !set.Changed("http") {
		for _, name := range httpOnly {
			if set.Changed(name) {
				return commandline.Usagef("--%s goes with --http", name)
			}
		}
		return nil
	}
	if err := commandline.CheckFileNames(set, "auth-token-file", "tls-cert", "tls-key"); err != nil {
		return err
	}
	if _, port, err := net.SplitHostPort(h.address); err != nil || port == "" {
		return commandline.Usagef("--http %s: want an address and a port, such as 127.0.0.1:8080", h.address)
	}
	switch {
	case h.tokenFile != "" && set.Changed("oauth-issuer"):
		return commandline.Usagef("--auth-token-file and --oauth-issuer are two ways to authenticate: give one")
	case h.issuer == "" && (h.audience != "" || h.jwksURL != "" || len(h.scopes) > 0 || set.Changed("oauth-issuer")):
		return commandline.Usagef("--oauth-audience, --oauth-jwks-url and --oauth-scope go with --oauth-issuer URL")
	case h.issuer != "" && h.audience == "":
		return commandline.Usagef("--oauth-issuer goes with --oauth-audience: a token that is for another service must not count here")
	case (h.cert == "") != (h.key == ""):
		return commandline.Usagef("--tls-cert and --tls-key go together")
	case h.rateLimit < 0:
		return commandline.Usagef("--rate-limit %d: want a number from 1, or 0 for no limit", h.rateLimit)
	}
	return nil
}

// network reports whether others than this machine's users may come: over an
// address that is not loopback, or through a proxy under a name of its own.
func (h *httpFlags) network() bool {
	return h.address != "" && (len(h.hosts) > 0 || !h.loopback())
}

// loopback reports whether only this machine can reach the address.
func (h *httpFlags) loopback() bool { return mcptransport.CheckListen(h.address, nil) == nil }

// authenticator returns how clients authenticate, with the token if it is one that
// must never show; nil when they do not.
func (h *httpFlags) authenticator(con *console) (mcptransport.Authenticator, string, error) {
	switch {
	case h.tokenFile != "":
		token, err := readToken(con, h.tokenFile)
		if err != nil {
			return nil, "", err
		}
		auth, err := mcptransport.StaticToken(token)
		if err != nil {
			return nil, "", fmt.Errorf("--auth-token-file: %w", err)
		}
		return auth, token, nil
	case h.issuer != "":
		auth, err := mcptransport.OAuth(mcptransport.OAuthOptions{
			Issuer: h.issuer, Audience: h.audience, JWKSURL: h.jwksURL, RequiredScopes: h.scopes,
		})
		if err != nil {
			return nil, "", commandline.Usagef("%w", err)
		}
		return auth, "", nil
	}
	return nil, "", nil
}

// checkAddress refuses to serve a network without authentication.
func (h *httpFlags) checkAddress(auth mcptransport.Authenticator) error {
	if h.address == "" {
		return nil
	}
	if err := mcptransport.CheckListen(h.address, auth); err != nil {
		return commandline.Usagef("--http %s: %w (--auth-token-file, --oauth-issuer)", h.address, err)
	}
	return nil
}

// shutdownTimeout is how long calls may go on after a signal; docker kills after
// twice of it.
const shutdownTimeout = 5 * time.Second

// serve serves until ctx ends, which is the ordinary end. A call takes no longer
// than callTimeout.
func (h *httpFlags) serve(ctx context.Context, con *console, server *mcpserver.Server, auth mcptransport.Authenticator, callTimeout time.Duration, logger *slog.Logger) error {
	certificate, err := h.certificate(con)
	if err != nil {
		return err
	}
	handler, err := mcptransport.NewHandler(server.MCP(), &mcptransport.HTTPOptions{
		Authenticator: auth, AllowedHosts: h.hosts, AllowedOrigins: h.origins, Rate: h.rate(),
		// A call ends by itself, and says why, before its request is cut off.
		RequestTimeout: callTimeout + time.Minute,
		Logger:         logger,
	})
	if err != nil {
		return &commandline.UsageError{Err: err}
	}
	listener, err := net.Listen("tcp", h.address)
	if err != nil {
		return fmt.Errorf("--http: %w", err)
	}
	scheme := "http"
	if certificate != nil {
		scheme = "https"
		listener = tls.NewListener(listener, certificate)
	} else if !h.loopback() {
		con.say("nhiscan-mcp: warning: tokens cross the network readable: give --tls-cert, or have a proxy in front that speaks HTTPS")
	}
	if !h.loopback() && len(h.hosts) == 0 {
		con.say("nhiscan-mcp: warning: only clients on this machine are answered: give --allowed-host for the names that others use")
	}
	con.say("nhiscan-mcp: serving MCP on %s://%s/mcp", scheme, listener.Addr())
	return mcptransport.Serve(ctx, listener, handler, &mcptransport.ServeOptions{ShutdownTimeout: shutdownTimeout, Logger: logger})
}

// certificate returns the settings for HTTPS; nil without.
func (h *httpFlags) certificate(con *console) (*tls.Config, error) {
	if h.cert == "" {
		return nil, nil
	}
	warnReadable(con, "tls-key", h.key)
	pair, err := tls.LoadX509KeyPair(h.cert, h.key)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
