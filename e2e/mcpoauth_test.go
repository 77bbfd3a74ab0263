package e2e_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const oauthAudience = "https://mcp.example.com/mcp"

// An issuer is an OAuth authorization server that signs whatever a test wants.
type issuer struct {
	*httptest.Server
	key *rsa.PrivateKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	i := &issuer{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "kid": "k1", "use": "sig", "alg": "RS256",
			"n": base64url(key.N.Bytes()), "e": base64url(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// token signs good claims with changes to them and to the header.
func (i *issuer) token(t *testing.T, claims, header map[string]any) string {
	t.Helper()
	h := map[string]any{"alg": "RS256", "kid": "k1", "typ": "at+jwt"}
	maps.Copy(h, header)
	c := map[string]any{
		"iss": i.URL, "aud": oauthAudience, "sub": "alice", "scope": "iam:read",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	maps.Copy(c, claims)
	encodedHeader, err := json.Marshal(h)
	require.NoError(t, err)
	encodedClaims, err := json.Marshal(c)
	require.NoError(t, err)
	signed := base64url(encodedHeader) + "." + base64url(encodedClaims)
	if h["alg"] == "none" {
		return signed + "."
	}
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, digest[:])
	require.NoError(t, err)
	return signed + "." + base64url(signature)
}

func (i *issuer) flags() []string {
	return []string{"--oauth-issuer", i.URL, "--oauth-audience", oauthAudience, "--oauth-scope", "iam:read"}
}

func TestMCPOAuth(t *testing.T) {
	t.Parallel()
	i, stranger := newIssuer(t), newIssuer(t)
	p, url := serve(t, nil, append(i.flags(), "--demo", "--log-level", "debug", "--audit-log", "stderr")...)
	for name, test := range map[string]struct {
		token  string
		status int
	}{
		"good":                   {i.token(t, nil, nil), http.StatusOK},
		"two audiences":          {i.token(t, map[string]any{"aud": []string{"https://other.example", oauthAudience}}, nil), http.StatusOK},
		"none at all":            {"", http.StatusUnauthorized},
		"no JWT":                 {"correct-horse", http.StatusUnauthorized},
		"expired":                {i.token(t, map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}, nil), http.StatusUnauthorized},
		"for another audience":   {i.token(t, map[string]any{"aud": "https://other.example"}, nil), http.StatusUnauthorized},
		"of another issuer":      {stranger.token(t, nil, nil), http.StatusUnauthorized},
		"in the issuer's name":   {stranger.token(t, map[string]any{"iss": i.URL}, nil), http.StatusUnauthorized},
		"with an unknown key":    {i.token(t, nil, map[string]any{"kid": "k2"}), http.StatusUnauthorized},
		"without a signature":    {i.token(t, nil, map[string]any{"alg": "none"}), http.StatusUnauthorized},
		"with a cut signature":   {i.token(t, nil, nil) + "x", http.StatusUnauthorized},
		"without the scope":      {i.token(t, map[string]any{"scope": "iam:write"}, nil), http.StatusForbidden},
		"with a scope like it":   {i.token(t, map[string]any{"scope": "iam:readonly"}, nil), http.StatusForbidden},
		"with its own key in it": {stranger.token(t, map[string]any{"iss": i.URL}, map[string]any{"jwk": map[string]string{"kty": "RSA", "n": base64url(stranger.key.N.Bytes()), "e": "AQAB"}}), http.StatusUnauthorized},
		"with a URL of its key":  {stranger.token(t, map[string]any{"iss": i.URL}, map[string]any{"jku": stranger.URL + "/keys"}), http.StatusUnauthorized},
	} {
		a := newPeer(t, url, test.token).post(hello)
		require.NoError(t, a.err, name)
		if name == "with an unknown key" && a.status == http.StatusServiceUnavailable {
			continue // the issuer is not asked again and again for keys that it may not have
		}
		require.Equal(t, test.status, a.status, "%s: %s", name, a.body)
		if test.status != http.StatusOK {
			require.Contains(t, a.headers.Get("WWW-Authenticate"), "Bearer", name)
			require.Contains(t, a.headers.Get("WWW-Authenticate"), "resource_metadata=", name)
			require.Empty(t, a.headers.Get("Mcp-Session-Id"), name)
		}
		if test.token != "" {
			require.NotContains(t, a.body+p.stderr.String(), test.token, name)
		}
	}
	metadata := send(newPeer(t, url, "").request(http.MethodGet, url[:len(url)-len("/mcp")]+"/.well-known/oauth-protected-resource/mcp", nil))
	require.Equal(t, http.StatusOK, metadata.status)
	require.Contains(t, metadata.body, i.URL)

	alice := newPeer(t, url, i.token(t, nil, nil)).open()
	require.False(t, ptr(alice.use(1, "list_nhi_identities", nil)).IsError)
	p.stop()
	require.Contains(t, p.stderr.String(), `"subject":"alice"`)
}

func TestMCPToken(t *testing.T) {
	t.Parallel()
	const token = "correct-horse-battery-staple"
	file := filepath.Join(t.TempDir(), "token")
	require.NoError(t, os.WriteFile(file, []byte(token+"\n"), 0o600))
	p, url := serve(t, nil, "--demo", "--auth-token-file", file, "--log-level", "debug")
	for _, wrong := range []string{"", "correct-horse-battery-stapl", token + "x", "Correct-horse-battery-staple"} {
		a := newPeer(t, url, wrong).post(hello)
		require.Equal(t, http.StatusUnauthorized, a.status, wrong)
		require.NotEmpty(t, a.headers.Get("WWW-Authenticate"))
	}
	require.Equal(t, http.StatusBadRequest, send(newPeer(t, url, "").request(http.MethodPost, url+"?access_token="+token, nil)).status)
	require.Equal(t, http.StatusOK, newPeer(t, url, token).post(hello).status)
	p.stop()
	require.NotContains(t, p.stderr.String(), token)
}

// TestMCPCallersApart has one caller use what belongs to another.
func TestMCPCallersApart(t *testing.T) {
	t.Parallel()
	i, g := newIssuer(t), newGate(t)
	p, url := serve(t, g.environment(), i.flags()...)
	alice := newPeer(t, url, i.token(t, nil, nil)).open()
	bob := newPeer(t, url, i.token(t, map[string]any{"sub": "bob"}, nil)).open()

	// Both may ask for the account of the server's own credentials, so its pages are
	// theirs too: of that list alone, and of no scan that they can only guess.
	first := alice.use(1, "list_nhi_identities", map[string]any{"max_items": 3}).Structured
	cursor := first["next_cursor"].(string)
	require.NotEmpty(t, cursor)
	second := bob.use(2, "list_nhi_identities", map[string]any{"max_items": 3, "cursor": cursor})
	require.False(t, second.IsError)
	for name, wrong := range map[string]struct {
		tool, cursor, code string
	}{
		"of another tool": {"scan_iam_identities", cursor, "InvalidArgument"},
		"of no scan":      {"list_nhi_identities", "A" + cursor, "CursorExpired"},
		"before all":      {"list_nhi_identities", cursor[:strings.LastIndexByte(cursor, '.')] + ".-1", "InvalidArgument"},
		"beyond integers": {"list_nhi_identities", cursor + "99999999999999999999", "InvalidArgument"},
		"no cursor":       {"list_nhi_identities", "../../etc/passwd", "InvalidArgument"},
	} {
		refused := bob.use(3, wrong.tool, map[string]any{"max_items": 3, "cursor": wrong.cursor})
		require.Equal(t, wrong.code, refused.failure(t).Code, name)
	}
	page := alice.use(4, "scan_iam_identities", nil).Structured["resource"].(string)
	guess := strings.Replace(page, "nhiscan://scan/", "nhiscan://scan/A", 1)
	require.NotContains(t, alice.post(rpc(5, "resources/read", map[string]any{"uri": page})).body, `"error"`)
	require.Contains(t, bob.post(rpc(5, "resources/read", map[string]any{"uri": guess})).body, `"error"`)

	// Neither with the other's session: not to ask, not to cancel, not to end it.
	g.hold()
	answered := make(chan answer, 1)
	go func() { answered <- alice.post(callOf(7, "scan_iam_identities", map[string]any{"refresh": true})) }()
	require.Eventually(t, func() bool { return g.count() > 0 }, patience, time.Millisecond)
	thief := bob.with(map[string]string{"Mcp-Session-Id": alice.headers["Mcp-Session-Id"]})
	require.Equal(t, http.StatusNotFound, thief.post(rpc(8, "tools/list", nil)).status)
	require.Equal(t, http.StatusNotFound, thief.post(cancelOf(7)).status)
	require.Equal(t, http.StatusNotFound, send(thief.request(http.MethodDelete, url, nil)).status)
	require.Equal(t, http.StatusAccepted, bob.post(cancelOf(7)).status, "there is none in his own session")
	g.release()
	require.Nil(t, (<-answered).message(t, 7).Error)
	require.Equal(t, http.StatusNoContent, send(alice.request(http.MethodDelete, url, nil)).status)
	require.Equal(t, http.StatusNotFound, alice.post(rpc(9, "ping", nil)).status, "a session that was ended")
	require.Equal(t, http.StatusOK, bob.post(rpc(9, "ping", nil)).status)
	p.stop()
}
