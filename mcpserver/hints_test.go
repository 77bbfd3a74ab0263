package mcpserver_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

// TestHintsOfMissing requires that what is not there is looked for in the right
// place, in a saved account as in AWS, which is not asked more for it.
func TestHintsOfMissing(t *testing.T) {
	t.Parallel()
	account, err := demo.Account()
	require.NoError(t, err)
	attached := &account.Users[0]
	for i := range account.Users {
		if len(account.Users[i].AttachedPolicies) > 0 {
			attached = &account.Users[i]
		}
	}
	require.NotEmpty(t, attached.AttachedPolicies)
	policy := attached.AttachedPolicies[0]
	s := subjectsOf(t)
	live, saved := newClient(t, newServer(t, liveOptions(iamAWS(t)))), newClient(t, snapshotServer(t, account))
	for _, test := range []struct {
		tool            string
		arguments       map[string]any
		atLive, atSaved string
	}{
		{"get_user", map[string]any{"user_name": s.role}, "get_role", "there is a role of that name: get_role"},
		{"get_role", map[string]any{"role_name": s.user}, "get_user", "there is a user of that name: get_user"},
		{"list_user_policies", map[string]any{"user_name": s.group}, "get_group", "there is a group of that name: get_group"},
		{"get_group", map[string]any{"group_name": "nobody"}, "list_groups", "list_groups has the names"},
		{"get_user_policy", map[string]any{"user_name": attached.Name, "policy_name": policy.Name}, "get_managed_policy_document", policy.ARN},
		{"get_user_policy", map[string]any{"user_name": s.user, "policy_name": "none"}, "list_user_policies", "list_user_policies"},
		{"get_role_policy", map[string]any{"role_name": s.role, "policy_name": "none"}, "list_role_policies", "list_role_policies"},
		{"get_group_policy", map[string]any{"group_name": s.group, "policy_name": "none"}, "list_group_policies", "list_group_policies"},
		{"get_managed_policy_document", map[string]any{"policy_arn": demoPolicy + "X"}, "list_policies", "list_policies"},
		{"get_managed_policy_document", map[string]any{"policy_arn": demoPolicy, "version_id": "v77"}, "without version_id", "without version_id"},
		{"get_managed_policy_document", map[string]any{"policy_arn": "arn:aws:iam::999999999999:policy/x"}, "another account", "another account"},
	} {
		out := callTool(t, live, test.tool, test.arguments)
		require.Equal(t, mcpserver.CodeNotFound, out.Error.Code, "%s %v", test.tool, test.arguments)
		require.Contains(t, out.Error.Hint, test.atLive, "%s %v", test.tool, test.arguments)
		out = callTool(t, saved, test.tool, test.arguments)
		require.Equal(t, mcpserver.CodeNotFound, out.Error.Code, "%s %v", test.tool, test.arguments)
		require.Contains(t, out.Error.Hint, test.atSaved, "%s %v", test.tool, test.arguments)
	}
	for identity, hint := range map[string]string{
		s.group:                              "get_group",
		"root":                               "scan_iam_identities",
		"arn:aws:iam::123456789012:root":     "scan_iam_identities",
		"arn:aws:iam::123456789012:group/x":  "get_group",
		"arn:aws:iam::123456789012:policy/x": "get_managed_policy_document",
	} {
		out := callTool(t, saved, "get_identity_details", map[string]any{"identity_name": identity})
		require.Contains(t, out.Error.Hint, hint, identity)
	}
}

// TestHintsOfArguments requires that names which models give arguments lead to
// those that are meant.
func TestHintsOfArguments(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	for _, test := range []struct{ tool, argument, meant string }{
		{"scan_iam_identities", "limit", "max_items"},
		{"list_users", "page_size", "max_items"},
		{"find_escalation_paths", "user", "identity_name"},
		{"find_escalation_paths", "role", "identity_name"},
		{"classify_role_trust", "name", "role_name"},
		{"who_can", "next_token", "cursor"},
	} {
		arguments := map[string]any{test.argument: "x"}
		if test.tool == "who_can" {
			arguments["action"] = "s3:GetObject"
		}
		out := callTool(t, c, test.tool, arguments)
		require.Equal(t, mcpserver.CodeInvalidArgument, out.Error.Code)
		require.Equal(t, "did you mean "+test.meant+"?", out.Error.Hint, test.argument)
	}
	out := callTool(t, c, "evaluate_access", map[string]any{"principal": "x", "action": "s3:GetObject", "context": map[string]any{"aws:SourceIp": nil}})
	require.Regexp(t, "^context: want", out.Error.Message)
}

type panickingSTS struct{ collect.STSAPI }

func (panickingSTS) GetCallerIdentity(context.Context, *sts.GetCallerIdentityInput, ...func(*sts.Options)) (*sts.GetCallerIdentityOutput, error) {
	panic("at the disco")
}

// TestReadingPanics requires that a panic in a goroutine of a reading ends the
// reading and not the program.
func TestReadingPanics(t *testing.T) {
	t.Parallel()
	opts := liveOptions(demoIAM(t))
	whole := opts.Connect
	opts.Connect = func(ctx context.Context, o *session.Options) (*mcpserver.Connection, error) {
		connection, err := whole(ctx, o)
		connection.STS = panickingSTS{}
		return connection, err
	}
	out := callTool(t, newClient(t, newServer(t, opts)), "scan_iam_identities", nil)
	require.Equal(t, mcpserver.CodeInternal, out.Error.Code)
}

// TestResourcesFollowTools requires that a tool that is not served is not read as
// a resource either.
func TestResourcesFollowTools(t *testing.T) {
	t.Parallel()
	const identity = "nhiscan://identity/arn:aws:iam::123456789012:role/web-server"
	account, err := demo.Account()
	require.NoError(t, err)
	for tool, want := range map[string]struct {
		resources, templates int
		refused              string
	}{
		"scan_iam_identities":  {0, 2, "nhiscan://account/summary"},
		"get_identity_details": {1, 2, identity},
	} {
		c := newClient(t, newServer(t, &mcpserver.Options{
			Snapshot: &mcpserver.Snapshot{Account: account, Now: demo.Now()}, ExcludeTools: []string{tool},
		}))
		list, err := c.ListResources(t.Context(), mcp.ListResourcesRequest{})
		require.NoError(t, err)
		require.Len(t, list.Resources, want.resources, tool)
		templates, err := c.ListResourceTemplates(t.Context(), mcp.ListResourceTemplatesRequest{})
		require.NoError(t, err)
		require.Len(t, templates.ResourceTemplates, want.templates, tool)
		for _, uri := range []string{"nhiscan://account/summary", identity} {
			_, err := readResource(t, c, uri)
			if uri == want.refused {
				require.ErrorContains(t, err, "resource not found", tool)
			} else {
				require.NoError(t, err, tool)
			}
		}
	}
}

// TestCertainTellsOfPerhaps requires that a question for what is certain is not
// taken for the whole.
func TestCertainTellsOfPerhaps(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	perhaps := 0
	ask := func(cursor string) outcome {
		return callTool(t, c, "find_escalation_paths", map[string]any{"cursor": cursor})
	}
	for _, item := range pagesOf(t, ask, "identities") {
		if e := item.(map[string]any); e["to_admin"] == true && e["certain"] == false {
			perhaps++
		}
	}
	out := callTool(t, c, "find_escalation_paths", map[string]any{"min_certainty": "certain"})
	require.Positive(t, perhaps)
	require.Contains(t, out.Text, fmt.Sprintf("%d more could perhaps become administrator", perhaps))
}
