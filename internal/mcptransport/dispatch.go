package mcptransport

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// Errors of the server repeat names and URIs that the client sent, which may be as
// long as a message. A longer URI is left out.
const (
	maxErrorRunes = 1024
	maxErrorURI   = 4096
)

// A dispatcher hands messages to the MCP server, for both transports.
type dispatcher struct {
	server *server.MCPServer
	logger *slog.Logger
}

// request runs one request to its end and returns the answer. Everything that
// the handler sent is on its way to the client when it returns.
func (d *dispatcher) request(ctx context.Context, x *exchange, m *message) reply {
	handle := d.handle
	if m.method == string(mcp.MethodSubscriptionsListen) {
		x.name, x.subscription = rand.Text(), m.id
		handle = d.listen
	}
	finish := x.pump()
	response := handle(ctx, x, m)
	finish()
	switch r := response.(type) {
	case mcp.JSONRPCError:
		return errorReply(m.id, &rpcError{Code: r.Error.Code, Message: cleanTo(r.Error.Message, maxErrorRunes), Data: errorData(m, r.Error.Data)})
	case mcp.JSONRPCResponse:
		if missing := undeclared(r.Result, x.GetClientCapabilities()); missing != nil {
			return errorReply(m.id, missing)
		}
		return resultReply(m.id, r.Result)
	}
	return errorReply(m.id, internalError())
}

// listen serves subscriptions/listen, whose stream the server's broadcasts
// reach only through a registered session.
func (d *dispatcher) listen(ctx context.Context, x *exchange, m *message) mcp.JSONRPCMessage {
	if err := d.server.RegisterSession(ctx, x); err != nil {
		return nil
	}
	defer d.server.UnregisterSession(ctx, x.SessionID())
	return d.handle(ctx, x, m)
}

// notification delivers a notification. Cancellations never get here: the
// server would look the request up by an id that other clients use too.
func (d *dispatcher) notification(ctx context.Context, x *exchange, m *message) {
	d.handle(ctx, x, m)
}

func (d *dispatcher) handle(ctx context.Context, x *exchange, m *message) (response mcp.JSONRPCMessage) {
	defer func() {
		if p := recover(); p != nil {
			logPanic(ctx, d.logger, m.method, p)
			response = nil // answered as an internal error
		}
	}()
	return d.server.HandleMessage(d.server.WithContext(ctx, x), m.raw)
}

// errorData names the resource that could not be read, as a client should be
// told and mcp-go does not.
func errorData(m *message, data any) any {
	var p struct {
		URI string `json:"uri"`
	}
	if data != nil || m.method != string(mcp.MethodResourcesRead) || json.Unmarshal(m.params, &p) != nil || p.URI == "" || len(p.URI) > maxErrorURI {
		return data
	}
	return map[string]any{"uri": p.URI}
}

// undeclared refuses an input_required result that asks for what the client
// has not declared that it can answer.
//
// https://modelcontextprotocol.io/specification/2026-07-28/basic/lifecycle: "the
// server MUST return a MissingRequiredClientCapabilityError".
func undeclared(result any, caps mcp.ClientCapabilities) *rpcError {
	required := map[string]any{}
	for _, r := range inputRequests(result) {
		switch r.Method {
		case mcp.MethodElicitationCreate:
			if r.Elicitation != nil && !canElicit(caps, r.Elicitation.Mode) {
				required["elicitation"] = elicitationCapability(r.Elicitation.Mode)
			}
		case mcp.MethodSamplingCreateMessage:
			if caps.Sampling == nil {
				required["sampling"] = struct{}{}
			}
		case mcp.MethodListRoots:
			if caps.Roots == nil {
				required["roots"] = struct{}{}
			}
		}
	}
	if len(required) == 0 {
		return nil
	}
	return &rpcError{
		Code:    mcp.MISSING_REQUIRED_CLIENT_CAPABILITY,
		Message: "the request needs a capability that the client has not declared",
		Data:    map[string]any{"requiredCapabilities": required},
	}
}

func inputRequests(result any) mcp.InputRequests {
	switch r := result.(type) {
	case *mcp.CallToolResult:
		return r.InputRequests
	case mcp.CallToolResult:
		return r.InputRequests
	case *mcp.GetPromptResult:
		return r.InputRequests
	case mcp.GetPromptResult:
		return r.InputRequests
	case *mcp.ReadResourceResult:
		return r.InputRequests
	case mcp.ReadResourceResult:
		return r.InputRequests
	}
	return nil
}

// canElicit reports whether the client takes a question in this mode. A client
// that declares the capability without modes takes forms.
func canElicit(caps mcp.ClientCapabilities, mode string) bool {
	switch {
	case caps.Elicitation == nil:
		return false
	case mode == mcp.ElicitationModeURL:
		return caps.Elicitation.URL != nil
	default:
		return caps.Elicitation.Form != nil || caps.Elicitation.URL == nil
	}
}

func elicitationCapability(mode string) map[string]any {
	if mode == mcp.ElicitationModeURL {
		return map[string]any{"url": struct{}{}}
	}
	return map[string]any{}
}
