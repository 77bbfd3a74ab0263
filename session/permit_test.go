package session_test

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/session"
)

var errNotListed = errors.New("not on the list")

// only permits the given operations.
func only(operations ...string) func(context.Context, string) error {
	return func(_ context.Context, operation string) error {
		if slices.Contains(operations, operation) {
			return nil
		}
		return errNotListed
	}
}

// requests counts what would leave the process.
type requests int

func (n *requests) Do(*http.Request) (*http.Response, error) {
	*n++
	return nil, errors.New("no network here")
}

// TestPermitEveryOperation calls each operation there is with an empty input: the
// SDK would find it wanting, so what refuses it must come before.
func TestPermitEveryOperation(t *testing.T) {
	environment(t, "")
	reads := []string{"iam:ListUsers", "iam:ListRoles", "iam:GetAccountAuthorizationDetails", "iam:GetRole", "iam:SimulatePrincipalPolicy"}
	var sent requests
	var seen []string
	cfg, err := session.Config(context.Background(), &session.Options{HTTPClient: &sent, Permit: only(reads...), MaxAttempts: 1,
		Observe: func(_ context.Context, c session.Call) {
			if c.ErrorCode == session.CallRefused {
				require.Zero(t, c.Attempts)
				require.Empty(t, c.RequestID)
			}
			seen = append(seen, c.Operation)
		}})
	require.NoError(t, err)
	t.Run("iam", func(t *testing.T) { callAll(t, iam.NewFromConfig(cfg), "iam:", reads, &sent) })
	t.Run("sts", func(t *testing.T) { callAll(t, sts.NewFromConfig(cfg), "sts:", nil, &sent) })
	require.Len(t, seen, reflect.TypeFor[*iam.Client]().NumMethod()+reflect.TypeFor[*sts.Client]().NumMethod()-2, "all but Options")
}

func callAll(t *testing.T, client any, service string, permitted []string, sent *requests) {
	value, called, start := reflect.ValueOf(client), 0, *sent
	for i := range value.NumMethod() {
		method := value.Type().Method(i)
		if method.Name == "Options" {
			continue
		}
		require.Equal(t, 4, method.Type.NumIn(), method.Name)
		require.True(t, strings.HasSuffix(method.Type.In(2).String(), "."+method.Name+"Input"), method.Name)
		before := *sent
		err, _ := value.Method(i).Call([]reflect.Value{reflect.ValueOf(context.Background()), reflect.New(method.Type.In(2).Elem())})[1].Interface().(error)
		called++
		require.Error(t, err)
		if slices.Contains(permitted, service+method.Name) {
			require.NotErrorIs(t, err, errNotListed, method.Name)
			continue
		}
		require.ErrorIs(t, err, errNotListed, method.Name)
		require.Equal(t, before, *sent, method.Name)
	}
	require.Equal(t, value.NumMethod()-1, called)
	require.Equal(t, len(permitted) > 0, *sent > start, "what is permitted is sent")
}

func TestPermitPresigned(t *testing.T) {
	environment(t, "")
	var sent requests
	cfg, err := session.Config(context.Background(), &session.Options{HTTPClient: &sent, Permit: only()})
	require.NoError(t, err)
	presign := sts.NewPresignClient(sts.NewFromConfig(cfg))
	_, err = presign.PresignGetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	require.ErrorIs(t, err, errNotListed)
	_, err = presign.PresignAssumeRole(context.Background(), &sts.AssumeRoleInput{})
	require.ErrorIs(t, err, errNotListed)
	require.Zero(t, sent)
}

func TestPermitCredentials(t *testing.T) {
	const start = "https://x.example/start"
	const signedIn = "[default]\nsso_start_url = " + start + "\nsso_region = us-east-1\nsso_account_id = 123456789012\nsso_role_name = r\n"
	const chained = "[profile base]\naws_access_key_id = AKIAEXAMPLE000000001\naws_secret_access_key = secret\n" +
		"[default]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = base\n"
	tests := map[string]struct {
		config, role, operation string
		kind                    error
	}{
		"a role":                {"", "arn:aws:iam::123456789012:role/deploy", "sts:AssumeRole", session.ErrAssumeRole},
		"the role of a profile": {chained, "", "sts:AssumeRole", session.ErrAssumeRole},
		"a sign-in":             {signedIn, "", "sso:GetRoleCredentials", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			environment(t, tt.config)
			writeToken(t, start)
			var sent requests
			var calls []session.Call
			cfg, err := session.Config(context.Background(), &session.Options{RoleARN: tt.role, HTTPClient: &sent, Permit: only("iam:ListUsers"),
				Observe: func(_ context.Context, c session.Call) { calls = append(calls, c) }})
			require.NoError(t, err)
			_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
			require.ErrorIs(t, err, errNotListed)
			require.ErrorContains(t, err, tt.operation+": Refused: not on the list")
			requireHint(t, err, "let the program call "+tt.operation)
			var e *session.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, tt.kind, e.Kind)
			require.Zero(t, sent)
			require.Len(t, calls, 2)
			require.Equal(t, tt.operation, calls[0].Operation)
			require.Equal(t, session.CallRefused, calls[0].ErrorCode)
			require.Equal(t, session.CallNoCredentials, calls[1].ErrorCode)
			require.Equal(t, 1, calls[1].Attempts)
		})
	}
}

