package session_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
	"github.com/nhiscan/nhiscan/session"
)

// environment is all that the SDK sees of the machine: the given shared config
// file, and access keys when the file is empty.
func environment(t *testing.T, sharedConfig string) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "")
		}
	}
	home := t.TempDir()
	file := filepath.Join(home, "config")
	require.NoError(t, os.WriteFile(file, []byte(sharedConfig), 0o600))
	t.Setenv("HOME", home)
	t.Setenv("AWS_CONFIG_FILE", file)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, "credentials"))
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	if sharedConfig == "" {
		t.Setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE000000001")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	}
}

// server serves a small account, with its first role's ARN.
func server() (*fakeiam.Server, string) {
	a := synth.Account(synth.Size{Users: 3, Roles: 3, Groups: 1, Policies: 1}, 1)
	return fakeiam.New(a), a.Roles[0].ARN
}

func TestConfigDefaults(t *testing.T) {
	environment(t, "")
	cfg, err := session.Config(context.Background(), nil)
	require.NoError(t, err)
	require.Equal(t, "us-east-1", cfg.Region)
	require.Equal(t, 10, cfg.Retryer().MaxAttempts())
	credentials, err := cfg.Credentials.Retrieve(context.Background())
	require.NoError(t, err)
	require.Equal(t, "AKIAEXAMPLE000000001", credentials.AccessKeyID)
}

func TestConfigRegion(t *testing.T) {
	environment(t, "")
	for _, region := range []string{"us-east-1", "eu-central-2", "ap-southeast-7", "mx-central-1", "us-gov-west-1", "cn-north-1",
		"us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "eusc-de-east-1", "il-central-1", "ap-northeast-3"} {
		cfg, err := session.Config(context.Background(), &session.Options{Region: region})
		require.NoError(t, err)
		require.Equal(t, region, cfg.Region)
	}
	for _, region := range []string{"us-east", "us-fake-1", "moon-north-1", "us-east-1a", "US-EAST-1", "useast1", "us-east-0", " us-east-1", "us-east-1/../x", "eu"} {
		_, err := session.Config(context.Background(), &session.Options{Region: region})
		require.ErrorIs(t, err, session.ErrRegion, region)
		requireHint(t, err, "us-east-1")
	}
	t.Setenv("AWS_REGION", "nowhere-1")
	_, err := session.Config(context.Background(), nil)
	require.ErrorIs(t, err, session.ErrRegion)
}

func requireHint(t *testing.T, err error, want string) {
	t.Helper()
	var e *session.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Hint(), want)
	require.True(t, e.CredentialsError())
}

func TestConfigOptionsThatCannotBe(t *testing.T) {
	environment(t, "")
	for _, opts := range []session.Options{
		{ExternalID: "id"},
		{RoleARN: "deploy"},
		{RoleARN: "arn:aws:iam::123456789012:user/anna"},
		{RoleARN: "arn:aws:iam::1234:role/deploy"},
	} {
		_, err := session.Config(context.Background(), &opts)
		require.ErrorIs(t, err, session.ErrOptions)
	}
}

func TestConfigNoSuchProfile(t *testing.T) {
	environment(t, "[profile work]\nregion = eu-west-1\n")
	_, err := session.Config(context.Background(), &session.Options{Profile: "wrok"})
	require.ErrorIs(t, err, session.ErrNoProfile)
	require.ErrorContains(t, err, `"wrok"`)
	requireHint(t, err, "list-profiles")
}

func TestConfigNoCredentials(t *testing.T) {
	environment(t, "[default]\nregion = eu-west-1\n")
	t.Run("none anywhere", func(t *testing.T) {
		_, err := session.Config(context.Background(), nil)
		require.ErrorIs(t, err, session.ErrNoCredentials)
		requireHint(t, err, "aws configure")
	})
	t.Run("an instance service that does not answer", func(t *testing.T) {
		listener, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and never says a word
		require.NoError(t, err)
		defer listener.Close()
		t.Setenv("AWS_EC2_METADATA_DISABLED", "false")
		t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://"+listener.Addr().String())
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		_, err = session.Config(ctx, nil)
		require.ErrorIs(t, err, session.ErrNoCredentials, "it gives up long before the context ends")
	})
	t.Run("cancelled while looking", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_, err := session.Config(ctx, nil)
		require.ErrorIs(t, err, context.Canceled)
		require.NotErrorIs(t, err, session.ErrNoCredentials)
	})
}

