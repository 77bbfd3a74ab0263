package mcpserver_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

func TestScanReadsOnce(t *testing.T) {
	t.Parallel()
	fake := demoIAM(t)
	c := newClient(t, newServer(t, liveOptions(fake)))
	require.Equal(t, false, callTool(t, c, "scan_iam_identities", nil).Structured["scan"].(map[string]any)["cached"])
	calls := fake.Total()
	require.Positive(t, calls)
	require.Equal(t, true, callTool(t, c, "distinguish_users_vs_nhi", nil).Structured["scan"].(map[string]any)["cached"])
	require.Equal(t, calls, fake.Total())
	require.Equal(t, false, callTool(t, c, "scan_iam_identities", map[string]any{"refresh": true}).Structured["scan"].(map[string]any)["cached"])
	require.Greater(t, fake.Total(), calls)
}

func TestScanPages(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	seen := map[string]bool{}
	arguments := map[string]any{"max_items": 30}
	for range 3 {
		out := callTool(t, c, "scan_iam_identities", arguments)
		require.False(t, out.IsError, "%+v", out.Error)
		for _, item := range out.Structured["identities"].([]any) {
			seen[item.(map[string]any)["arn"].(string)] = true
		}
		arguments["cursor"] = out.Structured["next_cursor"]
	}
	require.Len(t, seen, 70)
	require.Empty(t, arguments["cursor"])

	first := callTool(t, c, "scan_iam_identities", map[string]any{"max_items": 30})
	other := callTool(t, c, "list_nhi_identities", map[string]any{"cursor": first.Structured["next_cursor"]})
	require.Equal(t, mcpserver.CodeInvalidArgument, other.Error.Code)
}

func TestScanDenied(t *testing.T) {
	t.Parallel()
	fake := demoIAM(t)
	fake.Allow()
	c := newClient(t, newServer(t, liveOptions(fake)))
	for _, tool := range []string{"scan_iam_identities", "list_nhi_identities", "distinguish_users_vs_nhi"} {
		out := callTool(t, c, tool, nil)
		require.True(t, out.IsError, tool)
		require.Equal(t, "AccessDenied", out.Error.Code, tool)
		require.Contains(t, out.Error.Hint, "iam:", tool)
		require.NotEmpty(t, out.Error.RequestID, tool)
	}
	// Who one is needs no permission.
	out := callTool(t, c, "analyze_caller_permissions", nil)
	require.False(t, out.IsError)
	require.Nil(t, out.Structured["identity"])
	require.Equal(t, false, out.Structured["complete"])
	require.NotEmpty(t, out.Structured["gaps"])
}

func TestScanThrottled(t *testing.T) {
	t.Parallel()
	fake := demoIAM(t)
	fake.Inject(fakeiam.Fault{Code: "Throttling"})
	c := newClient(t, newServer(t, liveOptions(fake)))
	for _, tool := range []string{"scan_iam_identities", "analyze_caller_permissions"} {
		out := callTool(t, c, tool, nil)
		require.Equal(t, "Throttling", out.Error.Code, tool)
		require.True(t, out.Error.Retryable, tool)
		require.NotEmpty(t, out.Error.Hint, tool)
	}
}

// TestWrongConnectionArguments tells a mistaken argument from credentials that do not work.
func TestWrongConnectionArguments(t *testing.T) {
	t.Parallel()
	for kind, code := range map[error]string{
		session.ErrOptions:       mcpserver.CodeInvalidArgument,
		session.ErrRegion:        mcpserver.CodeInvalidArgument,
		session.ErrNoProfile:     mcpserver.CodeNoCredentials,
		session.ErrNoCredentials: mcpserver.CodeNoCredentials,
	} {
		opts := &mcpserver.Options{Connect: func(context.Context, *session.Options) (*mcpserver.Connection, error) {
			return nil, &session.Error{Kind: kind, Message: kind.Error()}
		}}
		out := callTool(t, newClient(t, newServer(t, opts)), "scan_iam_identities", map[string]any{"region": "mars-1"})
		require.Equal(t, code, out.Error.Code, kind)
	}
}

func TestScanWithGaps(t *testing.T) {
	t.Parallel()
	fake := demoIAM(t)
	fake.Deny("GenerateCredentialReport", "GetCredentialReport", "GetLoginProfile", "ListAccessKeys", "ListMFADevices")
	c := newClient(t, newServer(t, liveOptions(fake)))
	out := callTool(t, c, "distinguish_users_vs_nhi", nil)
	require.Equal(t, false, out.Structured["complete"])
	require.NotEmpty(t, out.Structured["gaps"])
	require.Contains(t, out.Text, "incomplete")
}

func TestAnalyzeCaller(t *testing.T) {
	t.Parallel()
	const account = "arn:aws:iam::123456789012:"
	for _, test := range []struct{ name, arn, text, warning string }{
		{"administrator", account + "user/service/terraform", "It is an administrator", "can do more than read"},
		{"role", "arn:aws:sts::123456789012:assumed-role/DatadogIntegrationRole/session", "role DatadogIntegrationRole", ""},
		{"root", account + "root", "root", "nothing limits"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fake := demoIAM(t)
			fake.CallerARN(test.arn)
			out := callTool(t, newClient(t, newServer(t, liveOptions(fake))), "analyze_caller_permissions", nil)
			require.False(t, out.IsError, "%+v", out.Error)
			require.Equal(t, test.arn, out.Structured["arn"])
			require.Contains(t, out.Text, test.text)
			if test.warning == "" {
				require.Empty(t, out.Structured["warning"])
				return
			}
			require.Contains(t, out.Structured["warning"], test.warning)
			require.Contains(t, out.Text, test.warning)
		})
	}
}

func TestIdentityNotFound(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	for _, test := range []struct {
		name      string
		arguments map[string]any
		code      string
		hint      string
	}{
		{"missing", map[string]any{"identity_name": "nobody-of-that-name"}, mcpserver.CodeNotFound, "lists the names"},
		{"a role", map[string]any{"identity_name": "web-server"}, mcpserver.CodeNotFound, "identity_type=role"},
		{"a user", map[string]any{"identity_name": "terraform", "identity_type": "role"}, mcpserver.CodeNotFound, "identity_type=user"},
		{"other type", map[string]any{"identity_name": "terraform", "identity_type": "group"}, mcpserver.CodeInvalidArgument, ""},
		{"no name", nil, mcpserver.CodeInvalidArgument, ""},
		{"ARN of a group", map[string]any{"identity_name": "arn:aws:iam::123456789012:group/x"}, mcpserver.CodeInvalidArgument, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out := callTool(t, c, "get_identity_details", test.arguments)
			require.Equal(t, test.code, out.Error.Code)
			require.Contains(t, out.Error.Hint, test.hint)
		})
	}
	out := callTool(t, c, "get_identity_details", map[string]any{"identity_name": "arn:aws:iam::123456789012:role/web-server"})
	require.False(t, out.IsError, "%+v", out.Error)
}
