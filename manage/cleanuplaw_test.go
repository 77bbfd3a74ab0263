package manage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

// cleaner is whose credentials clean up: a role that is used.
const cleaner = "arn:aws:sts::" + accountID + ":assumed-role/cleaner/run"

// randomAccount has users and roles in all states of use.
func randomAccount(r *rand.Rand) *nhiscan.Account {
	days := func() time.Time { return ago([]int{1, 30, 89, 91, 200, 399}[r.IntN(6)]) }
	use := func(made time.Time) nhiscan.LastUse {
		if at := days(); r.IntN(3) > 0 && at.After(made) {
			return nhiscan.LastUse{Known: true, At: at}
		}
		return never
	}
	policies := func() []nhiscan.AttachedPolicy {
		return [][]nhiscan.AttachedPolicy{nil, {{Name: "AWSDenyAll", ARN: awsDenyAll}}, {{Name: "Spare", ARN: spare}}}[r.IntN(3)]
	}
	a := &nhiscan.Account{ID: accountID, Partition: "aws", Source: nhiscan.SourceAWS, Policies: []nhiscan.ManagedPolicy{policy("/", "Spare", 1, 1, 1)}}
	for i := range 6 {
		u := nhiscan.User{Name: fmt.Sprintf("u%d", i), ID: fmt.Sprintf("AIDA%017d", i), Path: "/", CreateDate: days(), AttachedPolicies: policies()}
		u.ARN = prefix + "user/" + u.Name
		u.Password.LastUsed = never
		for k := range r.IntN(3) {
			made := days()
			u.AccessKeys = append(u.AccessKeys, nhiscan.AccessKey{ID: fmt.Sprintf("AKIA%08d%08d", i, k), Active: r.IntN(2) == 0, CreateDate: made, LastUsed: use(made)})
		}
		if r.IntN(3) == 0 {
			changed := days()
			u.Password = nhiscan.Password{Enabled: true, LastChanged: changed, LastUsed: use(changed)}
		}
		if r.IntN(5) == 0 {
			u.SSHPublicKeys = []nhiscan.SSHPublicKey{{ID: fmt.Sprintf("APKA%017d", i), Active: r.IntN(2) == 0, UploadDate: ago(399)}}
		}
		a.Users = append(a.Users, u)
	}
	for i := range 5 {
		role := nhiscan.Role{Name: fmt.Sprintf("r%d", i), ID: fmt.Sprintf("AROA%017d", i), Path: "/", CreateDate: days(), AttachedPolicies: policies(), TrustPolicy: nhiscan.NewPolicyDocument(trustEC2)}
		if i == 0 {
			role.Path = "/aws-service-role/x.amazonaws.com/"
		}
		role.LastUsed = use(role.CreateDate)
		role.ARN = prefix + "role" + role.Path + role.Name
		a.Roles = append(a.Roles, role)
	}
	a.Roles = append(a.Roles, nhiscan.Role{Name: "cleaner", ID: "AROACLEANER0000000000", ARN: prefix + "role/cleaner", Path: "/", CreateDate: ago(399),
		LastUsed: nhiscan.LastUse{Known: true, At: today.AddDate(5, 0, 0)}, TrustPolicy: nhiscan.NewPolicyDocument(trustEC2)})
	a.Sort()
	return a
}

