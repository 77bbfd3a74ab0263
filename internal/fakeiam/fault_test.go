package fakeiam_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func errorCode(t *testing.T, err error) string {
	t.Helper()
	var api smithy.APIError
	require.ErrorAs(t, err, &api)
	return api.ErrorCode()
}

func requireAPIError(t *testing.T, err error, code string, status int) {
	t.Helper()
	require.Equal(t, code, errorCode(t, err))
	var response *awshttp.ResponseError
	require.ErrorAs(t, err, &response)
	require.Equal(t, status, response.HTTPStatusCode())
	require.NotEmpty(t, response.ServiceRequestID())
}

func TestFaultErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		fault       fakeiam.Fault
		wantCode    string
		wantMessage string
		wantStatus  int
	}{
		{"throttling", fakeiam.Fault{Code: "Throttling"}, "Throttling", "Rate exceeded", 400},
		{"expired token", fakeiam.Fault{Code: "ExpiredToken"}, "ExpiredToken", "The security token included in the request is expired", 403},
		{"wrong key", fakeiam.Fault{Code: "InvalidClientTokenId"}, "InvalidClientTokenId", "The security token included in the request is invalid.", 403},
		{"nothing but a fault", fakeiam.Fault{}, "ServiceFailure", "", 500},
		{"unavailable", fakeiam.Fault{Code: "ServiceUnavailable"}, "ServiceUnavailable", "", 503},
		{"denied in AWS's words", fakeiam.Fault{Code: "AccessDenied"}, "AccessDenied",
			"User: arn:aws:iam::123456789012:user/scanner is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ because no identity-based policy allows the iam:ListUsers action", 403},
		{"words and status of one's own", fakeiam.Fault{Code: "Odd", Message: "told & sent", Status: 418}, "Odd", "told & sent", 418},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			server.Inject(tt.fault)
			_, err := iamClient(server).ListUsers(t.Context(), &iam.ListUsersInput{})
			requireAPIError(t, err, tt.wantCode, tt.wantStatus)
			require.ErrorContains(t, err, tt.wantMessage)
		})
	}
}

func TestFaultCounts(t *testing.T) {
	t.Parallel()
	throttle := fakeiam.Fault{Operation: "ListUsers", Code: "Throttling"}
	with := func(f fakeiam.Fault, skip, times int) fakeiam.Fault {
		f.Skip, f.Times = skip, times
		return f
	}
	tests := []struct {
		name   string
		faults []fakeiam.Fault
		want   []string // the error code of each of six calls
	}{
		{"none", nil, []string{"", "", "", "", "", ""}},
		{"for ever", []fakeiam.Fault{throttle}, []string{"Throttling", "Throttling", "Throttling", "Throttling", "Throttling", "Throttling"}},
		{"from the third call on", []fakeiam.Fault{with(throttle, 2, 0)}, []string{"", "", "Throttling", "Throttling", "Throttling", "Throttling"}},
		{"a burst", []fakeiam.Fault{with(throttle, 1, 2)}, []string{"", "Throttling", "Throttling", "", "", ""}},
		{"another operation", []fakeiam.Fault{{Operation: "ListRoles"}}, []string{"", "", "", "", "", ""}},
		{"one after the other", []fakeiam.Fault{with(throttle, 0, 2), {Code: "ExpiredToken", Skip: 1, Times: 1}},
			[]string{"Throttling", "Throttling", "", "ExpiredToken", "", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			for _, f := range tt.faults {
				server.Inject(f)
			}
			var got []string
			for range tt.want {
				_, err := iamClient(server).ListUsers(t.Context(), &iam.ListUsersInput{})
				code := ""
				if err != nil {
					code = errorCode(t, err)
				}
				got = append(got, code)
			}
			require.Equal(t, tt.want, got)
			server.ClearFaults()
			_, err := iamClient(server).ListUsers(t.Context(), &iam.ListUsersInput{})
			require.NoError(t, err)
		})
	}
}

