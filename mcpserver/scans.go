package mcpserver

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

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
	// owner is whose alone it is; nil when all callers may have it.
	owner *mcptransport.Caller

	abilities abilities
}

// maxScans is how many accounts are kept. One of IAM's greatest size takes some
// hundred megabytes.
const maxScans = 8

// scans keeps accounts for some minutes, so that the calls of one conversation
// read each account once.
type scans struct {
	server *Server
	// saved is the account of a server that serves a saved one.
	saved *scan

	mu       sync.Mutex
	readings map[credentialArguments]*reading
	byID     map[string]*scan
}

func newScans(s *Server) *scans {
	x := &scans{server: s, readings: map[credentialArguments]*reading{}, byID: map[string]*scan{}}
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
	r := x.join(ctx, c, creds, refresh)
	defer x.leave(r, c)
	select {
	case <-r.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if r.err != nil {
		return nil, r.err
	}
	c.note(func(mine *record) { mine.AWSIdentity = r.scan.caller })
	return r.scan, nil
}

// readAlone reads an account for one call with the keys that it brought. Only the
// same caller can have more of the answer.
func (x *scans) readAlone(ctx context.Context, c *call, creds credentialArguments) (*scan, error) {
	opts, err := x.server.session(&creds)
	if err != nil {
		return nil, err
	}
	taken, err := x.read(ctx, opts, func(p collect.Progress) { c.progress.add(progressOf(p)) })
	if err != nil {
		return nil, err
	}
	owner := c.caller
	taken.owner = &owner
	x.keep(taken)
	c.note(func(r *record) { r.AWSIdentity = taken.caller })
	return taken, nil
}

// read reads an account, and whose credentials read it.
func (x *scans) read(ctx context.Context, opts *session.Options, progress func(collect.Progress)) (*scan, error) {
	connection, err := x.server.options.Connect(ctx, opts)
	if err != nil {
		return nil, err
	}
	var account *nhiscan.Account
	caller := ""
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		collected := x.server.options.Collect
		collected.Progress = progress
		account, err = collect.Account(ctx, connection.IAM, &collected)
		return err
	})
	both.Go(func() error {
		// Whose credentials these are is for the log: an account can be read
		// without the answer.
		if out, err := connection.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}); err == nil {
			caller = aws.ToString(out.Arn)
		}
		return nil
	})
	if err := both.Wait(); err != nil {
		return nil, err
	}
	return x.newScan(account, time.Time{}, caller), nil
}

// keep makes a scan findable by its id.
func (x *scans) keep(s *scan) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.expire()
	x.byID[s.id] = s
	x.evict()
}

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
	if r, ok := x.readings[credentialArguments{}]; ok && r.finished() && r.err == nil {
		return r.scan
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
		if r.finished() && (r.err != nil || time.Since(r.scan.taken) >= ttl) {
			delete(x.readings, creds)
		}
	}
	// Pages of an answer stay readable where scans are not kept for other calls.
	for id, s := range x.byID {
		if time.Since(s.taken) >= max(ttl, defaultCacheTTL) {
			delete(x.byID, id)
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
		delete(x.byID, oldest.id)
		for creds, r := range x.readings {
			if r.finished() && r.scan == oldest {
				delete(x.readings, creds)
			}
		}
	}
}
