package main

import (
	"context"
	"errors"
	"io"
	"time"
)

// errInterrupted is the end of ctx while nothing had been read.
var errInterrupted = errors.New("interrupted before anything could be read")

// interruptible runs read, and waits no longer than grace for it once ctx has
// ended: a read from a terminal, a pipe or a network file cannot be cancelled, but
// the program can end.
func interruptible[T any](ctx context.Context, grace time.Duration, read func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := read()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-time.After(grace):
		var zero T
		return zero, errInterrupted
	}
}

// errStopped is the end of ctx after the reading, before there was a result.
var errStopped = errors.New("interrupted before the result was complete")

// calculate runs what takes long for a large account and cannot be cancelled. It
// returns soon after the end of ctx. What was read before an interrupt gets the
// same time: it may be little.
func calculate[T any](ctx context.Context, what func() (T, error)) (T, error) {
	value, err := interruptible(ctx, grace, what)
	if errors.Is(err, errInterrupted) {
		err = errStopped
	}
	return value, err
}

// A stoppable refuses to be written to once ctx has ended.
type stoppable struct {
	ctx context.Context
	w   io.Writer
}

func (s *stoppable) Write(p []byte) (int, error) {
	if s.ctx.Err() != nil {
		return 0, errStopped
	}
	return s.w.Write(p)
}

// stopping makes w end with ctx. What an interrupt has left to show is written to
// the end.
func stopping(ctx context.Context, w io.Writer) io.Writer {
	if ctx.Err() != nil {
		return w
	}
	return &stoppable{ctx, w}
}
