package mcptransport

import (
	"encoding/json"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"
)

// TestResultIsAsMCPGoHasIt compares what is put together here with what mcp-go makes.
func TestResultIsAsMCPGoHasIt(t *testing.T) {
	t.Parallel()
	text := []mcp.Content{mcp.NewTextContent("a <b> & \"c\"\n\u2028")}
	meta := &mcp.Meta{AdditionalFields: map[string]any{"k": "<v>"}}
	decorated := &mcp.CallToolResult{Content: text, StructuredContent: Encoded(`{"a":1}`), IsError: true}
	decorated.Meta, decorated.ResultType = meta, mcp.ResultTypeComplete
	asking := &mcp.CallToolResult{StructuredContent: Encoded(`{}`)}
	asking.RequestState = "state"
	tests := map[string]any{
		"text":           &mcp.CallToolResult{Content: text},
		"an error":       mcp.NewToolResultError("no"),
		"structured":     &mcp.CallToolResult{Content: text, StructuredContent: Encoded(`{"a":[1,"ü"]}`)},
		"a value":        mcp.CallToolResult{Content: text, StructuredContent: Encoded(`[]`)},
		"escapes":        &mcp.CallToolResult{StructuredContent: Encoded(`{"a<b":"> & \u2028 “` + "\u2028\u2029" + `"}`)},
		"no content":     &mcp.CallToolResult{},
		"all there is":   decorated,
		"asking":         asking,
		"any structure":  &mcp.CallToolResult{Content: text, StructuredContent: map[string]any{"b": 1, "a": "<"}},
		"raw":            &mcp.CallToolResult{RawStructuredContent: json.RawMessage(`{"b": 1}`)},
		"images":         &mcp.CallToolResult{Content: append(text, mcp.NewImageContent("AAAA", "image/png"))},
		"another result": &mcp.EmptyResult{},
		"none":           (*mcp.CallToolResult)(nil),
	}
	for name, result := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := json.Marshal(result)
			require.NoError(t, err)
			got := resultReply(json.RawMessage(`7`), result)
			require.Zero(t, got.code)
			require.Equal(t, `{"jsonrpc":"2.0","id":7,"result":`+string(want)+`}`, string(got.body))
		})
	}
	require.NotZero(t, resultReply(json.RawMessage(`7`), &mcp.CallToolResult{StructuredContent: func() {}}).code)
}

func TestMayHaveMeta(t *testing.T) {
	t.Parallel()
	for params, want := range map[string]bool{
		``: false, `{}`: false, `{"name":"get_user","arguments":{"user_name":"_"}}`: false, `{"a":"_met"}`: false,
		`{"_meta":{}}`: true, `{"x_":1,"_META":{}}`: true, `{"_\u006deta":{}}`: true, `{"__meta":1}`: true,
	} {
		require.Equal(t, want, mayHaveMeta([]byte(params)), params)
	}
}

func TestWorkersRunAtOnce(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	defer close(done)
	w := newWorkers(done)
	for range 3 {
		const n = 3 * maxIdle
		started, release, ended := make(chan struct{}), make(chan struct{}), make(chan struct{}, n)
		for range n {
			w.run(func() {
				started <- struct{}{}
				<-release
				ended <- struct{}{}
			})
		}
		for range n { // all run before one has ended
			<-started
		}
		close(release)
		for range n {
			<-ended
		}
	}
	require.LessOrEqual(t, len(w.idle), maxIdle)
}
