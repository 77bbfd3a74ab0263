package manage_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/manage"
)

const everyFact = ^nhiscan.Facts(0)

func ago(days int) time.Time { return today.AddDate(0, 0, -days) }

func used(days int) nhiscan.LastUse { return nhiscan.LastUse{Known: true, At: ago(days)} }

var never = nhiscan.LastUse{Known: true}

// cleanUser has one of whom everything is known, made 400 days ago.
func cleanUser(change func(*nhiscan.User)) *nhiscan.Account {
	u := nhiscan.User{Name: "u", ARN: prefix + "user/u", Path: "/", CreateDate: ago(400), Known: everyFact}
	u.Password.LastUsed = never
	change(&u)
	return &nhiscan.Account{ID: accountID, Partition: "aws", Users: []nhiscan.User{u}}
}

// cleanRole has one that was made 300 days ago.
func cleanRole(change func(*nhiscan.Role)) *nhiscan.Account {
	r := nhiscan.Role{Name: "r", ARN: prefix + "role/r", Path: "/", CreateDate: ago(300), LastUsed: never, Known: everyFact}
	change(&r)
	return &nhiscan.Account{ID: accountID, Partition: "aws", Roles: []nhiscan.Role{r}}
}

// inUseBesides gives an unused user the one or other thing in use, so that only part of it is proposed.
func inUseBesides(u *nhiscan.User) {
	u.AccessKeys = append(u.AccessKeys, nhiscan.AccessKey{ID: newKey, Active: true, CreateDate: ago(10), LastUsed: used(1)})
}

