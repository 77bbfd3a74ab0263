package mcpserver_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// TestRequestsLeaveAuditLines requires one line of each request that calls no tool.
func TestRequestsLeaveAuditLines(t *testing.T) {
	t.Parallel()
	account, err := demo.Account()
	require.NoError(t, err)
	var audit bytes.Buffer
	c := newClient(t, newServer(t, &mcpserver.Options{Snapshot: &mcpserver.Snapshot{Account: account, Now: demo.Now()}, AuditLog: &audit}))
	const secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00"
	unknown := mcp.CallToolRequest{}
	unknown.Params.Name = "delete_everything\u202e"
	unknown.Params.Arguments = map[string]any{"aws_secret_access_key": secret}
	for _, test := range []struct {
		name, decision, code string
		request              func() error
	}{
		{`delete_everything\u202e`, "refused", mcpserver.CodeNotFound, func() error { _, err := c.CallTool(t.Context(), unknown); return err }},
		{"prompts/get", "allowed", "", func() error {
			_, err := getPrompt(c, "investigate_identity", map[string]string{"identity": "x"})
			return err
		}},
		{"prompts/get", "refused", mcpserver.CodeInvalidArgument, func() error { _, err := getPrompt(c, "investigate_identity", nil); return err }},
		{"prompts/get", "refused", mcpserver.CodeNotFound, func() error { _, err := getPrompt(c, "none", nil); return err }},
		{"completion/complete", "allowed", "", func() error { completed(t, c, promptRef, "identity", "terra"); return nil }},
	} {
		audit.Reset()
		require.Equal(t, test.decision == "refused", test.request() != nil, test.name)
		var line struct {
			Tool, Decision string
			ErrorCode      string `json:"error_code"`
			Caller         struct{ Method string }
			Arguments      map[string]any
		}
		require.NoError(t, json.Unmarshal(audit.Bytes(), &line), "one line: %s", audit.String())
		require.Equal(t, test.name, line.Tool)
		require.Equal(t, test.decision, line.Decision)
		require.Equal(t, test.code, line.ErrorCode)
		require.NotEmpty(t, line.Arguments)
		require.NotContains(t, audit.String(), secret)
	}
}

// TestPromptWithoutArgument requires the code of an invalid parameter.
func TestPromptWithoutArgument(t *testing.T) {
	t.Parallel()
	s := demoServer(t)
	newClient(t, s)
	for params, want := range map[string]int{
		`{"name":"investigate_identity"}`:                                      mcp.INVALID_PARAMS,
		`{"name":"investigate_identity","arguments":{"identity":""}}`:          mcp.INVALID_PARAMS,
		`{"name":"investigate_identity","arguments":{"other":"\u001b"}}`:       mcp.INVALID_PARAMS,
		`{"name":"investigate_identity","arguments":{"identity":"terraform"}}`: 0,
		`{"name":"review_account","arguments":{"identity":"terraform"}}`:       mcp.INVALID_PARAMS,
	} {
		message := s.MCP().HandleMessage(t.Context(), []byte(`{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":`+params+`}`))
		text, err := json.Marshal(message)
		require.NoError(t, err)
		var answer struct {
			Error struct {
				Code    int
				Message string
			}
		}
		require.NoError(t, json.Unmarshal(text, &answer))
		require.Equal(t, want, answer.Error.Code, "%s: %s", params, text)
		requirePrintable(t, answer.Error.Message)
	}
}
