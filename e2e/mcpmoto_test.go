package e2e_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The tools that take access keys as arguments, with arguments for the seeded account.
var scanningTools = map[string]map[string]any{
	"scan_iam_identities":        {"include_permissions": true, "max_items": 5},
	"list_nhi_identities":        {"max_items": 5},
	"analyze_caller_permissions": {},
	"get_identity_details":       {"identity_name": "svc-orders-00001"},
	"distinguish_users_vs_nhi":   {},
}

const scannerRole = "arn:aws:iam::123456789012:role/scanner"

// withProfile writes the files of the AWS command line, with the keys of a user.
func (m *moto) withProfile(t *testing.T, profile, user string) []string {
	t.Helper()
	dir := t.TempDir()
	credentials := "[" + profile + "]\naws_access_key_id = " + m.Keys[user][0] + "\naws_secret_access_key = " + m.Keys[user][1] + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "credentials"), []byte(credentials), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "config"), []byte("[profile "+profile+"]\nregion = eu-west-1\n"), 0o600))
	return []string{
		"AWS_ENDPOINT_URL=" + m.Endpoint,
		"AWS_CONFIG_FILE=" + filepath.Join(dir, "config"), "AWS_SHARED_CREDENTIALS_FILE=" + filepath.Join(dir, "credentials"),
	}
}

// requireNoSecrets looks at everything that came out of the server.
func (m *moto) requireNoSecrets(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		for user, key := range m.Keys {
			require.NotContains(t, text, key[1], "the secret key of %s", user)
		}
	}
}

// TestMCPCredentials scans a moto in all ways to say whose credentials are meant.
func TestMCPCredentials(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 10, 10)
	admin := m.Keys["admin"]
	inline := map[string]any{"aws_access_key_id": admin[0], "aws_secret_access_key": admin[1]}
	for name, test := range map[string]struct {
		env       []string
		arguments map[string]any
		identity  string
	}{
		"the server's own": {m.as("admin"), nil, ":user/nhiscan-admin"},
		"inline keys":      {[]string{"AWS_ENDPOINT_URL=" + m.Endpoint}, inline, ":user/nhiscan-admin"},
		"inline before the server's own": {
			m.as("reader"), inline, ":user/nhiscan-admin",
		},
		"profile":          {m.withProfile(t, "prod", "admin"), map[string]any{"profile": "prod"}, ":user/nhiscan-admin"},
		"role":             {m.as("admin"), map[string]any{"role_arn": scannerRole}, ":assumed-role/scanner/nhiscan-mcp"},
		"profile and role": {m.withProfile(t, "prod", "admin"), map[string]any{"profile": "prod", "role_arn": scannerRole}, ":assumed-role/scanner/nhiscan-mcp"},
		"inline keys and role": {
			[]string{"AWS_ENDPOINT_URL=" + m.Endpoint}, merge(inline, map[string]any{"role_arn": scannerRole}), ":assumed-role/scanner/nhiscan-mcp",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := converse(t, test.env, "--audit-log", "audit.jsonl", "--log-level", "debug")
			for _, tool := range slices.Sorted(maps.Keys(scanningTools)) {
				c.must(tool, merge(scanningTools[tool], test.arguments))
			}
			c.close()
			records := readAudit(t, filepath.Join(c.cmd.Dir, "audit.jsonl"))
			require.Len(t, records, len(scanningTools))
			var asked int
			for _, r := range records {
				require.Contains(t, r.AWSIdentity, test.identity, r.Tool)
				require.Equal(t, "ok", r.Outcome, r.Tool)
				require.Equal(t, r.AWSCalls == 0, len(r.RequestIDs) == 0, r.Tool)
				asked += r.AWSCalls
			}
			require.Positive(t, asked)
			audit, err := os.ReadFile(filepath.Join(c.cmd.Dir, "audit.jsonl"))
			require.NoError(t, err)
			m.requireNoSecrets(t, c.stdout.String(), c.stderr.String(), string(audit))
		})
	}
}

// An auditRecord is what these tests read of a line of the audit log.
type auditRecord struct {
	Tool        string   `json:"tool"`
	AWSIdentity string   `json:"aws_identity"`
	Outcome     string   `json:"outcome"`
	ErrorCode   string   `json:"error_code"`
	AWSCalls    int      `json:"aws_calls"`
	RequestIDs  []string `json:"aws_request_ids"`
}

func readAudit(t *testing.T, name string) []auditRecord {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	var records []auditRecord
	for line := range strings.Lines(string(text)) {
		var r auditRecord
		require.NoError(t, json.Unmarshal([]byte(line), &r), line)
		records = append(records, r)
	}
	return records
}

func merge(maps ...map[string]any) map[string]any {
	all := map[string]any{}
	for _, m := range maps {
		for name, value := range m {
			all[name] = value
		}
	}
	return all
}

