package mcpserver

import (
	"context"
	"fmt"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// Names in the audit log of requests that call no tool.
const (
	promptsGet = "prompts/get"
	completing = "completion/complete"
)

// addAuditHooks has what calls no tool leave an audit line too.
func (s *Server) addAuditHooks(hooks *server.Hooks, all []*tool) {
	hooks.AddBeforeCallTool(func(ctx context.Context, _ any, request *mcp.CallToolRequest) {
		name := request.Params.Name
		if !slices.ContainsFunc(all, func(t *tool) bool { return t.Name == name }) {
			s.logRequest(ctx, name, request.Params.Arguments, notFound("there is no such tool"))
		}
	})
	hooks.AddBeforeGetPrompt(s.checkPrompt)
	hooks.AddBeforeComplete(func(ctx context.Context, _ any, request *mcp.CompleteRequest) {
		arguments := map[string]any{request.Params.Argument.Name: request.Params.Argument.Value}
		s.logRequest(ctx, completing, map[string]any{"ref": referenceName(request.Params.Ref), "arguments": arguments}, nil)
	})
}

// checkPrompt refuses a request for a prompt before mcp-go looks for its handler.
// Whatever error a handler returns, the client is told of an internal one: that a
// parameter is invalid only mcp-go says, of a prompt that there is not. One with a
// space is such a prompt.
func (s *Server) checkPrompt(ctx context.Context, _ any, request *mcp.GetPromptRequest) {
	name := request.Params.Name
	arguments := map[string]any{}
	for argument, value := range request.Params.Arguments {
		arguments[argument] = value
	}
	i := slices.IndexFunc(prompts, func(p prompt) bool { return p.name == name && s.serves(p.tools...) })
	var refused *Error
	if i < 0 {
		refused = notFound("there is no such prompt")
	} else if err := prompts[i].check(request.Params.Arguments); err != nil {
		refused = invalid("%s", err)
		request.Params.Name = fmt.Sprintf("%s (%s)", name, cleanText(err.Error(), maxText, s.redactor))
	}
	s.logRequest(ctx, promptsGet, map[string]any{"name": name, "arguments": arguments}, refused)
}

// logRequest writes the audit line of a request that calls no tool; refused is nil
// for one that is answered.
func (s *Server) logRequest(ctx context.Context, name string, arguments any, refused *Error) {
	if s.audit.w == nil {
		return
	}
	request := &mcp.CallToolRequest{} // without a token for progress, which there is none of
	request.Params.Arguments = arguments
	c := s.newCall(ctx, &tool{}, request)
	c.record.Tool = c.auditText(name)
	if refused != nil {
		c.record.fail(refused)
		c.record.Decision = decisionRefused
	}
	_ = c.log() // which logs why it could not
}

// referenceName is the prompt or the template of a URI that a completion is for.
func referenceName(ref any) string {
	switch r := ref.(type) {
	case mcp.PromptReference:
		return r.Name
	case mcp.ResourceReference:
		return r.URI
	}
	return ""
}
