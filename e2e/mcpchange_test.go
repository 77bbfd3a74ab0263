package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// token is that of the HTTP endpoints here.
const token = "not-a-secret-but-long-enough-0123456789"

// changing runs change.mjs against the mock, through a recorder of its own.
func (m *moto) changing(t *testing.T, kind, mode, transport string, flags ...string) *recorder {
	t.Helper()
	c := installed(t)
	at, r := m.recorded(t)
	env := append(at.as("admin"), "RECORDER="+r.URL, "KEY="+m.Keys["crowded"][0],
		fmt.Sprintf("NAME=%s-%s", kind, strings.ToLower(transport)))
	audit := filepath.Join(t.TempDir(), "audit.jsonl")
	flags = append(flags, "--audit-log", audit)
	if transport == "stdio" {
		t.Log(c.run(env, "change.mjs", append([]string{kind, mode, mcpBinary}, flags...)...))
	} else {
		file := filepath.Join(t.TempDir(), "token")
		require.NoError(t, os.WriteFile(file, []byte(token), 0o600))
		p, url := serve(t, at.as("admin"), append(flags, "--auth-token-file", file, "--rate-limit", "0")...)
		t.Log(c.run(append(env, "TOKEN="+token), "change.mjs", kind, mode, url))
		p.stop()
	}
	text, err := os.ReadFile(audit)
	require.NoError(t, err)
	m.requireNoSecrets(t, string(text))
	return r
}

// TestMCPChanges has clients that others wrote change IAM, with a person who
// confirms, declines, mistypes or is not there; and try to where nothing may be changed.
func TestMCPChanges(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 2, 2, "--changes")
	for i, kind := range clientKinds {
		transports := []string{"stdio", "HTTP"}
		for _, transport := range transports {
			t.Run(kind+", "+transport, func(t *testing.T) {
				t.Parallel()
				r := m.changing(t, kind, "write", transport, "--allow-write", "--secrets-dir", filepath.Join(t.TempDir(), "keys"))
				require.Equal(t, []string{"CreateUser", "PutUserPolicy", "DeleteUserPolicy", "DeleteUser"}, r.mutations())
			})
		}
		transport := transports[i%2]
		t.Run(kind+", "+transport+", read-only", func(t *testing.T) {
			t.Parallel()
			r := m.changing(t, kind, "read", transport)
			require.Zero(t, r.requests(), "AWS was asked nothing at all")
		})
	}
}
