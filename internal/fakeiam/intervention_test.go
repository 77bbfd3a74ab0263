package fakeiam_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestAnswerLostAfterEffect(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakeiam.Fault{
		"reset":       {Shape: fakeiam.ShapeReset},
		"failure":     {Code: "ServiceFailure"},
		"unavailable": {Code: "ServiceUnavailable"},
		"bad gateway": {Shape: fakeiam.ShapeBadGateway},
		"hang":        {Shape: fakeiam.ShapeHang},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault.Operation, fault.Times, fault.AfterEffect = "CreateUser", 1, true
			server := fakeiam.New(account())
			server.Inject(fault)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			require.Error(t, createUser("u")(ctx, iamClient(server)))
			require.Equal(t, []string{"CreateUser UserName=u"}, mutations(server))
			requireAPIError(t, createUser("u")(t.Context(), iamClient(server)), "EntityAlreadyExists", 409)
		})
	}
}

func TestFaultBeforeEffect(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	server.Inject(fakeiam.Fault{Operation: "CreateUser", Skip: 1})
	run(t, iamClient(server), createUser("u"))
	require.Error(t, createUser("v")(t.Context(), iamClient(server)))
	require.Len(t, server.Mutations(), 1)
}

func TestFaultCodesOfWrites(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{
		"EntityTemporarilyUnmodifiable": 409, "ConcurrentModification": 409, "DeleteConflict": 409, "LimitExceeded": 409, "EntityAlreadyExists": 409,
		"Throttling": 400, "InvalidInput": 400, "UnmodifiableEntity": 400, "PolicyNotAttachable": 400, "PasswordPolicyViolation": 400,
		"MalformedPolicyDocument": 400, "NoSuchEntity": 404, "ServiceFailure": 500, "ServiceUnavailable": 503,
	} {
		server := fakeiam.New(account())
		server.Inject(fakeiam.Fault{Code: code})
		requireAPIError(t, deleteUser("Bob")(t.Context(), iamClient(server)), code, status)
	}
}

// TestEntityVanishesMeanwhile deletes a user just before another request for them.
func TestEntityVanishesMeanwhile(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	run(t, c, createUser("u"))
	var seen []string
	server.OnRequest(func(operation string, form url.Values) {
		seen = append(seen, operation)
		if operation == "AttachUserPolicy" {
			run(t, c, deleteUser(form.Get("UserName")))
		}
	})
	requireAPIError(t, attachUser("u", readerARN)(t.Context(), c), "NoSuchEntity", 404)
	require.Equal(t, []string{"AttachUserPolicy", "DeleteUser"}, seen)
	server.OnRequest(nil)
	run(t, c, createUser("u"))
}

// TestCancelledRequest gives up on a request that the server has already: the
// caller cannot know that it was carried out.
func TestCancelledRequest(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	ctx, cancel := context.WithCancel(t.Context())
	server.OnRequest(func(string, url.Values) { cancel() })
	err := createUser("u")(ctx, iamClient(server))
	require.True(t, errors.Is(err, context.Canceled), err)
	require.Len(t, server.Mutations(), 1)
	require.Error(t, createUser("v")(ctx, iamClient(server)))
	require.Len(t, server.Mutations(), 1, "never sent")
}

func TestForbidWrites(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	server.Inject(fakeiam.Fault{Operation: "DeleteUser"})
	server.ForbidWrites()
	c := iamClient(server)
	for _, call := range []call{createUser("u"), deleteUser("nobody")} {
		requireAPIError(t, call(t.Context(), c), "AccessDenied", 403)
	}
	require.ErrorContains(t, createUser("u")(t.Context(), c),
		"User: arn:aws:iam::123456789012:user/scanner is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::123456789012:user/u because no identity-based policy allows the iam:CreateUser action")
	require.NoError(t, listUsersOnce(t, c))
	require.Equal(t, 3, server.RefusedWrites())
	require.Empty(t, server.Mutations())
}
