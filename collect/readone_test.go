package collect_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

func TestGroupIsReadWhole(t *testing.T) {
	t.Parallel()
	want := everything()
	for _, pageSize := range []int{0, 1} {
		s := newServer(want)
		s.PageSize(pageSize)
		for _, g := range want.Groups {
			var members []string
			for _, u := range want.Users {
				for _, group := range u.Groups {
					if group == g.Name {
						members = append(members, u.Name)
					}
				}
			}
			for _, name := range []string{g.Name, g.ARN} {
				a, err := collect.Group(context.Background(), iamAPI(s), name, &collect.Options{Now: now})
				require.NoError(t, err)
				require.Empty(t, a.Gaps)
				require.Equal(t, want.ID, a.ID)
				require.Len(t, a.Groups, 1)
				require.ElementsMatch(t, members, a.Groups[0].Members)
				require.True(t, a.Groups[0].Known.Has(nhiscan.FactGroups|nhiscan.FactAttachedPolicies|nhiscan.FactInlinePolicies))
				require.Equal(t, g.AttachedPolicies, a.Groups[0].AttachedPolicies)
				require.Equal(t, g.InlinePolicies, a.Groups[0].InlinePolicies)
				require.Len(t, a.Users, len(members))
				for _, u := range a.Users {
					require.Equal(t, nhiscan.FactPasswordLastUsed, u.Known)
				}
				require.Len(t, a.Policies, len(g.AttachedPolicies))
			}
		}
	}
}

func TestManagedPolicyDocument(t *testing.T) {
	t.Parallel()
	a := everything()
	p := &a.Policies[0]
	p.DefaultVersionID = "v2"
	p.Versions = []nhiscan.PolicyVersion{
		{ID: "v3", Document: nhiscan.NewPolicyDocument(`{"Statement":[]}`)},
		{ID: "v2", Default: true, Document: nhiscan.NewPolicyDocument(allowRead)},
		{ID: "v1", Document: nhiscan.NewPolicyDocument(trustLambda)},
	}
	s := newServer(a)
	s.PageSize(1)
	for id, want := range map[string]string{"": allowRead, "v2": allowRead, "v1": trustLambda} {
		got, err := collect.ManagedPolicyDocument(context.Background(), iamAPI(s), p.ARN, id)
		require.NoError(t, err)
		require.Equal(t, want, got.Version.Document.Text())
		require.Equal(t, p.Tags, got.Policy.Tags)
		require.Empty(t, got.Gaps)
		require.Len(t, got.Policy.Versions, 3)
		for _, v := range got.Policy.Versions {
			require.Equal(t, v.ID == got.Version.ID, !v.Document.IsZero())
		}
	}
	_, err := collect.ManagedPolicyDocument(context.Background(), iamAPI(s), p.ARN, "v9")
	require.ErrorIs(t, err, collect.ErrNotFound)

	s.Deny("ListPolicyVersions")
	got, err := collect.ManagedPolicyDocument(context.Background(), iamAPI(s), p.ARN, "v1")
	require.NoError(t, err, "the document is there")
	require.Equal(t, []string{"AccessDenied"}, codes(got.Gaps))
	require.Equal(t, []nhiscan.PolicyVersion{got.Version}, got.Policy.Versions)
}

func TestPoliciesOfAnIdentity(t *testing.T) {
	t.Parallel()
	a := everything()
	second := nhiscan.InlinePolicy{Name: "second", Document: nhiscan.NewPolicyDocument(trustLambda)}
	a.Roles[0].InlinePolicies = append([]nhiscan.InlinePolicy{second}, a.Roles[0].InlinePolicies...)
	s := newServer(a)
	s.PageSize(1)
	ctx := context.Background()
	names, err := collect.InlinePolicies(ctx, iamAPI(s), collect.IdentityRole, a.Roles[0].ARN)
	require.NoError(t, err)
	require.Equal(t, []string{"second", "inline"}, names)
	for kind, name := range map[collect.IdentityKind]string{
		collect.IdentityRole: a.Roles[0].Name, collect.IdentityUser: a.Users[0].Name, collect.IdentityGroup: a.Groups[0].Name} {
		policy, err := collect.InlinePolicy(ctx, iamAPI(s), kind, name, "inline")
		require.NoError(t, err)
		require.Equal(t, nhiscan.InlinePolicy{Name: "inline", Document: nhiscan.NewPolicyDocument(allowRead)}, policy)
		attached, err := collect.AttachedPolicies(ctx, iamAPI(s), kind, name)
		require.NoError(t, err)
		require.Equal(t, []nhiscan.AttachedPolicy{{Name: a.Policies[0].Name, ARN: a.Policies[0].ARN}}, attached)
		_, err = collect.InlinePolicy(ctx, iamAPI(s), kind, name, "missing")
		require.ErrorIs(t, err, collect.ErrNotFound)
	}
}

func TestAccessKeyLastUsed(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 4, 5, 6, 0, 0, time.UTC)
	a := everything()
	a.Users[0].AccessKeys = []nhiscan.AccessKey{
		{ID: "AKIAUSED", LastUsed: nhiscan.LastUse{Known: true, At: at, Service: "s3", Region: "eu-west-1"}}, {ID: "AKIANEVER"}}
	s := newServer(a)
	got, err := collect.AccessKeyLastUsed(context.Background(), iamAPI(s), "AKIAUSED")
	require.NoError(t, err)
	require.Equal(t, collect.AccessKeyUse{ID: "AKIAUSED", UserName: a.Users[0].Name,
		LastUsed: nhiscan.LastUse{Known: true, At: at, Service: "s3", Region: "eu-west-1"}}, got)
	got, err = collect.AccessKeyLastUsed(context.Background(), iamAPI(s), "AKIANEVER")
	require.NoError(t, err)
	require.True(t, got.LastUsed.Never())
	require.Empty(t, got.LastUsed.Region, "not N/A")
	s.Inject(fakeiam.Fault{Shape: fakeiam.ShapeEmpty})
	_, err = collect.AccessKeyLastUsed(context.Background(), iamAPI(s), "AKIANEVER")
	require.ErrorContains(t, err, collect.CodeEmptyAnswer, "unknown is not never")
}

