package mcptransport

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/mark3labs/mcp-go/mcp"
)

// maxDepth bounds the nesting of a message. Arguments of tools stay far below.
const maxDepth = 100

// maxID bounds the length of a request's id: it is kept while the request runs
// and echoed in its answer.
const maxID = 256

// codeBusy answers a request that arrives while too many others run. The range
// from -32000 down to -32019 is an implementation's own.
const codeBusy = -32000

// An rpcError is a JSON-RPC error before it has an id.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// errIDInUse refuses a request whose answer could not be told from another's.
var errIDInUse = &rpcError{Code: mcp.INVALID_REQUEST, Message: "a request with this id is running"}

// A message is one JSON-RPC message from a client, its envelope checked.
type message struct {
	raw    []byte
	id     json.RawMessage // nil for a notification
	method string          // empty for a response
	params json.RawMessage
	result json.RawMessage
	err    json.RawMessage
}

func (m *message) isRequest() bool      { return m.method != "" && m.id != nil }
func (m *message) isNotification() bool { return m.method != "" && m.id == nil }

// parseMessage checks one message and takes its envelope apart. When it fails,
// the message still has the id to answer to if there was a usable one.
func parseMessage(raw []byte) (message, *rpcError) {
	m := message{raw: raw}
	if !utf8.Valid(raw) {
		return m, &rpcError{Code: mcp.PARSE_ERROR, Message: "the message is not valid UTF-8"}
	}
	if tooDeep(raw) {
		return m, &rpcError{Code: mcp.PARSE_ERROR, Message: fmt.Sprintf("the message nests deeper than %d levels", maxDepth)}
	}
	if !json.Valid(raw) {
		return m, &rpcError{Code: mcp.PARSE_ERROR, Message: "the message is not valid JSON"}
	}
	switch bytes.TrimSpace(raw)[0] {
	case '{':
	case '[':
		return m, errBatch
	default:
		return m, &rpcError{Code: mcp.INVALID_REQUEST, Message: "the message is not a JSON object"}
	}
	return m, m.readEnvelope()
}

func (m *message) readEnvelope() *rpcError {
	var e struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  *string         `json:"method"`
		Params  json.RawMessage `json:"params"`
		Result  json.RawMessage `json:"result"`
		Error   json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(m.raw, &e); err != nil {
		return &rpcError{Code: mcp.INVALID_REQUEST, Message: "the message is not a JSON-RPC message"}
	}
	if e.ID != nil {
		if !validID(e.ID) {
			return &rpcError{Code: mcp.INVALID_REQUEST, Message: "the id must be a short string or an integer"}
		}
		m.id = e.ID
	}
	if e.JSONRPC != mcp.JSONRPC_VERSION {
		return &rpcError{Code: mcp.INVALID_REQUEST, Message: `the jsonrpc member must be "2.0"`}
	}
	m.params, m.result, m.err = e.Params, e.Result, e.Error
	switch {
	case e.Method != nil && *e.Method != "" && e.Result == nil && e.Error == nil:
		m.method = *e.Method
	case e.Method == nil && m.id != nil && (e.Result == nil) != (e.Error == nil):
	default:
		return &rpcError{Code: mcp.INVALID_REQUEST, Message: "the message is neither a request, a notification nor a response"}
	}
	return nil
}

func validID(id json.RawMessage) bool {
	if len(id) > maxID {
		return false
	}
	if id[0] == '"' {
		return true
	}
	_, err := strconv.ParseInt(string(id), 10, 64)
	return err == nil
}

// tooDeep counts brackets outside of strings; it need not be valid JSON.
func tooDeep(raw []byte) bool {
	depth, inString := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// metaOf returns what the message's _meta says of protocol and client.
func (m *message) metaOf() *mcp.Meta {
	var p struct {
		Meta *mcp.Meta `json:"_meta"`
	}
	if json.Unmarshal(m.params, &p) != nil {
		return nil
	}
	return p.Meta
}

// A reply is the marshalled answer to one request.
type reply struct {
	body []byte
	code int // of the JSON-RPC error, 0 for a result
}

func errorReply(id json.RawMessage, e *rpcError) reply {
	if id == nil {
		id = json.RawMessage("null")
	}
	body, err := json.Marshal(struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   *rpcError       `json:"error"`
	}{mcp.JSONRPC_VERSION, id, e})
	if err != nil {
		return errorReply(id, internalError())
	}
	return reply{body: body, code: e.Code}
}

// resultReply echoes the id byte for byte: decoded as a float64, as the server
// does, a large integer would come back as another.
func resultReply(id json.RawMessage, result any) reply {
	text, err := resultText(result)
	if err != nil {
		return errorReply(id, internalError())
	}
	body := make([]byte, 0, len(text)+len(id)+len(`{"jsonrpc":"2.0","id":,"result":}`))
	body = append(body, `{"jsonrpc":"`+mcp.JSONRPC_VERSION+`","id":`...)
	body = append(append(body, id...), `,"result":`...)
	body = append(append(body, text...), '}')
	return reply{body: body}
}

// resultText spares the results of tools, which can be large, the check that
// package json makes of what a Marshaler returns.
func resultText(result any) ([]byte, error) {
	switch r := result.(type) {
	case *mcp.CallToolResult:
		if r != nil {
			return r.MarshalJSON()
		}
	case mcp.CallToolResult:
		return r.MarshalJSON()
	}
	return json.Marshal(result)
}

func internalError() *rpcError {
	return &rpcError{Code: mcp.INTERNAL_ERROR, Message: "internal error"}
}
