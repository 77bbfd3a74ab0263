package mcpserver_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/mcpserver"
)

func TestScanAnswers(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	for _, test := range []struct {
		golden, tool string
		arguments    map[string]any
	}{
		{"scan", "scan_iam_identities", map[string]any{"max_items": 5}},
		{"scan-permissions", "scan_iam_identities", map[string]any{"include_permissions": true, "max_items": 5}},
		{"list-nhi", "list_nhi_identities", map[string]any{"max_items": 5}},
		{"list-nhi-certain", "list_nhi_identities", map[string]any{"min_confidence": 0.9999}},
		{"identity-user", "get_identity_details", map[string]any{"identity_name": "terraform"}},
		{"identity-role", "get_identity_details", map[string]any{"identity_name": "github-release-old", "identity_type": "role"}},
		{"distinguish", "distinguish_users_vs_nhi", nil},
	} {
		t.Run(test.golden, func(t *testing.T) {
			t.Parallel()
			goldenAnswer(t, "scan/"+test.golden, callTool(t, c, test.tool, test.arguments))
		})
	}
}

func TestNoCallerOfSavedAccount(t *testing.T) {
	t.Parallel()
	out := callTool(t, newClient(t, demoServer(t)), "analyze_caller_permissions", nil)
	require.Equal(t, mcpserver.CodeRefused, out.Error.Code)
}
