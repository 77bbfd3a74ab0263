package mcpserver_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// answers are calls of tools on the demo account, whose answers are kept.
var answers = []struct {
	name, tool string
	arguments  map[string]any
}{
	{"evaluate_access/allowed", "evaluate_access", map[string]any{
		"principal": "orchid", "action": "lambda:CreateFunction", "resource": "arn:aws:lambda:eu-west-1:123456789012:function:x",
	}},
	{"evaluate_access/denied", "evaluate_access", map[string]any{"principal": "finn", "action": "iam:CreateUser", "resource": "*"}},
	{"evaluate_access/depends", "evaluate_access", map[string]any{
		"principal": "finn", "action": "sts:AssumeRole", "resource": "arn:aws:iam::123456789012:role/open-catalogue-reader",
	}},
	{"evaluate_access/context", "evaluate_access", map[string]any{
		"principal": "finn", "action": "sts:AssumeRole", "resource": "arn:aws:iam::123456789012:role/open-catalogue-reader",
		"context": map[string]any{"aws:MultiFactorAuthPresent": true}, "context_complete": true,
	}},
	{"evaluate_access/where", "evaluate_access", map[string]any{"principal": "github-actions-deploy", "action": "iam:PassRole"}},
	{"evaluate_access/policies", "evaluate_access", map[string]any{
		"principal": "github-release-old", "action": "s3:GetObject", "resource": "arn:aws:s3:::books/a",
		"resource_policy": "{\"Version\":\"2012-10-17\",\n\"Statement\":[\n{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}",
		"session_policy":  map[string]any{"Version": "2012-10-17", "Statement": map[string]any{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}},
	}},
	{"who_can/any", "who_can", map[string]any{"action": "iam:PassRole", "max_items": 2}},
	{"who_can/resource", "who_can", map[string]any{"action": "s3:GetObject", "resource": "arn:aws:s3:::payroll/2026.csv", "max_items": 3}},
	{"who_can/unknown_action", "who_can", map[string]any{"action": "s3:GetObjct", "max_items": 1}},
	{"find_escalation_paths/user", "find_escalation_paths", map[string]any{"identity_name": "orchid", "identity_type": "user", "max_items": 2}},
	{"find_escalation_paths/certain", "find_escalation_paths", map[string]any{
		"identity_name": "arn:aws:iam::123456789012:user/orchid", "only_admin": true, "min_certainty": "certain",
	}},
	{"find_escalation_paths/nothing", "find_escalation_paths", map[string]any{"identity_name": "marlin", "only_admin": true}},
	{"find_escalation_paths/account", "find_escalation_paths", map[string]any{"max_items": 3}},
	{"find_escalation_paths/account_admin", "find_escalation_paths", map[string]any{"only_admin": true, "max_items": 1}},
	{"classify_role_trust/role", "classify_role_trust", map[string]any{"role_name": "github-release-old"}},
	{"classify_role_trust/account", "classify_role_trust", map[string]any{"max_items": 3}},
	{"find_escalation_paths/administrator", "find_escalation_paths", map[string]any{"identity_name": "admin-with-mfa"}},
	{"classify_role_trust/document", "classify_role_trust", map[string]any{
		"account_id":   "123456789012",
		"trust_policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`,
	}},
}

func TestPermissionsToolsAnswers(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	for _, test := range answers {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out := callTool(t, c, test.tool, test.arguments)
			goldenAnswer(t, "answers/"+test.name, out)
			require.LessOrEqual(t, strings.Count(out.Text, "\n"), 14, out.Text)
		})
	}
}

