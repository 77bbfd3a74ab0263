package collect_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// operations are all that collect may call.
func operations() []string {
	var names []string
	api := reflect.TypeFor[collect.IAMAPI]()
	for i := range api.NumMethod() {
		names = append(names, api.Method(i).Name)
	}
	return names
}

// bulkOperations are those that every reading of an account makes.
var bulkOperations = []string{"GetAccountAuthorizationDetails", "ListUsers", "ListRoles", "ListVirtualMFADevices",
	"GenerateCredentialReport", "GetCredentialReport", "ListAccountAliases"}

// requireHonest fails when the account says that it is complete and is not.
func requireHonest(t *testing.T, want, got *nhiscan.Account) {
	t.Helper()
	if got.Complete() {
		require.Equal(t, want, got)
	}
}

// TestAccountWithOneOperationFailing has each operation fail in each way.
func TestAccountWithOneOperationFailing(t *testing.T) {
	t.Parallel()
	faults := map[string]fakeiam.Fault{
		"denied":          {Code: "AccessDenied"},
		"throttled":       {Code: "Throttling"},
		"truncated XML":   {Shape: fakeiam.ShapeTruncatedXML},
		"empty":           {Shape: fakeiam.ShapeEmpty},
		"no marker":       {Shape: fakeiam.ShapeNoMarker},
		"repeated marker": {Shape: fakeiam.ShapeRepeatedMarker},
		"bad gateway":     {Shape: fakeiam.ShapeBadGateway},
		"reset":           {Shape: fakeiam.ShapeReset},
	}
	want := detailed(synth.Account(tiny, 1))
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, operation := range operations() {
				s := newServer(want)
				s.PageSize(2)
				fault.Operation = operation
				s.Inject(fault)
				got := readAccount(t, s, &collect.Options{Detail: true, Now: now})
				require.Len(t, got.Users, len(want.Users), operation)
				require.Len(t, got.Roles, len(want.Roles), operation)
				requireHonest(t, want, got)
				for _, g := range gapsOf(got, "iam:"+operation) {
					require.NotEmpty(t, g.Code)
					require.NotEmpty(t, g.Message)
				}
			}
		})
	}
}

// TestAccountWithFailuresInTheMiddle has each operation fail once or for a while,
// and then go on as if nothing had been.
func TestAccountWithFailuresInTheMiddle(t *testing.T) {
	t.Parallel()
	faults := map[string]fakeiam.Fault{
		"throttling burst": {Code: "Throttling", Times: 6},
		"truncated XML":    {Shape: fakeiam.ShapeTruncatedXML, Times: 1},
		"empty":            {Shape: fakeiam.ShapeEmpty, Times: 1},
		"bad gateway":      {Shape: fakeiam.ShapeBadGateway, Times: 2},
		"reset":            {Shape: fakeiam.ShapeReset, Times: 2},
	}
	want := detailed(synth.Account(tiny, 1))
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(want)
			s.PageSize(2)
			for _, operation := range operations() {
				fault.Operation, fault.Skip = operation, 1
				s.Inject(fault)
			}
			got := readAccount(t, s, &collect.Options{Detail: true, Now: now})
			require.Empty(t, got.Gaps)
			require.Equal(t, want, got)
		})
	}
}

func TestAccountRefusedOnTheThirdPage(t *testing.T) {
	t.Parallel()
	for _, operation := range bulkOperations {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			want := detailed(synth.Account(small, 1))
			s := newServer(want)
			s.PageSize(3)
			s.Inject(fakeiam.Fault{Operation: operation, Skip: 2, Code: "AccessDenied"})
			got := readAccount(t, s, &collect.Options{Detail: true, Now: now})
			require.Len(t, got.Users, len(want.Users))
			require.Len(t, got.Roles, len(want.Roles))
			requireHonest(t, want, got)
		})
	}
}

