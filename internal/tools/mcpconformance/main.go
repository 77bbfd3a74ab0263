// Command mcpconformance serves the fixtures of the MCP conformance suite over
// the transport of this module, so that the suite tests that transport.
//
//	go run ./internal/tools/mcpconformance -addr 127.0.0.1:8770 &
//	npx conformance server --url http://127.0.0.1:8770/mcp --requirements 2026-07-28 \
//	    --expected-failures internal/tools/mcpconformance/baseline-2026-07-28.yml
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"

	"github.com/mark3labs/mcp-go/server"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8770", "listen on this loopback `address`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *addr); err != nil {
		fmt.Fprintln(os.Stderr, "mcpconformance:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, addr string) error {
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	handler, err := mcptransport.NewHandler(fixtures(logger), &mcptransport.HTTPOptions{Logger: logger, Rate: -1})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "mcpconformance: serving on http://%s/mcp\n", l.Addr())
	return mcptransport.Serve(ctx, l, handler, &mcptransport.ServeOptions{Logger: logger})
}

func fixtures(logger *slog.Logger) *server.MCPServer {
	s := server.NewMCPServer("mcpconformance", "1.0.0", append([]server.ServerOption{
		server.WithToolCapabilities(true),
		server.WithResourceCapabilities(true, true),
		server.WithPromptCapabilities(true),
		server.WithCompletions(),
		server.WithLogging(),
	}, mcptransport.ServerOptions(logger)...)...)
	addTools(s)
	addQuestions(s)
	addInputRequired(s)
	addResources(s)
	addPrompts(s)
	return s
}
