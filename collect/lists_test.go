package collect_test

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// A lister reads a part of one of the lists, as ARNs.
type lister func(*fakeiam.Server, *collect.ListOptions) (arns []string, truncated bool, marker string, err error)

func listers() map[string]lister {
	ctx := context.Background()
	return map[string]lister{
		"ListUsers": func(s *fakeiam.Server, o *collect.ListOptions) ([]string, bool, string, error) {
			return arnsOf(func(u nhiscan.User) string { return u.ARN })(collect.Users(ctx, iamAPI(s), o))
		},
		"ListRoles": func(s *fakeiam.Server, o *collect.ListOptions) ([]string, bool, string, error) {
			return arnsOf(func(role nhiscan.Role) string { return role.ARN })(collect.Roles(ctx, iamAPI(s), o))
		},
		"ListGroups": func(s *fakeiam.Server, o *collect.ListOptions) ([]string, bool, string, error) {
			return arnsOf(func(g nhiscan.Group) string { return g.ARN })(collect.Groups(ctx, iamAPI(s), o))
		},
		"ListPolicies": func(s *fakeiam.Server, o *collect.ListOptions) ([]string, bool, string, error) {
			return arnsOf(func(p collect.ListedPolicy) string { return p.ARN })(
				collect.ManagedPolicies(ctx, iamAPI(s), &collect.PolicyListOptions{ListOptions: *o, Scope: collect.ScopeAll}))
		},
	}
}

func arnsOf[T any](arn func(T) string) func(*collect.List[T], error) ([]string, bool, string, error) {
	return func(l *collect.List[T], err error) ([]string, bool, string, error) {
		if err != nil {
			return nil, false, "", err
		}
		var arns []string
		for _, item := range l.Items {
			arns = append(arns, arn(item))
		}
		return arns, l.IsTruncated, l.Marker, nil
	}
}

func arnsServed(a *nhiscan.Account) map[string][]string {
	served := map[string][]string{}
	for _, u := range a.Users {
		served["ListUsers"] = append(served["ListUsers"], u.ARN)
	}
	for _, role := range a.Roles {
		served["ListRoles"] = append(served["ListRoles"], role.ARN)
	}
	for _, g := range a.Groups {
		served["ListGroups"] = append(served["ListGroups"], g.ARN)
	}
	for _, p := range a.Policies {
		served["ListPolicies"] = append(served["ListPolicies"], p.ARN)
	}
	return served
}

func TestListsAreReadInParts(t *testing.T) {
	t.Parallel()
	a := synth.Account(small, 1)
	for operation, list := range listers() {
		want := arnsServed(a)[operation]
		for _, pageSize := range []int{0, 1, 2, 5} { // of AWS's own choice
			for _, maxItems := range []int{1, 3, len(want) - 1, len(want), len(want) + 1} {
				s := newServer(a)
				s.PageSize(pageSize)
				var got []string
				o := collect.ListOptions{MaxItems: maxItems}
				for more := true; more; {
					arns, truncated, marker, err := list(s, &o)
					require.NoError(t, err)
					require.LessOrEqual(t, len(arns), maxItems)
					require.Equal(t, truncated, marker != "")
					if truncated {
						require.Len(t, arns, maxItems, "a total, whatever the pages")
					}
					got = append(got, arns...)
					o.Marker, more = marker, truncated
				}
				require.Equal(t, want, got, "%s: %d at a time in pages of %d", operation, maxItems, pageSize)
			}
		}
	}
}

func TestListDefaults(t *testing.T) {
	t.Parallel()
	a := synth.Account(synth.Size{Users: 130, Roles: 130, Groups: 101, Policies: 110}, 1)
	s := newServer(a)
	s.PageSize(40)
	for operation, list := range listers() {
		arns, truncated, marker, err := list(s, &collect.ListOptions{})
		require.NoError(t, err)
		require.Len(t, arns, 100)
		require.True(t, truncated)
		require.NotEmpty(t, marker)
		require.Equal(t, "20", s.LastRequest(operation).Get("MaxItems"), "no more than what is still wanted")
		require.Equal(t, 3, s.Calls()[operation])
		arns, truncated, _, err = list(s, &collect.ListOptions{MaxItems: 1000})
		require.NoError(t, err)
		require.Equal(t, arnsServed(a)[operation], arns)
		require.False(t, truncated)
	}
	users, err := collect.Users(context.Background(), iamAPI(s), nil)
	require.NoError(t, err)
	require.Len(t, users.Items, 100)
	policies, err := collect.ManagedPolicies(context.Background(), iamAPI(s), nil)
	require.NoError(t, err)
	require.Len(t, policies.Items, 100)
	require.Equal(t, "Local", s.LastRequest("ListPolicies").Get("Scope"))
}

