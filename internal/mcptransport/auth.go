package mcptransport

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// An Authenticator tells who sent an HTTP request. It must not keep, log or
// return in an error any credential it reads. An error that is not an
// [*AuthError] is answered as an invalid token. It is called by many
// goroutines at a time.
type Authenticator interface {
	Authenticate(r *http.Request) (Caller, error)
}

// An AuthError refuses a request. Its text goes to the log, never to the
// client, and holds no credential.
type AuthError struct {
	Status int    // 401, 403, 400, or 503 when the keys cannot be had
	Code   string // of RFC 6750 section 3.1; "" when the request has no token
	Scopes []string
	Reason string
}

func (e *AuthError) Error() string { return e.Reason }

func unauthorized(reason string) *AuthError {
	return &AuthError{Status: http.StatusUnauthorized, Code: "invalid_token", Reason: reason}
}

// minTokenLength makes guessing hopeless: 16 characters of base64 are 96 bits.
const minTokenLength = 16

// maxTokenLength bounds what is parsed before anything is known of the sender.
const maxTokenLength = 16 << 10

// ErrWeakToken is the error of [StaticToken] for a token that is too short or
// cannot be sent in a header.
var ErrWeakToken = errors.New("unusable bearer token")

// StaticToken accepts one bearer token of at least 16 characters out of those
// that RFC 6750 allows (letters, digits and -._~+/, then any number of =).
func StaticToken(token string) (Authenticator, error) {
	if len(token) < minTokenLength {
		return nil, fmt.Errorf("%w: it has fewer than %d characters", ErrWeakToken, minTokenLength)
	}
	if len(token) > maxTokenLength || !isToken68(token) {
		return nil, fmt.Errorf("%w: it is too long or has characters that RFC 6750 does not allow", ErrWeakToken)
	}
	return staticToken(sha256.Sum256([]byte(token))), nil
}

type staticToken [sha256.Size]byte

// Authenticate compares digests, whose length says nothing of the token's.
func (t staticToken) Authenticate(r *http.Request) (Caller, error) {
	token, err := bearerToken(r)
	if err != nil {
		return Caller{}, err
	}
	got := sha256.Sum256([]byte(token))
	if subtle.ConstantTimeCompare(got[:], t[:]) != 1 {
		return Caller{}, unauthorized("the bearer token is not the configured one")
	}
	return Caller{Subject: "token", Method: MethodToken}, nil
}

func (staticToken) String() string   { return "static bearer token" }
func (staticToken) GoString() string { return "static bearer token" }

func bearerToken(r *http.Request) (string, error) {
	values := r.Header.Values("Authorization")
	switch {
	case len(values) == 0:
		return "", &AuthError{Status: http.StatusUnauthorized, Reason: "no Authorization header"}
	case len(values) > 1:
		return "", &AuthError{Status: http.StatusBadRequest, Code: "invalid_request", Reason: "several Authorization headers"}
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", &AuthError{Status: http.StatusUnauthorized, Reason: "the Authorization header is not of the Bearer scheme"}
	}
	token = strings.Trim(token, " ")
	if len(token) > maxTokenLength || !isToken68(token) {
		return "", unauthorized("the bearer token is malformed")
	}
	return token, nil
}

func isToken68(s string) bool {
	s = strings.TrimRight(s, "=")
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/") == ""
}

// noAuth is the Authenticator of an endpoint that has none.
type noAuth struct{}

func (noAuth) Authenticate(*http.Request) (Caller, error) {
	return Caller{Subject: "anonymous", Method: MethodNone}, nil
}
