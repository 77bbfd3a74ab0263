package collect_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// leastPrivilege is what a scanner that may not read in bulk is usually given.
var leastPrivilege = []string{"ListUsers", "ListRoles", "ListUserTags", "ListRoleTags", "ListAccessKeys", "ListMFADevices",
	"GetUser", "GetRole", "ListGroupsForUser", "ListUserPolicies", "GetUserPolicy", "ListRolePolicies", "GetRolePolicy",
	"ListGroupPolicies", "GetGroupPolicy", "ListAttachedUserPolicies", "ListAttachedRolePolicies", "ListAttachedGroupPolicies",
	"ListPolicies", "GetPolicy", "GetPolicyVersion"}

func TestAccountWithLeastPrivilege(t *testing.T) {
	t.Parallel()
	want := detailed(synth.Account(small, 1))
	s := newServer(want)
	s.Allow(leastPrivilege...)
	got := readAccount(t, s, &collect.Options{Now: now})

	require.Len(t, got.Users, len(want.Users))
	const userFacts = nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies |
		nhiscan.FactPermissionsBoundary | nhiscan.FactPasswordLastUsed | nhiscan.FactAccessKeys | nhiscan.FactMFADevices
	for i, u := range got.Users {
		w := want.Users[i]
		require.Equal(t, userFacts, u.Known, "no login profile and no certificates")
		require.Equal(t, w.Tags, u.Tags)
		require.Equal(t, w.Groups, u.Groups)
		require.Equal(t, w.InlinePolicies, u.InlinePolicies)
		require.Equal(t, w.AttachedPolicies, u.AttachedPolicies)
		require.Equal(t, w.MFADevices, u.MFADevices)
		require.Len(t, u.AccessKeys, len(w.AccessKeys))
	}
	require.Len(t, got.Roles, len(want.Roles))
	for i, role := range got.Roles {
		w := want.Roles[i]
		w.InstanceProfiles, w.Known = nil, w.Known&^nhiscan.FactInstanceProfiles
		require.Equal(t, w, role)
	}
	for _, g := range got.Gaps {
		require.NotContains(t, leastPrivilege, g.Operation[len("iam:"):], "what is allowed is read")
	}
	for _, operation := range []string{"GetAccountAuthorizationDetails", "GetLoginProfile", "GenerateCredentialReport", "ListGroups",
		"GetAccessKeyLastUsed", "ListSigningCertificates", "ListInstanceProfilesForRole", "ListAccountAliases"} {
		require.NotEmpty(t, gapsOf(got, "iam:"+operation), operation)
	}
}

func TestAccountStopsAskingWhatIsRefused(t *testing.T) {
	t.Parallel()
	s := newServer(synth.Account(synth.Size{Users: 100, Roles: 1, Groups: 1, Policies: 1}, 1))
	s.Deny("ListSSHPublicKeys", "ListMFADevices")
	a := readAccount(t, s, &collect.Options{Detail: true})
	require.LessOrEqual(t, s.Calls()["ListSSHPublicKeys"], 18, "ten in a row, and what is under way")
	require.Len(t, gapsOf(a, "iam:ListSSHPublicKeys"), 1, "one gap for all")
	gap := gapsOf(a, "iam:ListSSHPublicKeys")[0]
	require.Equal(t, "*", gap.Resource)
	require.Equal(t, "AccessDenied", gap.Code)
	require.Contains(t, gap.Message, "not read for 100 resources")
	require.Contains(t, gap.Message, "allow iam:ListSSHPublicKeys")
	require.True(t, a.Users[0].Known.Has(nhiscan.FactMFADevices), "the credential report tells that there are some")
}

