package mcpserver_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/mark3labs/mcp-go/client"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

// TestIAMToolsPages requires that max_items is a total, however small AWS's pages
// are, and that following the markers gives each item once and in order.
func TestIAMToolsPages(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	fake.PageSize(2)
	for name, c := range map[string]*client.Client{
		"aws": newClient(t, newServer(t, liveOptions(fake))), "saved": newClient(t, demoServer(t)),
	} {
		for _, test := range []struct {
			tool, items string
			arguments   map[string]any
		}{
			{"list_users", "users", nil},
			{"list_users", "users", map[string]any{"path_prefix": "/apps/"}},
			{"list_roles", "roles", nil},
			{"list_groups", "groups", nil},
			{"list_policies", "policies", nil},
			{"list_policies", "policies", map[string]any{"scope": "All", "only_attached": true}},
			{"get_credential_report", "rows", nil},
		} {
			t.Run(name+" "+test.tool, func(t *testing.T) {
				t.Parallel()
				whole := followMarkers(t, c, test.tool, test.items, test.arguments, 1000)
				require.NotEmpty(t, whole)
				require.Equal(t, whole, followMarkers(t, c, test.tool, test.items, test.arguments, 3))
				require.Equal(t, whole, followMarkers(t, c, test.tool, test.items, test.arguments, len(whole)))
			})
		}
	}
}

// followMarkers returns all items, at most so many at a time.
func followMarkers(t *testing.T, c *client.Client, tool, items string, arguments map[string]any, maxItems int) []any {
	t.Helper()
	var all []any
	marker := ""
	for {
		out := callTool(t, c, tool, merged(arguments, map[string]any{"max_items": maxItems, "marker": marker}))
		require.False(t, out.IsError, "%+v", out.Error)
		part := out.Structured[items].([]any)
		require.EqualValues(t, len(part), out.Structured["count"])
		require.LessOrEqual(t, len(part), maxItems)
		all = append(all, part...)
		marker = out.Structured["marker"].(string)
		require.Equal(t, marker != "", out.Structured["is_truncated"])
		if marker == "" {
			return all
		}
		require.Len(t, part, maxItems)
		require.Contains(t, out.Text, "call again with the marker")
	}
}

// TestIAMToolsWholeOverPages requires that one identity has everything, however
// small AWS's pages are.
func TestIAMToolsWholeOverPages(t *testing.T) {
	t.Parallel()
	paged := iamAWS(t)
	paged.PageSize(1)
	a, b := newClient(t, newServer(t, liveOptions(iamAWS(t)))), newClient(t, newServer(t, liveOptions(paged)))
	for _, call := range iamCalls(subjectsOf(t)) {
		if call.tool == "get_credential_report" {
			continue
		}
		want, got := callTool(t, a, call.tool, call.arguments).Structured, callTool(t, b, call.tool, call.arguments).Structured
		delete(want, "marker") // which is the fake's own affair
		delete(got, "marker")
		require.Equal(t, want, got, call.tool)
	}
}

// TestIAMToolsFailHalfWay requires an error, and no part of a list, when a page fails.
func TestIAMToolsFailHalfWay(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	fake.PageSize(2)
	fake.Inject(fakeiam.Fault{Operation: "ListUsers", Skip: 2, Code: "AccessDenied"})
	out := callTool(t, newClient(t, newServer(t, liveOptions(fake))), "list_users", nil)
	require.Equal(t, "AccessDenied", out.Error.Code)
}

// TestIAMToolsMarkersStay requires that AWS's markers come back to it as they were,
// though redaction takes long random strings for secrets.
func TestIAMToolsMarkersStay(t *testing.T) {
	t.Parallel()
	const letters = "AAbC3+d/E9fGhIjKl0MnOpQrStUvWxYz"
	for _, marker := range []string{"m", letters[:8] + letters, strings.Repeat(letters, 12) + "==", "a~b.c%d é", "eyJhbGciOiJI.eyJhbGciOiJI.abcdefghijkl"} {
		opts := liveOptions(iamAWS(t))
		connect, asked := opts.Connect, &markedIAM{marker: marker}
		opts.Connect = func(ctx context.Context, o *session.Options) (*mcpserver.Connection, error) {
			connection, err := connect(ctx, o)
			asked.IAMAPI = connection.IAM
			connection.IAM = asked
			return connection, err
		}
		c := newClient(t, newServer(t, opts))
		out := callTool(t, c, "list_groups", map[string]any{"max_items": 1})
		require.NotContains(t, out.Structured["marker"], "redacted")
		callTool(t, c, "list_groups", map[string]any{"max_items": 1, "marker": out.Structured["marker"]})
		require.Equal(t, marker, asked.got)
	}
}

// markedIAM lists groups with a marker of its own.
type markedIAM struct {
	collect.IAMAPI
	marker, got string
}

func (m *markedIAM) ListGroups(_ context.Context, in *iam.ListGroupsInput, _ ...func(*iam.Options)) (*iam.ListGroupsOutput, error) {
	m.got = aws.ToString(in.Marker)
	return &iam.ListGroupsOutput{Groups: []types.Group{{GroupName: aws.String("g")}}, IsTruncated: m.got == "", Marker: &m.marker}, nil
}
