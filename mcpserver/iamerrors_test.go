package mcpserver_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// TestIAMToolsErrorsOfAWS requires AWS's own code of each tool for what AWS refuses.
func TestIAMToolsErrorsOfAWS(t *testing.T) {
	t.Parallel()
	for _, call := range iamCalls(subjectsOf(t)) {
		t.Run(call.tool, func(t *testing.T) {
			t.Parallel()
			for _, test := range []struct {
				code, hint string
				retryable  bool
			}{
				{"NoSuchEntity", "", false},
				{"AccessDenied", "iam:" + call.operation, false},
				{"Throttling", "wait", true},
				{"ServiceFailure", "", true},
				{"ExpiredToken", "sign in again", false},
			} {
				fake := iamAWS(t)
				if test.code == "AccessDenied" {
					fake.Allow()
				} else {
					fake.Inject(fakeiam.Fault{Operation: call.operation, Code: test.code})
				}
				out := callTool(t, newClient(t, newServer(t, liveOptions(fake))), call.tool, call.arguments)
				require.True(t, out.IsError, test.code)
				require.Equal(t, test.code, out.Error.Code)
				require.Contains(t, out.Error.Hint, test.hint)
				require.Equal(t, test.retryable, out.Error.Retryable, test.code)
				require.NotEmpty(t, out.Error.RequestID, test.code)
			}
		})
	}
}

// TestIAMToolsMissing requires that both sources say of what is not there that it is not.
func TestIAMToolsMissing(t *testing.T) {
	t.Parallel()
	live, saved := newClient(t, newServer(t, liveOptions(iamAWS(t)))), newClient(t, demoServer(t))
	s := subjectsOf(t)
	for _, test := range []struct {
		tool      string
		arguments map[string]any
		live      bool
	}{
		{"get_user", map[string]any{"user_name": "nobody"}, false},
		{"get_role", map[string]any{"role_name": "nobody"}, false},
		{"get_group", map[string]any{"group_name": "nobody"}, false},
		{"list_user_policies", map[string]any{"user_name": "nobody"}, false},
		{"list_role_policies", map[string]any{"role_name": "nobody"}, false},
		{"list_group_policies", map[string]any{"group_name": "nobody"}, false},
		{"list_attached_role_policies", map[string]any{"role_name": "nobody"}, false},
		{"get_user_policy", map[string]any{"user_name": s.user, "policy_name": "none"}, false},
		{"get_role_policy", map[string]any{"role_name": s.role, "policy_name": "none"}, false},
		{"get_group_policy", map[string]any{"group_name": s.group, "policy_name": "none"}, false},
		{"get_managed_policy_document", map[string]any{"policy_arn": demoPolicy + "X"}, false},
		{"get_managed_policy_document", map[string]any{"policy_arn": demoPolicy, "version_id": "v77"}, false},
		{"get_managed_policy_document", map[string]any{"policy_arn": "arn:aws:iam::999999999999:policy/x"}, false},
		{"get_user", map[string]any{"user_name": strings.ReplaceAll(demoUser, "123456789012", "999999999999")}, false},
		{"simulate_principal_policy", map[string]any{"policy_source_arn": demoUser + "x", "action_names": []any{"s3:GetObject"}}, true},
		{"get_service_last_accessed", map[string]any{"arn": demoUser + "x"}, true},
		{"get_access_key_last_used", map[string]any{"access_key_id": "AKIA0000000000000000"}, true},
	} {
		out := callTool(t, live, test.tool, test.arguments)
		require.Equal(t, mcpserver.CodeNotFound, out.Error.Code, "%s %v", test.tool, test.arguments)
		if !test.live {
			out := callTool(t, saved, test.tool, test.arguments)
			require.Equal(t, mcpserver.CodeNotFound, out.Error.Code, "%s %v", test.tool, test.arguments)
		}
	}
	out := callTool(t, saved, "get_user", map[string]any{"user_name": "RubenCastilo"})
	require.Contains(t, out.Error.Message, "did you mean RubenCastillo?")
}