func TestCleanupUser(t *testing.T) {
	t.Parallel()
	var (
		inactive   = manage.UpdateAccessKey{UserName: "u", AccessKeyID: oldKey, Status: "Inactive"}
		deletesKey = manage.DeleteAccessKey{UserName: "u", AccessKeyID: oldKey}
		deny       = manage.AttachUserPolicy{UserName: "u", PolicyARN: awsDenyAll}
		delete     = manage.DeleteUser{UserName: "u", Force: true}
		password   = manage.DeleteLoginProfile{UserName: "u"}
	)
	denied := func(u *nhiscan.User) {
		u.AttachedPolicies = []nhiscan.AttachedPolicy{{Name: "AWSDenyAll", ARN: awsDenyAll}}
	}
	keyOf := func(active bool, made int, use nhiscan.LastUse) func(*nhiscan.User) {
		return func(u *nhiscan.User) {
			u.AccessKeys = append(u.AccessKeys, nhiscan.AccessKey{ID: oldKey, Active: active, CreateDate: ago(made), LastUsed: use})
		}
	}
	passwordOf := func(changed int, use nhiscan.LastUse) func(*nhiscan.User) {
		return func(u *nhiscan.User) {
			u.Password = nhiscan.Password{Enabled: true, LastChanged: ago(changed), LastUsed: use}
		}
	}
	cases := map[string]struct {
		user   []func(*nhiscan.User)
		want   []manage.Change
		left   string
		since  time.Time
		reason string
	}{
		"active key": {user: []func(*nhiscan.User){inUseBesides, keyOf(true, 300, used(91))}, want: []manage.Change{inactive}, since: ago(91),
			reason: "Access key AKIAOLD0000000000001 of user u was last used on 2025-11-30 (91 days ago)."},
		"active key, never used": {user: []func(*nhiscan.User){inUseBesides, keyOf(true, 91, never)}, want: []manage.Change{inactive}, since: ago(91),
			reason: "Access key AKIAOLD0000000000001 of user u was made on 2025-11-30 and never used (91 days ago)."},
		"inactive key":               {user: []func(*nhiscan.User){inUseBesides, keyOf(false, 300, used(91))}, want: []manage.Change{deletesKey}, since: ago(91)},
		"inactive key, never used":   {user: []func(*nhiscan.User){inUseBesides, keyOf(false, 200, never)}, want: []manage.Change{deletesKey}, since: ago(200)},
		"key used":                   {user: []func(*nhiscan.User){inUseBesides, keyOf(true, 300, used(89))}},
		"key new":                    {user: []func(*nhiscan.User){inUseBesides, keyOf(true, 89, never)}},
		"inactive key used":          {user: []func(*nhiscan.User){inUseBesides, keyOf(false, 300, used(89))}},
		"key with unknown use":       {user: []func(*nhiscan.User){inUseBesides, keyOf(true, 300, nhiscan.LastUse{})}, left: "when access key " + oldKey + " was last used is not known"},
		"key of before the tracking": {user: []func(*nhiscan.User){inUseBesides, keyOf(true, 5000, never)}, want: []manage.Change{inactive}, since: time.Date(2015, 4, 22, 0, 0, 0, 0, time.UTC), reason: "was never used since AWS tracks it, from 2015-04-22"},
		"key without id": {user: []func(*nhiscan.User){inUseBesides, keyOf(true, 300, used(91)), func(u *nhiscan.User) { u.AccessKeys[1].ID = "" }},
			left: "its access key created on 2025-05-05 was last used on 2025-11-30 (91 days ago), and its id was not read"},

		"password":             {user: []func(*nhiscan.User){inUseBesides, passwordOf(300, used(91))}, want: []manage.Change{password}, since: ago(91), reason: "deleting it is its deactivation"},
		"password never used":  {user: []func(*nhiscan.User){inUseBesides, passwordOf(91, never)}, want: []manage.Change{password}, since: ago(91)},
		"password changed":     {user: []func(*nhiscan.User){inUseBesides, passwordOf(80, used(91))}},
		"password used":        {user: []func(*nhiscan.User){inUseBesides, passwordOf(300, used(80))}},
		"password of no date":  {user: []func(*nhiscan.User){inUseBesides, passwordOf(300, used(91)), func(u *nhiscan.User) { u.Password.LastChanged = time.Time{} }}, left: "when its console password was set or last used is not known: the credential report tells"},
		"password of no use":   {user: []func(*nhiscan.User){inUseBesides, passwordOf(300, used(91)), func(u *nhiscan.User) { u.Known &^= nhiscan.FactPasswordLastUsed }}, left: "not known of it: PasswordLastUsed"},
		"password, not known":  {user: []func(*nhiscan.User){inUseBesides, func(u *nhiscan.User) { u.Known &^= nhiscan.FactPassword }}, left: "not known of it: Password"},
		"keys, not known":      {user: []func(*nhiscan.User){func(u *nhiscan.User) { u.Known &^= nhiscan.FactAccessKeys }}, left: "not known of it: AccessKeys"},
		"policies, not known":  {user: []func(*nhiscan.User){func(u *nhiscan.User) { u.Known &^= nhiscan.FactAttachedPolicies }}, left: "not known of it: AttachedPolicies"},
		"new user":             {user: []func(*nhiscan.User){func(u *nhiscan.User) { u.CreateDate = ago(80) }}, left: "it was created on 2025-12-11: too new to be called unused"},
		"new user, used":       {user: []func(*nhiscan.User){func(u *nhiscan.User) { u.CreateDate = ago(80) }, keyOf(true, 70, used(60))}},
		"user of unknown date": {user: []func(*nhiscan.User){func(u *nhiscan.User) { u.CreateDate = time.Time{} }}, left: "when it was last used is not known in whole"},

		"unused user": {user: []func(*nhiscan.User){func(*nhiscan.User) {}}, want: []manage.Change{deny}, since: ago(400),
			reason: "User u was made on 2025-01-25 and never used (400 days ago): AWSDenyAll keeps it from everything until it is deleted."},
		"unused user with all": {user: []func(*nhiscan.User){keyOf(true, 300, used(100)), passwordOf(300, used(95))}, want: []manage.Change{inactive, password, deny}, since: ago(100)},
		"denied user":          {user: []func(*nhiscan.User){denied}, want: []manage.Change{delete}, since: ago(400), reason: "User u, which AWSDenyAll keeps from everything, was made on 2025-01-25 and never used (400 days ago)."},
		"denied, inactive key": {user: []func(*nhiscan.User){denied, keyOf(false, 300, used(100))}, want: []manage.Change{delete}, since: ago(100)},
		"denied, active key":   {user: []func(*nhiscan.User){denied, keyOf(true, 300, used(100))}, want: []manage.Change{inactive}, since: ago(100)},
		"denied, password":     {user: []func(*nhiscan.User){denied, passwordOf(300, used(100))}, want: []manage.Change{password}, since: ago(100)},
		"denied, used":         {user: []func(*nhiscan.User){denied, keyOf(false, 300, used(10))}},

		"SSH key":             {user: []func(*nhiscan.User){func(u *nhiscan.User) { u.SSHPublicKeys = []nhiscan.SSHPublicKey{{ID: "APKA1", Active: true}} }}, left: "it has an active SSH public key, and AWS does not tell when that was last used"},
		"inactive SSH key":    {user: []func(*nhiscan.User){func(u *nhiscan.User) { u.SSHPublicKeys = []nhiscan.SSHPublicKey{{ID: "APKA1"}} }}, want: []manage.Change{deny}, since: ago(400)},
		"signing certificate": {user: []func(*nhiscan.User){func(u *nhiscan.User) { u.SigningCertificates = []nhiscan.SigningCertificate{{Active: true}} }}, left: "it has an active signing certificate, and AWS does not tell when that was last used"},
		"service credential": {user: []func(*nhiscan.User){func(u *nhiscan.User) {
			u.ServiceSpecificCredentials = []nhiscan.ServiceSpecificCredential{{Active: true, Service: "bedrock.amazonaws.com"}}
		}}, left: "it has an active credential for bedrock.amazonaws.com, and AWS does not tell when that was last used"},
		"expired service credential": {user: []func(*nhiscan.User){func(u *nhiscan.User) {
			u.ServiceSpecificCredentials = []nhiscan.ServiceSpecificCredential{{Active: true, Service: "bedrock.amazonaws.com", ExpirationDate: ago(1)}}
		}}, want: []manage.Change{deny}, since: ago(400)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := cleanUser(func(u *nhiscan.User) {
				for _, change := range c.user {
					change(u)
				}
			})
			found := manage.ProposeCleanup(a, today, nil)
			requireProposals(t, found, c.want, c.left, c.since, c.reason)
			kept := manage.ProposeCleanup(a, today, &manage.CleanupOptions{Keep: func(arn string) string {
				return map[string]string{prefix + "user/u": "it is for emergencies"}[arn]
			}})
			require.Empty(t, kept.Proposals)
			if len(c.want) > 0 {
				require.Contains(t, kept.LeftOut, manage.LeftOut{ARN: prefix + "user/u", Reason: "unused, in part or whole, and it is for emergencies"})
			}
		})
	}
}

