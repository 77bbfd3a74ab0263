package answer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/trust"
)

var today = time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)

const credentialsKnown = nhiscan.FactPassword | nhiscan.FactPasswordLastUsed | nhiscan.FactAccessKeys | nhiscan.FactMFADevices

// userWith is a user of a verdict that was made two years ago and used today.
func userWith(verdict nhi.Verdict, change func(*nhiscan.User)) *nhi.Identity {
	u := &nhiscan.User{Name: "x", ARN: "arn:aws:iam::123456789012:user/x", CreateDate: today.AddDate(-2, 0, 0), Known: credentialsKnown}
	u.Password = nhiscan.Password{LastUsed: nhiscan.LastUse{Known: true, At: today}}
	change(u)
	return &nhi.Identity{Type: nhi.TypeUser, Name: u.Name, ARN: u.ARN, User: u, Classification: nhi.Classification{Verdict: verdict}}
}

func roleWith(change func(*nhi.Identity)) *nhi.Identity {
	r := &nhiscan.Role{Name: "r", ARN: "arn:aws:iam::123456789012:role/r", CreateDate: today.AddDate(0, 0, -5), Known: nhiscan.FactRoleLastUsed}
	id := &nhi.Identity{
		Type: nhi.TypeRole, Name: r.Name, ARN: r.ARN, Role: r, Trust: &trust.Classification{},
		Classification: nhi.Classification{Verdict: nhi.NonHuman},
	}
	change(id)
	return id
}

func nothing(*nhiscan.User) {}

func withKey(made time.Time, active bool) func(*nhiscan.User) {
	return func(u *nhiscan.User) {
		u.AccessKeys = []nhiscan.AccessKey{{Active: active, CreateDate: made, LastUsed: nhiscan.LastUse{Known: true, At: today}}}
	}
}

func withPassword(u *nhiscan.User) { u.Password.Enabled = true }

func TestRecommendations(t *testing.T) {
	t.Parallel()
	unread := func(change func(*nhiscan.User), lacks nhiscan.Facts) func(*nhiscan.User) {
		return func(u *nhiscan.User) {
			change(u)
			u.Known &^= lacks
		}
	}
	unused := func(u *nhiscan.User) { u.Password.LastUsed.At = today.AddDate(0, 0, -90) }
	danger := func(code trust.DangerCode, severity trust.Severity) func(*nhi.Identity) {
		return func(id *nhi.Identity) { id.Trust.Dangers = []trust.Danger{{Code: code, Severity: severity}} }
	}
	category := func(id *nhi.Identity, c nhi.Category) *nhi.Identity {
		id.Category = c
		return id
	}
	for _, test := range []struct {
		name string
		id   *nhi.Identity
		can  permissions.Permissions
		want []string
	}{
		{"nothing to do", userWith(nhi.Human, nothing), permissions.Permissions{}, nil},
		{"open role", roleWith(danger(trust.DangerAnyone, trust.SeverityCritical)), permissions.Permissions{}, []string{"open-to-anyone"}},
		{"loose trust", roleWith(danger(trust.DangerOIDCNoSubject, trust.SeverityCritical)), permissions.Permissions{}, []string{"strangers"}},
		{"small danger", roleWith(danger(trust.DangerConfusedDeputy, trust.SeverityLow)), permissions.Permissions{}, nil},
		{"admin machine", userWith(nhi.NonHuman, nothing), permissions.Permissions{Admin: permissions.Admin{Kind: permissions.AdminDirect}}, []string{"nhi-admins"}},
		{"admin person", userWith(nhi.Human, nothing), permissions.Permissions{Admin: permissions.Admin{Kind: permissions.AdminDirect}}, nil},
		{"admin of AWS", category(userWith(nhi.NonHuman, nothing), nhi.CategoryServiceLinked), permissions.Permissions{Admin: permissions.Admin{Kind: permissions.AdminDirect}}, nil},
		{"climber", userWith(nhi.NonHuman, nothing), permissions.Permissions{Escalations: []permissions.Escalation{{Admin: true}}}, []string{"nhi-escalation"}},
		{"way elsewhere", userWith(nhi.NonHuman, nothing), permissions.Permissions{Escalations: []permissions.Escalation{{}}}, nil},
		{"no MFA", userWith(nhi.Human, withPassword), permissions.Permissions{}, []string{"password-without-mfa"}},
		{"MFA not read", userWith(nhi.Human, unread(withPassword, nhiscan.FactMFADevices)), permissions.Permissions{}, nil},
		{"person's key", userWith(nhi.Human, withKey(today, true)), permissions.Permissions{}, []string{"people-with-keys"}},
		{"person's dead key", userWith(nhi.Human, withKey(today, false)), permissions.Permissions{}, nil},
		{"machine's password", userWith(nhi.NonHuman, withPassword), permissions.Permissions{}, []string{"nhi-with-password"}},
		{"old key", userWith(nhi.NonHuman, withKey(today.AddDate(0, 0, -91), true)), permissions.Permissions{}, []string{"old-keys"}},
		{"young key", userWith(nhi.NonHuman, withKey(today.AddDate(0, 0, -90), true)), permissions.Permissions{}, nil},
		{"shared", userWith(nhi.Mixed, nothing), permissions.Permissions{}, []string{"shared"}},
		{"shared by nature", category(userWith(nhi.Mixed, nothing), nhi.CategoryCognito), permissions.Permissions{}, nil},
		{"unused", userWith(nhi.Human, unused), permissions.Permissions{}, []string{"unused"}},
		{"use not read", userWith(nhi.Human, unread(unused, nhiscan.FactAccessKeys)), permissions.Permissions{}, nil},
		{"break glass", category(userWith(nhi.Human, unused), nhi.CategoryBreakGlass), permissions.Permissions{}, nil},
		{"undecided", userWith(nhi.Uncertain, nothing), permissions.Permissions{}, []string{"undecided"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, r := range answer.Recommendations(&render.Scan{
				Report: &nhi.Report{Account: &nhiscan.Account{}, Time: today}, Identities: []*nhi.Identity{test.id},
				Permissions: map[string]*permissions.Permissions{test.id.ARN: &test.can},
			}) {
				require.Equal(t, []string{test.id.ARN}, r.ARNs)
				got = append(got, r.Code)
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestRootRecommendations(t *testing.T) {
	t.Parallel()
	root := &nhiscan.RootUser{ARN: "arn:aws:iam::123456789012:root", Known: credentialsKnown}
	root.AccessKeys = []nhiscan.AccessKey{{Active: true}}
	account := &nhiscan.Account{Root: root}
	got := answer.Recommendations(&render.Scan{Report: &nhi.Report{Account: account}})
	require.Len(t, got, 2)
	require.Equal(t, "root-keys", got[0].Code)
	require.Equal(t, "root-without-mfa", got[1].Code)
	root.Known = 0
	require.Empty(t, answer.Recommendations(&render.Scan{Report: &nhi.Report{Account: account}}))
}
