package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// Texts that must never come out. They do not look like secrets, so that only who
// knows them can take them away.
const (
	canaryKey     = "canary-of-the-environment's-key"
	canarySession = "canary-of-the-environment's-session"
	canaryInline  = "canary-of-the-argument's-key"
	canaryToken   = "canary-of-the-argument's-session"
)

// TestSecretsStayInside calls every tool with secrets in the environment and in the
// arguments, rightly and wrongly, when AWS answers and when it refuses and echoes
// what it was sent.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	inherited := "not with " + canaryKey + " and " + canarySession
	brought := "not with " + canaryInline + " and " + canaryToken
	for name, test := range map[string]struct {
		fault *fakeiam.Fault
		// inline says that every call brings keys, so that AWS can echo them.
		inline bool
	}{
		"answers":           {},
		"refuses":           {fault: &fakeiam.Fault{Code: "AccessDenied", Message: inherited, Status: 403}},
		"breaks":            {fault: &fakeiam.Fault{Code: inherited, Message: inherited, Status: 400}},
		"refuses what came": {&fakeiam.Fault{Code: "AccessDenied", Message: brought, Status: 403}, true},
		"breaks what came":  {&fakeiam.Fault{Code: brought, Message: brought, Status: 400}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := fakeAWS(t)
			if test.fault != nil {
				fake.Inject(*test.fault)
			}
			p := start(t, []string{
				"AWS_ENDPOINT_URL=" + fake.url, "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
				"AWS_SECRET_ACCESS_KEY=" + canaryKey, "AWS_SESSION_TOKEN=" + canarySession,
			}, "--audit-log", "audit.jsonl", "--log-level", "debug", "--full-text")
			p.initialize()
			tools := result[toolList](t, p.call("tools/list", nil))
			require.NotEmpty(t, tools.Tools)
			calls := 0
			for _, tool := range tools.Tools {
				for _, arguments := range hostileArguments(tool.InputSchema.Required, test.inline) {
					result[toolResult](t, p.call("tools/call", useTool(tool.Name, arguments)))
					calls++
				}
			}
			p.call("tools/call", canaryKey)
			require.NoError(t, p.stdin.Close())
			require.Equal(t, 0, p.status())
			requireNoCanary(t, "standard output", p.stdout.String())
			requireNoCanary(t, "standard error", p.stderr.String())
			audit := readLines(t, p.cmd.Dir+"/audit.jsonl")
			requireNoCanary(t, "the audit log", strings.Join(audit, "\n"))
			require.Len(t, audit, calls)
		})
	}
}

// hostileArguments are arguments with secrets where they belong and where they do
// not; inline leaves out those that bring no keys.
func hostileArguments(required []string, inline bool) []map[string]any {
	right := map[string]any{}
	for _, name := range required {
		right[name] = "deploy-bot"
	}
	keys := map[string]any{
		"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": canaryInline, "aws_session_token": canaryToken,
	}
	everywhere := map[string]any{"aws_secret_access_key": canaryInline, "aws_session_token": map[string]any{"text": canaryKey}}
	for _, name := range append(required, "profile", "role_arn", "cursor") {
		everywhere[name] = canarySession + canaryInline
	}
	all := []map[string]any{merge(right, keys), merge(keys, map[string]any{canaryKey: canarySession}), everywhere}
	if !inline {
		all = append(all, right)
	}
	return all
}

func merge(a, b map[string]any) map[string]any {
	all := map[string]any{}
	for _, m := range []map[string]any{a, b} {
		for name, value := range m {
			all[name] = value
		}
	}
	return all
}

func requireNoCanary(t *testing.T, where, text string) {
	t.Helper()
	for _, secret := range []string{canaryKey, canarySession, canaryInline, canaryToken} {
		quoted, err := json.Marshal(secret)
		require.NoError(t, err)
		for _, form := range []string{secret, strings.Trim(string(quoted), `"`), strings.ReplaceAll(secret, "'", `\u0027`)} {
			if at := strings.Index(text, form); at >= 0 {
				t.Errorf("%s shows a secret: …%s…", where, text[max(0, at-300):min(len(text), at+100)])
			}
		}
	}
}
