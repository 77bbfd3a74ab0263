package mcpserver

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/mcptransport"
	"github.com/nhiscan/nhiscan/session"
)

// A scan is an account that was read, with what is worked out of it.
type scan struct {
	*answer.Subject
	// id is for cursors and resources; it cannot be guessed.
	id string
	// caller is the ARN that read it; empty for a saved account.
	caller string
	taken  time.Time
	// forgotten is when its time is over, on a server that nobody calls too; nil
	// while it is not kept.
	forgotten *time.Timer
	// owner is whose alone it is; nil when all callers may have it.
	owner *mcptransport.Caller

	abilities abilities
	ranking   ranking
	// overviews are without and with permissions.
	overviews [2]overview
	// items are without and with permissions.
	items [2]keptItems
}

// maxScans is how many accounts are kept. One of IAM's greatest size takes some
// hundred megabytes.
const maxScans = 8

// maxReadings is how many accounts are read at a time; further calls wait. Each
// takes the memory of an account, and AWS throttles who asks too much.
const maxReadings = 4

// scans keeps accounts for some minutes, so that the calls of one conversation
// read each account once.
type scans struct {
	server *Server
	// saved is the account of a server that serves a saved one.
	saved *scan
	// running has one for each account that is being read.
	running chan struct{}

	mu       sync.Mutex
	readings map[credentialArguments]*reading
	byID     map[string]*scan
}

func newScans(s *Server) *scans {
	x := &scans{server: s, running: make(chan struct{}, maxReadings), readings: map[credentialArguments]*reading{}, byID: map[string]*scan{}}
	if saved := s.options.Snapshot; saved != nil {
		x.saved = x.newScan(saved.Account, saved.Now, "")
	}
	return x
}

func (x *scans) newScan(a *nhiscan.Account, now time.Time, caller string) *scan {
	o := &x.server.options
	subject := answer.NewSubject(a, &answer.Options{Now: now, Signals: o.Signals, Trust: o.Trust, Permissions: o.Permissions})
	return &scan{Subject: subject, id: rand.Text(), caller: caller, taken: time.Now()}
}

// of returns the account that the call is about: the saved one, one that was read
// some minutes ago, or one that it reads now.
func (x *scans) of(ctx context.Context, c *call, creds credentialArguments, refresh bool) (*scan, error) {
	if x.saved != nil {
		if creds.given() {
			return nil, refusef("this server serves a saved account: it takes no credentials", "call without profile, role_arn, region and keys")
		}
		return x.saved, nil
	}
	if creds.inline() {
		return x.readAlone(ctx, c, creds)
	}
	if _, err := x.server.session(&creds); err != nil {
		return nil, err // what may not be asked is not answered from memory either
	}
	taken, err := x.join(ctx, c, creds, refresh).wait(ctx, c)
	if err != nil {
		return nil, err
	}
	c.note(func(r *record) { r.AWSIdentity = taken.caller })
	return taken, nil
}

// readAlone reads an account for one call with the keys that it brought. Only the
// same caller can have more of the answer.
func (x *scans) readAlone(ctx context.Context, c *call, creds credentialArguments) (*scan, error) {
	opts, err := x.server.session(&creds)
	if err != nil {
		return nil, err
	}
	taken, err := x.read(ctx, c, opts, func(p collect.Progress) { c.progress.add(progressOf(p)) })
	if err != nil {
		return nil, err
	}
	owner := c.caller
	taken.owner = &owner
	x.keep(taken)
	c.note(func(r *record) { r.AWSIdentity = taken.caller })
	return taken, nil
}

// read reads an account, and whose credentials read it. The call is the one that
// asked first.
func (x *scans) read(ctx context.Context, c *call, opts *session.Options, progress func(collect.Progress)) (*scan, error) {
	select {
	case x.running <- struct{}{}:
		defer func() { <-x.running }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	connection, err := x.server.options.Connect(ctx, opts)
	if err != nil {
		return nil, err
	}
	var account *nhiscan.Account
	asked := connected{Connection: connection}
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		return c.guard(func() (err error) {
			collected := x.server.options.Collect
			collected.Progress = progress
			account, err = collect.Account(ctx, connection.IAM, &collected)
			return err
		})
	})
	both.Go(func() error {
		return c.guard(func() error {
			asked.identify(ctx)
			return nil
		})
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	return x.newScan(account, time.Time{}, asked.caller), nil
}

// keep makes a scan findable by its id until its time is over.
func (x *scans) keep(s *scan) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.expire()
	x.byID[s.id] = s
	s.forgotten = time.AfterFunc(x.keptFor(), func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.expire()
	})
	x.evict()
}

// keptFor is how long a scan is findable: pages of an answer stay readable where
// scans are not kept for other calls.
func (x *scans) keptFor() time.Duration { return max(x.server.options.CacheTTL, DefaultCacheTTL) }

// find returns the scan that a cursor or a resource names.
func (x *scans) find(id string, caller mcptransport.Caller) (*scan, bool) {
	if x.saved != nil && id == x.saved.id {
		return x.saved, true
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.expire()
	s, ok := x.byID[id]
	if !ok || s.owner != nil && !isSame(*s.owner, caller) {
		return nil, false
	}
	return s, true
}

// latest returns the saved account, or the one that was read last with the server's
// own credentials, as far as it is kept; nil when there is none.
func (x *scans) latest() *scan {
	if x.saved != nil {
		return x.saved
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.expire()
	if r, ok := x.readings[credentialArguments{}]; ok {
		taken, _ := r.outcome()
		return taken
	}
	return nil
}

// isSame reports whether two requests come from one caller. What its software
// calls itself, and what a newer token of it grants, makes no difference.
func isSame(a, b mcptransport.Caller) bool { return a.Method == b.Method && a.Subject == b.Subject }

// expire forgets what is too old. x.mu is held.
func (x *scans) expire() {
	ttl := x.server.options.CacheTTL
	for creds, r := range x.readings {
		if taken, ok := r.outcome(); r.finished() && (!ok || time.Since(taken.taken) >= ttl) {
			delete(x.readings, creds)
		}
	}
	for _, s := range x.byID {
		if time.Since(s.taken) >= x.keptFor() {
			x.forget(s)
		}
	}
}

// evict forgets the oldest scans when there are too many. x.mu is held.
func (x *scans) evict() {
	for len(x.byID) > maxScans {
		var oldest *scan
		for _, s := range x.byID {
			if oldest == nil || s.taken.Before(oldest.taken) {
				oldest = s
			}
		}
		x.forget(oldest)
	}
}

// forget drops a scan that is kept. x.mu is held.
func (x *scans) forget(s *scan) {
	s.forgotten.Stop()
	delete(x.byID, s.id)
	for creds, r := range x.readings {
		if taken, _ := r.outcome(); taken == s {
			delete(x.readings, creds)
		}
	}
}
