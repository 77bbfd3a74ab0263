package mcpserver_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// A keyShelf keeps keys in memory.
type keyShelf struct {
	mu   sync.Mutex
	kept []manage.NewAccessKey
	full error
}

type shelfSlot struct{ shelf *keyShelf }

func (k *keyShelf) Reserve(string, string) (manage.KeySlot, error) {
	return shelfSlot{k}, k.full
}

func (s shelfSlot) Where() string { return "/keys/ci.json" }

func (s shelfSlot) Save(key manage.NewAccessKey) error {
	s.shelf.mu.Lock()
	defer s.shelf.mu.Unlock()
	s.shelf.kept = append(s.shelf.kept, key)
	return nil
}

func (s shelfSlot) Discard() error { return nil }

var newKey = map[string]any{"user_name": "idle"}

// TestNewKeyHasNowhereToGo creates no key whose secret nobody would get.
func TestNewKeyHasNowhereToGo(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	before, p := len(fake.Mutations()), agreeing()
	c := newClientWith(t, newServer(t, changingOptions(fake)), askingByResult, p)
	for _, tool := range []string{"create_access_key", "rotate_access_key"} {
		out := callTool(t, c, tool, map[string]any{"user_name": "ci"})
		require.Equal(t, mcpserver.CodeRefused, out.Error.Code)
		require.Contains(t, out.Error.Hint, "--secrets-dir")
		require.Contains(t, out.Error.Hint, "--reveal-secrets")
	}
	require.Empty(t, p.questions())
	require.Empty(t, changed(fake, before))
}

func TestNewKeyIsKept(t *testing.T) {
	t.Parallel()
	fake, shelf, audit, log := smallAWS(t), &keyShelf{}, &auditText{}, &bytes.Buffer{}
	opts := changingOptions(fake)
	opts.Keys, opts.AuditLog, opts.FullText = shelf, audit, true
	opts.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	p := agreeing()
	out := callTool(t, newClientWith(t, newServer(t, opts), askingByResult, p), "create_access_key", newKey)
	require.False(t, out.IsError, "%+v", out.Error)
	require.Len(t, shelf.kept, 1)
	secret := shelf.kept[0].Secret.Reveal()
	require.Len(t, secret, 40)
	require.Equal(t, map[string]any{"access_key_id": shelf.kept[0].ID, "user_name": "idle", "kept_in": "/keys/ci.json"}, out.Structured["access_key"])
	for _, text := range []string{string(out.Raw), out.Text, audit.text.String(), log.String(), p.message(t)} {
		require.NotContains(t, text, secret)
	}
	require.Contains(t, out.Text, "/keys/ci.json")

	shelf.full = errors.New("no space left")
	before := len(fake.Mutations())
	out = callTool(t, newClientWith(t, newServer(t, opts), askingByResult, agreeing()), "create_access_key", newKey)
	require.True(t, out.IsError)
	require.Contains(t, out.Error.Message, "no space left")
	require.Empty(t, changed(fake, before))
}

// TestNewKeyIsRevealed has the secret in one place of the answer and nowhere else.
func TestNewKeyIsRevealed(t *testing.T) {
	t.Parallel()
	for _, fullText := range []bool{false, true} {
		fake, audit := smallAWS(t), &auditText{}
		opts := revealingOptions(fake)
		opts.AuditLog, opts.FullText = audit, fullText
		c := newClientWith(t, newServer(t, opts), askingByResult, agreeing())
		out := callTool(t, c, "create_access_key", newKey)
		require.False(t, out.IsError, "%+v", out.Error)
		key := out.Structured["access_key"].(map[string]any)
		secret := key["secret_access_key"].(string)
		require.Len(t, secret, 40)
		require.Empty(t, key["kept_in"])
		require.Equal(t, 1, strings.Count(string(out.Raw), secret))
		require.NotContains(t, out.Text, secret)
		require.NotContains(t, audit.text.String(), secret)
		// A secret that comes back is taken out as any other.
		out = callTool(t, c, "get_user", map[string]any{"user_name": secret[:40]})
		require.NotContains(t, out.Error.Message, secret)
	}
}
