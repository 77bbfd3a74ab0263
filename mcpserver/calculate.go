package mcpserver

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/nhiscan/nhiscan/internal/redact"
)

// calculate runs work that knows no context and returns what it returns, or the
// context's error as soon as the call is over: the rest of the work is then nobody's.
// It still counts among those that run, so that calls that are cancelled again and
// again do not leave ever more of it behind.
func calculate[T any](ctx context.Context, c *call, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	select {
	case c.server.calculating <- struct{}{}:
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-c.server.calculating }()
		var o outcome
		o.err = c.guard(func() (err error) {
			o.value, err = work()
			return err
		})
		done <- o
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// maxCalculations is how many run at a time; further ones wait. Each takes a processor.
func maxCalculations() int { return max(4, 2*runtime.GOMAXPROCS(0)) }

// guard runs work of a goroutine of the server's own and makes an error of a panic,
// which would end the program.
func (c *call) guard(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = c.panicked(p)
		}
	}()
	return work()
}

// panicked logs a panic and returns an error that says nothing of it.
func (c *call) panicked(p any) error {
	c.server.logPanic(c.redactor, c.tool.Name, p)
	return &Error{Code: CodeInternal, Message: "the tool failed in a way that it should not", Hint: "the server's log says more; please report it"}
}

// logPanic must be called by the goroutine that panicked, for its stack.
func (s *Server) logPanic(r *redact.Redactor, subject string, p any) {
	s.options.Logger.Error("a panic", "subject", subject, "panic", r.String(fmt.Sprint(p)), "stack", r.String(string(debug.Stack())))
}
