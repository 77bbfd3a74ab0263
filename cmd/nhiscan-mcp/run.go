package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/mcpserver"
)

const longHelp = `nhiscan-mcp serves an AWS account's identities to AI assistants over the Model
Context Protocol: which are not people, what each can do, and why. All its tools
only read, unless --allow-write adds those that change IAM; a person is asked before
each change.

An MCP client starts it and talks to it over standard input and output; with
--http it serves streamable HTTP instead. The account comes from a saved file
(--snapshot), from the built-in demo (--demo), or from AWS with the credentials of
the AWS SDK, which are looked for when a tool is called and not before.

Exit status: 0 ended by the client or a signal, 2 wrong usage, 3 failed.`

const examples = `  nhiscan-mcp --demo
  nhiscan-mcp --profile prod --audit-log calls.jsonl
  nhiscan-mcp --snapshot account.json --toolsets scan,permissions
  nhiscan-mcp --http 127.0.0.1:8080 --auth-token-file token.txt
  nhiscan-mcp --profile admin --allow-write --secrets-dir ~/keys
  nhiscan-mcp --print-policy --toolsets scan,permissions
  claude mcp add nhiscan -- nhiscan-mcp --profile prod`

// version is set by releases: go build -ldflags "-X main.version=v1.2.3".
var version string

// run carries out one command line and returns the exit status.
func run(ctx context.Context, args []string, con *console) int {
	cmd := newCommand(con)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return commandline.ExitClean
	}
	commandline.SayError(con.stderr, cmd, err)
	return commandline.ExitStatus(err)
}

func newCommand(con *console) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:           "nhiscan-mcp",
		Short:         "Serve an AWS account's identities to AI assistants over MCP",
		Long:          longHelp,
		Example:       examples,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          commandline.NoArguments,
		RunE:          func(cmd *cobra.Command, _ []string) error { return f.run(cmd, con) },
	}
	cmd.SetIn(con.stdin)
	cmd.SetOut(con.stdout)
	cmd.SetErr(con.stderr)
	cmd.SetFlagErrorFunc(commandline.FlagError)
	f.register(cmd)
	return cmd
}

func (f *flags) run(cmd *cobra.Command, con *console) error {
	if f.version {
		_, err := fmt.Fprintln(con.stdout, commandline.VersionText("nhiscan-mcp", version))
		return err
	}
	if err := f.check(cmd.Flags()); err != nil {
		return err
	}
	auth, token, err := f.http.authenticator(con)
	if err != nil {
		return err
	}
	if err := f.http.checkAddress(auth); err != nil {
		return err
	}
	opts, err := f.options(con, token)
	if err != nil {
		return err
	}
	switch {
	case f.listTools:
		return f.printTools(con.stdout, opts)
	case f.printPolicy:
		return f.writePolicy(con.stdout, opts)
	}
	if opts.Keys, err = f.writes.keys(); err != nil {
		return err
	}
	audit, err := f.openAudit(con)
	if err != nil {
		return err
	}
	defer audit.Close()
	opts.AuditLog = audit.writer()
	server, err := newServer(opts)
	if err != nil {
		return err
	}
	slog.SetDefault(opts.Logger) // what packages log on their own is redacted too

	ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	defer drain(con, server)
	if f.http.address != "" {
		return f.http.serve(ctx, con, server, auth, f.callTimeout, opts.Logger)
	}
	return serveStdio(ctx, con, server, opts.Logger)
}

// drain lets a change end that was begun: the program would take with it how far it came.
func drain(con *console, server *mcpserver.Server) {
	soon := time.AfterFunc(time.Second, func() {
		con.say("nhiscan-mcp: a change is under way, and its end is waited for; another signal ends the program at once")
	})
	defer soon.Stop()
	server.Drain()
}

// newServer makes the server; what it refuses is the choice of tools.
func newServer(opts *mcpserver.Options) (*mcpserver.Server, error) {
	server, err := mcpserver.New(opts)
	if err != nil {
		return nil, &commandline.UsageError{Err: err}
	}
	return server, nil
}

func (f *flags) printTools(w io.Writer, opts *mcpserver.Options) error {
	server, err := newServer(opts)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, toolsTable(server.Tools()))
	return err
}

// toolsTable is the tools as a Markdown table.
func toolsTable(tools []mcpserver.Tool) string {
	var b strings.Builder
	b.WriteString("| Tool | Toolset | What it does | Needs AWS |\n|---|---|---|---|\n")
	escape := strings.NewReplacer("|", `\|`, "\n", " ", "<", `\<`)
	for _, t := range tools {
		needs := ""
		if t.NeedsAWS {
			needs = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", t.Name, t.Toolset, escape.Replace(t.Description), needs)
	}
	return b.String()
}
