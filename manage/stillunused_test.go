package manage_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/manage"
)

func TestStillUnused(t *testing.T) {
	t.Parallel()
	since := ago(100)
	deny := func(a *nhiscan.Account) {
		bob, _ := a.User("bob")
		bob.AttachedPolicies = []nhiscan.AttachedPolicy{{Name: "AWSDenyAll", ARN: awsDenyAll}}
		idle, _ := a.Role("idle")
		idle.AttachedPolicies = bob.AttachedPolicies
	}
	roleUsed := func(days int) func(*nhiscan.Account) {
		return func(a *nhiscan.Account) {
			idle, _ := a.Role("idle")
			idle.LastUsed.At = ago(days)
		}
	}
	roleMade := func(a *nhiscan.Account) {
		idle, _ := a.Role("idle")
		idle.CreateDate = ago(5)
	}
	var (
		disable    = manage.UpdateAccessKey{UserName: "bob", AccessKeyID: oldKey, Status: "Inactive"}
		deleteKey  = manage.DeleteAccessKey{UserName: "bob", AccessKeyID: oldKey}
		denyUser   = manage.AttachUserPolicy{UserName: "bob", PolicyARN: awsDenyAll}
		deleteUser = manage.DeleteUser{UserName: prefix + "user/bob", Force: true}
		password   = manage.DeleteLoginProfile{UserName: "bob"}
		denyRole   = manage.AttachRolePolicy{RoleName: "idle", PolicyARN: awsDenyAll}
		deleteRole = manage.DeleteRole{RoleName: "idle", Force: true}
	)
	type edits = []func(*nhiscan.Account)
	cases := map[string]struct {
		change manage.Change
		edits  edits
		why    string
	}{
		"key":                      {disable, edits{withKeys(key(oldKey, true, 300, 100))}, ""},
		"key never used":           {disable, edits{withKeys(key(oldKey, true, 300, -1))}, ""},
		"key used":                 {disable, edits{withKeys(key(oldKey, true, 300, 3))}, "access key " + oldKey + " was used on 2026-02-26 12:00 UTC"},
		"key gone":                 {disable, edits{withKeys()}, "it does not exist any more: user bob has no access key " + oldKey},
		"key to delete":            {deleteKey, edits{withKeys(key(oldKey, false, 300, 100))}, ""},
		"key to delete, active":    {deleteKey, edits{withKeys(key(oldKey, true, 300, 100))}, "access key " + oldKey + " is active: it is made inactive before it is deleted"},
		"key to delete, used":      {deleteKey, edits{withKeys(key(oldKey, false, 300, 1))}, "was used on"},
		"password":                 {password, edits{withPassword(300, 100)}, ""},
		"password used":            {password, edits{withPassword(300, 1)}, "the console password of user bob was used on 2026-02-28 12:00 UTC"},
		"password gone":            {password, nil, "it does not exist any more"},
		"user":                     {denyUser, edits{withKeys(key(oldKey, true, 300, 100)), withPassword(300, 100)}, ""},
		"user used by key":         {denyUser, edits{withKeys(key(oldKey, true, 300, 99))}, "access key " + oldKey + " was used"},
		"user used by password":    {denyUser, edits{withPassword(300, 99)}, "the console password of user bob was used"},
		"user with a new key":      {denyUser, edits{withKeys(key(newKey, true, 4, -1))}, "access key " + newKey + " was created on"},
		"user to delete":           {deleteUser, edits{deny, withKeys(key(oldKey, false, 300, 100))}, ""},
		"user to delete, key":      {deleteUser, edits{deny, withKeys(key(oldKey, true, 300, 100))}, "has an active access key"},
		"user to delete, password": {deleteUser, edits{deny, withPassword(300, 100)}, "has a console password"},
		"user to delete, active":   {deleteUser, nil, "user bob has no AWSDenyAll: it is deactivated before it is deleted"},
		"role":                     {denyRole, edits{roleUsed(100)}, ""},
		"role never used":          {denyRole, nil, ""},
		"role used":                {denyRole, edits{roleUsed(99)}, "role idle was used on 2025-11-22 12:00 UTC"},
		"role made again":          {denyRole, edits{roleMade}, "role idle was created on"},
		"role to delete":           {deleteRole, edits{deny}, ""},
		"role to delete, active":   {deleteRole, nil, "role idle has no AWSDenyAll"},
		"user gone":                {manage.DeleteUser{UserName: "nobody"}, nil, "it does not exist any more"},
		"role gone":                {manage.DeleteRole{RoleName: "nobody"}, nil, "it does not exist any more"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(c.edits...)
			s.PageSize(1)
			p := manage.Proposal{Change: c.change, UnusedSince: since}
			still, why, err := p.StillUnused(context.Background(), apiOf(s), caller())
			require.NoError(t, err)
			require.Equal(t, c.why == "", still, why)
			require.Contains(t, why, c.why)
			require.Equal(t, still, why == "")
			require.Empty(t, s.Mutations())
		})
	}
}

// A fraction of a second more or less is the same time.
func TestStillUnusedToTheSecond(t *testing.T) {
	t.Parallel()
	k := key(oldKey, true, 300, 100)
	p := manage.Proposal{Change: manage.UpdateAccessKey{UserName: "bob", AccessKeyID: oldKey, Status: "Inactive"}, UnusedSince: k.LastUsed.At}
	k.LastUsed.At = k.LastUsed.At.Add(700 * time.Millisecond)
	still, why, err := p.StillUnused(context.Background(), apiOf(newServer(withKeys(k))), caller())
	require.NoError(t, err)
	require.True(t, still, why)
}

func TestStillUnusedErrors(t *testing.T) {
	t.Parallel()
	s := newServer(withKeys(key(oldKey, true, 300, 100)))
	always := manage.Proposal{Change: manage.DeleteGroup{GroupName: "devs"}}
	still, _, err := always.StillUnused(context.Background(), apiOf(s), nil)
	require.NoError(t, err)
	require.True(t, still)
	require.Zero(t, s.Total())

	always.UnusedSince = ago(1)
	_, _, err = always.StillUnused(context.Background(), apiOf(s), caller())
	argumentError(t, err)
	_, _, err = always.StillUnused(context.Background(), apiOf(s), nil)
	require.Error(t, err)

	for action, c := range map[string]manage.Change{
		"iam:GetAccessKeyLastUsed":     manage.DeleteAccessKey{UserName: "bob", AccessKeyID: oldKey},
		"iam:ListAccessKeys":           manage.AttachUserPolicy{UserName: "bob", PolicyARN: awsDenyAll},
		"iam:GetLoginProfile":          manage.DeleteLoginProfile{UserName: "bob"},
		"iam:GetUser":                  manage.AttachUserPolicy{UserName: "bob", PolicyARN: awsDenyAll},
		"iam:GetRole":                  manage.DeleteRole{RoleName: "idle"},
		"iam:ListAttachedRolePolicies": manage.DeleteRole{RoleName: "idle"},
	} {
		s := newServer(withKeys(key(oldKey, true, 300, 100)))
		s.Deny(action)
		p := manage.Proposal{Change: c, UnusedSince: ago(50)}
		still, _, err := p.StillUnused(context.Background(), apiOf(s), caller())
		require.ErrorIs(t, err, collect.ErrAccessDenied)
		require.Equal(t, action, awsError(t, err).Operation)
		require.False(t, still)
	}
}
