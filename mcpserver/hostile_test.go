package mcpserver_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

// TestAuditOfLongArguments has arguments that cost the square of their length when
// a secret is looked for letter by letter, and one that is torn where they are cut.
func TestAuditOfLongArguments(t *testing.T) {
	t.Parallel()
	account, err := demo.Account()
	require.NoError(t, err)
	var audit bytes.Buffer
	c := newClient(t, newServer(t, &mcpserver.Options{
		Snapshot: &mcpserver.Snapshot{Account: account, Now: demo.Now()}, AuditLog: &audit, InlineCredentials: true,
	}))
	const key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	began := time.Now()
	callTool(t, c, "get_identity_details", map[string]any{
		"identity_name": strings.Repeat("a", 400_000), "aws_session_token": "b" + strings.Repeat("a", 400_000),
		"profile": strings.Repeat(key+" ", 10_000), "SecretAccessKey": "a-secret-of-no-pattern", "role_arn": "a-secret-of-no-pattern",
	})
	require.Less(t, time.Since(began), 20*time.Second)
	line := audit.String()
	require.Less(t, len(line), 8<<10)
	require.Contains(t, line, "(cut: the whole is 400000 bytes)")
	require.Contains(t, line, `"SecretAccessKey":"[redacted]"`)
	require.NotContains(t, line, "no-pattern")
	require.NotContains(t, line, key[:8])
}

// TestOwnProfileKeepsItsRole holds that a call cannot shed the server's role by
// naming the profile that it is assumed with.
func TestOwnProfileKeepsItsRole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments map[string]any
		profile   string
		role      string
	}{
		"none":          {nil, "base", "arn:aws:iam::123456789012:role/audit"},
		"its own":       {map[string]any{"profile": "base"}, "base", "arn:aws:iam::123456789012:role/audit"},
		"another":       {map[string]any{"profile": "other"}, "other", ""},
		"another role":  {map[string]any{"role_arn": "arn:aws:iam::123456789012:role/b"}, "base", "arn:aws:iam::123456789012:role/b"},
		"own, and role": {map[string]any{"profile": "base", "role_arn": "arn:aws:iam::123456789012:role/b"}, "base", "arn:aws:iam::123456789012:role/b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := liveOptions(demoIAM(t))
			opts.Session = session.Options{Profile: "base", RoleARN: "arn:aws:iam::123456789012:role/audit"}
			open := opts.Connect
			var used session.Options
			opts.Connect = func(ctx context.Context, o *session.Options) (*mcpserver.Connection, error) {
				used = *o
				return open(ctx, o)
			}
			out := callTool(t, newClient(t, newServer(t, opts)), "list_groups", test.arguments)
			require.False(t, out.IsError, out.Text)
			require.Equal(t, test.profile, used.Profile)
			require.Equal(t, test.role, used.RoleARN)
		})
	}
}