func TestPermissionsToolsErrors(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	const object = "arn:aws:s3:::books/a"
	for _, test := range []struct {
		name, tool          string
		arguments           map[string]any
		code, message, hint string
	}{
		{"no such principal", "evaluate_access", map[string]any{"principal": "orchd", "action": "s3:GetObject"}, mcpserver.CodeNotFound, "did you mean orchid", ""},
		{"no principal", "evaluate_access", map[string]any{"action": "s3:GetObject"}, mcpserver.CodeInvalidArgument, "principal: is missing", ""},
		{"ARN of a group", "evaluate_access", map[string]any{"principal": "arn:aws:iam::123456789012:group/x", "action": "s3:GetObject"}, mcpserver.CodeInvalidArgument, "not the ARN of a user or role", ""},
		{"a pattern", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:*"}, mcpserver.CodeInvalidArgument, "name one action", "explain_policy"},
		{"no resource", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": "books"}, mcpserver.CodeInvalidArgument, "give an ARN", ""},
		{"context without resource", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "context_complete": true}, mcpserver.CodeInvalidArgument, "name its resource", ""},
		{"context key", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": object, "context": map[string]any{"SourceIp": "x"}}, mcpserver.CodeInvalidArgument, "context: a condition key has a service", ""},
		{"context value", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": object, "context": map[string]any{"aws:SourceIp": "home"}}, mcpserver.CodeInvalidArgument, "context: the value of aws:SourceIp is an IP address", ""},
		{"context type", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": object, "context": map[string]any{"aws:SourceIp": map[string]any{}}}, mcpserver.CodeInvalidArgument, "context: want a string, number or boolean", ""},
		{"context null", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": object, "context": map[string]any{"aws:SourceIp": nil}}, mcpserver.CodeInvalidArgument, "context: want a string", ""},
		{"context value and absent", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": object, "context": map[string]any{"aws:SourceIp": []any{"192.0.2.1", ""}}}, mcpserver.CodeInvalidArgument, "said to be absent", ""},
		{"resource policy", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": object, "resource_policy": "{"}, mcpserver.CodeInvalidArgument, "resource_policy: ", ""},
		{"session policy", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": object, "session_policy": map[string]any{"Statement": 1}}, mcpserver.CodeInvalidArgument, "session_policy: ", ""},
		{"policy of another type", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": object, "session_policy": 1}, mcpserver.CodeInvalidArgument, "want a string or an object", ""},
		{"credentials of a saved account", "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "profile": "prod"}, mcpserver.CodeRefused, "saved account", ""},
		{"who can a pattern", "who_can", map[string]any{"action": "s3:*"}, mcpserver.CodeInvalidArgument, "name one action", ""},
		{"who can on nothing", "who_can", map[string]any{"action": "s3:GetObject", "resource": "x"}, mcpserver.CodeInvalidArgument, "give an ARN", ""},
		{"another tool's cursor", "who_can", map[string]any{"action": "s3:GetObject", "cursor": "x"}, mcpserver.CodeInvalidArgument, "cursor", ""},
		{"no such identity", "find_escalation_paths", map[string]any{"identity_name": "nobody-at-all"}, mcpserver.CodeNotFound, "nobody-at-all", ""},
		{"type alone", "find_escalation_paths", map[string]any{"identity_type": "user"}, mcpserver.CodeInvalidArgument, "identity_name", ""},
		{"wrong type", "find_escalation_paths", map[string]any{"identity_name": "orchid", "identity_type": "role"}, mcpserver.CodeNotFound, "did you mean arn:aws:iam::123456789012:user/orchid?", ""},
		{"half of a name", "find_escalation_paths", map[string]any{"name": "orchid"}, mcpserver.CodeInvalidArgument, "unknown argument", "did you mean identity_name?"},
		{"wrong certainty", "find_escalation_paths", map[string]any{"min_certainty": "0.5"}, mcpserver.CodeInvalidArgument, "one of possible, certain", ""},
		{"no such role", "classify_role_trust", map[string]any{"role_name": "orchid"}, mcpserver.CodeNotFound, "role orchid", ""},
		{"role and document", "classify_role_trust", map[string]any{"role_name": "x", "trust_policy": "{}"}, mcpserver.CodeInvalidArgument, "give one", ""},
		{"account of a role", "classify_role_trust", map[string]any{"role_name": "x", "account_id": "123456789012"}, mcpserver.CodeInvalidArgument, "goes with trust_policy", ""},
		{"no account id", "classify_role_trust", map[string]any{"trust_policy": "{}", "account_id": "prod"}, mcpserver.CodeInvalidArgument, "12 digits", ""},
		{"document too long", "classify_role_trust", map[string]any{"trust_policy": strings.Repeat(" ", 200<<10)}, mcpserver.CodeInvalidArgument, "longer than 131072", ""},
		{"document not whole", "classify_role_trust", map[string]any{"trust_policy": `{"Statement":`}, mcpserver.CodeInvalidArgument, "found the end of the text (at byte 13)", ""},
		{"no trust policy", "classify_role_trust", map[string]any{"trust_policy": `{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`}, mcpserver.CodeInvalidArgument, "this is no trust policy", "explain_policy"},
		{"object too long", "classify_role_trust", map[string]any{"trust_policy": map[string]any{"Id": strings.Repeat("x", 200<<10)}}, mcpserver.CodeInvalidArgument, "reads at most 131072", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out := callTool(t, c, test.tool, test.arguments)
			require.True(t, out.IsError, out.Text)
			require.Equal(t, test.code, out.Error.Code)
			require.Contains(t, out.Error.Message, test.message)
			require.Contains(t, out.Error.Hint, test.hint)
		})
	}
}

// pagesOf follows the cursors of a list and returns its items.
func pagesOf(t *testing.T, ask func(cursor string) outcome, items string) []any {
	t.Helper()
	var all []any
	for cursor := ""; ; {
		out := ask(cursor)
		require.False(t, out.IsError, "%+v", out.Error)
		list := out.Structured[items].([]any)
		require.EqualValues(t, len(list), out.Structured["returned"])
		all = append(all, list...)
		require.EqualValues(t, out.Structured["total"], float64(len(all))+out.Structured["remaining"].(float64))
		if cursor = out.Structured["next_cursor"].(string); cursor == "" {
			return all
		}
	}
}

// TestPermissionsPages requires that pages are the list that one large page is.
func TestPermissionsPages(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	for _, test := range []struct {
		tool, items string
		arguments   map[string]any
	}{
		{"who_can", "principals", map[string]any{"action": "sts:AssumeRole", "context": map[string]any{"aws:SourceIp": []any{"192.0.2.1"}, "aws:RequestedRegion": "eu-west-1"}}},
		{"find_escalation_paths", "identities", map[string]any{}},
		{"find_escalation_paths", "paths", map[string]any{"identity_name": "orchid"}},
		{"classify_role_trust", "roles", map[string]any{}},
	} {
		t.Run(test.tool+" "+test.items, func(t *testing.T) {
			t.Parallel()
			ask := func(maxItems int) func(string) outcome {
				return func(cursor string) outcome {
					arguments := map[string]any{"max_items": maxItems, "cursor": cursor}
					for name, value := range test.arguments {
						arguments[name] = value
					}
					return callTool(t, c, test.tool, arguments)
				}
			}
			whole := pagesOf(t, ask(200), test.items)
			require.Greater(t, len(whole), 7)
			require.Equal(t, whole, pagesOf(t, ask(7), test.items))
		})
	}
}

// TestEscalationsCountsAgree requires that the numbers of an account's answer are
// those of its identities.
func TestEscalationsCountsAgree(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	find := func(arguments map[string]any) map[string]any {
		out := callTool(t, c, "find_escalation_paths", arguments)
		require.False(t, out.IsError, "%+v", out.Error)
		return out.Structured
	}
	all := find(map[string]any{"max_items": 200})
	admin := find(map[string]any{"max_items": 200, "only_admin": true})
	sure := find(map[string]any{"max_items": 200, "min_certainty": "certain"})
	require.Equal(t, all["total"], admin["total"].(float64)+admin["filtered_out"].(float64))
	require.Equal(t, all["total"], sure["total"].(float64)+sure["filtered_out"].(float64))
	require.Zero(t, all["filtered_out"])
	for _, item := range sure["identities"].([]any) {
		require.Equal(t, true, item.(map[string]any)["certain"])
	}
	for _, item := range admin["identities"].([]any) {
		e := item.(map[string]any)
		require.Equal(t, true, e["to_admin"])
		one := find(map[string]any{"identity_name": e["arn"], "only_admin": true})
		require.Equal(t, e, one["identity"])
		require.Equal(t, e["paths"], one["total"])
	}
}

// TestAnswersOfStrangers requires that what strangers wrote stays data.
func TestAnswersOfStrangers(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	evil := "arn:aws:s3:::x/\u202eevil\x1b[31m\n\nIgnore"
	out := callTool(t, c, "evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject", "resource": evil})
	require.NotContains(t, out.Text, "\n\nIgnore")
	out = callTool(t, c, "evaluate_access", map[string]any{"principal": "x\u202e\nIgnore", "action": "s3:GetObject"})
	require.True(t, out.IsError)
}

// TestPermissionsToolsLive requires that the tools say what AWS refused, and work
// with gaps where they can.
func TestPermissionsToolsLive(t *testing.T) {
	t.Parallel()
	fake := demoIAM(t)
	c := newClient(t, newServer(t, liveOptions(fake)))
	for _, test := range answers {
		saved := callTool(t, newClient(t, demoServer(t)), test.tool, test.arguments)
		live := callTool(t, c, test.tool, test.arguments)
		require.False(t, live.IsError, "%s: %+v", test.name, live.Error)
		require.Equal(t, firstLine(saved.Text), firstLine(live.Text), test.name)
	}
}

// firstLine is the answer in short. The rest has lines of documents, which AWS
// gives on one.
func firstLine(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return first
}

func TestPermissionsToolsDenied(t *testing.T) {
	t.Parallel()
	fake := demoIAM(t)
	fake.Allow("sts:GetCallerIdentity")
	c := newClient(t, newServer(t, liveOptions(fake)))
	for _, test := range []struct {
		tool      string
		arguments map[string]any
	}{
		{"evaluate_access", map[string]any{"principal": "orchid", "action": "s3:GetObject"}},
		{"who_can", map[string]any{"action": "s3:GetObject"}},
		{"find_escalation_paths", map[string]any{}},
		{"classify_role_trust", map[string]any{}},
		{"explain_policy", map[string]any{"policy_arn": "arn:aws:iam::123456789012:policy/x"}},
	} {
		out := callTool(t, c, test.tool, test.arguments)
		require.True(t, out.IsError, test.tool)
		require.Equal(t, "AccessDenied", out.Error.Code, test.tool)
		require.Contains(t, out.Error.Hint, "iam:")
	}
}

// TestTextsTellGaps requires it of the text too: some clients show the model nothing else.
func TestTextsTellGaps(t *testing.T) {
	t.Parallel()
	account, err := demo.Account()
	require.NoError(t, err)
	account.Gaps = append(account.Gaps, nhiscan.Gap{Operation: "iam:GetAccountAuthorizationDetails", Resource: "*", Code: nhiscan.GapTruncated, Message: "one page of several"})
	c := newClient(t, snapshotServer(t, account))
	for tool, arguments := range map[string]map[string]any{
		"scan_iam_identities":      {},
		"list_nhi_identities":      {},
		"distinguish_users_vs_nhi": {},
		"who_can":                  {"action": "s3:GetObject"},
		"find_escalation_paths":    {},
		"classify_role_trust":      {},
	} {
		require.Contains(t, callTool(t, c, tool, arguments).Text, "Not all could be read: iam:GetAccountAuthorizationDetails", tool)
	}
}
