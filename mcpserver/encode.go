package mcpserver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
	"github.com/nhiscan/nhiscan/internal/redact"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
)

const (
	// maxText is the greatest length of a string in an answer, in bytes. It is
	// that of the longest policy that IAM takes.
	maxText = 10240
	// maxName is that of a member's name.
	maxName = 1024
)

// structuredSince is the first revision of MCP whose clients know structured results.
const structuredSince = "2025-06-18"

var jsonOptions = json.JoinOptions(json.Deterministic(true), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// encode makes the result of an answer: JSON that is clean, and a short text.
func (c *call) encode(ctx context.Context, out result) (*mcp.CallToolResult, error) {
	whole, err := json.Marshal(out, jsonOptions)
	if err == nil {
		whole, err = clean(whole, c.redactor)
	}
	if err != nil {
		return nil, fmt.Errorf("encode the answer: %w", err)
	}
	if k, ok := out.(keeper); ok && k.keptItems() != nil {
		whole = putKept(whole, k.keptItems())
	}
	content := []mcp.Content{mcp.NewTextContent(plain(c.redactor.String(out.summary())))}
	if version := server.RequestProtocolVersion(ctx); c.server.options.FullText || version != "" && version < structuredSince {
		content = append(content, mcp.NewTextContent(string(whole)))
	}
	return &mcp.CallToolResult{Content: content, StructuredContent: mcptransport.Encoded(whole)}, nil
}

// encodeError makes the result of an error. It has no structured content, which
// would have to hold to the output schema.
func (c *call) encodeError(e *Error) *mcp.CallToolResult {
	text, err := json.Marshal(map[string]*Error{"error": e}, jsonOptions)
	if err == nil {
		text, err = clean(text, c.redactor)
	}
	if err != nil {
		text = []byte(`{"error":{"code":"InternalError","message":"the error could not be encoded","hint":"","request_id":"","retryable":false}}`)
	}
	return mcp.NewToolResultError(string(text))
}

// clean returns the JSON with each string redacted, made printable and cut.
func clean(text []byte, r *redact.Redactor) ([]byte, error) {
	if isClean(string(text), r) {
		return text, nil
	}
	var out bytes.Buffer
	decoder := jsontext.NewDecoder(bytes.NewReader(text), jsonOptions)
	encoder := jsontext.NewEncoder(&out, jsonOptions)
	for {
		token, err := decoder.ReadToken()
		if err == io.EOF {
			return bytes.TrimRight(out.Bytes(), "\n"), nil
		}
		if err != nil {
			return nil, err
		}
		if token.Kind() == '"' {
			limit := maxText
			// A name is at an even position of its object.
			if kind, n := encoder.StackIndex(encoder.StackDepth()); kind == '{' && n%2 == 0 {
				limit = maxName
			}
			token = jsontext.String(cleanText(token.String(), limit, r))
		}
		if err := encoder.WriteToken(token); err != nil {
			return nil, err
		}
	}
}

// isClean reports whether clean would change nothing, as it is of most answers; it
// takes a tenth of the time. JSON has every control character as an escape.
func isClean(text string, r *redact.Redactor) bool {
	length := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			length = 0
			continue
		case '\\':
			if i++; text[i] != '"' && text[i] != '\\' {
				return false
			}
		}
		if length++; length > maxName {
			return false
		}
	}
	return render.Printable(text) == text && r.String(text) == text
}

func cleanText(text string, limit int, r *redact.Redactor) string {
	return cut(render.Printable(r.String(text)), limit)
}

// cut shortens a text and says so.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	short := firstBytes(text, limit)
	return short + fmt.Sprintf("… (cut: %d of %d bytes)", len(short), len(text))
}

// firstBytes returns at most so many bytes of a text, and no part of a character.
func firstBytes(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// plain returns a text for people in which only line breaks act.
func plain(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = render.Printable(line)
	}
	return strings.Join(lines, "\n")
}

// say is fmt.Sprintf with every string made printable, and cut to what belongs
// into a sentence.
func say(format string, args ...any) string {
	const limit = 300
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = cut(render.Printable(text), limit)
		}
	}
	return fmt.Sprintf(format, args...)
}

// A stamp is a time in an answer, in RFC 3339 and UTC; the zero time is null.
type stamp time.Time

// JSONSchema implements [toolschema.Describer].
func (stamp) JSONSchema() *toolschema.Schema {
	return &toolschema.Schema{Type: []string{"string", "null"}, Format: "date-time"}
}

// MarshalJSONTo implements json.MarshalerTo.
func (s stamp) MarshalJSONTo(enc *jsontext.Encoder) error {
	t := time.Time(s)
	if t.IsZero() {
		return enc.WriteToken(jsontext.Null)
	}
	return enc.WriteToken(jsontext.String(t.UTC().Format(time.RFC3339)))
}

// A document is JSON as it stands, such as a policy: an object, null when it was
// not read, or a string when it is not JSON.
type document string

// JSONSchema implements [toolschema.Describer].
func (document) JSONSchema() *toolschema.Schema {
	return &toolschema.Schema{Type: []string{"object", "string", "null"}}
}

// MarshalJSONTo implements json.MarshalerTo.
func (d document) MarshalJSONTo(enc *jsontext.Encoder) error {
	switch value := jsontext.Value(d); {
	case d == "":
		return enc.WriteToken(jsontext.Null)
	case value.IsValid() && value.Kind() == '{':
		return enc.WriteValue(value)
	}
	return enc.WriteToken(jsontext.String(string(d)))
}
