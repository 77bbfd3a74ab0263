package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
	"github.com/nhiscan/nhiscan/internal/redact"
	"github.com/nhiscan/nhiscan/session"
)

// A call is one call of a tool.
type call struct {
	server   *Server
	tool     *tool
	caller   mcptransport.Caller
	redactor *redact.Redactor
	// responses are the client's answers to questions, and state is what it carried
	// between the question and the answer.
	responses mcp.InputResponses
	state     string
	// mayChange says that nothing stands between the call and the change.
	mayChange atomic.Bool
	// progress tells the client how far it is; nil when it did not ask.
	progress *progressQueue

	mu     sync.Mutex
	record record
}

type callKey struct{}

func callFrom(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// observe notes an answer of AWS with the call that it belongs to.
func observe(ctx context.Context, answered session.Call) {
	if c := callFrom(ctx); c != nil {
		c.note(func(r *record) { r.add(answered.RequestID) })
	}
}

func (c *call) note(change func(*record)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.record)
}

// handler runs a tool for mcp-go. It never returns an error: those are results
// that the model can read.
func (s *Server) handler(t *tool) server.ToolHandlerFunc {
	return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		if t.Toolset == ToolsetManage {
			s.underway.RLock()
			defer s.underway.RUnlock()
		}
		c := s.newCall(ctx, t, &request)
		limited, cancel := context.WithTimeout(context.WithValue(ctx, callKey{}, c), s.options.CallTimeout)
		defer cancel()
		out, err := c.run(limited, request.Params.Arguments)
		return c.finish(ctx, out, err), nil
	}
}

// refuser stands for a tool that is not served, and says why.
func (s *Server) refuser(t *tool, why string) server.ToolHandlerFunc {
	return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		c := s.newCall(ctx, t, &request)
		return c.finish(ctx, nil, refusef(fmt.Sprintf("the tool %s is not served: %s", t.Name, why), "tools/list says which are")), nil
	}
}

func (s *Server) newCall(ctx context.Context, t *tool, request *mcp.CallToolRequest) *call {
	c := &call{
		server:    s,
		tool:      t,
		caller:    mcptransport.CallerFromContext(ctx),
		redactor:  s.redactor.With(secretsOf(request.Params.Arguments)...),
		progress:  newProgressQueue(ctx, request),
		responses: request.Params.InputResponses, state: request.Params.RequestState,
	}
	c.record = record{
		Time: time.Now().UTC(), Tool: t.Name, Caller: callerRecord(c.caller),
	}
	if s.audit.w != nil {
		c.record.Arguments = c.auditArguments(request.Params.Arguments)
	}
	return c
}

// secretsOf returns the secrets among arguments, well formed or not.
func secretsOf(arguments any) []string {
	object, _ := arguments.(map[string]any)
	var secrets []string
	for name, value := range object {
		if text, ok := value.(string); ok && isSecretName(name) {
			secrets = append(secrets, text)
		}
	}
	return secrets
}

var separators = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")

// isSecretName reports whether an argument of this name is a secret, known to the
// tool or spelt as AWS's own programs, or a model that guesses, have it.
func isSecretName(name string) bool {
	letters := separators.Replace(strings.ToLower(firstBytes(name, 64)))
	return slices.ContainsFunc([]string{"secretaccesskey", "secretkey", "sessiontoken", "password"}, func(word string) bool {
		return strings.Contains(letters, word)
	})
}

// run carries out the call. A panic becomes an error that says nothing of it.
func (c *call) run(ctx context.Context, arguments any) (out result, err error) {
	if err := c.server.checkInline(arguments); err != nil {
		return nil, err
	}
	err = c.guard(func() (err error) {
		out, err = c.tool.run(ctx, c, arguments)
		return err
	})
	return out, err
}

// checkInline refuses access keys in the arguments where they are not accepted.
func (s *Server) checkInline(arguments any) error {
	object, _ := arguments.(map[string]any)
	if s.options.InlineCredentials {
		return nil
	}
	for _, name := range inlineArguments {
		if _, ok := object[name]; ok {
			return refusef("this server takes no access keys as arguments ("+name+")", "name a profile, or use the server's own credentials")
		}
	}
	return nil
}

// finish makes the result of the answer or the error, and writes the audit line.
func (c *call) finish(ctx context.Context, out result, err error) *mcp.CallToolResult {
	c.progress.close()
	var answer *mcp.CallToolResult
	if err == nil {
		answer, err = c.wire(ctx, out)
	}
	if err != nil {
		e := explain(ctx, err)
		answer = c.encodeError(e)
		c.note(func(r *record) { r.fail(e) })
	}
	if _, asks := out.(*question); c.log() != nil && asks && err == nil {
		return c.encodeError(refusef("the audit log could not be written, and nothing is changed without it", "the operator finds the reason in the server's log"))
	}
	return answer
}

// wire makes the result of what a tool returned: an answer, or a question.
func (c *call) wire(ctx context.Context, out result) (*mcp.CallToolResult, error) {
	if q, ok := out.(*question); ok {
		return q.wire(c), nil
	}
	answer, err := c.encode(ctx, out)
	if changed, ok := out.(*changeResult); ok && err == nil {
		changed.reveal(answer)
	}
	return answer, err
}

// log writes the audit line.
func (c *call) log() error {
	var line record
	c.note(func(r *record) {
		r.DurationMS = time.Since(r.Time).Milliseconds()
		line = *r
		line.RequestIDs = slices.Clone(r.RequestIDs) // AWS may still answer what others wait for
	})
	if auditErr := c.server.audit.write(line, c.redactor); auditErr != nil {
		c.server.options.Logger.Error("the audit log could not be written", "error", auditErr)
		return auditErr
	}
	return nil
}

// isCancelled reports whether the caller gave up.
func isCancelled(ctx context.Context, err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(ctx.Err(), context.Canceled)
}