// TestAccountCutOffLists has nothing to make up for a list that breaks off.
func TestAccountCutOffLists(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault fakeiam.Fault
		code  string
	}{
		"no marker":       {fakeiam.Fault{Shape: fakeiam.ShapeNoMarker}, nhiscan.GapTruncated},
		"repeated marker": {fakeiam.Fault{Shape: fakeiam.ShapeRepeatedMarker}, nhiscan.GapTruncated},
		"truncated XML":   {fakeiam.Fault{Shape: fakeiam.ShapeTruncatedXML}, nhiscan.GapMalformed},
		"empty":           {fakeiam.Fault{Shape: fakeiam.ShapeEmpty}, collect.CodeEmptyAnswer},
		"throttled":       {fakeiam.Fault{Code: "Throttling"}, "Throttling"},
		"reset":           {fakeiam.Fault{Shape: fakeiam.ShapeReset}, collect.CodeNoAnswer},
		"bad gateway":     {fakeiam.Fault{Shape: fakeiam.ShapeBadGateway}, "HTTP502"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(synth.Account(small, 1))
			s.PageSize(5)
			s.Deny("GetAccountAuthorizationDetails")
			tt.fault.Operation, tt.fault.Skip = "ListRoles", 1
			s.Inject(tt.fault)
			a := readAccount(t, s, nil)
			require.False(t, a.Complete())
			require.Equal(t, []string{tt.code}, codes(gapsOf(a, "iam:ListRoles")))
			require.GreaterOrEqual(t, len(a.Roles), 5, "what was read is kept")
			require.Less(t, len(a.Roles), small.Roles)
		})
	}
}

func TestAccountWithNothingReadable(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault fakeiam.Fault
		kind  error
	}{
		"denied":    {fakeiam.Fault{Code: "AccessDenied"}, collect.ErrAccessDenied},
		"throttled": {fakeiam.Fault{Code: "Throttling"}, collect.ErrThrottled},
		"reset":     {fakeiam.Fault{Shape: fakeiam.ShapeReset}, nil},
		"empty":     {fakeiam.Fault{Shape: fakeiam.ShapeEmpty}, nil},
		"cut off":   {fakeiam.Fault{Shape: fakeiam.ShapeTruncatedXML}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(synth.Account(small, 1))
			s.Inject(tt.fault)
			a, err := collect.Account(context.Background(), iamAPI(s), nil)
			require.Nil(t, a)
			var e *collect.Error
			require.ErrorAs(t, err, &e)
			require.Contains(t, err.Error(), "read account: iam:GetAccountAuthorizationDetails: ")
			if tt.kind != nil {
				require.ErrorIs(t, err, tt.kind)
				require.NotEmpty(t, e.Hint())
			}
		})
	}
}

func TestAccountBadCredentialsAreAnError(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "SignatureDoesNotMatch",
		"UnrecognizedClientException", "MissingAuthenticationToken", "InvalidAccessKeyId", "RequestExpired"} {
		for _, skip := range []int{0, 7} {
			t.Run(fmt.Sprintf("%s after %d", code, skip), func(t *testing.T) {
				t.Parallel()
				s := newServer(synth.Account(small, 1))
				s.PageSize(2)
				s.Inject(fakeiam.Fault{Skip: skip, Code: code, Status: 403})
				a, err := collect.Account(context.Background(), iamAPI(s), nil)
				require.Nil(t, a)
				require.ErrorIs(t, err, collect.ErrCredentials)
				var e *collect.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, code, e.Code)
				require.NotEmpty(t, e.Hint())
				require.NotEmpty(t, e.RequestID)
				require.LessOrEqual(t, s.Total(), skip+8, "the calls that were under way, and no more")
			})
		}
	}
}

func TestAccountCancelled(t *testing.T) {
	t.Parallel()
	t.Run("when everything hangs", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := newServer(synth.Account(small, 1))
			s.Inject(fakeiam.Fault{Shape: fakeiam.ShapeHang})
			ctx, cancel := contextFor(time.Minute)
			defer cancel()
			a, err := collect.Account(ctx, iamAPI(s), nil)
			require.Nil(t, a)
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
	for _, operation := range []string{"ListRoles", "GetAccountAuthorizationDetails", "GetCredentialReport", "ListAccessKeys"} {
		t.Run("when "+operation+" hangs", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer(synth.Account(small, 1))
				s.Inject(fakeiam.Fault{Operation: operation, Shape: fakeiam.ShapeHang})
				ctx, cancel := contextFor(time.Minute)
				defer cancel()
				start := time.Now()
				a, err := collect.Account(ctx, iamAPI(s), &collect.Options{Detail: true})
				require.NoError(t, err)
				require.Equal(t, time.Minute, time.Since(start), "it ends with the context")
				require.Len(t, a.Users, small.Users)
				require.Contains(t, codes(a.Gaps), nhiscan.GapInterrupted)
			})
		})
	}
	t.Run("before it begins", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		s := newServer(synth.Account(small, 1))
		_, err := collect.Account(ctx, iamAPI(s), nil)
		require.True(t, errors.Is(err, context.Canceled))
		require.Zero(t, s.Total())
	})
}
