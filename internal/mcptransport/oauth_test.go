package mcptransport_test

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// An issuer is an authorization server that signs whatever a test wants.
type issuer struct {
	*httptest.Server
	key     *rsa.PrivateKey
	fetches atomic.Int64 // of its keys
}

const audience = "https://mcp.example.com/mcp"

func newIssuer(t *testing.T, metadataPath string) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	i := &issuer{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc(metadataPath, func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		i.fetches.Add(1)
		json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]string{
			"kty": "RSA", "kid": "k1", "use": "sig", "alg": "RS256",
			"n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

type claims = map[string]any

// sign signs good claims with the changes applied; a nil value removes a claim.
func (i *issuer) sign(t *testing.T, h header, changes claims) string {
	t.Helper()
	head := header{"alg": "RS256", "kid": "k1", "typ": "at+jwt"}
	maps.Copy(head, h)
	if head["typ"] == "" {
		delete(head, "typ")
	}
	body := claims{"iss": i.URL, "aud": audience, "sub": "alice", "exp": time.Now().Add(time.Hour).Unix(), "scope": "read write"}
	for name, value := range changes {
		if body[name] = value; value == nil {
			delete(body, name)
		}
	}
	encodedHead, err := json.Marshal(head)
	require.NoError(t, err)
	encodedBody, err := json.Marshal(body)
	require.NoError(t, err)
	signed := b64(encodedHead) + "." + b64(encodedBody)
	digest := sha256.Sum256([]byte(signed))
	switch head["alg"] {
	case "none":
		return signed + "."
	case "HS256": // keyed with the public key, as a confused verifier would
		mac := hmac.New(sha256.New, i.key.N.Bytes())
		mac.Write([]byte(signed))
		return signed + "." + b64(mac.Sum(nil))
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, digest[:])
	require.NoError(t, err)
	return signed + "." + b64(signature)
}

func oauth(t *testing.T, o mcptransport.OAuthOptions) mcptransport.Authenticator {
	t.Helper()
	a, err := mcptransport.OAuth(o)
	require.NoError(t, err)
	return a
}

func TestOAuth(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "/.well-known/openid-configuration")
	stranger := newIssuer(t, "/.well-known/openid-configuration")
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: oauth(t, mcptransport.OAuthOptions{
		Issuer: i.URL, Audience: audience, RequiredScopes: []string{"read"},
	})})
	now := time.Now()
	good := i.sign(t, nil, nil)
	const metadata = `Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"`
	for name, c := range map[string]struct {
		token  string
		status int
	}{
		"good":                       {good, 200},
		"scopes in scp, a list":      {i.sign(t, nil, claims{"scope": nil, "scp": []string{"read"}}), 200},
		"scopes in scp, a string":    {i.sign(t, nil, claims{"scope": nil, "scp": "read"}), 200},
		"audience in a list":         {i.sign(t, nil, claims{"aud": []string{"x", audience}}), 200},
		"a client for itself":        {i.sign(t, nil, claims{"sub": nil, "client_id": "robot"}), 200},
		"type with its tree":         {i.sign(t, header{"typ": "application/at+jwt"}, nil), 200},
		"type JWT":                   {i.sign(t, header{"typ": "JWT"}, nil), 200},
		"no type":                    {i.sign(t, header{"typ": ""}, nil), 200},
		"a logout token":             {i.sign(t, header{"typ": "logout+jwt"}, nil), 401},
		"a proof of possession":      {i.sign(t, header{"typ": "dpop+jwt"}, nil), 401},
		"other scope":                {i.sign(t, nil, claims{"scope": "readonly"}), 403},
		"no scope":                   {i.sign(t, nil, claims{"scope": nil}), 403},
		"expired":                    {i.sign(t, nil, claims{"exp": now.Add(-time.Minute).Unix()}), 401},
		"no expiry":                  {i.sign(t, nil, claims{"exp": nil}), 401},
		"not yet":                    {i.sign(t, nil, claims{"nbf": now.Add(time.Hour).Unix()}), 401},
		"other audience":             {i.sign(t, nil, claims{"aud": "https://other.example.com"}), 401},
		"no audience":                {i.sign(t, nil, claims{"aud": nil}), 401},
		"other issuer's name":        {i.sign(t, nil, claims{"iss": stranger.URL}), 401},
		"other issuer's key":         {stranger.sign(t, nil, claims{"iss": i.URL}), 401},
		"alg none":                   {i.sign(t, header{"alg": "none"}, nil), 401},
		"alg HS256 with public key":  {i.sign(t, header{"alg": "HS256"}, nil), 401},
		"alg not allowed":            {i.sign(t, header{"alg": "RS384"}, nil), 401},
		"no subject":                 {i.sign(t, nil, claims{"sub": nil}), 401},
		"claims changed":             {tamper(good), 401},
		"signature cut":              {good[:len(good)-10], 401},
		"no JWT":                     {goodToken, 401},
		"claims of the wrong type":   {i.sign(t, nil, claims{"scope": 1}), 401},
		"distributed claims to fool": {i.sign(t, nil, claims{"sub": nil, "_claim_names": claims{"sub": "x"}, "_claim_sources": claims{"x": claims{"endpoint": stranger.URL}}}), 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := e.post(t, initialize, header{"Authorization": "Bearer " + c.token})
			answer := text(t, r)
			require.Equal(t, c.status, r.StatusCode, answer)
			want := map[int]string{
				200: "", 401: metadata + `, error="invalid_token"`, 403: metadata + `, error="insufficient_scope", scope="read"`,
			}[c.status]
			require.Equal(t, want, r.Header.Get("WWW-Authenticate"))
			require.NotContains(t, answer+e.logs.String(), c.token)
		})
	}
	require.Equal(t, metadata, e.post(t, initialize, nil).Header.Get("WWW-Authenticate"))
}

