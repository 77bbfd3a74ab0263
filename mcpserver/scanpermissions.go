package mcpserver

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/nhiscan/nhiscan/permissions"
)

// abilities are what the identities of a scan can do, as far as it was worked out.
// What was worked out stays when those who asked for it leave.
type abilities struct {
	mu    sync.Mutex
	known map[string]*permissions.Permissions
	// work is what is under way; nil when nothing is.
	work *abilitiesWork
}

// An abilitiesWork goes on as long as a call waits for it.
type abilitiesWork struct {
	cancel  context.CancelFunc
	waiting map[*call]bool
	done    chan struct{}
	// whole and err are the outcome, once done is closed.
	whole map[string]*permissions.Permissions
	err   error
}

// permissions returns what every user and role of the account can do, by ARN. The
// caller must not change it. It is worked out once, by as many goroutines as there
// are processors; a call that gives up neither stops it for others nor undoes it.
func (s *scan) permissions(ctx context.Context, c *call) (map[string]*permissions.Permissions, error) {
	w := s.join(ctx, c)
	defer s.leave(w, c)
	select {
	case <-w.done:
		return w.whole, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// permissionsOf returns what one user or role can do; nil when the account has
// none with the ARN.
func (s *scan) permissionsOf(ctx context.Context, c *call, arn string) (*permissions.Permissions, error) {
	s.abilities.mu.Lock()
	known := s.abilities.known[arn]
	s.abilities.mu.Unlock()
	if known != nil {
		return known, nil
	}
	return calculate(ctx, c, func() (*permissions.Permissions, error) {
		p, _ := s.Analysis().Identity(arn)
		return p, nil
	})
}

// join returns the work that is under way, or done, and begins it when there is none.
func (s *scan) join(ctx context.Context, c *call) *abilitiesWork {
	a := &s.abilities
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.work == nil {
		w := &abilitiesWork{waiting: map[*call]bool{}, done: make(chan struct{})}
		ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
		a.work = w
		go s.workOut(ctx, c, w)
	}
	a.work.waiting[c] = true
	return a.work
}

// leave ends the wait of a call. The last one to leave unfinished work stops it.
func (s *scan) leave(w *abilitiesWork, c *call) {
	a := &s.abilities
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(w.waiting, c)
	if len(w.waiting) > 0 || w.finished() {
		return
	}
	w.cancel()
	if a.work == w {
		a.work = nil
	}
}

func (w *abilitiesWork) finished() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// workOut finds what is not known yet. The call is the one that asked first.
func (s *scan) workOut(ctx context.Context, c *call, w *abilitiesWork) {
	err := s.workOutAll(ctx, c, w)
	w.cancel()
	a := &s.abilities
	a.mu.Lock()
	defer a.mu.Unlock()
	w.whole, w.err = a.known, err
	if err != nil {
		w.whole = nil
		if a.work == w {
			a.work = nil
		}
	}
	close(w.done)
}

func (s *scan) workOutAll(ctx context.Context, c *call, w *abilitiesWork) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = c.panicked(p)
		}
	}()
	list := s.Analysis().Principals()
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for _, arn := range list {
		workers.Go(func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = c.panicked(p)
				}
			}()
			return s.workOutOne(ctx, w, arn, len(list))
		})
	}
	return workers.Wait()
}

func (s *scan) workOutOne(ctx context.Context, w *abilitiesWork, arn string, total int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a := &s.abilities
	a.mu.Lock()
	_, seen := a.known[arn]
	a.mu.Unlock()
	if seen {
		return nil
	}
	p, _ := s.Analysis().Identity(arn)
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, seen := a.known[arn]; seen {
		return nil // a map that is whole is read by others: nothing may be written to it
	}
	if a.known == nil {
		a.known = make(map[string]*permissions.Permissions, total)
	}
	a.known[arn] = p
	if done := len(a.known); done%progressEvery == 0 || done == total {
		for c := range w.waiting {
			c.progress.add(float64(done), float64(total), fmt.Sprintf("worked out what %d of %d identities can do", done, total))
		}
	}
	return nil
}

// progressEvery is how many identities lie between two notices of progress.
const progressEvery = 25