func TestExpiredSignIn(t *testing.T) {
	environment(t, `
[profile legacy]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = ReadOnly

[profile modern]
sso_session = example
sso_account_id = 123456789012
sso_role_name = ReadOnly

[sso-session example]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1

[profile login]
login_session = arn:aws:iam::123456789012:user/anna

[profile process]
credential_process = false
`)
	tests := map[string]struct {
		kind error
		hint string
	}{
		"legacy":  {session.ErrExpired, "aws sso login --profile legacy"},
		"modern":  {session.ErrExpired, "aws sso login --profile modern"},
		"login":   {session.ErrExpired, "aws login --profile login"},
		"process": {nil, "run the command by hand"},
	}
	for profile, tt := range tests {
		t.Run(profile, func(t *testing.T) {
			cfg, err := session.Config(context.Background(), &session.Options{Profile: profile})
			require.NoError(t, err)
			_, err = cfg.Credentials.Retrieve(context.Background())
			requireHint(t, err, tt.hint)
			if tt.kind != nil {
				require.ErrorIs(t, err, tt.kind)
			}
		})
	}
}

func TestAssumeRole(t *testing.T) {
	environment(t, "")
	s, role := server()
	cfg, err := session.Config(context.Background(), &session.Options{
		RoleARN: role, ExternalID: "tenant-7", SessionName: "audit", HTTPClient: s.HTTPClient()})
	require.NoError(t, err)
	require.Zero(t, s.Total(), "nothing is called before it is needed")

	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(context.Background(), nil)
	require.NoError(t, err)
	require.Contains(t, aws.ToString(out.Arn), ":assumed-role/")
	require.True(t, strings.HasSuffix(aws.ToString(out.Arn), "/audit"))
	require.Equal(t, "tenant-7", s.LastRequest("AssumeRole").Get("ExternalId"))
}

func TestAssumeRoleFails(t *testing.T) {
	environment(t, "")
	for code, kind := range map[string]error{"AccessDenied": session.ErrAssumeRole, "ExpiredToken": session.ErrExpired} {
		s, role := server()
		s.Inject(fakeiam.Fault{Operation: "AssumeRole", Code: code, Status: 403})
		cfg, err := session.Config(context.Background(), &session.Options{RoleARN: role, HTTPClient: s.HTTPClient()})
		require.NoError(t, err)
		_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
		require.ErrorIs(t, err, kind)
		var e *session.Error
		require.ErrorAs(t, err, &e)
		require.Contains(t, e.Error(), "sts:AssumeRole: "+code)
		require.NotEmpty(t, e.Hint())
	}
}

// TestEndpointURL has the role assumed at the endpoint of the environment, as
// everything else is.
func TestEndpointURL(t *testing.T) {
	environment(t, "")
	s, role := server()
	web := httptest.NewServer(s)
	defer web.Close()
	t.Setenv("AWS_ENDPOINT_URL", web.URL)
	cfg, err := session.Config(context.Background(), &session.Options{RoleARN: role})
	require.NoError(t, err)
	_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
	require.NoError(t, err)
	require.Equal(t, 1, s.Calls()["AssumeRole"])
}

func TestUserAgent(t *testing.T) {
	environment(t, "")
	var agent string
	var length int64
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent, length = r.UserAgent(), r.ContentLength
	}))
	defer web.Close()
	t.Setenv("AWS_ENDPOINT_URL", web.URL)
	cfg, err := session.Config(context.Background(), &session.Options{Version: "1.2.3"})
	require.NoError(t, err)
	_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
	require.NoError(t, err, "the SDK takes an empty answer for success")
	require.Contains(t, agent, "nhiscan/1.2.3")
	require.Positive(t, length)
}