func tamper(token string) string {
	parts := strings.Split(token, ".")
	body, _ := base64.RawURLEncoding.DecodeString(parts[1])
	parts[1] = b64([]byte(strings.Replace(string(body), "alice", "admin", 1)))
	return strings.Join(parts, ".")
}

func TestOAuthCallerAndMetadata(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "/.well-known/oauth-authorization-server") // RFC 8414 only
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: oauth(t, mcptransport.OAuthOptions{Issuer: i.URL, Audience: audience, RequiredScopes: []string{"read"}})})
	session := e.open(t, header{"Authorization": "Bearer " + i.sign(t, nil, nil)})
	require.Contains(t, text(t, e.post(t, call(1, "caller", "{}", "{}"), session)), "{Subject:alice Method:oauth Scopes:read write Client:Test/1}")

	bob := header{"Authorization": "Bearer " + i.sign(t, nil, claims{"sub": "bob"}), "Mcp-Session-Id": session["Mcp-Session-Id"]}
	require.Equal(t, http.StatusNotFound, e.post(t, request(1, "ping", "{}"), bob).StatusCode)

	for _, path := range []string{"/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"} {
		r := e.do(t, http.MethodGet, strings.TrimSuffix(e.url, "/mcp")+path, "", nil)
		require.JSONEq(t, `{"resource":"`+audience+`","authorization_servers":["`+i.URL+`"],"scopes_supported":["read"],"bearer_methods_supported":["header"]}`, text(t, r))
	}
}

func TestOAuthIssuerIsNotHammered(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "/.well-known/openid-configuration")
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: oauth(t, mcptransport.OAuthOptions{Issuer: i.URL, Audience: audience, JWKSURL: i.URL + "/keys"})})
	for range 50 {
		r := e.post(t, initialize, header{"Authorization": "Bearer " + i.sign(t, header{"kid": "unknown"}, nil)})
		require.Contains(t, []int{http.StatusUnauthorized, http.StatusServiceUnavailable}, r.StatusCode)
	}
	require.LessOrEqual(t, i.fetches.Load(), int64(6))
	require.Equal(t, http.StatusOK, e.post(t, initialize, header{"Authorization": "Bearer " + i.sign(t, nil, nil)}).StatusCode, "known keys go on working")
}

