package mcptransport

import (
	"bytes"
	"encoding/json"
	"errors"
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

var errNotJSON = &rpcError{Code: mcp.PARSE_ERROR, Message: "the message is not valid JSON"}

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
	start := bytes.TrimLeft(raw, " \t\r\n")
	switch {
	case len(start) > 0 && start[0] == '{':
		return m, m.readEnvelope()
	case !json.Valid(raw):
		return m, errNotJSON
	case start[0] == '[':
		return m, errBatch
	}
	return m, &rpcError{Code: mcp.INVALID_REQUEST, Message: "the message is not a JSON object"}
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
		if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
			return errNotJSON
		}
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
	if !mayHaveMeta(m.params) {
		return nil
	}
	var p struct {
		Meta *mcp.Meta `json:"_meta"`
	}
	if json.Unmarshal(m.params, &p) != nil {
		return nil
	}
	return p.Meta
}

// mayHaveMeta spares most requests of older clients the reading of their params.
// Package json takes a name in any case, and one that is spelt with escapes.
func mayHaveMeta(params []byte) bool {
	const name = "_meta"
	if bytes.IndexByte(params, '\\') >= 0 {
		return true
	}
	for {
		i := bytes.IndexByte(params, name[0])
		if i < 0 || len(params) < i+len(name) {
			return false
		}
		if bytes.EqualFold(params[i:i+len(name)], []byte(name)) {
			return true
		}
		params = params[i+1:]
	}
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

func internalError() *rpcError {
	return &rpcError{Code: mcp.INTERNAL_ERROR, Message: "internal error"}
}
