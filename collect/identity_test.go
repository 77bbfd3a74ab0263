package collect_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

func TestUserIsReadWhole(t *testing.T) {
	t.Parallel()
	want := detailed(synth.Account(small, 1))
	for _, pageSize := range []int{0, 1} {
		s := newServer(want)
		s.PageSize(pageSize)
		for i := range want.Users {
			u := want.Users[i]
			for _, name := range []string{u.Name, u.ARN} {
				a, err := collect.User(context.Background(), iamAPI(s), name, &collect.Options{Now: now})
				require.NoError(t, err)
				require.Empty(t, a.Gaps)
				require.Equal(t, want.ID, a.ID)
				require.Equal(t, "aws", a.Partition)
				require.Len(t, a.Users, 1)
				got := a.Users[0]
				got.Password.LastChanged, got.Password.NextRotation = u.Password.LastChanged, u.Password.NextRotation // only a report tells
				require.Equal(t, u, got)
				require.Len(t, a.Groups, len(u.Groups))
				for _, g := range a.Groups {
					w, ok := want.Group(g.Name)
					require.True(t, ok)
					require.Equal(t, w.InlinePolicies, g.InlinePolicies)
					require.Equal(t, w.AttachedPolicies, g.AttachedPolicies)
				}
				requirePolicies(t, want, a)
			}
		}
	}
}

// requirePolicies checks that the policies are those served, with documents.
func requirePolicies(t *testing.T, want, got *nhiscan.Account) {
	t.Helper()
	for _, p := range got.Policies {
		w, ok := want.Policy(p.ARN)
		require.True(t, ok)
		require.Equal(t, *w, p)
	}
}

func TestRoleIsReadWhole(t *testing.T) {
	t.Parallel()
	want := detailed(synth.Account(small, 1))
	s := newServer(want)
	for i := range want.Roles {
		for _, name := range []string{want.Roles[i].Name, want.Roles[i].ARN} {
			a, err := collect.Role(context.Background(), iamAPI(s), name, nil)
			require.NoError(t, err)
			require.Empty(t, a.Gaps)
			require.Equal(t, want.ID, a.ID)
			require.Equal(t, []nhiscan.Role{want.Roles[i]}, a.Roles)
			requirePolicies(t, want, a)
		}
	}
}

func TestIdentityFailures(t *testing.T) {
	t.Parallel()
	want := synth.Account(tiny, 1)
	user, role := want.Users[0].Name, want.Roles[0].Name
	tests := map[string]struct {
		name  string
		deny  []string
		fault *fakeiam.Fault
		kind  error // nil: the identity is read, with gaps
	}{
		"no such identity":                 {name: "nobody", kind: collect.ErrNotFound},
		"no such identity in the list":     {name: "nobody", deny: []string{"GetUser", "GetRole"}, kind: collect.ErrNotFound},
		"refused, and found in the list":   {deny: []string{"GetUser", "GetRole"}},
		"refused altogether":               {deny: []string{"GetUser", "GetRole", "ListUsers", "ListRoles"}, kind: collect.ErrAccessDenied},
		"refused the policies":             {deny: []string{"ListAttachedUserPolicies", "ListAttachedRolePolicies"}},
		"throttled":                        {fault: &fakeiam.Fault{Code: "Throttling"}, kind: collect.ErrThrottled},
		"expired":                          {fault: &fakeiam.Fault{Code: "ExpiredToken", Status: 403}, kind: collect.ErrCredentials},
		"expired in the middle":            {fault: &fakeiam.Fault{Code: "ExpiredToken", Status: 403, Skip: 2}, kind: collect.ErrCredentials},
		"deleted in the middle":            {fault: &fakeiam.Fault{Code: "NoSuchEntity", Skip: 1}, kind: collect.ErrNotFound},
		"policies that break off in pages": {fault: &fakeiam.Fault{Operation: "ListUserPolicies", Shape: fakeiam.ShapeTruncatedXML}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(want)
			s.Deny(tt.deny...)
			read := map[string]func() (*nhiscan.Account, error){
				"user": func() (*nhiscan.Account, error) {
					return collect.User(context.Background(), iamAPI(s), pick(tt.name, user), nil)
				},
				"role": func() (*nhiscan.Account, error) {
					return collect.Role(context.Background(), iamAPI(s), pick(tt.name, role), nil)
				},
			}
			for kind, read := range read {
				if tt.fault != nil {
					s.ClearFaults()
					s.Inject(*tt.fault)
				}
				a, err := read()
				if tt.kind == nil {
					require.NoError(t, err)
					require.Equal(t, kind == "user" || tt.fault == nil, len(a.Gaps) > 0)
					continue
				}
				require.Nil(t, a)
				require.ErrorIs(t, err, tt.kind)
				require.Contains(t, err.Error(), "read "+kind)
			}
		})
	}
}

