package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// serveStdio serves until the client closes standard input or ctx ends; both are
// the ordinary end.
func serveStdio(ctx context.Context, con *console, server *mcpserver.Server, logger *slog.Logger) error {
	if con.stdinTerminal {
		con.say("nhiscan-mcp: this speaks MCP on standard input, for a client that starts it, such as: claude mcp add nhiscan -- nhiscan-mcp (Ctrl-D ends it; --help says more)")
	}
	err := mcptransport.ServeStdio(ctx, server.MCP(), con.stdin, con.stdout, &mcptransport.StdioOptions{Logger: logger})
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