// clients returns one client for each way to reach the server.
func clients(t *testing.T, server *fakeiam.Server) map[string]*iam.Client {
	loopback := httptest.NewServer(server)
	t.Cleanup(loopback.Close)
	return map[string]*iam.Client{
		"in process": iamClient(server),
		"loopback": iam.NewFromConfig(config(server), func(o *iam.Options) {
			o.BaseEndpoint = aws.String(loopback.URL)
			o.HTTPClient = loopback.Client()
		}),
	}
}

func TestFaultShapes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		shape fakeiam.FaultShape
		check func(*testing.T, *iam.ListUsersOutput, error)
	}{
		{fakeiam.ShapeTruncatedXML, func(t *testing.T, _ *iam.ListUsersOutput, err error) {
			var broken *smithy.DeserializationError
			require.ErrorAs(t, err, &broken)
		}},
		{fakeiam.ShapeEmpty, func(t *testing.T, out *iam.ListUsersOutput, err error) {
			require.NoError(t, err)
			require.Empty(t, out.Users)
		}},
		{fakeiam.ShapeNoMarker, func(t *testing.T, out *iam.ListUsersOutput, err error) {
			require.NoError(t, err)
			require.Len(t, out.Users, 2)
			require.True(t, out.IsTruncated)
			require.Nil(t, out.Marker)
		}},
		{fakeiam.ShapeRepeatedMarker, func(t *testing.T, out *iam.ListUsersOutput, err error) {
			require.NoError(t, err)
			require.True(t, out.IsTruncated)
			require.NotEmpty(t, out.Marker)
		}},
		{fakeiam.ShapeBadGateway, func(t *testing.T, _ *iam.ListUsersOutput, err error) {
			var response *awshttp.ResponseError
			require.ErrorAs(t, err, &response)
			require.Equal(t, http.StatusBadGateway, response.HTTPStatusCode())
		}},
		{fakeiam.ShapeReset, func(t *testing.T, _ *iam.ListUsersOutput, err error) {
			require.ErrorIs(t, err, syscall.ECONNRESET)
		}},
	}
	for _, tt := range tests {
		t.Run(string(tt.shape), func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			server.Inject(fakeiam.Fault{Shape: tt.shape})
			for name, client := range clients(t, server) {
				t.Run(name, func(t *testing.T) {
					out, err := client.ListUsers(t.Context(), &iam.ListUsersInput{})
					tt.check(t, out, err)
				})
			}
		})
	}
}

func TestRepeatedMarkerLeadsToTheSamePage(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	server.PageSize(1)
	server.Inject(fakeiam.Fault{Skip: 1, Shape: fakeiam.ShapeRepeatedMarker})
	c := iamClient(server)
	first, err := c.ListUsers(t.Context(), &iam.ListUsersInput{})
	require.NoError(t, err)
	require.Equal(t, "alice", *first.Users[0].UserName)
	for range 3 {
		next, err := c.ListUsers(t.Context(), &iam.ListUsersInput{Marker: first.Marker})
		require.NoError(t, err)
		require.Equal(t, "Bob", *next.Users[0].UserName)
		require.Equal(t, *first.Marker, *next.Marker)
	}
}

func TestHangEndsWithTheContext(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	server.Inject(fakeiam.Fault{Shape: fakeiam.ShapeHang})
	for name, client := range clients(t, server) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error)
			before := server.Total()
			go func() {
				_, err := client.ListUsers(ctx, &iam.ListUsersInput{})
				failed <- err
			}()
			require.Eventually(t, func() bool { return server.Total() > before }, 5*time.Second, time.Millisecond)
			cancel()
			require.ErrorIs(t, <-failed, context.Canceled)
		})
	}
}

func TestCancelledRequestIsNotServed(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("enough")
	cancel(reason)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://iam.amazonaws.com/", nil)
	require.NoError(t, err)
	_, err = server.HTTPClient().Do(r)
	require.ErrorIs(t, err, reason)
	require.Zero(t, server.Total())
}
