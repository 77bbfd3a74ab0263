package mcpserver

import (
	"context"
	"fmt"
	"sync"

	"github.com/nhiscan/nhiscan/collect"
)

// A reading is an account that is being read. It goes on as long as somebody waits for it.
type reading struct {
	cancel  context.CancelFunc
	waiting int
	done    chan struct{}
	// scan and err are the outcome, once done is closed.
	scan *scan
	err  error

	mu        sync.Mutex
	listeners map[*call]bool
	last      collect.Progress
}

// join returns the reading for the credentials: a fresh one, or one that is under
// way or not too old.
func (x *scans) join(ctx context.Context, c *call, creds credentialArguments, refresh bool) *reading {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.expire()
	r, ok := x.readings[creds]
	if ok && refresh && r.finished() {
		ok = false
	}
	if !ok {
		r = x.start(ctx, c, creds)
	} else if r.finished() {
		c.note(func(mine *record) { mine.Cached = true })
	}
	r.waiting++
	r.listen(c)
	return r
}

// start begins a reading that outlives the call that asked first.
func (x *scans) start(ctx context.Context, c *call, creds credentialArguments) *reading {
	r := &reading{done: make(chan struct{}), listeners: map[*call]bool{}}
	ctx, r.cancel = context.WithTimeout(context.WithoutCancel(ctx), x.server.options.CallTimeout)
	x.readings[creds] = r
	go x.carryOut(ctx, creds, r, c)
	return r
}

// carryOut reads the account and keeps it. The call is the one that asked first.
func (x *scans) carryOut(ctx context.Context, creds credentialArguments, r *reading, c *call) {
	defer close(r.done)
	defer r.cancel()
	taken, err := x.readFor(ctx, creds, r, c)
	x.mu.Lock()
	defer x.mu.Unlock()
	r.scan, r.err = taken, err
	if err == nil {
		x.byID[taken.id] = taken
		x.evict()
	} else if x.readings[creds] == r {
		delete(x.readings, creds)
	}
}

func (x *scans) readFor(ctx context.Context, creds credentialArguments, r *reading, c *call) (taken *scan, err error) {
	defer func() {
		if p := recover(); p != nil {
			taken, err = nil, c.panicked(p)
		}
	}()
	opts, err := x.server.session(&creds)
	if err != nil {
		return nil, err
	}
	return x.read(ctx, opts, r.tell)
}

// leave ends the wait of a call. The last one to leave an unfinished reading stops it.
func (x *scans) leave(r *reading, c *call) {
	r.unlisten(c)
	x.mu.Lock()
	defer x.mu.Unlock()
	r.waiting--
	if r.waiting > 0 || r.finished() {
		return
	}
	r.cancel()
	for creds, other := range x.readings {
		if other == r {
			delete(x.readings, creds)
		}
	}
}

func (r *reading) finished() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

func (r *reading) listen(c *call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listeners[c] = true
	if r.last.Calls > 0 && !r.finished() {
		c.progress.add(progressOf(r.last))
	}
}

func (r *reading) unlisten(c *call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.listeners, c)
}

// tell passes progress to everyone who waits.
func (r *reading) tell(p collect.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = p
	for c := range r.listeners {
		c.progress.add(progressOf(p))
	}
}

// progressOf puts the progress of a reading into MCP's words. The total is not
// known while lists are paged.
func progressOf(p collect.Progress) (done, total float64, message string) {
	message = fmt.Sprintf("%s answered (%d calls)", p.Operation, p.Calls)
	if p.Total > 0 {
		message = fmt.Sprintf("read %d of %d (%d calls)", p.Done, p.Total, p.Calls)
	}
	return float64(p.Calls), 0, message
}