// requireLawful holds proposals to what must never be proposed, told anew from the account.
func requireLawful(t *testing.T, a *nhiscan.Account, now time.Time, period time.Duration, found *manage.Cleanup) {
	t.Helper()
	recent := func(at time.Time) bool { return now.Sub(at) <= period }
	denied := func(list []nhiscan.AttachedPolicy) bool {
		return slices.ContainsFunc(list, func(p nhiscan.AttachedPolicy) bool { return strings.HasSuffix(p.ARN, ":policy/AWSDenyAll") })
	}
	keyIs := func(user, id string, active bool) {
		u, _ := a.User(user)
		i := slices.IndexFunc(u.AccessKeys, func(k nhiscan.AccessKey) bool { return k.ID == id })
		require.Equal(t, active, u.AccessKeys[i].Active)
		require.False(t, recent(u.AccessKeys[i].LastUsed.At) || recent(u.AccessKeys[i].CreateDate))
	}
	whole := func(user string, deletes bool) {
		u, _ := a.User(user)
		require.False(t, recent(u.CreateDate) || recent(u.Password.LastUsed.At))
		for _, k := range u.AccessKeys {
			require.False(t, recent(k.LastUsed.At) || recent(k.CreateDate) || deletes && k.Active)
		}
		require.False(t, slices.ContainsFunc(u.SSHPublicKeys, func(k nhiscan.SSHPublicKey) bool { return k.Active }))
		require.Equal(t, deletes, denied(u.AttachedPolicies))
		require.False(t, deletes && u.Password.Enabled)
	}
	role := func(name string, deletes bool) {
		r, _ := a.Role(name)
		require.False(t, recent(r.CreateDate) || recent(r.LastUsed.At))
		require.False(t, strings.HasPrefix(r.Path, "/aws-") || strings.HasPrefix(r.Name, "AWSReservedSSO_"))
		require.Equal(t, deletes, denied(r.AttachedPolicies))
	}
	for _, p := range found.Proposals {
		require.False(t, p.UnusedSince.IsZero() || recent(p.UnusedSince))
		require.NotEmpty(t, p.Reason)
		switch c := p.Change.(type) {
		case manage.UpdateAccessKey:
			require.Equal(t, "Inactive", c.Status)
			keyIs(c.UserName, c.AccessKeyID, true)
		case manage.DeleteAccessKey:
			keyIs(c.UserName, c.AccessKeyID, false)
		case manage.DeleteLoginProfile:
			u, _ := a.User(c.UserName)
			require.True(t, u.Password.Enabled)
			require.False(t, recent(u.Password.LastUsed.At) || recent(u.Password.LastChanged))
		case manage.AttachUserPolicy:
			whole(c.UserName, false)
		case manage.DeleteUser:
			whole(c.UserName, true)
		case manage.AttachRolePolicy:
			role(c.RoleName, false)
		case manage.DeleteRole:
			role(c.RoleName, true)
		default:
			t.Errorf("proposes %#v", c)
		}
	}
}

// TestCleanupEnds applies what is proposed, run after run, each a period after the
// one before, until nothing is left to propose.
func TestCleanupEnds(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			a := randomAccount(rand.New(rand.NewPCG(seed, 1)))
			s := fakeiam.New(a)
			s.CallerARN(cleaner)
			s.ManagedPolicies(awsDenyAll)
			now, runs := today, 0
			for ; runs < 5; runs++ {
				before := s.Account()
				found := manage.ProposeCleanup(before, now, nil)
				requireLawful(t, before, now, manage.DefaultUnusedFor, found)
				if len(found.Proposals) == 0 {
					break
				}
				for i := range found.Proposals {
					clean(t, s, &found.Proposals[i])
				}
				now = now.Add(manage.DefaultUnusedFor + 24*time.Hour)
			}
			require.Less(t, runs, 5)
			requireClean(t, s.Account())
		})
	}
}

func clean(t *testing.T, s *fakeiam.Server, p *manage.Proposal) {
	t.Helper()
	opts := &manage.Options{CallerARN: cleaner}
	still, why, err := p.StillUnused(context.Background(), apiOf(s), opts)
	require.NoError(t, err)
	require.True(t, still, "%#v: %s", p.Change, why)
	plan, err := manage.NewPlan(context.Background(), apiOf(s), p.Change, opts)
	require.NoError(t, err)
	require.Empty(t, plan.Refusals)
	_, err = plan.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
}

// requireClean has nothing left but what is never touched.
func requireClean(t *testing.T, a *nhiscan.Account) {
	t.Helper()
	for _, u := range a.Users {
		require.True(t, slices.ContainsFunc(u.SSHPublicKeys, func(k nhiscan.SSHPublicKey) bool { return k.Active }), u.Name)
		require.Empty(t, u.AccessKeys)
		require.False(t, u.Password.Enabled)
	}
	for _, r := range a.Roles {
		require.True(t, r.Name == "cleaner" || strings.HasPrefix(r.Path, "/aws-service-role/"), r.Name)
	}
}