// writeToken leaves the token of a sign-in where the SDK looks for it.
func writeToken(t *testing.T, start string) {
	cache := filepath.Join(os.Getenv("HOME"), ".aws", "sso", "cache")
	require.NoError(t, os.MkdirAll(cache, 0o700))
	sum := sha1.Sum([]byte(start))
	require.NoError(t, os.WriteFile(filepath.Join(cache, hex.EncodeToString(sum[:])+".json"),
		[]byte(`{"accessToken":"t","expiresAt":"2100-01-01T00:00:00Z"}`), 0o600))
}

// TestPermitMachine: the credentials that a container or an instance gives its own
// programs are no matter of what may be done with AWS.
func TestPermitMachine(t *testing.T) {
	environment(t, "[default]\nregion = eu-west-1\n")
	container := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"AccessKeyId":"ASIAEXAMPLE000000001","SecretAccessKey":"s","Token":"t","Expiration":"2100-01-01T00:00:00Z"}`))
	}))
	t.Cleanup(container.Close)
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.URL)
	cfg, err := session.Config(context.Background(), &session.Options{Permit: only()})
	require.NoError(t, err)
	credentials, err := cfg.Credentials.Retrieve(context.Background())
	require.NoError(t, err)
	require.Equal(t, "ASIAEXAMPLE000000001", credentials.AccessKeyID)
}

// hinted is a refusal that seems worth trying again, and says what to do.
type hinted struct{}

func (hinted) Error() string         { return "the server is read-only" }
func (hinted) Hint() string          { return "start it with --write" }
func (hinted) RetryableError() bool  { return true }
func (hinted) ConnectionError() bool { return true }

func TestPermitAsCollectTellsIt(t *testing.T) {
	environment(t, "")
	s, role := server()
	tests := map[string]struct {
		reason     error
		role, hint string
		kind       error
		code       string
	}{
		"plain":     {errNotListed, "", "AWS was not asked: let the program call iam:ListUsers", collect.ErrRefused, collect.CodeRefused},
		"with hint": {hinted{}, "", "start it with --write", collect.ErrRefused, collect.CodeRefused},
		"the role":  {hinted{}, role, "start it with --write", collect.ErrCredentials, collect.CodeNoCredentials},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			asked := 0
			cfg, err := session.Config(context.Background(), &session.Options{HTTPClient: s.HTTPClient(), RoleARN: tt.role,
				Permit: func(_ context.Context, operation string) error {
					if tt.role != "" && operation != "sts:AssumeRole" {
						return nil
					}
					asked++
					return tt.reason
				}})
			require.NoError(t, err)
			_, err = collect.Users(context.Background(), iam.NewFromConfig(cfg), nil)
			var e *collect.Error
			require.ErrorAs(t, err, &e)
			require.ErrorIs(t, err, tt.reason)
			require.ErrorIs(t, err, tt.kind)
			require.Equal(t, tt.code, e.Code)
			require.Contains(t, e.Message, tt.reason.Error())
			require.Equal(t, tt.hint, e.Hint())
			require.False(t, e.Retryable())
			require.Equal(t, 1, asked, "a refusal is not tried again")
			require.Empty(t, s.Calls())
		})
	}
}

func TestPermitNil(t *testing.T) {
	environment(t, "")
	s, _ := server()
	cfg, err := session.Config(context.Background(), &session.Options{HTTPClient: s.HTTPClient()})
	require.NoError(t, err)
	_, err = iam.NewFromConfig(cfg).CreateUser(context.Background(), &iam.CreateUserInput{UserName: aws.String("new")})
	require.NotErrorIs(t, err, errNotListed)
}
