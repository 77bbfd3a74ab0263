package mcptransport

import (
	"bytes"
	"encoding/json"

	"github.com/mark3labs/mcp-go/mcp"
)

// An Encoded is the structured content of a tool's result as valid, compact JSON,
// such as an encoder makes it. It goes to the client without another look at it.
type Encoded []byte

// MarshalJSON implements [json.Marshaler].
func (e Encoded) MarshalJSON() ([]byte, error) { return e, nil }

// resultReply echoes the id byte for byte: decoded as a float64, as the server
// does, a large integer would come back as another.
func resultReply(id json.RawMessage, result any) reply {
	const envelope = `{"jsonrpc":"` + mcp.JSONRPC_VERSION + `","id":,"result":}` + "\n"
	tool := toolResult(result)
	body := make([]byte, 0, len(envelope)+len(id)+tool.length())
	body = append(body, `{"jsonrpc":"`+mcp.JSONRPC_VERSION+`","id":`...)
	body = append(append(body, id...), `,"result":`...)
	body, err := appendResult(body, tool, result)
	if err != nil {
		return errorReply(id, internalError())
	}
	return reply{body: append(body, '}')}
}

func appendResult(body []byte, tool *plainResult, result any) ([]byte, error) {
	if tool != nil {
		return tool.append(body)
	}
	return appendJSON(body, result)
}

func appendJSON(body []byte, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	return append(body, text...), err
}

// A plainResult is one of a tool that has no members but those of [plainResult.append].
type plainResult struct {
	*mcp.CallToolResult
	structured Encoded // nil when there is none
}

// toolResult returns nil for all others, such as one that asks the client for more.
func toolResult(result any) *plainResult {
	var tool *mcp.CallToolResult
	switch r := result.(type) {
	case *mcp.CallToolResult:
		tool = r
	case mcp.CallToolResult:
		tool = &r
	}
	if tool == nil || len(tool.InputRequests) > 0 || tool.RequestState != "" || len(tool.RawStructuredContent) > 0 {
		return nil
	}
	structured, ok := tool.StructuredContent.(Encoded)
	if !ok && tool.StructuredContent != nil {
		return nil
	}
	return &plainResult{tool, structured}
}

// append appends what [mcp.CallToolResult.MarshalJSON] would make, which reads and
// copies the structured content, the greatest part, three times.
func (r *plainResult) append(body []byte) (_ []byte, err error) {
	body = append(body, '{')
	if r.Meta != nil {
		if body, err = appendJSON(append(body, `"_meta":`...), r.Meta); err != nil {
			return nil, err
		}
		body = append(body, ',')
	}
	content := r.Content
	if content == nil {
		content = []mcp.Content{} // never null
	}
	if body, err = appendJSON(append(body, `"content":`...), content); err != nil {
		return nil, err
	}
	if r.IsError {
		body = append(body, `,"isError":true`...)
	}
	if r.ResultType != "" {
		if body, err = appendJSON(append(body, `,"resultType":`...), r.ResultType); err != nil {
			return nil, err
		}
	}
	if len(r.structured) > 0 {
		body = appendEscaped(append(body, `,"structuredContent":`...), r.structured)
	}
	return append(body, '}'), nil
}

// length is about that of the JSON.
func (r *plainResult) length() int {
	if r == nil {
		return 0
	}
	n := len(r.structured) + 64
	for _, c := range r.Content {
		if text, ok := c.(mcp.TextContent); ok {
			n += len(text.Text) + len(text.Text)/8 + 64
		}
	}
	return n
}

// appendEscaped escapes what package json does: < and > and & and two line ends of
// Unicode, so that a client may paste an answer into a page.
func appendEscaped(body []byte, text []byte) []byte {
	const special = "<>&"
	plain := !bytes.Contains(text, []byte("\u2028")) && !bytes.Contains(text, []byte("\u2029"))
	for i := range len(special) {
		plain = plain && bytes.IndexByte(text, special[i]) < 0
	}
	if plain {
		return append(body, text...)
	}
	out := bytes.NewBuffer(body)
	json.HTMLEscape(out, text)
	return out.Bytes()
}
