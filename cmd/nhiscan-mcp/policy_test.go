package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// printed is what the program prints.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	status := run(t.Context(), args, &console{stdout: &out, stderr: &said, getenv: func(string) string { return "" }})
	require.Zero(t, status, said.String())
	return out.String()
}

// maxManagedPolicy is how many characters IAM takes of a managed policy, spaces aside.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const maxManagedPolicy = 6144

// TestPrintedPolicy requires of the policy for each toolset that it allows what the
// tools call, and nothing that they do not, and that nothing is wrong with it.
func TestPrintedPolicy(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"all that read": nil, "all": {"--allow-write"}, "scan": {"--toolsets", "scan"}, "permissions": {"--toolsets", "permissions"},
		"policies": {"--toolsets", "policies"}, "iam": {"--toolsets", "iam"}, "manage": {"--toolsets", "manage", "--allow-write"},
		"one tool": {"--tools", "get_user"}, "one change": {"--tools", "delete_user", "--allow-write"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := printed(t, append([]string{"--print-policy"}, args...)...)
			for _, finding := range policydoc.Lint(text, nil) {
				require.NotEqual(t, policydoc.FindingError, finding.Level, "%+v", finding)
			}
			doc, err := policydoc.Parse(text)
			require.NoError(t, err)
			policies := &permissions.Policies{Identity: []*permissions.Policy{permissions.Compile(doc, permissions.Source{Type: permissions.IdentityPolicy, Name: "printed"})}}
			var compact bytes.Buffer
			require.NoError(t, json.Compact(&compact, []byte(text)))
			require.LessOrEqual(t, compact.Len(), maxManagedPolicy)

			needed := map[string]bool{}
			for _, tool := range servedBy(t, args) {
				for _, action := range tool.Actions {
					needed[action] = action != "sts:GetCallerIdentity"
				}
			}
			var printedPolicy identityPolicy
			require.NoError(t, json.Unmarshal([]byte(text), &printedPolicy))
			for action, isNeeded := range needed {
				if !isNeeded {
					continue
				}
				decision := permissions.Evaluate(policies, &permissions.Request{
					Principal: permissions.Principal{ARN: "arn:aws:iam::123456789012:role/nhiscan"}, Action: action, Resource: "*",
				})
				require.Equal(t, permissions.Allowed, decision.Outcome, action)
			}
			for _, s := range printedPolicy.Statement {
				require.Equal(t, "Allow", s.Effect)
				for _, action := range s.Action {
					require.True(t, needed[action], "no tool calls %s", action)
				}
			}
		})
	}
}

// servedBy are the tools that the flags choose.
func servedBy(t *testing.T, args []string) []mcpserver.Tool {
	t.Helper()
	opts := &mcpserver.Options{}
	for i, arg := range args {
		switch arg {
		case "--allow-write":
			opts.AllowWrite = true
		case "--toolsets":
			opts.Toolsets = []mcpserver.Toolset{mcpserver.Toolset(args[i+1])}
		case "--tools":
			opts.Tools = []string{args[i+1]}
		}
	}
	s, err := mcpserver.New(opts)
	require.NoError(t, err)
	return s.Tools()
}
