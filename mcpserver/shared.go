package mcpserver

import (
	"context"
	"sync"
)

// A shared is work that several calls wait for. It goes on as long as one of them
// does: the last one to leave stops it.
type shared[T any] struct {
	cancel context.CancelFunc
	done   chan struct{}
	// value and err are the outcome, once done is closed.
	value T
	err   error

	mu      sync.Mutex
	waiting map[*call]bool
	stopped bool
	last    *progressNotice
}

// share begins work that outlives the call that asks first. That call must still
// join it, and what the work tells of its progress goes to all who have.
func share[T any](ctx context.Context, c *call, work func(ctx context.Context, tell func(progressNotice)) (T, error)) *shared[T] {
	w := &shared[T]{done: make(chan struct{}), waiting: map[*call]bool{}}
	ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(w.done)
		defer w.cancel()
		w.err = c.guard(func() (err error) {
			w.value, err = work(ctx, w.tell)
			return err
		})
	}()
	return w
}

// join has the call wait, and reports whether there is something to wait for:
// neither work that was stopped nor work that failed.
func (w *shared[T]) join(c *call) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	finished := w.finished()
	if w.stopped || finished && w.err != nil {
		return false
	}
	w.waiting[c] = true
	if w.last != nil && !finished {
		c.progress.add(*w.last)
	}
	return true
}

// wait returns the outcome to a call that joined, and has it leave.
func (w *shared[T]) wait(ctx context.Context, c *call) (none T, err error) {
	defer w.leave(c)
	select {
	case <-w.done:
		if w.err != nil {
			return none, w.err
		}
		return w.value, nil
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (w *shared[T]) leave(c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.waiting, c)
	if len(w.waiting) == 0 && !w.finished() {
		w.stopped = true
		w.cancel()
	}
}

func (w *shared[T]) tell(n progressNotice) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = &n
	for c := range w.waiting {
		c.progress.add(n)
	}
}

func (w *shared[T]) finished() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// outcome is what the work came to; false unless it has succeeded.
func (w *shared[T]) outcome() (value T, ok bool) {
	if !w.finished() || w.err != nil {
		return value, false
	}
	return w.value, true
}
