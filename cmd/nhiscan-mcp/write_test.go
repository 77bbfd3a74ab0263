package main

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStdioChange creates an access key over the program's own streams: the person
// is asked by the program, and the secret is in a file alone.
func TestStdioChange(t *testing.T) {
	t.Parallel()
	fake := fakeAWS(t)
	fake.CallerARN("arn:aws:sts::123456789012:assumed-role/operator/nhiscan-mcp")
	user := fake.Account().Users[0]
	for _, u := range fake.Account().Users {
		if len(u.AccessKeys) == 0 {
			user = u
		}
	}
	p := start(t, fake.environment(), "--allow-write", "--secrets-dir", "keys", "--audit-log", "audit.jsonl", "--log-level", "debug")
	_ = p.call("initialize", map[string]any{
		"protocolVersion": "2025-11-25", "capabilities": map[string]any{"elicitation": map[string]any{}},
		"clientInfo": map[string]any{"name": "test", "version": "1"},
	})
	p.send(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	p.ask("tools/call", useTool("create_access_key", map[string]any{"user_name": user.Name}))
	question := p.receive()
	for question.Method != "elicitation/create" {
		require.NotEmpty(t, question.Method, "an answer before the question: %s", question.Result)
		question = p.receive()
	}
	require.Empty(t, fake.Mutations())
	answer, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": question.ID, "result": map[string]any{
		"action": "accept", "content": map[string]any{"confirm": true},
	}})
	require.NoError(t, err)
	p.send(string(answer))
	out := p.receive()
	for out.Method != "" {
		out = p.receive()
	}
	made := result[toolResult](t, out)
	require.False(t, made.IsError, "%+v", made)
	require.Len(t, fake.Mutations(), 1)

	files, err := filepath.Glob(filepath.Join(p.cmd.Dir, "keys", "*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	info, err := os.Stat(files[0])
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	var key struct {
		Secret string `json:"secret_access_key"`
	}
	require.NoError(t, json.Unmarshal(text, &key))
	require.Len(t, key.Secret, 40)

	require.NoError(t, p.stdin.Close())
	require.Equal(t, 0, p.status())
	audit, err := os.ReadFile(filepath.Join(p.cmd.Dir, "audit.jsonl"))
	require.NoError(t, err)
	for _, said := range []string{p.stdout.String(), p.stderr.String(), string(audit)} {
		require.NotContains(t, said, key.Secret)
	}
	require.Contains(t, string(audit), `"decision":"confirmed"`)
}

// TestSignalDuringChange ends when AWS has answered, and what it answered is kept.
func TestSignalDuringChange(t *testing.T) {
	t.Parallel()
	fake := fakeAWS(t)
	fake.CallerARN("arn:aws:sts::123456789012:assumed-role/operator/nhiscan-mcp")
	p := start(t, fake.environment(), "--allow-write", "--no-confirmation", "--secrets-dir", "keys", "--audit-log", "audit.jsonl")
	fake.OnRequest(func(operation string, _ url.Values) {
		if operation == "CreateAccessKey" && assert.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM)) {
			assert.Eventually(t, func() bool { return strings.Contains(p.stderr.String(), "a change is under way") }, patience, time.Millisecond)
		}
	})
	p.initialize()
	name := ""
	for _, u := range fake.Account().Users {
		if len(u.AccessKeys) == 0 {
			name = u.Name
		}
	}
	p.ask("tools/call", useTool("create_access_key", map[string]any{"user_name": name}))
	require.Equal(t, 0, p.status())

	require.Len(t, fake.Mutations(), 1)
	files, err := filepath.Glob(filepath.Join(p.cmd.Dir, "keys", "*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.True(t, json.Valid(text), "%s", text)
	audit, err := os.ReadFile(filepath.Join(p.cmd.Dir, "audit.jsonl"))
	require.NoError(t, err)
	require.Contains(t, string(audit), `"steps_done":1`)
}

// TestStdioReadsAlone refuses to change anything when it was not started for it.
func TestStdioReadsAlone(t *testing.T) {
	t.Parallel()
	fake := fakeAWS(t)
	p := start(t, fake.environment())
	p.initialize()
	tools := result[toolList](t, p.call("tools/list", nil))
	require.False(t, tools.has("delete_user"))
	refused := result[toolResult](t, p.call("tools/call", useTool("delete_user", map[string]any{"user_name": "x"})))
	require.True(t, refused.IsError)
	require.Contains(t, refused.Content[0].Text, "--allow-write")
	require.Zero(t, fake.Total())
}
