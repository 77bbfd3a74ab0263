package mcpserver

import (
	"context"
	"fmt"
	"runtime/debug"
)

// calculate runs work that knows no context and returns what it returns, or the
// context's error as soon as the call is over: the rest of the work is then nobody's.
func calculate[T any](ctx context.Context, c *call, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if p := recover(); p != nil {
				o.err = c.panicked(p)
			}
			done <- o
		}()
		o.value, o.err = work()
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// panicked logs a panic and returns an error that says nothing of it.
func (c *call) panicked(p any) error {
	c.server.options.Logger.Error("a tool panicked", "tool", c.tool.Name,
		"panic", c.redactor.String(fmt.Sprint(p)), "stack", c.redactor.String(string(debug.Stack())))
	return &Error{Code: CodeInternal, Message: "the tool failed in a way that it should not", Hint: "the server's log says more; please report it"}
}
