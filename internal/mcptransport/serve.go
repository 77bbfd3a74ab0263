package mcptransport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// ErrOpenListen is the error for an endpoint that anybody on a network could use.
var ErrOpenListen = errors.New("an endpoint without authentication listens on a loopback address only")

// CheckListen refuses an address that other machines can reach unless auth says
// who they are. addr is host:port as of [net.Listen]; a name other than
// localhost counts as reachable.
func CheckListen(addr string, auth Authenticator) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen address: %w", err)
	}
	if auth != nil || isLoopback(host) {
		return nil
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.Unmap().IsLoopback() {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrOpenListen, addr)
}

// ServeOptions are the options of [Serve]. A field's zero value means the
// default that it names.
type ServeOptions struct {
	HeaderTimeout   time.Duration // for a request's headers to arrive; 0: 10 s
	IdleTimeout     time.Duration // between two requests of a connection; 0: 2 min
	ShutdownTimeout time.Duration // for requests to end after ctx; 0: 10 s
	MaxConnections  int           // at a time, further ones wait; 0: 1024
	Logger          *slog.Logger  // nil: discard
}

func (o *ServeOptions) withDefaults() ServeOptions {
	var d ServeOptions
	if o != nil {
		d = *o
	}
	d.HeaderTimeout = orDefault(d.HeaderTimeout, 10*time.Second)
	d.IdleTimeout = orDefault(d.IdleTimeout, 2*time.Minute)
	d.ShutdownTimeout = orDefault(d.ShutdownTimeout, 10*time.Second)
	d.MaxConnections = orDefault(d.MaxConnections, 1024)
	d.Logger = orDiscard(d.Logger)
	return d
}

// Serve serves h on l until ctx is done, then takes no more connections, lets
// requests end within ShutdownTimeout, cancels those that have not, and returns
// nil. Any other end is an error. Serve closes l.
//
// If h is a [Handler] without an Authenticator and l is reachable from other
// machines, it serves nothing and returns [ErrOpenListen].
func Serve(ctx context.Context, l net.Listener, h http.Handler, opts *ServeOptions) error {
	o := opts.withDefaults()
	handler, _ := h.(*Handler)
	if handler != nil && handler.open {
		if err := CheckListen(l.Addr().String(), nil); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	// Requests outlive ctx by the time that they have to end.
	requests, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(errGone)
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: o.HeaderTimeout,
		IdleTimeout:       o.IdleTimeout,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(o.Logger.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return requests },
	}
	if handler != nil {
		s.RegisterOnShutdown(handler.Stop)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(limitConnections(l, o.MaxConnections)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	limited, release := context.WithTimeout(context.WithoutCancel(ctx), o.ShutdownTimeout)
	defer release()
	if err := s.Shutdown(limited); err != nil {
		cancel(errGone)
		o.Logger.Warn("requests were still running at shutdown", "error", err)
		return s.Close()
	}
	return nil
}

// limitConnections bounds the connections that are open at a time.
func limitConnections(l net.Listener, limit int) net.Listener {
	return &limitedListener{Listener: l, open: make(chan struct{}, limit), closed: make(chan struct{})}
}

type limitedListener struct {
	net.Listener
	open   chan struct{}
	once   sync.Once
	closed chan struct{}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.open <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.open
		return nil, err
	}
	return &limitedConn{Conn: conn, release: sync.OnceFunc(func() { <-l.open })}, nil
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

type limitedConn struct {
	net.Conn
	release func()
}

func (c *limitedConn) Close() error {
	err := c.Conn.Close()
	c.release()
	return err
}