func TestListFailures(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fault     fakeiam.Fault
		kind      error
		code      string
		retryable bool
		noID      bool
	}{
		"denied":                {fault: fakeiam.Fault{Code: "AccessDenied"}, kind: collect.ErrAccessDenied, code: "AccessDenied"},
		"denied on page two":    {fault: fakeiam.Fault{Code: "AccessDenied", Skip: 1}, kind: collect.ErrAccessDenied, code: "AccessDenied"},
		"throttled":             {fault: fakeiam.Fault{Code: "Throttling", Skip: 1}, kind: collect.ErrThrottled, code: "Throttling", retryable: true},
		"expired":               {fault: fakeiam.Fault{Code: "ExpiredToken", Skip: 1}, kind: collect.ErrCredentials, code: "ExpiredToken"},
		"empty":                 {fault: fakeiam.Fault{Shape: fakeiam.ShapeEmpty, Skip: 1}, code: collect.CodeEmptyAnswer, retryable: true, noID: true},
		"truncated XML":         {fault: fakeiam.Fault{Shape: fakeiam.ShapeTruncatedXML, Skip: 1}, code: nhiscan.GapMalformed, retryable: true, noID: true},
		"more, and not where":   {fault: fakeiam.Fault{Shape: fakeiam.ShapeNoMarker, Skip: 1}, code: nhiscan.GapTruncated, retryable: true, noID: true},
		"the same place again":  {fault: fakeiam.Fault{Shape: fakeiam.ShapeRepeatedMarker, Skip: 1}, code: nhiscan.GapTruncated, retryable: true, noID: true},
		"no answer":             {fault: fakeiam.Fault{Shape: fakeiam.ShapeReset, Skip: 1}, code: collect.CodeNoAnswer, retryable: true, noID: true},
		"a proxy":               {fault: fakeiam.Fault{Shape: fakeiam.ShapeBadGateway, Skip: 1}, code: "HTTP502", retryable: true, noID: true},
		"a service that falter": {fault: fakeiam.Fault{Code: "ServiceFailure", Skip: 1}, code: "ServiceFailure", retryable: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for operation, list := range listers() {
				s := newServer(synth.Account(small, 1))
				s.PageSize(1)
				s.Inject(tt.fault)
				arns, _, _, err := list(s, &collect.ListOptions{})
				require.Nil(t, arns, "never the part for the whole")
				var e *collect.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, "iam:"+operation, e.Operation)
				require.Equal(t, tt.code, e.Code)
				require.Equal(t, tt.retryable, e.Retryable())
				if !tt.noID {
					require.NotEmpty(t, e.RequestID)
				}
				if tt.kind != nil {
					require.ErrorIs(t, err, tt.kind)
				}
			}
		})
	}
}

func TestListOptionsOutOfRange(t *testing.T) {
	t.Parallel()
	s := newServer(synth.Account(tiny, 1))
	for operation, list := range listers() {
		for _, n := range []int{-1, 1001} {
			_, _, _, err := list(s, &collect.ListOptions{MaxItems: n})
			require.ErrorIs(t, err, collect.ErrInvalid)
			require.ErrorContains(t, err, strconv.Itoa(n))
		}
		require.Zero(t, s.Calls()[operation])
		_, _, _, err := list(s, &collect.ListOptions{Marker: "somewhere"})
		require.ErrorIs(t, err, collect.ErrInvalid, "AWS refuses it")
	}
	_, err := collect.ManagedPolicies(context.Background(), iamAPI(s), &collect.PolicyListOptions{Scope: "Mine"})
	require.ErrorIs(t, err, collect.ErrInvalid)
}

// TestListsTellNoMoreThanTheyKnow: what the list calls leave out is unknown, not absent.
func TestListsTellNoMoreThanTheyKnow(t *testing.T) {
	t.Parallel()
	a := everything()
	s := newServer(a)
	users, err := collect.Users(context.Background(), iamAPI(s), nil)
	require.NoError(t, err)
	for i, u := range users.Items {
		w := a.Users[i]
		require.Equal(t, nhiscan.User{Name: w.Name, ID: w.ID, ARN: w.ARN, Path: w.Path, CreateDate: w.CreateDate,
			Credentials: nhiscan.Credentials{Password: nhiscan.Password{LastUsed: nhiscan.LastUse{Known: true, At: w.Password.LastUsed.At}}},
			Known:       nhiscan.FactPasswordLastUsed}, u)
	}
	roles, err := collect.Roles(context.Background(), iamAPI(s), nil)
	require.NoError(t, err)
	for i, role := range roles.Items {
		require.Equal(t, nhiscan.FactTrustPolicy|nhiscan.FactRoleSettings, role.Known)
		require.Equal(t, a.Roles[i].TrustPolicy, role.TrustPolicy)
		require.False(t, role.LastUsed.Known)
	}
	groups, err := collect.Groups(context.Background(), iamAPI(s), nil)
	require.NoError(t, err)
	for _, g := range groups.Items {
		require.Zero(t, g.Known)
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	a := everything()
	a.Users[1].Path, a.Policies[0].AttachmentCount = "/team/", 1
	s := newServer(a)
	ctx := context.Background()
	users, err := collect.Users(ctx, iamAPI(s), &collect.ListOptions{PathPrefix: "/team/"})
	require.NoError(t, err)
	for _, u := range users.Items {
		require.Contains(t, u.Path, "/team/")
	}
	require.NotEmpty(t, users.Items)
	count := func(o collect.PolicyListOptions) int {
		o.MaxItems = 1000
		l, err := collect.ManagedPolicies(ctx, iamAPI(s), &o)
		require.NoError(t, err)
		return len(l.Items)
	}
	local, aws := count(collect.PolicyListOptions{}), count(collect.PolicyListOptions{Scope: collect.ScopeAWS})
	require.Equal(t, len(a.Policies), count(collect.PolicyListOptions{Scope: collect.ScopeAll}))
	require.Equal(t, len(a.Policies), local+aws)
	require.Positive(t, aws)
	attached := count(collect.PolicyListOptions{OnlyAttached: true})
	require.Positive(t, attached)
	require.LessOrEqual(t, attached, local)
	none, err := collect.Users(ctx, iamAPI(s), &collect.ListOptions{PathPrefix: "/nowhere/"})
	require.NoError(t, err)
	require.Empty(t, none.Items)
	require.False(t, none.IsTruncated)
}

func TestListCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := collect.Users(ctx, iamAPI(newServer(synth.Account(tiny, 1))), nil)
	require.ErrorIs(t, err, context.Canceled)
	var e *collect.Error
	require.True(t, errors.As(err, &e))
	require.False(t, e.Retryable())
}
