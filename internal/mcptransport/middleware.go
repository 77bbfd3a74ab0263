package mcptransport

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// ServerOptions are the options that a server needs beside its own: a handler
// that panics becomes an error that says nothing of the panic. Give them first,
// so that they stand around every other middleware too. A nil logger
// discards.
//
// The transports of this package also recover on their own; with these options
// a panic in a tool comes back as a tool error, which a model can read, and
// in-process clients are covered too.
func ServerOptions(logger *slog.Logger) []server.ServerOption {
	logger = orDiscard(logger)
	return []server.ServerOption{
		server.WithToolHandlerMiddleware(func(next server.ToolHandlerFunc) server.ToolHandlerFunc {
			return func(ctx context.Context, r mcp.CallToolRequest) (result *mcp.CallToolResult, err error) {
				defer func() {
					if p := recover(); p != nil {
						logPanic(ctx, logger, "tool "+clean(r.Params.Name), p)
						result, err = mcp.NewToolResultError("internal error: the tool failed"), nil
					}
				}()
				return next(ctx, r)
			}
		}),
		server.WithPromptHandlerMiddleware(func(next server.PromptHandlerFunc) server.PromptHandlerFunc {
			return func(ctx context.Context, r mcp.GetPromptRequest) (result *mcp.GetPromptResult, err error) {
				defer recoverInto(ctx, logger, "prompt "+clean(r.Params.Name), &err)
				return next(ctx, r)
			}
		}),
		server.WithResourceHandlerMiddleware(func(next server.ResourceHandlerFunc) server.ResourceHandlerFunc {
			return func(ctx context.Context, r mcp.ReadResourceRequest) (contents []mcp.ResourceContents, err error) {
				defer recoverInto(ctx, logger, "resource", &err)
				return next(ctx, r)
			}
		}),
	}
}

func recoverInto(ctx context.Context, logger *slog.Logger, subject string, err *error) {
	if p := recover(); p != nil {
		logPanic(ctx, logger, subject, p)
		*err = fmt.Errorf("internal error")
	}
}

// logPanic records where a handler panicked. A panic's own text may quote an
// argument or a secret, so only that of the Go runtime is kept; the stack holds
// addresses, not values.
func logPanic(ctx context.Context, logger *slog.Logger, subject string, p any) {
	text := fmt.Sprintf("%T", p)
	if err, ok := p.(runtime.Error); ok {
		text = err.Error()
	}
	logger.ErrorContext(ctx, "handler panicked", "subject", subject, "panic", text, "stack", string(debug.Stack()))
}

func orDiscard(logger *slog.Logger) *slog.Logger {
	if logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return logger
}
