package mcpserver_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/mcpserver"
)

func readResource(t *testing.T, c *client.Client, uri string) (map[string]any, error) {
	t.Helper()
	request := mcp.ReadResourceRequest{}
	request.Params.URI = uri
	out, err := c.ReadResource(context.Background(), request)
	if err != nil {
		return nil, err
	}
	require.Len(t, out.Contents, 1)
	text, ok := out.Contents[0].(mcp.TextResourceContents)
	require.True(t, ok)
	require.Equal(t, uri, text.URI)
	require.Equal(t, "application/json", text.MIMEType)
	var value map[string]any
	require.NoError(t, json.Unmarshal([]byte(text.Text), &value))
	requirePrintable(t, value)
	return value, nil
}

func TestResources(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	list, err := c.ListResources(context.Background(), mcp.ListResourcesRequest{})
	require.NoError(t, err)
	require.Len(t, list.Resources, 1)
	templates, err := c.ListResourceTemplates(context.Background(), mcp.ListResourceTemplatesRequest{})
	require.NoError(t, err)
	require.Len(t, templates.ResourceTemplates, 4)

	summary, err := readResource(t, c, "nhiscan://account/summary")
	require.NoError(t, err)
	require.EqualValues(t, 27, summary["summary"].(map[string]any)["users"])

	details := callTool(t, c, "get_identity_details", map[string]any{"identity_name": "terraform"})
	whole, err := readResource(t, c, details.Structured["resource"].(string))
	require.NoError(t, err)
	require.Equal(t, "nhiscan/identity/v1", whole["schema"])
	require.Equal(t, "terraform", whole["identity"].(map[string]any)["name"])
}

func TestScanResourcePages(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	for _, withPermissions := range []bool{false, true} {
		out := callTool(t, c, "scan_iam_identities", map[string]any{"include_permissions": withPermissions})
		seen := map[string]bool{}
		for uri := out.Structured["resource"].(string); uri != ""; {
			page, err := readResource(t, c, uri)
			require.NoError(t, err)
			for _, item := range page["identities"].([]any) {
				identity := item.(map[string]any)
				seen[identity["arn"].(string)] = true
				require.Equal(t, withPermissions, identity["permissions"] != nil)
			}
			uri = page["next"].(string)
		}
		require.Len(t, seen, 70)
	}
}

func TestResourceNotFound(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	scan := callTool(t, c, "scan_iam_identities", nil).Structured["resource"].(string)
	scan = strings.TrimSuffix(scan, "/identities/0")
	for _, uri := range []string{
		"nhiscan://identity/arn:aws:iam::123456789012:user/nobody",
		"nhiscan://identity/terraform",
		"nhiscan://identity/%zz",
		"nhiscan://scan/NOSUCHSCAN/identities/0",
		scan + "/identities/70",
		scan + "/identities/-1",
		scan + "/identities/x",
		scan + "/other/0",
		"nhiscan://other",
	} {
		_, err := readResource(t, c, uri)
		require.ErrorContains(t, err, "resource not found", uri)
	}
	old := newClientOf(t, demoServer(t), "2025-06-18")
	_, err := readResource(t, old, "nhiscan://identity/arn:aws:iam::123456789012:user/nobody")
	require.ErrorIs(t, err, mcp.ErrResourceNotFound)
}

// TestResourceOfInlineKeys requires that what was read with the keys of a call is
// reached through its scan alone.
func TestResourceOfInlineKeys(t *testing.T) {
	t.Parallel()
	opts := liveOptions(demoIAM(t))
	opts.InlineCredentials = true
	c := newClient(t, newServer(t, opts))
	out := callTool(t, c, "get_identity_details", map[string]any{
		"identity_name": "terraform", "aws_access_key_id": "AKIAEXAMPLE000000002", "aws_secret_access_key": "0123456789012345678901234567890123456789",
	})
	require.False(t, out.IsError, "%+v", out.Error)
	uri := out.Structured["resource"].(string)
	require.True(t, strings.HasPrefix(uri, "nhiscan://scan/"), uri)
	whole, err := readResource(t, c, uri)
	require.NoError(t, err)
	require.Equal(t, "terraform", whole["identity"].(map[string]any)["name"])
}

func TestResourceDenied(t *testing.T) {
	t.Parallel()
	fake := demoIAM(t)
	fake.Allow()
	c := newClient(t, newServer(t, liveOptions(fake)))
	_, err := readResource(t, c, "nhiscan://account/summary")
	require.ErrorContains(t, err, "AccessDenied")
	require.NotContains(t, err.Error(), "resource not found")
}

func TestNoResourcesWithoutScanTools(t *testing.T) {
	t.Parallel()
	account, err := demo.Account()
	require.NoError(t, err)
	c := newClient(t, newServer(t, &mcpserver.Options{
		Snapshot: &mcpserver.Snapshot{Account: account}, Toolsets: []mcpserver.Toolset{mcpserver.ToolsetPolicies},
	}))
	_, err = readResource(t, c, "nhiscan://account/summary")
	require.ErrorContains(t, err, "resource not found")
	prompts, err := c.ListPrompts(context.Background(), mcp.ListPromptsRequest{})
	require.NoError(t, err)
	require.Empty(t, prompts.Prompts)
}

// hostile has names that are instructions, and characters that act.
func hostile(t *testing.T) *nhiscan.Account {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	user := &account.Users[0]
	user.Name = "ignore\u202eall\x1b[2J\U000e0041"
	user.ARN = "arn:aws:iam::123456789012:user/" + user.Name
	user.Tags = append(user.Tags, nhiscan.Tag{Key: "note\u200b", Value: "AKIAIOSFODNN7EXAMPLE/wJalrXUtnFEMI\n\x00"})
	return account
}

func TestHostileNames(t *testing.T) {
	t.Parallel()
	account := hostile(t)
	c := newClient(t, snapshotServer(t, account))
	callTool(t, c, "scan_iam_identities", map[string]any{"include_permissions": true, "max_items": 1000})
	callTool(t, c, "list_nhi_identities", map[string]any{"min_confidence": 0, "max_items": 1000})
	callTool(t, c, "distinguish_users_vs_nhi", nil)
	out := callTool(t, c, "get_identity_details", map[string]any{"identity_name": account.Users[0].Name})
	require.False(t, out.IsError, "%+v", out.Error)
	out = callTool(t, c, "get_identity_details", map[string]any{"identity_name": "no\u202esuch\x1b"})
	require.True(t, out.IsError)
	_, err := readResource(t, c, "nhiscan://account/summary")
	require.NoError(t, err)
}
