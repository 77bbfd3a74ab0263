package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
	"github.com/nhiscan/nhiscan/internal/redact"
)

// A Server serves tools, resources and prompts over MCP. It is safe for
// concurrent use, by many clients.
type Server struct {
	options     Options
	tools       []*tool // those that are served
	scans       *scans
	connections *connections
	audit       *auditLog
	confirmer   *confirmer
	changing    chan struct{} // one for the change that is carried out
	underway    sync.RWMutex  // read by each call that may change something: see Drain
	drained     sync.Once
	redactor    *redact.Redactor
	calculating chan struct{} // one for each calculation that runs
	mcp         *server.MCPServer
}

// New makes a server. It calls no AWS service.
//
// The error says which option is wrong.
func New(opts *Options) (*Server, error) {
	s := &Server{
		options: opts.withDefaults(), confirmer: newConfirmer(),
		calculating: make(chan struct{}, maxCalculations()), changing: make(chan struct{}, 1),
	}
	if err := s.options.check(); err != nil {
		return nil, err
	}
	s.redactor = redact.New(append(slices.Clone(s.options.Secrets), s.options.Session.SecretAccessKey.Reveal(), s.options.Session.SessionToken.Reveal())...)
	s.options.Logger = redactingLogger(s.options.Logger, s.redactor)
	s.options.Collect.Logger = redactingLogger(s.options.Collect.Logger, s.redactor)
	s.audit = newAuditLog(s.options.AuditLog)
	s.scans = newScans(s)
	s.connections = newConnections(s)
	all := allTools()
	served, hidden, err := s.choose(all)
	if err != nil {
		return nil, err
	}
	s.tools = served
	hooks := &server.Hooks{}
	hooks.AddAfterListTools(func(_ context.Context, _ any, _ *mcp.ListToolsRequest, list *mcp.ListToolsResult) {
		list.Tools = slices.DeleteFunc(list.Tools, func(t mcp.Tool) bool { return hidden[t.Name] != "" })
	})
	hooks.AddBeforeReadResource(s.readAhead)
	s.addAuditHooks(hooks, all)
	options := append(mcptransport.ServerOptions(s.options.Logger),
		server.WithHooks(hooks),
		server.WithTitle("nhiscan"),
		server.WithDescription("Non-human identities in AWS IAM: who they are, what they can do, how to make them safe"),
		server.WithInstructions(s.instructions()),
		server.WithToolCapabilities(false),
	)
	s.mcp = server.NewMCPServer("nhiscan", s.options.Version, append(options, s.featureOptions()...)...)
	for _, t := range served {
		s.mcp.AddTool(t.wire(), s.handler(t))
	}
	for _, t := range all {
		if why := hidden[t.Name]; why != "" {
			s.mcp.AddTool(t.wire(), s.refuser(t, why))
		}
	}
	s.addResources()
	s.addPrompts()
	return s, nil
}

// MCP returns the server for a transport of mcp-go.
func (s *Server) MCP() *server.MCPServer { return s.mcp }

// Drain waits until the changes that were begun are done and in the audit log, and
// lets none begin: a program that ends in the middle of one leaves nobody knowing how
// far it came, or a key whose secret nobody has. Call it when no more is served. It
// takes minutes at most, when AWS does not answer.
func (s *Server) Drain() { s.drained.Do(s.underway.Lock) }

// Tools returns the tools that are served, in the order of their toolsets.
func (s *Server) Tools() []Tool {
	list := make([]Tool, len(s.tools))
	for i, t := range s.tools {
		list[i] = t.Tool
	}
	return list
}

// allTools returns every tool there is.
func allTools() []*tool {
	return slices.Concat(scanTools(), permissionsTools(), policyTools(), iamTools(), manageTools())
}

// choose returns the tools that the options ask for, and why the others are not there.
func (s *Server) choose(all []*tool) (served []*tool, hidden map[string]string, err error) {
	if err := s.checkNames(all); err != nil {
		return nil, nil, err
	}
	o := &s.options
	hidden = map[string]string{}
	for _, t := range all {
		chosen := len(o.Toolsets) == 0 && len(o.Tools) == 0 ||
			slices.Contains(o.Toolsets, t.Toolset) || slices.Contains(o.Tools, t.Name)
		switch {
		case !chosen:
			hidden[t.Name] = "the server was started without it (--toolsets, --tools)"
		case slices.Contains(o.ExcludeTools, t.Name):
			hidden[t.Name] = "the server was started without it (--exclude-tools)"
		case t.NeedsAWS && o.Snapshot != nil:
			hidden[t.Name] = "it asks AWS, and this server serves a saved account"
		case t.Toolset == ToolsetManage && !o.AllowWrite:
			hidden[t.Name] = "it changes AWS, and this server only reads; the operator can allow it: --allow-write"
		default:
			if !s.options.InlineCredentials {
				t = t.withoutInline()
			}
			served = append(served, t)
		}
	}
	if len(served) == 0 {
		return nil, nil, errors.New("no tools are left to serve: look at the toolsets, tools and exclusions that were chosen")
	}
	return served, hidden, nil
}

func (s *Server) checkNames(all []*tool) error {
	for _, set := range s.options.Toolsets {
		if !slices.Contains(Toolsets(), set) {
			return fmt.Errorf("there is no toolset %q: there are %s", set, joined(Toolsets()))
		}
	}
	for _, name := range slices.Concat(s.options.Tools, s.options.ExcludeTools) {
		if !slices.ContainsFunc(all, func(t *tool) bool { return t.Name == name }) {
			return fmt.Errorf("there is no tool %q%s", name, meantTool(name, all))
		}
	}
	return s.checkChanges(all)
}

// checkChanges refuses to be told of tools that change AWS on a server that must not.
func (s *Server) checkChanges(all []*tool) error {
	o := &s.options
	if o.AllowWrite {
		return nil
	}
	if slices.Contains(o.Toolsets, ToolsetManage) {
		return fmt.Errorf("the toolset %s changes AWS, and this server only reads (--allow-write)", ToolsetManage)
	}
	for _, t := range all {
		if t.Toolset == ToolsetManage && slices.Contains(o.Tools, t.Name) {
			return fmt.Errorf("the tool %s changes AWS, and this server only reads (--allow-write)", t.Name)
		}
	}
	return nil
}

func joined[S ~string](list []S) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
