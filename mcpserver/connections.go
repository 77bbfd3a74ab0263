package mcpserver

import (
	"context"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// A connected is AWS with the credentials of a call.
type connected struct {
	*Connection
	// caller is whose credentials they are and accountID their account; both are
	// empty when AWS did not tell.
	caller, accountID string
}

// connections keeps AWS open for some minutes, so that calls after one another
// obtain credentials once.
type connections struct {
	server *Server

	mu   sync.Mutex
	open map[credentialArguments]*opening
}

// An opening is a connection that is made by the first who has the gate.
type opening struct {
	gate  chan struct{}
	began time.Time
	// made is nil until AWS was opened. The gate guards it.
	made *connected
}

const (
	// maxConnections is how many connections are kept.
	maxConnections = 32
	// identityWait is how long to wait for whose credentials these are, which is
	// for the log: STS may not be reachable where IAM is.
	identityWait = 5 * time.Second
)

func newConnections(s *Server) *connections {
	return &connections{server: s, open: map[credentialArguments]*opening{}}
}

// of returns the connection for the credentials, and notes in the call's record
// whose they are.
func (x *connections) of(ctx context.Context, c *call, creds credentialArguments) (connected, error) {
	opts, err := x.server.session(&creds)
	if err != nil {
		return connected{}, err // what may not be asked is not answered from memory either
	}
	o := x.opening(creds)
	select {
	case o.gate <- struct{}{}:
		defer func() { <-o.gate }()
	case <-ctx.Done():
		return connected{}, ctx.Err()
	}
	if o.made == nil {
		connection, err := x.server.options.Connect(ctx, opts)
		if err != nil {
			return connected{}, err
		}
		made := &connected{Connection: connection}
		made.identify(ctx)
		if ctx.Err() != nil {
			return connected{}, ctx.Err()
		}
		o.made = made
	}
	c.note(func(r *record) { r.AWSIdentity = o.made.caller })
	return *o.made, nil
}

// identify asks whose credentials these are. A question that fails is not asked
// again: the calls that follow say what is wrong with the credentials.
func (d *connected) identify(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, identityWait)
	defer cancel()
	if out, err := d.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}); err == nil {
		d.caller, d.accountID = aws.ToString(out.Arn), aws.ToString(out.Account)
	}
}

// opening returns the one for the credentials, a new one when there is none.
func (x *connections) opening(creds credentialArguments) *opening {
	fresh := &opening{gate: make(chan struct{}, 1), began: time.Now()}
	ttl := x.server.options.CacheTTL
	if ttl < 0 || creds.inline() {
		return fresh
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	var oldest *credentialArguments
	for creds, o := range x.open {
		if time.Since(o.began) >= ttl {
			delete(x.open, creds)
		} else if oldest == nil || o.began.Before(x.open[*oldest].began) {
			oldest = &creds
		}
	}
	if o, ok := x.open[creds]; ok {
		return o
	}
	if len(x.open) >= maxConnections {
		delete(x.open, *oldest)
	}
	x.open[creds] = fresh
	return fresh
}

// forget drops the connection for credentials that AWS no longer accepts: others
// may lie in the same place by the next call.
func (x *connections) forget(creds credentialArguments) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.open, creds)
}