// TestMCPReadsIAM uses the tools that show IAM as it is.
func TestMCPReadsIAM(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 10, 10)
	c := converse(t, m.as("admin"))
	users := c.must("list_users", nil)
	require.Len(t, users["users"], 13, "those seeded and the three callers")
	require.Equal(t, false, users["is_truncated"])
	require.Len(t, c.must("list_users", map[string]any{"path_prefix": "/service/"})["users"], 5)
	require.Len(t, c.must("list_roles", nil)["roles"], 11)
	require.Len(t, c.must("list_groups", nil)["groups"], 1)
	require.Empty(t, c.must("list_policies", nil)["policies"])

	const user = "svc-orders-00001"
	whole := c.must("get_user", map[string]any{"user_name": user})
	require.Contains(t, fmt.Sprint(whole["gaps"]), "iam:ListServiceSpecificCredentials", "moto does not have it")
	identity := whole["user"].(map[string]any)
	require.Equal(t, map[string]any{"team": "orders"}, identity["tags"])
	require.Contains(t, fmt.Sprint(identity["inline_policies"]), "s3:PutObject")
	require.Equal(t, []any{"bucket"}, c.must("list_user_policies", map[string]any{"user_name": user})["policy_names"])
	document := c.must("get_user_policy", map[string]any{"user_name": user, "policy_name": "bucket"})["policy_document"]
	require.Contains(t, document, "Statement")
	role := c.must("get_role", map[string]any{"role_name": "lambda-role-00000"})["role"].(map[string]any)
	require.Contains(t, role["trust_policy"], "Statement")
	group := c.must("get_group", map[string]any{"group_name": "staff"})["group"].(map[string]any)
	require.Equal(t, []any{"maria.lopez00000", "maria.lopez00002", "maria.lopez00004", "maria.lopez00006", "maria.lopez00008"}, group["users"])
	require.Empty(t, c.must("list_attached_role_policies", map[string]any{"role_name": "scanner"})["attached_policies"])
	require.Contains(t, strings.ToLower(fmt.Sprint(c.must("get_account_summary", nil)["summary"])), "users:13")
	c.must("get_credential_report", nil)
	require.Equal(t, "nhiscan-admin", c.must("get_access_key_last_used", map[string]any{"access_key_id": m.Keys["admin"][0]})["user_name"])

	for tool, arguments := range map[string]map[string]any{
		"get_user":                 {"user_name": "nobody-here"},
		"get_role":                 {"role_name": "nobody-here"},
		"get_group":                {"group_name": "nobody-here"},
		"get_user_policy":          {"user_name": user, "policy_name": "nothing"},
		"list_role_policies":       {"role_name": "nobody-here"},
		"get_identity_details":     {"identity_name": "nobody-here"},
		"get_access_key_last_used": {"access_key_id": "AKIAIOSFODNN7EXAMPLE"},
	} {
		r := c.use(tool, arguments)
		require.True(t, r.IsError, tool)
		require.NotEmpty(t, r.failure(t).Code, tool)
	}
	c.close()
	m.requireNoSecrets(t, c.stdout.String(), c.stderr.String())
}

// TestMCPRefused has AWS refuse all or a part.
func TestMCPRefused(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 10, 10)
	m.enforce(t)
	for name, test := range map[string]struct {
		env       []string
		arguments map[string]any
	}{
		"no permission":   {m.as("nobody"), nil},
		"unknown keys":    {[]string{"AWS_ENDPOINT_URL=" + m.Endpoint}, map[string]any{"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": m.Keys["admin"][1]}},
		"wrong secret":    {[]string{"AWS_ENDPOINT_URL=" + m.Endpoint}, map[string]any{"aws_access_key_id": m.Keys["reader"][0], "aws_secret_access_key": m.Keys["admin"][1]}},
		"no such profile": {m.as("admin"), map[string]any{"profile": "nowhere"}},
		"no credentials":  {[]string{"AWS_ENDPOINT_URL=" + m.Endpoint}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := converse(t, test.env, "--audit-log", "audit.jsonl")
			for _, tool := range slices.Sorted(maps.Keys(scanningTools)) {
				r := c.use(tool, merge(scanningTools[tool], test.arguments))
				if name == "no permission" && tool == "analyze_caller_permissions" {
					continue // who one is needs no permission
				}
				require.True(t, r.IsError, "%s: %.300s", tool, r.Content[0].Text)
				f := r.failure(t)
				t.Logf("%s: %+v", tool, f)
				require.NotEmpty(t, f.Code, tool)
				require.NotEmpty(t, f.Hint, tool)
			}
			c.close()
			audit, err := os.ReadFile(filepath.Join(c.cmd.Dir, "audit.jsonl"))
			require.NoError(t, err)
			m.requireNoSecrets(t, c.stdout.String(), c.stderr.String(), string(audit))
		})
	}
	t.Run("least privilege", func(t *testing.T) {
		t.Parallel()
		c := converse(t, m.as("reader"))
		out := c.must("scan_iam_identities", nil)
		require.Equal(t, false, out["complete"])
		require.NotEmpty(t, out["gaps"])
		require.Len(t, c.must("list_users", nil)["users"], 13)
		require.True(t, ptr(c.use("list_groups", nil)).IsError)
		c.close()
	})
}

func ptr[T any](v T) *T { return &v }