// TestIAMToolsInvalid requires that wrong arguments are refused before AWS is asked.
func TestIAMToolsInvalid(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	live, saved := newClient(t, newServer(t, liveOptions(fake))), newClient(t, demoServer(t))
	action := []any{"s3:GetObject"}
	simulate := func(context any) map[string]any {
		return map[string]any{"policy_documents": []any{readAll}, "action_names": action, "context_entries": context}
	}
	for _, test := range []struct {
		tool      string
		arguments map[string]any
		says      string
	}{
		{"list_users", map[string]any{"max_items": 0}, "max_items"},
		{"list_users", map[string]any{"max_items": 1001}, "max_items"},
		{"list_roles", map[string]any{"path_prefix": "team"}, "path_prefix"},
		{"list_policies", map[string]any{"scope": "Mine"}, "scope"},
		{"get_user", nil, "user_name"},
		{"get_user", map[string]any{"user_name": ""}, "user_name is empty"},
		{"get_user", map[string]any{"user_name": "arn:aws:iam::123456789012:role/x"}, "the ARN of a user"},
		{"get_group_policy", map[string]any{"group_name": "x", "policy_name": ""}, "policy_name is empty"},
		{"get_managed_policy_document", map[string]any{"policy_arn": "ReadOnlyAccess"}, "policy_arn"},
		{"get_access_key_last_used", map[string]any{"access_key_id": "AKIA short"}, "access_key_id"},
		{"get_service_last_accessed", map[string]any{"arn": "root"}, "arn: want"},
		{"get_service_last_accessed", map[string]any{"arn": demoUser, "granularity": "DAY"}, "granularity"},
		{"simulate_principal_policy", map[string]any{"policy_source_arn": "x", "action_names": action}, "policy_source_arn"},
		{"simulate_principal_policy", map[string]any{"policy_source_arn": demoUser, "action_names": []any{}}, "action_names"},
		{"simulate_principal_policy", map[string]any{"policy_source_arn": demoUser, "action_names": []any{"s3:Get*"}}, "knows no wildcards"},
		{"simulate_custom_policy", map[string]any{"policy_documents": []any{"{"}, "action_names": action}, "policy_documents[0]"},
		{"simulate_custom_policy", map[string]any{"policy_documents": []any{readAll}, "permissions_boundary": "{", "action_names": action}, "permissions_boundary"},
		{"simulate_custom_policy", simulate(map[string]any{"SourceIp": "x"}), "context_entries"},
		{"simulate_custom_policy", simulate(map[string]any{"aws:SourceIp": "here"}), "not of the type ip"},
		{"simulate_custom_policy", simulate(map[string]any{"aws:SourceIp": nil}), "context_entries"},
		{"simulate_custom_policy", simulate(map[string]any{"aws:SourceIp": []any{map[string]any{}}}), "context_entries"},
		{"simulate_custom_policy", simulate(map[string]any{"aws:x": map[string]any{"values": "1", "type": "word"}}), "not a type of context keys"},
		{"simulate_custom_policy", simulate(map[string]any{"aws:x": map[string]any{"values": "1", "value": "1"}}), "context_entries"},
		{"simulate_custom_policy", simulate(map[string]any{"aws:x": map[string]any{"values": "1", "kind": "ip"}}), "context_entries"},
		{"simulate_custom_policy", simulate(map[string]any{"aws:x": map[string]any{"type": "ip"}}), "context_entries"},
	} {
		out := callTool(t, live, test.tool, test.arguments)
		require.Equal(t, mcpserver.CodeInvalidArgument, out.Error.Code, "%s %v: %s", test.tool, test.arguments, out.Error.Message)
		require.Contains(t, out.Error.Message, test.says)
		require.NotContains(t, out.Error.Message, "collect.")
	}
	for operation := range fake.Calls() {
		require.Equal(t, "GetCallerIdentity", operation)
	}
	out := callTool(t, saved, "list_users", map[string]any{"marker": "made up"})
	require.Equal(t, mcpserver.CodeInvalidArgument, out.Error.Code)
	require.Contains(t, out.Error.Message, "marker")
}

// TestIAMToolsRepeatNoSecret requires that a secret in the place of an id stays out
// of the answer.
func TestIAMToolsRepeatNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00"
	out := callTool(t, newClient(t, demoServer(t)), "get_access_key_last_used", map[string]any{"access_key_id": secret})
	require.Equal(t, mcpserver.CodeInvalidArgument, out.Error.Code)
	require.NotContains(t, out.Text, secret)
}

