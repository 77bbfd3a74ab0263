package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestStdioConversation(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--demo", "--audit-log", "audit.jsonl")
	hi := result[struct {
		Version      string `json:"protocolVersion"`
		Instructions string `json:"instructions"`
		ServerInfo   struct{ Name string }
	}](t, p.initialize())
	require.Equal(t, "2025-11-25", hi.Version)
	require.Equal(t, "nhiscan", hi.ServerInfo.Name)
	require.Contains(t, hi.Instructions, "scan_iam_identities")

	tools := result[toolList](t, p.call("tools/list", nil))
	require.True(t, tools.has("scan_iam_identities"))
	require.True(t, tools.has("lint_policy"))
	require.False(t, tools.has("analyze_caller_permissions"), "it needs AWS")

	scan := result[toolResult](t, p.call("tools/call", useTool("scan_iam_identities", map[string]any{"max_items": 3})))
	require.False(t, scan.IsError)
	require.Equal(t, "123456789012", scan.Structured["account_id"])

	wrong := result[toolResult](t, p.call("tools/call", useTool("scan_iam_identities", map[string]any{"max_itmes": 3})))
	require.True(t, wrong.IsError)
	require.Contains(t, wrong.Content[0].Text, `"did you mean max_items?"`)

	require.NoError(t, p.stdin.Close())
	require.Equal(t, 0, p.status())
	require.Empty(t, p.stderr.String())

	var outcomes []string
	for _, line := range readLines(t, p.cmd.Dir+"/audit.jsonl") {
		var record struct{ Tool, Outcome string }
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		outcomes = append(outcomes, record.Tool+" "+record.Outcome)
	}
	require.Equal(t, []string{"scan_iam_identities ok", "scan_iam_identities error"}, outcomes)
}

// TestStdioModern talks as clients do since 2026-07-28: without initialize.
func TestStdioModern(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--demo")
	meta := map[string]any{
		"io.modelcontextprotocol/protocolVersion":    "2026-07-28",
		"io.modelcontextprotocol/clientInfo":         map[string]any{"name": "test", "version": "1"},
		"io.modelcontextprotocol/clientCapabilities": map[string]any{},
	}
	discovered := result[struct {
		Supported []string `json:"supportedVersions"`
	}](t, p.call("server/discover", map[string]any{"_meta": meta}))
	require.Contains(t, discovered.Supported, "2026-07-28")

	tools := result[toolList](t, p.call("tools/list", map[string]any{"_meta": meta}))
	require.True(t, tools.has("scan_iam_identities"))
	params := useTool("list_nhi_identities", map[string]any{"max_items": 2})
	params["_meta"] = meta
	nhi := result[toolResult](t, p.call("tools/call", params))
	require.False(t, nhi.IsError)
	require.Len(t, nhi.Structured["identities"], 2)

	require.NoError(t, p.stdin.Close())
	require.Equal(t, 0, p.status())
}

// TestStdioGarbage goes on after lines that are no requests.
func TestStdioGarbage(t *testing.T) {
	t.Parallel()
	p := start(t, nil, "--demo")
	p.initialize()
	for _, line := range []string{"", "garbage", "{", `{"jsonrpc":"2.0","id":"x"}`, "\x00\xff", `"text"`, "null", strings.Repeat("[", 5000)} {
		p.send(line)
	}
	id := p.ask("ping", nil)
	for {
		if m := p.receive(); m.ID == float64(id) {
			require.Nil(t, m.Error)
			break
		}
	}
	require.NoError(t, p.stdin.Close())
	require.Equal(t, 0, p.status())
}

// TestSignalDuringCall ends at once although AWS does not answer.
func TestSignalDuringCall(t *testing.T) {
	t.Parallel()
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		fake := fakeAWS(t)
		fake.Inject(fakeiam.Fault{Shape: fakeiam.ShapeHang})
		p := start(t, fake.environment())
		p.initialize()
		p.ask("tools/call", useTool("scan_iam_identities", nil))
		require.Eventually(t, func() bool { return fake.Total() > 0 }, patience, time.Millisecond)
		require.NoError(t, p.cmd.Process.Signal(signal))
		require.Equal(t, 0, p.status())
	}
}

// TestStdioAsksNothingAtStart starts where AWS would notice.
func TestStdioAsksNothingAtStart(t *testing.T) {
	t.Parallel()
	fake := fakeAWS(t)
	p := start(t, fake.environment())
	p.initialize()
	p.call("tools/list", nil)
	require.NoError(t, p.stdin.Close())
	require.Equal(t, 0, p.status())
	require.Empty(t, fake.Calls())
}

func readLines(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// A fakeAccount is the demo account as AWS.
type fakeAccount struct {
	*fakeiam.Server
	url string
}

func fakeAWS(t *testing.T) *fakeAccount {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	fake := fakeiam.New(account)
	fake.ReportPolls(0)
	listener := httptest.NewServer(fake)
	t.Cleanup(func() {
		listener.CloseClientConnections()
		listener.Close()
	})
	return &fakeAccount{fake, listener.URL}
}

// environment has the settings that make the SDK call it.
func (f *fakeAccount) environment() []string {
	return []string{"AWS_ENDPOINT_URL=" + f.url, "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
}
