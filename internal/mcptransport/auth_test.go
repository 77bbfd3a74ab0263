package mcptransport_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

const goodToken = "correct-horse-battery"

func token(t *testing.T) mcptransport.Authenticator {
	t.Helper()
	a, err := mcptransport.StaticToken(goodToken)
	require.NoError(t, err)
	return a
}

func TestStaticTokenRefusesWeakTokens(t *testing.T) {
	t.Parallel()
	for _, weak := range []string{"", "short", strings.Repeat("x", 15), "has a space in the middle", "newline-in-it-\n-here", strings.Repeat("=", 20)} {
		_, err := mcptransport.StaticToken(weak)
		require.ErrorIs(t, err, mcptransport.ErrWeakToken)
		if weak != "" {
			require.NotContains(t, err.Error(), weak)
		}
	}
}

func TestStaticToken(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: token(t)})
	for name, c := range map[string]struct {
		authorization string
		status        int
		challenge     string
	}{
		"none":         {"", 401, "Bearer"},
		"right":        {"Bearer " + goodToken, 200, ""},
		"scheme case":  {"bearer " + goodToken, 200, ""},
		"wrong":        {"Bearer wrong-horse-battery-staple", 401, `Bearer error="invalid_token"`},
		"prefix":       {"Bearer " + goodToken[:10], 401, `Bearer error="invalid_token"`},
		"longer":       {"Bearer " + goodToken + "x", 401, `Bearer error="invalid_token"`},
		"empty":        {"Bearer ", 401, `Bearer error="invalid_token"`},
		"basic":        {"Basic " + goodToken, 401, "Bearer"},
		"two in one":   {"Bearer " + goodToken + ", Bearer x", 401, `Bearer error="invalid_token"`},
		"twenty pages": {"Bearer " + strings.Repeat("x", 20<<10), 401, `Bearer error="invalid_token"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := header{}
			if c.authorization != "" {
				h["Authorization"] = c.authorization
			}
			r := e.post(t, initialize, h)
			require.Equal(t, c.status, r.StatusCode)
			require.Equal(t, c.challenge, r.Header.Get("WWW-Authenticate"))
		})
	}
	t.Cleanup(func() {
		require.NotContains(t, e.logs.String(), goodToken)
		require.NotContains(t, e.logs.String(), "wrong-horse")
	})
}

func TestTokenInQueryIsNotLogged(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: token(t)})
	r := e.do(t, http.MethodPost, e.url+"?Access_Token="+goodToken, initialize, header{"Authorization": "Bearer " + goodToken})
	require.Equal(t, http.StatusBadRequest, r.StatusCode)
	require.NotContains(t, text(t, r)+e.logs.String(), goodToken)
}

type failing struct{}

func (failing) Authenticate(*http.Request) (mcptransport.Caller, error) {
	return mcptransport.Caller{}, errors.New("the token " + goodToken + " is odd")
}

func TestForeignAuthenticatorErrorStaysInside(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{Authenticator: failing{}})
	r := e.post(t, initialize, nil)
	require.Equal(t, http.StatusUnauthorized, r.StatusCode)
	require.NotContains(t, text(t, r)+e.logs.String(), goodToken)
}

func TestCheckListen(t *testing.T) {
	t.Parallel()
	for addr, open := range map[string]bool{
		"127.0.0.1:1": true, "127.9.9.9:1": true, "[::1]:1": true, "localhost:1": true, "[::ffff:127.0.0.1]:1": true,
		":1": false, "0.0.0.0:1": false, "[::]:1": false, "192.0.2.1:1": false, "example.com:1": false, "localhost.example.com:1": false, "127.0.0.1": false,
	} {
		err := mcptransport.CheckListen(addr, nil)
		require.Equal(t, open, err == nil, "%s: %v", addr, err)
	}
	require.NoError(t, mcptransport.CheckListen("0.0.0.0:1", token(t)))
}
