package mcptransport

import (
	"context"
	"math"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// ProgressReporter returns the function with which a tool's handler reports how
// far it is: done of total units (total 0: unknown), and a message for a person
// ("" for none). It does nothing when the client did not ask for progress, and
// nothing once the handler has returned.
//
// Reports are on the wire in the order of the calls, all of them, before the
// result. A report that does not advance is dropped, because progress must
// increase. The function may be called from many goroutines; it waits for a
// slow client, within the transport's write timeout.
//
// https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/progress
func ProgressReporter(ctx context.Context, req *mcp.CallToolRequest) func(done, total float64, message string) {
	if req == nil || req.Params.Meta == nil || req.Params.Meta.ProgressToken == nil {
		return func(float64, float64, string) {}
	}
	token := req.Params.Meta.ProgressToken
	if !usableToken(token) {
		return func(float64, float64, string) {}
	}
	var mu sync.Mutex
	last := math.Inf(-1)
	return func(done, total float64, message string) {
		if !finite(done) || !finite(total) {
			return // not JSON
		}
		mu.Lock()
		defer mu.Unlock()
		if done <= last {
			return
		}
		last = done
		params := map[string]any{"progressToken": token, "progress": done}
		if total > 0 {
			params["total"] = total
		}
		if message != "" {
			params["message"] = message
		}
		Notify(ctx, string(mcp.MethodNotificationProgress), params)
	}
}

// usableToken keeps what every report repeats short: MCP has strings and integers.
func usableToken(token mcp.ProgressToken) bool {
	switch t := token.(type) {
	case string:
		return len(t) <= maxID
	case map[string]any, []any, bool:
		return false
	}
	return true
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// Notify sends a notification about the request that ctx belongs to, to its
// client only, before it returns. A client that is gone loses it.
func Notify(ctx context.Context, method string, params map[string]any) {
	x, ok := server.ClientSessionFromContext(ctx).(*exchange)
	if !ok { // an in-process client: the server's queue is all there is
		if s := server.ServerFromContext(ctx); s != nil {
			_ = s.SendNotificationToClient(ctx, method, params)
		}
		return
	}
	_ = x.send(struct {
		JSONRPC string         `json:"jsonrpc"`
		Method  string         `json:"method"`
		Params  map[string]any `json:"params"`
	}{mcp.JSONRPC_VERSION, method, params})
}