// TestIAMToolsGaps requires that what could not be read is named, and that the
// answer does not take it for absent.
func TestIAMToolsGaps(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	fake.Deny("ListAccessKeys", "ListUserPolicies", "ListUserTags", "GetPolicyVersion", "ListGroupPolicies")
	out := callTool(t, newClient(t, newServer(t, liveOptions(fake))), "get_user", map[string]any{"user_name": demoUser})
	require.False(t, out.IsError, "%+v", out.Error)
	user := out.Structured["user"].(map[string]any)
	require.Equal(t, []any{"inline_policies"}, user["unknown"])
	require.Equal(t, []any{"access_keys"}, user["credentials"].(map[string]any)["unknown"])
	gaps := out.Structured["gaps"].([]any)
	require.Len(t, gaps, 2, "%v", gaps) // not that of texts, which are not shown
	require.Contains(t, gaps[0], "iam:ListAccessKeys AccessDenied")
	require.Contains(t, gaps[1], "iam:ListUserPolicies AccessDenied")
	require.Contains(t, out.Text, "Access keys: unknown")
}

// TestIAMToolsSavedWithLittle requires that a file that tells little is not taken
// for an account that has little.
func TestIAMToolsSavedWithLittle(t *testing.T) {
	t.Parallel()
	account, err := demo.Account()
	require.NoError(t, err)
	account.Root = nil
	for i := range account.Users {
		u := &account.Users[i]
		u.Known &^= nhiscan.FactPassword | nhiscan.FactAccessKeys | nhiscan.FactMFADevices | nhiscan.FactInlinePolicies | nhiscan.FactPasswordLastUsed
		u.Credentials, u.InlinePolicies = nhiscan.Credentials{}, nil
	}
	for i := range account.Roles {
		account.Roles[i].Known, account.Roles[i].AttachedPolicies = 0, nil
	}
	account.Gaps = append(account.Gaps, nhiscan.Gap{Operation: "iam:GetAccountAuthorizationDetails", Resource: "*", Code: nhiscan.GapTruncated, Message: "one page of several"})
	c := newClient(t, snapshotServer(t, account))
	for tool, arguments := range map[string]map[string]any{
		"list_user_policies":          {"user_name": demoUser},
		"get_user_policy":             {"user_name": demoUser, "policy_name": "x"},
		"list_attached_role_policies": {"role_name": account.Roles[0].Name},
		"get_credential_report":       nil,
		"get_access_key_last_used":    {"access_key_id": "AKIA0000000000000000"},
		"get_role":                    {"role_name": "may-be-on-another-page"},
	} {
		out := callTool(t, c, tool, arguments)
		require.Equal(t, mcpserver.CodeNotInFile, out.Error.Code, tool)
		require.NotEmpty(t, out.Error.Hint, tool)
	}
	out := callTool(t, c, "get_user", map[string]any{"user_name": demoUser})
	require.Contains(t, out.Structured["user"].(map[string]any)["unknown"], "inline_policies")
	require.Contains(t, out.Text, "Access keys: unknown, MFA devices: unknown")
	require.NotEmpty(t, out.Structured["gaps"])
	summary := callTool(t, c, "get_account_summary", nil)
	require.Empty(t, summary.Structured["summary"])
	require.Len(t, summary.Structured["gaps"], 2)
	users := callTool(t, c, "list_users", nil)
	require.NotEmpty(t, users.Structured["gaps"])
	require.NotContains(t, users.Structured["users"].([]any)[0], "password_last_used")
}

func TestIAMToolsPublishedPolicy(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	const arn = "arn:aws:iam::aws:policy/SecurityAudit"
	out := callTool(t, c, "get_managed_policy_document", map[string]any{"policy_arn": arn})
	require.False(t, out.IsError, "%+v", out.Error)
	require.NotEmpty(t, out.Structured["policy_document"])
	require.Contains(t, out.Structured["gaps"].([]any)[0], "not from the saved account")
	out = callTool(t, c, "get_managed_policy_document", map[string]any{"policy_arn": arn, "version_id": "v1"})
	require.Equal(t, mcpserver.CodeNotInFile, out.Error.Code)
	out = callTool(t, c, "get_managed_policy_document", map[string]any{"policy_arn": arn + "s"})
	require.Equal(t, mcpserver.CodeNotFound, out.Error.Code)
}