func requireProposals(t *testing.T, found *manage.Cleanup, want []manage.Change, left string, since time.Time, reason string) {
	t.Helper()
	var changes []manage.Change
	for _, p := range found.Proposals {
		changes = append(changes, p.Change)
	}
	require.Equal(t, want, changes, "%v", found.LeftOut)
	if left == "" {
		require.Empty(t, found.LeftOut)
	} else {
		require.Len(t, found.LeftOut, 1)
		require.Equal(t, left, found.LeftOut[0].Reason)
	}
	if len(want) > 0 {
		require.Equal(t, since, found.Proposals[0].UnusedSince)
		require.Contains(t, found.Proposals[0].Reason, reason)
	}
}

func TestCleanupRole(t *testing.T) {
	t.Parallel()
	deny := []manage.Change{manage.AttachRolePolicy{RoleName: "r", PolicyARN: awsDenyAll}}
	cases := map[string]struct {
		role   func(*nhiscan.Role)
		days   int
		want   []manage.Change
		left   string
		since  time.Time
		reason string
	}{
		"unused": {role: func(r *nhiscan.Role) { r.LastUsed = used(91) }, want: deny, since: ago(91),
			reason: "Role r was last used on 2025-11-30 (91 days ago): AWSDenyAll keeps it from everything until it is deleted."},
		"never used":    {role: func(*nhiscan.Role) {}, want: deny, since: ago(300), reason: "was made on 2025-05-05 and never used (300 days ago)"},
		"not used long": {role: func(r *nhiscan.Role) { r.CreateDate = ago(2000) }, want: deny, since: ago(400), reason: "was made on 2020-09-08 and not used in the 400 days that AWS remembers"},
		"asked for more than AWS remembers": {role: func(r *nhiscan.Role) { r.CreateDate = ago(2000) }, days: 500,
			left: "it has not been used in the 400 days that AWS remembers, which is less than asked for"},
		"used":     {role: func(r *nhiscan.Role) { r.LastUsed = used(89) }},
		"new":      {role: func(r *nhiscan.Role) { r.CreateDate = ago(89) }, left: "it was created on 2025-12-02: too new to be called unused"},
		"new used": {role: func(r *nhiscan.Role) { r.CreateDate = ago(89); r.LastUsed = used(88) }},
		"denied": {role: func(r *nhiscan.Role) {
			r.AttachedPolicies = []nhiscan.AttachedPolicy{{Name: "AWSDenyAll", ARN: awsDenyAll}}
		}, want: []manage.Change{manage.DeleteRole{RoleName: "r", Force: true}}, since: ago(300)},
		"service-linked":     {role: func(r *nhiscan.Role) { r.Path = "/aws-service-role/x.amazonaws.com/" }, left: "it belongs to an AWS service"},
		"Identity Center":    {role: func(r *nhiscan.Role) { r.Path = "/aws-reserved/sso.amazonaws.com/" }, left: "it belongs to IAM Identity Center, where its permission set is to be removed"},
		"Identity Center 2":  {role: func(r *nhiscan.Role) { r.Name = "AWSReservedSSO_Admin_0123456789abcdef" }, left: "it belongs to IAM Identity Center, where its permission set is to be removed"},
		"use not read":       {role: func(r *nhiscan.Role) { r.Known &^= nhiscan.FactRoleLastUsed; r.LastUsed = nhiscan.LastUse{} }, left: "not known of it: RoleLastUsed"},
		"use not told":       {role: func(r *nhiscan.Role) { r.LastUsed = nhiscan.LastUse{} }, left: "when it was last used or created is not known"},
		"creation not known": {role: func(r *nhiscan.Role) { r.CreateDate = time.Time{} }, left: "when it was last used or created is not known"},
		"policies not read":  {role: func(r *nhiscan.Role) { r.Known &^= nhiscan.FactAttachedPolicies }, left: "not known of it: AttachedPolicies"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := manage.ProposeCleanup(cleanRole(c.role), today, &manage.CleanupOptions{UnusedFor: time.Duration(c.days) * 24 * time.Hour})
			requireProposals(t, found, c.want, c.left, c.since, c.reason)
			kept := manage.ProposeCleanup(cleanRole(c.role), today, &manage.CleanupOptions{Keep: func(string) string { return "it is kept" }})
			require.Empty(t, kept.Proposals)
		})
	}
}