func TestAccountFacts(t *testing.T) {
	t.Parallel()
	a := everything()
	a.Aliases = []string{"acme-prod"}
	s := newServer(a)
	summary, err := collect.AccountSummary(context.Background(), iamAPI(s))
	require.NoError(t, err)
	require.Equal(t, len(a.Users), summary["Users"])
	require.Equal(t, 5000, summary["UsersQuota"])
	aliases, err := collect.AccountAliases(context.Background(), iamAPI(s))
	require.NoError(t, err)
	require.Equal(t, []string{"acme-prod"}, aliases)
}

func TestCredentialReport(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := everything()
		s := newServer(a)
		s.ReportPolls(4)
		report, err := collect.CredentialReport(context.Background(), iamAPI(s), nil)
		require.NoError(t, err)
		require.Len(t, report.Rows, len(a.Users))
		require.Equal(t, a.ID, report.AccountID)
		require.False(t, report.GeneratedAt.IsZero())

		s = newServer(a)
		s.ReportPolls(1000)
		start := time.Now()
		_, err = collect.CredentialReport(context.Background(), iamAPI(s), &collect.Options{ReportWait: 9 * time.Second})
		require.Equal(t, 9*time.Second, time.Since(start))
		var e *collect.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, "ReportInProgress", e.Code)
		require.True(t, e.Retryable())
	})
}

// TestReadOneFailures has every function that reads one thing refused, throttled,
// answered with nothing, and asked about something that is not there.
func TestReadOneFailures(t *testing.T) {
	t.Parallel()
	a := everything()
	faults := map[string]struct {
		fault fakeiam.Fault
		kind  error
	}{
		"denied":    {fakeiam.Fault{Code: "AccessDenied"}, collect.ErrAccessDenied},
		"throttled": {fakeiam.Fault{Code: "Throttling"}, collect.ErrThrottled},
		"expired":   {fakeiam.Fault{Code: "ExpiredToken"}, collect.ErrCredentials},
		"missing":   {fakeiam.Fault{Code: "NoSuchEntity"}, collect.ErrNotFound},
		"empty":     {fakeiam.Fault{Shape: fakeiam.ShapeEmpty}, nil},
		"cut off":   {fakeiam.Fault{Shape: fakeiam.ShapeTruncatedXML}, nil},
	}
	for function, run := range actionsRuns() {
		if function == "Account" || function == "Account.Detail" || function == "Account.AWSManagedPolicies" || function == "Caller" {
			continue // they have gaps instead, and tests of their own
		}
		for name, tt := range faults {
			s := newServer(a)
			s.Inject(tt.fault)
			err := run(context.Background(), s, a)
			var e *collect.Error
			require.ErrorAs(t, err, &e, "%s %s", function, name)
			if tt.kind != nil {
				require.ErrorIs(t, err, tt.kind, "%s %s", function, name)
				require.NotEmpty(t, e.RequestID, "%s %s", function, name)
			}
			if e.Is(collect.ErrAccessDenied) {
				require.Contains(t, e.Hint(), e.Operation)
			}
		}
	}
}

// TestMissingArguments: to AWS no name is often the caller's, so it is never sent.
func TestMissingArguments(t *testing.T) {
	t.Parallel()
	s := newServer(synth.Account(tiny, 1))
	api, ctx := iamAPI(s), context.Background()
	calls := map[string]func() error{
		"User":                  func() error { _, err := collect.User(ctx, api, "", nil); return err },
		"Role":                  func() error { _, err := collect.Role(ctx, api, "", nil); return err },
		"Group":                 func() error { _, err := collect.Group(ctx, api, "", nil); return err },
		"ManagedPolicyDocument": func() error { _, err := collect.ManagedPolicyDocument(ctx, api, "", ""); return err },
		"InlinePolicies":        func() error { _, err := collect.InlinePolicies(ctx, api, collect.IdentityUser, ""); return err },
		"AttachedPolicies":      func() error { _, err := collect.AttachedPolicies(ctx, api, "users", "anna"); return err },
		"InlinePolicy":          func() error { _, err := collect.InlinePolicy(ctx, api, collect.IdentityUser, "anna", ""); return err },
		"InlinePolicy kind":     func() error { _, err := collect.InlinePolicy(ctx, api, "", "anna", "p"); return err },
		"AccessKeyLastUsed":     func() error { _, err := collect.AccessKeyLastUsed(ctx, api, ""); return err },
		"ServiceLastAccessed":   func() error { _, err := collect.ServiceLastAccessed(ctx, api, "", "", nil); return err },
		"granularity":           func() error { _, err := collect.ServiceLastAccessed(ctx, api, "arn", "SERVICE", nil); return err },
	}
	for name, do := range calls {
		err := do()
		require.ErrorIs(t, err, collect.ErrInvalid, name)
		var e *collect.Error
		require.ErrorAs(t, err, &e)
		require.False(t, e.Retryable())
	}
	require.Zero(t, s.Total())
}