// TestLargeAnswersOverSockets fails on one answer in three without the buffered
// request body.
func TestLargeAnswersOverSockets(t *testing.T) {
	environment(t, "")
	s := fakeiam.New(synth.Account(synth.Size{Users: 100, Roles: 100, Groups: 5, Policies: 50}, 1))
	web := httptest.NewServer(s)
	defer web.Close()
	t.Setenv("AWS_ENDPOINT_URL", web.URL)
	cfg, err := session.Config(context.Background(), &session.Options{MaxAttempts: 1})
	require.NoError(t, err)
	api := iam.NewFromConfig(cfg)
	for range 20 {
		out, err := api.GetAccountAuthorizationDetails(context.Background(), &iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(1000)})
		require.NoError(t, err)
		require.NotEmpty(t, out.UserDetailList)
	}
}

func TestHungEndpoint(t *testing.T) {
	environment(t, "")
	s, _ := server()
	s.Inject(fakeiam.Fault{Shape: fakeiam.ShapeHang})
	web := httptest.NewServer(s)
	defer web.Close()
	defer web.CloseClientConnections()
	t.Setenv("AWS_ENDPOINT_URL", web.URL)
	cfg, err := session.Config(context.Background(), &session.Options{MaxAttempts: 1, Timeout: 50 * time.Millisecond})
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second) // less than the default
	defer cancel()
	_, err = iam.NewFromConfig(cfg).ListUsers(ctx, nil)
	require.Error(t, err)
	require.NoError(t, ctx.Err(), "the call ends by itself, long before its context")
}

func TestRetries(t *testing.T) {
	environment(t, "")
	tests := map[string]struct {
		fault fakeiam.Fault
		calls int
		fails bool
	}{
		"a service that recovers":  {fakeiam.Fault{Code: "ServiceFailure", Status: 500, Times: 8}, 9, false},
		"a service that fails":     {fakeiam.Fault{Code: "ServiceFailure", Status: 500}, 10, true},
		"nobody answers":           {fakeiam.Fault{Shape: fakeiam.ShapeReset}, 3, true},
		"a proxy that fails":       {fakeiam.Fault{Shape: fakeiam.ShapeBadGateway}, 3, true},
		"nobody answers at first":  {fakeiam.Fault{Shape: fakeiam.ShapeReset, Times: 2}, 3, false},
		"refused":                  {fakeiam.Fault{Code: "AccessDenied"}, 1, true},
		"a limit that is no limit": {fakeiam.Fault{Code: "LimitExceeded", Status: 409}, 1, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _ := server()
				s.Inject(tt.fault)
				cfg, err := session.Config(context.Background(), &session.Options{HTTPClient: s.HTTPClient()})
				require.NoError(t, err)
				_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
				require.Equal(t, tt.fails, err != nil)
				require.Equal(t, tt.calls, s.Total())
			})
		})
	}
}

// TestThrottlingIsRetriedForLong asks the retryer itself: in adaptive mode the
// SDK waits on a clock that must go on by itself.
func TestThrottlingIsRetriedForLong(t *testing.T) {
	environment(t, "")
	cfg, err := session.Config(context.Background(), nil)
	require.NoError(t, err)
	retryer := cfg.Retryer()
	throttled := &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: http.StatusBadRequest}},
		Err:      &smithy.GenericAPIError{Code: "Throttling"},
	}
	require.True(t, retryer.IsErrorRetryable(throttled))
	for attempt := 1; attempt < retryer.MaxAttempts(); attempt++ {
		delay, err := retryer.RetryDelay(attempt, throttled)
		require.NoError(t, err)
		require.LessOrEqual(t, delay, 20*time.Second)
		release, err := retryer.GetRetryToken(context.Background(), throttled)
		require.NoError(t, err)
		require.NoError(t, release(nil))
	}
}

func TestErrorUnwraps(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	err := error(&session.Error{Kind: session.ErrExpired, Message: "it is over", Err: cause})
	require.ErrorIs(t, err, cause)
	require.ErrorIs(t, err, session.ErrExpired)
	require.EqualError(t, err, "AWS session: it is over")
}
