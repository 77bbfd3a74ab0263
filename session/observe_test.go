package session_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/session"
)

func TestObserve(t *testing.T) {
	environment(t, "")
	const id = "7d0a3a5e-0000-4000-8000-"
	denied := fakeiam.Fault{Operation: "AssumeRole", Code: "AccessDenied", Status: 403}
	tests := map[string]struct {
		fault *fakeiam.Fault
		role  bool
		want  []session.Call
	}{
		"success":         {want: []session.Call{{Operation: "iam:ListUsers", RequestID: id + "000000000001", Attempts: 1}}},
		"retried":         {fault: &fakeiam.Fault{Code: "ServiceFailure", Status: 500, Times: 2}, want: []session.Call{{Operation: "iam:ListUsers", RequestID: id + "000000000003", Attempts: 3}}},
		"refused":         {fault: &fakeiam.Fault{Code: "AccessDenied"}, want: []session.Call{{Operation: "iam:ListUsers", RequestID: id + "000000000001", ErrorCode: "AccessDenied", Attempts: 1}}},
		"a proxy answers": {fault: &fakeiam.Fault{Shape: fakeiam.ShapeBadGateway}, want: []session.Call{{Operation: "iam:ListUsers", ErrorCode: session.CallNoAnswer, Attempts: 3}}},
		"no answer":       {fault: &fakeiam.Fault{Shape: fakeiam.ShapeReset}, want: []session.Call{{Operation: "iam:ListUsers", ErrorCode: session.CallNoAnswer, Attempts: 3}}},
		"a role":          {role: true, want: []session.Call{{Operation: "sts:AssumeRole", RequestID: id + "000000000001", Attempts: 1}, {Operation: "iam:ListUsers", RequestID: id + "000000000002", Attempts: 1}}},
		"a role that is refused": {role: true, fault: &denied, want: []session.Call{
			{Operation: "sts:AssumeRole", RequestID: id + "000000000001", ErrorCode: "AccessDenied", Attempts: 1},
			{Operation: "iam:ListUsers", ErrorCode: session.CallNoCredentials, Attempts: 1}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, role := server()
				opts := session.Options{HTTPClient: s.HTTPClient()}
				if tt.role {
					opts.RoleARN = role
				}
				if tt.fault != nil {
					s.Inject(*tt.fault)
				}
				var calls []session.Call
				opts.Observe = func(_ context.Context, c session.Call) { calls = append(calls, c) }
				cfg, err := session.Config(context.Background(), &opts)
				require.NoError(t, err)
				_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
				for i := range calls {
					require.Equal(t, calls[i].ErrorCode != "", calls[i].Err != nil)
					require.GreaterOrEqual(t, calls[i].Duration, calls[0].Duration, "a call holds that for its credentials")
					calls[i].Duration, calls[i].Err = 0, nil
				}
				require.Equal(t, tt.want, calls)
				require.Equal(t, calls[len(calls)-1].ErrorCode != "", err != nil)
			})
		})
	}
}

func TestObserveInterruption(t *testing.T) {
	environment(t, "")
	s, _ := server()
	s.Inject(fakeiam.Fault{Shape: fakeiam.ShapeHang})
	ctx, cancel := context.WithCancel(context.Background())
	var calls []session.Call
	cfg, err := session.Config(ctx, &session.Options{HTTPClient: s.HTTPClient(), Observe: func(_ context.Context, c session.Call) { calls = append(calls, c) }})
	require.NoError(t, err)
	cancel()
	_, err = iam.NewFromConfig(cfg).ListUsers(ctx, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, calls, 1)
	require.Equal(t, session.CallInterrupted, calls[0].ErrorCode)
}

// TestObserveHasTheCallersContext: a server knows by it which request a call is for.
func TestObserveHasTheCallersContext(t *testing.T) {
	environment(t, "")
	type key struct{}
	s, _ := server()
	var mu sync.Mutex
	seen := map[any]int{}
	cfg, err := session.Config(context.Background(), &session.Options{HTTPClient: s.HTTPClient(), Observe: func(ctx context.Context, _ session.Call) {
		mu.Lock()
		defer mu.Unlock()
		seen[ctx.Value(key{})]++
	}})
	require.NoError(t, err)
	api := iam.NewFromConfig(cfg)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			_, err := api.ListRoles(context.WithValue(context.Background(), key{}, i), nil)
			require.NoError(t, err)
		})
	}
	wg.Wait()
	require.Len(t, seen, 8)
}