func TestAccountEntityThatVanishes(t *testing.T) {
	t.Parallel()
	want := synth.Account(small, 1)
	tests := map[string]struct {
		fault        fakeiam.Fault
		users, roles int
	}{
		"a user":                   {fakeiam.Fault{Operation: "GetUser", Times: 1}, small.Users - 1, small.Roles},
		"a user, later":            {fakeiam.Fault{Operation: "ListUserPolicies", Times: 1}, small.Users - 1, small.Roles},
		"a role":                   {fakeiam.Fault{Operation: "GetRole", Times: 2}, small.Users, small.Roles - 2},
		"an inline policy":         {fakeiam.Fault{Operation: "GetUserPolicy"}, small.Users, small.Roles},
		"a managed policy":         {fakeiam.Fault{Operation: "GetPolicyVersion"}, small.Users, small.Roles},
		"a group":                  {fakeiam.Fault{Operation: "ListGroupPolicies"}, small.Users, small.Roles},
		"a key":                    {fakeiam.Fault{Operation: "GetAccessKeyLastUsed"}, small.Users, small.Roles},
		"a password that is not":   {fakeiam.Fault{Operation: "GetLoginProfile"}, small.Users, small.Roles},
		"a user without a profile": {fakeiam.Fault{Operation: "GetLoginProfile", Times: 1}, small.Users, small.Roles},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(want)
			s.Deny("GetAccountAuthorizationDetails", "GenerateCredentialReport")
			tt.fault.Code = "NoSuchEntity"
			s.Inject(tt.fault)
			a := readAccount(t, s, nil)
			require.Len(t, a.Users, tt.users)
			require.Len(t, a.Roles, tt.roles)
			require.Empty(t, gapsOf(a, "iam:"+tt.fault.Operation))
		})
	}
}

func TestAccountUserMadeAfterTheReport(t *testing.T) {
	t.Parallel()
	want := detailed(synth.Account(tiny, 1))
	s := newServer(want)
	s.Inject(fakeiam.Fault{Operation: "GetCredentialReport", Code: "AccessDenied"})
	a := readAccount(t, s, &collect.Options{Now: now})
	require.Len(t, a.Gaps, 1, "only root is not known: the users were read one by one")
	require.Equal(t, "iam:GetCredentialReport", a.Gaps[0].Operation)
	for i, u := range a.Users {
		require.Equal(t, want.Users[i].AccessKeys, u.AccessKeys)
		require.Equal(t, want.Users[i].Password.Enabled, u.Password.Enabled)
	}
}

func TestAccountWaitsForTheReport(t *testing.T) {
	t.Parallel()
	t.Run("until it is made", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := newServer(synth.Account(tiny, 1))
			s.ReportPolls(4)
			start := time.Now()
			a := readAccount(t, s, nil)
			require.NotNil(t, a.Root)
			require.Empty(t, a.Gaps)
			require.Less(t, time.Since(start), 10*time.Second)
		})
	})
	t.Run("not for ever", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := newServer(detailed(synth.Account(tiny, 1)))
			s.ReportPolls(1000)
			start := time.Now()
			a := readAccount(t, s, &collect.Options{ReportWait: 20 * time.Second})
			require.Equal(t, 20*time.Second, time.Since(start))
			require.Equal(t, []string{"ReportInProgress"}, codes(a.Gaps))
			require.True(t, a.Users[0].Known.Has(nhiscan.FactAccessKeys), "the users were read one by one")
		})
	})
	t.Run("not after it was cancelled", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := newServer(synth.Account(tiny, 1))
			s.ReportPolls(1000)
			ctx, cancel := contextFor(3 * time.Second)
			defer cancel()
			start := time.Now()
			a, err := collect.Account(ctx, iamAPI(s), nil)
			require.NoError(t, err)
			require.Len(t, a.Users, tiny.Users)
			require.Equal(t, 3*time.Second, time.Since(start))
			require.Contains(t, codes(gapsOf(a, "iam:GetCredentialReport")), nhiscan.GapInterrupted)
		})
	})
}

func TestAccountReadsTheReportThatIsThere(t *testing.T) {
	t.Parallel()
	served := synth.Account(tiny, 1)
	s := newServer(served)
	require.Empty(t, readAccount(t, s, nil).Gaps, "makes a report")
	s.Deny("GenerateCredentialReport")
	require.Empty(t, readAccount(t, s, nil).Gaps, "reads it, though it may not make one")

	s.ExpireReport()
	a := readAccount(t, s, nil)
	require.Equal(t, []string{"AccessDenied"}, codes(gapsOf(a, "iam:GenerateCredentialReport")))
	require.Nil(t, a.Root)
}
