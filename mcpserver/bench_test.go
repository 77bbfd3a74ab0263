package mcpserver_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// BenchmarkCall measures calls of tools on the demo account, from the request to
// the answer as they are on the wire, without a transport.
func BenchmarkCall(b *testing.B) {
	account, err := demo.Account()
	require.NoError(b, err)
	s, err := mcpserver.New(&mcpserver.Options{Snapshot: &mcpserver.Snapshot{Account: account, Now: demo.Now()}})
	require.NoError(b, err)
	for _, call := range []struct{ tool, arguments string }{
		{"scan_iam_identities", `{}`},
		{"scan_iam_identities", `{"include_permissions":true,"max_items":10}`},
		{"list_nhi_identities", `{"max_items":10}`},
		{"get_identity_details", `{"identity_name":"terraform"}`},
		{"distinguish_users_vs_nhi", `{}`},
		{"evaluate_access", `{"principal":"terraform","action":"iam:PassRole"}`},
		{"who_can", `{"action":"iam:PassRole"}`},
		{"find_escalation_paths", `{}`},
		{"classify_role_trust", `{}`},
		{"list_users", `{}`},
		{"get_user", `{"user_name":"terraform"}`},
		{"lint_policy", `{"policy_document":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}"}`},
	} {
		request := json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"` + call.tool + `","arguments":` + call.arguments + `}}`)
		name := call.tool
		if call.arguments != `{}` && call.tool == "scan_iam_identities" {
			name += "/permissions"
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				text, err := json.Marshal(s.MCP().HandleMessage(b.Context(), request))
				require.NoError(b, err)
				require.NotContains(b, string(text), `"isError":true`)
				b.SetBytes(int64(len(text)))
			}
		})
	}
}
