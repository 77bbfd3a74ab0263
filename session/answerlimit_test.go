package session_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/session"
)

// A clientFunc is an HTTP client of a test.
type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// spaces is an endless answer.
type spaces struct{}

func (spaces) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestAnswersAreBounded(t *testing.T) {
	environment(t, "")
	for name, answer := range map[string]struct {
		status int
		length int64
	}{
		"announced":       {http.StatusOK, 65 << 20},
		"without any end": {http.StatusForbidden, -1}, // which the SDK reads without parsing
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			cfg, err := session.Config(context.Background(), &session.Options{HTTPClient: clientFunc(func(r *http.Request) (*http.Response, error) {
				calls++
				return &http.Response{StatusCode: answer.status, ContentLength: answer.length, Header: http.Header{}, Request: r,
					Body: io.NopCloser(io.MultiReader(strings.NewReader("<ListUsersResponse>"), spaces{}))}, nil
			})})
			require.NoError(t, err)
			_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
			require.ErrorContains(t, err, "iam:ListUsers: the answer is longer than 64 MB")
			require.Equal(t, 1, calls, "asking again brings the same")
		})
	}
}

func TestRedirects(t *testing.T) {
	environment(t, "")
	s, _ := server()
	var elsewhere int
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		elsewhere++
		s.ServeHTTP(w, r)
	}))
	defer other.Close()
	for _, status := range []int{http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			var asked int
			target := other.URL
			web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if asked++; r.URL.Path == "/moved" {
					s.ServeHTTP(w, r)
					return
				}
				http.Redirect(w, r, target, status)
			}))
			defer web.Close()
			t.Setenv("AWS_ENDPOINT_URL", web.URL)
			cfg, err := session.Config(context.Background(), nil)
			require.NoError(t, err)
			_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
			require.ErrorContains(t, err, "ListUsers")
			require.ErrorContains(t, err, "redirects to another host, "+strings.TrimPrefix(other.URL, "http://"))
			require.Equal(t, []int{1, 0}, []int{asked, elsewhere})

			target = "/moved"
			_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
			require.NoError(t, err, "the same host may")
		})
	}
}

func TestOptionsCheck(t *testing.T) {
	t.Parallel()
	require.NoError(t, (*session.Options)(nil).Check())
	require.NoError(t, (&session.Options{}).Check())
	require.ErrorIs(t, (&session.Options{RoleARN: "deploy"}).Check(), session.ErrOptions)
	require.ErrorIs(t, (&session.Options{Region: "us-esat-1"}).Check(), session.ErrRegion)
}