func TestOAuthIssuerIsDown(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "/.well-known/openid-configuration")
	token := i.sign(t, nil, nil)
	i.Close()
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: oauth(t, mcptransport.OAuthOptions{Issuer: i.URL, Audience: audience})})
	r := e.post(t, initialize, header{"Authorization": "Bearer " + token})
	require.Equal(t, http.StatusServiceUnavailable, r.StatusCode)
	require.NotEmpty(t, r.Header.Get("Retry-After"))
}

// TestOAuthIssuerHangs lets one caller leave, whom the others outstay.
func TestOAuthIssuerHangs(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "/metadata-is-served-below")
	asked, answer := make(chan struct{}, 10), make(chan struct{})
	i.Config.Handler.(*http.ServeMux).HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-answer
		json.NewEncoder(w).Encode(map[string]string{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	a := oauth(t, mcptransport.OAuthOptions{Issuer: i.URL, Audience: audience})
	authenticate := func(ctx context.Context) chan error {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/mcp", nil)
		r.Header.Set("Authorization", "Bearer "+i.sign(t, nil, nil))
		result := make(chan error, 1)
		go func() {
			_, err := a.Authenticate(r)
			result <- err
		}()
		return result
	}
	ctx, leave := context.WithCancel(t.Context())
	first := authenticate(ctx)
	receive(t, "the question", asked)
	second := authenticate(t.Context())
	leave()
	var refused *mcptransport.AuthError
	require.ErrorAs(t, receive(t, "the end of who left", first), &refused)
	require.Equal(t, http.StatusServiceUnavailable, refused.Status)
	close(answer)
	require.NoError(t, receive(t, "the end of who stayed", second))
	require.Empty(t, asked, "one question for both")
}

func TestOutageIsLoggedOnceAMinute(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, "/.well-known/openid-configuration")
	h := header{"Authorization": "Bearer " + i.sign(t, nil, nil)}
	i.Close()
	var clock atomic.Int64
	clock.Store(time.Now().Unix())
	e := newEndpoint(t, mcptransport.HTTPOptions{
		Authenticator: oauth(t, mcptransport.OAuthOptions{Issuer: i.URL, Audience: audience}),
		Now:           func() time.Time { return time.Unix(clock.Load(), 0) },
	})
	for _, want := range []int{1, 1, 2} {
		require.Equal(t, http.StatusServiceUnavailable, e.post(t, initialize, h).StatusCode)
		require.Equal(t, want, strings.Count(e.logs.String(), "status=503"), e.logs)
		clock.Add(40)
	}
	require.Contains(t, e.logs.String(), "level=WARN")
	require.Contains(t, e.logs.String(), i.URL)
}

func TestOAuthRefusesOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]mcptransport.OAuthOptions{
		"no issuer":       {Audience: audience},
		"plain issuer":    {Issuer: "http://issuer.example.com", Audience: audience},
		"issuer user":     {Issuer: "https://u:p@issuer.example.com", Audience: audience},
		"no audience":     {Issuer: "https://issuer.example.com"},
		"plain JWKS":      {Issuer: "https://issuer.example.com", Audience: audience, JWKSURL: "http://issuer.example.com/keys"},
		"alg none":        {Issuer: "https://issuer.example.com", Audience: audience, Algorithms: []string{"none"}},
		"alg HS256":       {Issuer: "https://issuer.example.com", Audience: audience, Algorithms: []string{"RS256", "HS256"}},
		"scope with line": {Issuer: "https://issuer.example.com", Audience: audience, RequiredScopes: []string{"a\nb"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mcptransport.OAuth(o)
			require.Error(t, err)
		})
	}
}