func pick(name, otherwise string) string {
	if name != "" {
		return name
	}
	return otherwise
}

func TestCaller(t *testing.T) {
	t.Parallel()
	want := detailed(synth.Account(small, 1))
	user, role := want.Users[0], want.Roles[0]
	tests := map[string]struct {
		arn  string
		want collect.CallerIdentity
	}{
		"root":         {"arn:aws:iam::123456789012:root", collect.CallerIdentity{Type: collect.CallerRoot}},
		"user":         {user.ARN, collect.CallerIdentity{Type: collect.CallerUser, Name: user.Name}},
		"assumed role": {"arn:aws:sts::123456789012:assumed-role/" + role.Name + "/anna@example.com", collect.CallerIdentity{Type: collect.CallerAssumedRole, Name: role.Name, SessionName: "anna@example.com"}},
		"federated":    {"arn:aws:sts::123456789012:federated-user/anna", collect.CallerIdentity{Type: collect.CallerFederatedUser, Name: "anna"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(want)
			s.CallerARN(tt.arn)
			c, err := collect.Caller(context.Background(), stsAPI(s), iamAPI(s), nil)
			require.NoError(t, err)
			require.Equal(t, tt.arn, c.ARN)
			require.Equal(t, "123456789012", c.AccountID)
			require.Equal(t, "aws", c.Partition)
			require.NotEmpty(t, c.UserID)
			require.Equal(t, tt.want.Type, c.Type)
			require.Equal(t, tt.want.Name, c.Name)
			require.Equal(t, tt.want.SessionName, c.SessionName)
			require.Equal(t, c.Type == collect.CallerUser || c.Type == collect.CallerAssumedRole, c.Account != nil)
			require.Empty(t, c.Gaps)
		})
	}
}

func TestCallerThatMayReadNothing(t *testing.T) {
	t.Parallel()
	served := synth.Account(tiny, 1)
	s := newServer(served)
	s.CallerARN(served.Users[0].ARN)
	s.Allow()
	c, err := collect.Caller(context.Background(), stsAPI(s), iamAPI(s), nil)
	require.NoError(t, err)
	require.Nil(t, c.Account)
	require.Equal(t, []string{"AccessDenied"}, codes(c.Gaps))

	for _, code := range []string{"ExpiredToken", "InvalidClientTokenId"} {
		s.ClearFaults()
		s.Inject(fakeiam.Fault{Operation: "GetCallerIdentity", Code: code, Status: 403})
		_, err = collect.Caller(context.Background(), stsAPI(s), iamAPI(s), nil)
		require.ErrorIs(t, err, collect.ErrCredentials)
	}
	s.ClearFaults()
	s.Inject(fakeiam.Fault{Operation: "GetCallerIdentity", Shape: fakeiam.ShapeEmpty})
	_, err = collect.Caller(context.Background(), stsAPI(s), iamAPI(s), nil)
	require.ErrorContains(t, err, "sts:GetCallerIdentity: EmptyAnswer")
}
