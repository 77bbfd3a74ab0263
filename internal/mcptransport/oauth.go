package mcptransport

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// OAuthOptions are the options of [OAuth].
type OAuthOptions struct {
	// Issuer is the authorization server's identifier, an https URL (http on
	// loopback), which must equal the tokens' iss to the byte. Required.
	Issuer string
	// Audience is what the tokens' aud must hold: this server's own URL, so
	// that a token meant for another service is refused. Required.
	Audience string
	// JWKSURL is where the issuer's keys are. Empty: found at the issuer's
	// OpenID Connect or RFC 8414 metadata when the first token comes.
	JWKSURL string
	// RequiredScopes must all be in a token's scope or scp. Empty: none.
	RequiredScopes []string
	// Algorithms are the signature algorithms that are accepted, which cannot
	// be none or the symmetric HS family. Empty: RS256, PS256, ES256, EdDSA.
	Algorithms []string
	// HTTPClient fetches metadata and keys. nil: one with a 10 s timeout.
	HTTPClient *http.Client
	// Now is the clock. nil: time.Now.
	Now func() time.Time
}

// asymmetricAlgorithms are all that can be chosen.
var asymmetricAlgorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512,
	oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
}

// OAuth accepts access tokens that are JWTs (RFC 9068): signed by a key of the
// issuer, issued by it, for this audience, and valid now. A token that lacks a
// required scope is answered 403 insufficient_scope.
//
// It makes no request before the first token comes. Looking for the issuer's keys
// may outlast the request that brought that token, for up to 30 s.
func OAuth(o OAuthOptions) (Authenticator, error) {
	if err := checkRemoteURL("issuer", o.Issuer); err != nil {
		return nil, err
	}
	if o.JWKSURL != "" {
		if err := checkRemoteURL("JWKS", o.JWKSURL); err != nil {
			return nil, err
		}
	}
	if o.Audience == "" {
		return nil, errors.New("oauth: no audience")
	}
	if len(o.Algorithms) == 0 {
		o.Algorithms = []string{oidc.RS256, oidc.PS256, oidc.ES256, oidc.EdDSA}
	}
	for _, alg := range o.Algorithms {
		if !slices.Contains(asymmetricAlgorithms, alg) {
			return nil, fmt.Errorf("oauth: algorithm %q is not one of %s", alg, strings.Join(asymmetricAlgorithms, ", "))
		}
	}
	for _, scope := range o.RequiredScopes {
		if !isScope(scope) {
			return nil, fmt.Errorf("oauth: %q is not a scope", clean(scope))
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &oauth{OAuthOptions: o, client: throttledClient(o.HTTPClient, o.Now)}, nil
}

// checkRemoteURL keeps keys from being fetched over a network in the clear.
func checkRemoteURL(what, raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("oauth: the %s URL %q is not a plain absolute URL", what, clean(raw))
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("oauth: the %s URL %q is not https", what, clean(raw))
}

// isScope is the scope-token of RFC 6749 section 3.3.
func isScope(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return r <= ' ' || r > '~' || r == '"' || r == '\\'
	}) < 0
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

type oauth struct {
	OAuthOptions
	client *http.Client

	mu    sync.Mutex
	found *discovery // under way or successful; nil before the first token and after a failure
}

// A discovery looks for the issuer's keys, for all who wait for it.
type discovery struct {
	done     chan struct{} // closed when the fields below are set
	verifier *oidc.IDTokenVerifier
	err      error
}

// accessClaims are the claims that go-oidc does not read.
type accessClaims struct {
	Scope    string          `json:"scope"`
	Scp      json.RawMessage `json:"scp"`
	ClientID string          `json:"client_id"`
}

// Authenticate implements [Authenticator].
func (a *oauth) Authenticate(r *http.Request) (Caller, error) {
	raw, err := bearerToken(r)
	if err != nil {
		return Caller{}, err
	}
	if strings.Count(raw, ".") != 2 {
		return Caller{}, unauthorized("the bearer token is not a JWT")
	}
	if !isAccessToken(raw) {
		return Caller{}, unauthorized("the token's header says that it is no access token")
	}
	verifier, err := a.load(r.Context())
	if err != nil {
		return Caller{}, &AuthError{Status: http.StatusServiceUnavailable, Reason: err.Error()}
	}
	token, err := verifier.Verify(r.Context(), raw)
	if err != nil {
		return Caller{}, a.refused(err)
	}
	var claims accessClaims
	if err := token.Claims(&claims); err != nil {
		return Caller{}, unauthorized("the token's claims do not have the expected form")
	}
	subject := token.Subject
	if subject == "" {
		subject = claims.ClientID // of a client that acts for itself
	}
	if subject == "" {
		return Caller{}, unauthorized("the token has no subject")
	}
	scopes := claims.scopes()
	for _, scope := range a.RequiredScopes {
		if !slices.Contains(scopes, scope) {
			return Caller{}, &AuthError{
				Status: http.StatusForbidden, Code: "insufficient_scope",
				Scopes: a.RequiredScopes, Reason: "the token lacks the scope " + scope,
			}
		}
	}
	return Caller{Subject: subject, Method: MethodOAuth, Scopes: strings.Join(scopes, " ")}, nil
}

// refused turns go-oidc's error into one that quotes nothing of the token.
func (a *oauth) refused(err error) error {
	var expired *oidc.TokenExpiredError
	switch {
	case errors.Is(err, errKeysUnavailable):
		return &AuthError{Status: http.StatusServiceUnavailable, Reason: "the issuer's keys cannot be fetched"}
	case errors.As(err, &expired):
		return unauthorized("the token has expired")
	default:
		return unauthorized("the token's signature, algorithm, issuer, audience or time is not acceptable")
	}
}

func (c *accessClaims) scopes() []string {
	scopes := strings.Fields(c.Scope)
	var list []string
	var one string
	if json.Unmarshal(c.Scp, &list) == nil {
		scopes = append(scopes, list...)
	} else if json.Unmarshal(c.Scp, &one) == nil {
		scopes = append(scopes, strings.Fields(one)...)
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// isAccessToken refuses what the issuer signs for other purposes, such as logout
// tokens and DPoP proofs. Many issuers still write JWT into all tokens, or nothing.
//
// https://www.rfc-editor.org/rfc/rfc9068#section-4
func isAccessToken(raw string) bool {
	encoded, _, _ := strings.Cut(raw, ".")
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	var head struct {
		Type *string `json:"typ"`
	}
	if err != nil || json.Unmarshal(text, &head) != nil {
		return false
	}
	if head.Type == nil {
		return true
	}
	switch strings.ToLower(*head.Type) {
	case "at+jwt", "application/at+jwt", "jwt":
		return true
	}
	return false
}

// discoveryTime bounds a discovery whatever the HTTP client's own limit is.
const discoveryTime = 30 * time.Second

// load returns the verifier. It is made when the first token comes, so that a
// server starts while its issuer is down, and tried again until it has succeeded.
// Whoever waits for an issuer that hangs can leave, and does not end the wait of
// the others.
func (a *oauth) load(ctx context.Context) (*oidc.IDTokenVerifier, error) {
	d := a.discovery()
	select {
	case <-d.done:
		return d.verifier, d.err
	case <-ctx.Done():
		return nil, fmt.Errorf("oauth: %s has not answered yet", a.Issuer)
	}
}

func (a *oauth) discovery() *discovery {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.found == nil {
		a.found = &discovery{done: make(chan struct{})}
		go a.discover(a.found)
	}
	return a.found
}

func (a *oauth) discover(d *discovery) {
	defer close(d.done)
	ctx, cancel := context.WithTimeout(context.Background(), discoveryTime)
	defer cancel()
	jwks := a.JWKSURL
	if jwks == "" {
		if jwks, d.err = discoverJWKS(ctx, a.client, a.Issuer); d.err != nil {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.found = nil
			return
		}
	}
	keys := oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), a.client), jwks)
	d.verifier = oidc.NewVerifier(a.Issuer, keys, &oidc.Config{
		ClientID: a.Audience, SupportedSigningAlgs: a.Algorithms, Now: a.Now,
	})
}

// ResourceMetadata describes this server to clients that have no token yet.
func (a *oauth) ResourceMetadata() *ResourceMetadata {
	if u, err := url.Parse(a.Audience); err != nil || u.Host == "" {
		return nil // the audience is a name, and a resource has to be a URL
	}
	return &ResourceMetadata{
		Resource: a.Audience, AuthorizationServers: []string{a.Issuer}, ScopesSupported: a.RequiredScopes,
	}
}