// The policy that denies is that of the account's partition.
func TestCleanupPartition(t *testing.T) {
	t.Parallel()
	a := cleanRole(func(*nhiscan.Role) {})
	a.Partition = "aws-us-gov"
	found := manage.ProposeCleanup(a, today, nil)
	require.Equal(t, manage.AttachRolePolicy{RoleName: "r", PolicyARN: "arn:aws-us-gov:iam::aws:policy/AWSDenyAll"}, found.Proposals[0].Change)
}

func TestCleanupTellsGapsAndRoot(t *testing.T) {
	t.Parallel()
	a := cleanUser(func(u *nhiscan.User) { u.Known &^= nhiscan.FactAccessKeys })
	a.Gaps = []nhiscan.Gap{
		{Operation: "iam:ListAccessKeys", Resource: "u", Code: "AccessDenied", Message: "no"},
		{Operation: "iam:ListRoles", Resource: "*", Code: "AccessDenied", Message: "not allowed"},
	}
	a.Root = &nhiscan.RootUser{ARN: prefix + "root", Credentials: nhiscan.Credentials{AccessKeys: []nhiscan.AccessKey{{Active: true}}}}
	found := manage.ProposeCleanup(a, today, nil)
	require.Empty(t, found.Proposals)
	require.Equal(t, []manage.LeftOut{
		{ARN: "*", Reason: "not all of the account was read: iam:ListRoles: AccessDenied: not allowed"},
		{ARN: prefix + "root", Reason: "the root user has access keys: only the root user can delete them, and should"},
		{ARN: prefix + "user/u", Reason: "not known of it: AccessKeys (iam:ListAccessKeys: AccessDenied)"},
	}, found.LeftOut)
}

// An account as it is read without details, and without a credential report, makes
// nothing up.
func TestCleanupOfLessDetail(t *testing.T) {
	t.Parallel()
	s := newServer()
	s.Deny("iam:GetCredentialReport", "iam:GenerateCredentialReport", "iam:ListAccessKeys")
	a, err := collect.Account(context.Background(), apiOf(s), &collect.Options{Now: func() time.Time { return today }})
	require.NoError(t, err)
	found := manage.ProposeCleanup(a, today.AddDate(1, 0, 0), nil)
	for _, p := range found.Proposals {
		_, role := p.Change.(manage.AttachRolePolicy)
		require.True(t, role, "%#v", p.Change)
	}
	require.GreaterOrEqual(t, len(found.LeftOut), len(a.Users))
}

func TestCleanupOfDemo(t *testing.T) {
	t.Parallel()
	a, err := demo.Account()
	require.NoError(t, err)
	found := manage.ProposeCleanup(a, demo.Now(), nil)
	require.NotEmpty(t, found.Proposals)
	requireLawful(t, a, demo.Now(), manage.DefaultUnusedFor, found)
	require.Equal(t, found, manage.ProposeCleanup(a, demo.Now(), nil))
}
