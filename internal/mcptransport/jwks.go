package mcptransport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// errKeysUnavailable is behind the error of a token whose key could not be had.
var errKeysUnavailable = errors.New("the issuer cannot be asked now")

// maxMetadata bounds what is read of an issuer's metadata.
const maxMetadata = 1 << 20

// fetchInterval and fetchBurst bound how often the issuer is asked: a token
// that names an unknown key makes go-oidc fetch all keys anew, and such a token
// costs its sender nothing.
const (
	fetchInterval = 5 * time.Second
	fetchBurst    = 4 // two metadata documents, the keys, and a rotation
)

func throttledClient(base *http.Client, now func() time.Time) *http.Client {
	client := http.Client{Timeout: 10 * time.Second}
	if base != nil {
		client = *base
	}
	next := client.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	client.Transport = &throttle{next: next, now: now, tokens: fetchBurst}
	// A redirect could lead to a host that nobody configured.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

type throttle struct {
	next http.RoundTripper
	now  func() time.Time

	mu     sync.Mutex
	tokens float64
	last   time.Time
}

func (t *throttle) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.take() {
		return nil, errKeysUnavailable
	}
	response, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, errors.Join(errKeysUnavailable, err)
	}
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, maxMetadata), response.Body}
	return response, nil
}

func (t *throttle) take() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	if !t.last.IsZero() {
		t.tokens = min(fetchBurst, t.tokens+now.Sub(t.last).Seconds()/fetchInterval.Seconds())
	}
	t.last = now
	if t.tokens < 1 {
		return false
	}
	t.tokens--
	return true
}

// discoverJWKS finds where the issuer publishes its keys.
//
// https://www.rfc-editor.org/rfc/rfc8414#section-3.1 puts the well-known part
// before the issuer's path, OpenID Connect Discovery after it.
func discoverJWKS(ctx context.Context, client *http.Client, issuer string) (string, error) {
	u, err := url.Parse(issuer)
	if err != nil {
		return "", fmt.Errorf("oauth: issuer: %w", err)
	}
	path := strings.TrimSuffix(u.Path, "/")
	origin := u.Scheme + "://" + u.Host
	var failed error
	for _, place := range []string{
		origin + path + "/.well-known/openid-configuration",
		origin + "/.well-known/oauth-authorization-server" + path,
	} {
		jwks, err := fetchJWKSURL(ctx, client, place, issuer)
		if err == nil {
			return jwks, nil
		}
		failed = errors.Join(failed, err)
	}
	return "", failed
}

func fetchJWKSURL(ctx context.Context, client *http.Client, place, issuer string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, place, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("oauth: %s: status %d", place, response.StatusCode)
	}
	var metadata struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	if err := json.NewDecoder(response.Body).Decode(&metadata); err != nil {
		return "", fmt.Errorf("oauth: %s: not the metadata of an issuer", place)
	}
	if metadata.Issuer != issuer {
		return "", fmt.Errorf("oauth: %s: it is the metadata of another issuer", place)
	}
	return metadata.JWKSURI, checkRemoteURL("JWKS", metadata.JWKSURI)
}
