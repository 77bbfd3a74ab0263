package manage_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

func TestCreateAccessKey(t *testing.T) {
	t.Parallel()
	s := newServer()
	p := planOf(t, s, manage.CreateAccessKey{UserName: prefix + "user/bob"})
	require.Equal(t, manage.CreateAccessKey{UserName: "bob"}, p.Change)
	require.Equal(t, "create an access key for user bob", p.Summary)
	require.False(t, p.Destructive)
	r, err := p.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	keys := keysOf(s, "bob")
	require.Len(t, keys, 1)
	require.Equal(t, keys[0].ID, r.AccessKey.ID)
	require.Equal(t, "bob", r.AccessKey.UserName)
	require.Equal(t, keys[0].CreateDate, r.AccessKey.CreateDate)
	require.Len(t, r.AccessKey.Secret.Reveal(), 40)
	require.Empty(t, r.AccessKey.KeptIn)
	require.Equal(t, []string{"CreateAccessKey UserName=bob"}, mutations(s))
}

func TestCreatedKeyIsKept(t *testing.T) {
	t.Parallel()
	s, v, opts := newServer(), &vault{}, dated()
	opts.Keys = v
	r, err := attempt(t, s, manage.CreateAccessKey{UserName: "bob"}, opts)
	require.NoError(t, err)
	require.Len(t, v.saved, 1)
	require.Equal(t, r.AccessKey.Secret.Reveal(), v.saved[0].Secret.Reveal())
	require.Equal(t, "vault", r.AccessKey.KeptIn)
	require.Zero(t, v.discarded)
}

// A key store fails, or AWS does, at every point where one can.
func TestKeyThatCannotBeKept(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left on device")
	cases := map[string]struct {
		vault     *vault
		fault     *fakeiam.Fault
		deny      string
		code      string
		status    manage.StepStatus
		message   string
		hint      string
		keys      int
		discarded int
		named     bool
	}{
		"no room":   {vault: &vault{reserve: full}, code: manage.CodeNotKept, status: manage.StepFailed, message: "no access key was created: its secret could not be kept: no space left on device"},
		"no place":  {vault: &vault{none: true}, code: manage.CodeNotKept, status: manage.StepFailed, message: "the key store has no place for it"},
		"denied":    {deny: "iam:CreateAccessKey", code: "AccessDenied", status: manage.StepFailed, message: "is not authorized", discarded: 1},
		"not given": {vault: &vault{discard: full}, deny: "iam:CreateAccessKey", code: "AccessDenied", status: manage.StepFailed, message: "and vault could not be given back: no space left on device", discarded: 1},
		"saving fails": {vault: &vault{save: full}, code: manage.CodeNotKept, status: manage.StepFailed, discarded: 1,
			message: "was deleted again: its secret could not be kept: no space left on device"},
		"saving and deleting fail": {vault: &vault{save: full}, deny: "iam:DeleteAccessKey", code: manage.CodeSecretLost, status: manage.StepUnknown, discarded: 1, keys: 1, named: true,
			message: "exists and its secret is lost: it could not be kept (no space left on device), and the key could not be deleted again (AccessDenied: ", hint: "delete access key AKIA"},
		"not known everywhere yet": {vault: &vault{save: full}, fault: &fakeiam.Fault{Operation: "DeleteAccessKey", Times: 2, Code: "NoSuchEntity"}, code: manage.CodeNotKept, status: manage.StepFailed, discarded: 1,
			message: "was deleted again"},
		"never known": {vault: &vault{save: full}, fault: &fakeiam.Fault{Operation: "DeleteAccessKey", Code: "NoSuchEntity"}, code: manage.CodeSecretLost, status: manage.StepUnknown, discarded: 1, keys: 1, named: true,
			message: "exists and its secret is lost"},
		"answer lost": {fault: &fakeiam.Fault{Operation: "CreateAccessKey", Shape: fakeiam.ShapeReset, AfterEffect: true}, code: collect.CodeNoAnswer, status: manage.StepUnknown, discarded: 1, keys: 1,
			hint: "look at the access keys of user bob first"},
		"answer cut off": {fault: &fakeiam.Fault{Operation: "CreateAccessKey", Shape: fakeiam.ShapeTruncatedXML}, code: nhiscan.GapMalformed, status: manage.StepUnknown, discarded: 1, keys: 1,
			hint: "look at the access keys of user bob first"},
		"failure after the fact": {fault: &fakeiam.Fault{Operation: "CreateAccessKey", Code: "ServiceFailure", AfterEffect: true}, code: "ServiceFailure", status: manage.StepUnknown, discarded: 1, keys: 1,
			hint: "look at the access keys of user bob first"},
		"quota": {fault: &fakeiam.Fault{Operation: "CreateAccessKey", Code: "LimitExceeded"}, code: "LimitExceeded", status: manage.StepFailed, discarded: 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, opts := newServer(), dated()
				if c.fault != nil {
					s.Inject(*c.fault)
				}
				if c.deny != "" {
					s.Deny(c.deny)
				}
				v := c.vault
				if v == nil {
					v = &vault{}
				}
				opts.Keys = v
				r, err := attempt(t, s, manage.CreateAccessKey{UserName: "bob"}, opts)
				e := awsError(t, err)
				require.Equal(t, c.code, e.Code, "%v", err)
				require.Equal(t, "iam:CreateAccessKey", e.Operation)
				require.Contains(t, e.Message, c.message)
				require.Contains(t, e.Hint(), c.hint)
				require.Equal(t, c.status, r.Steps[0].Status)
				require.Equal(t, c.discarded, v.discarded)
				require.Len(t, keysOf(s, "bob"), c.keys)
				require.Equal(t, c.named, r.AccessKey != nil)
				if c.named {
					require.Equal(t, keysOf(s, "bob")[0].ID, r.AccessKey.ID)
					require.True(t, r.AccessKey.Secret.IsZero())
					require.Contains(t, e.Message, r.AccessKey.ID)
				}
				require.LessOrEqual(t, s.Calls()["CreateAccessKey"], 1, "a creation is not sent twice")
			})
		})
	}
}

// AWS says that the user cannot be changed for a moment: the key that is made in
// the end is the one that is kept.
func TestCreateAccessKeyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, v, opts := newServer(), &vault{}, dated()
		opts.Keys = v
		s.Inject(fakeiam.Fault{Operation: "CreateAccessKey", Code: "EntityTemporarilyUnmodifiable", Times: 2})
		r, err := attempt(t, s, manage.CreateAccessKey{UserName: "bob"}, opts)
		require.NoError(t, err)
		require.Equal(t, keysOf(s, "bob")[0].ID, r.AccessKey.ID)
		require.Len(t, v.saved, 1)
		require.Equal(t, 3, v.reserved)
		require.Equal(t, 2, v.discarded)
	})
}

func TestCreateAccessKeyLimit(t *testing.T) {
	t.Parallel()
	s := newServer(withKeys(key(oldKey, true, 300, 2), key(newKey, false, 10, -1)))
	e := awsError(t, planFails(t, s, manage.CreateAccessKey{UserName: "bob"}))
	require.Equal(t, "LimitExceeded", e.Code)
	require.Equal(t, "user bob has 2 access keys, as many as IAM allows: AKIAOLD0000000000001 (active, created on 2025-05-05, 300 days ago, last used on 2026-02-27 for s3 in eu-west-1)"+
		" and AKIANEW0000000000002 (inactive, created on 2026-02-19, 10 days ago, never used)", e.Message)
	require.Contains(t, e.Hint(), "make the one that is not used inactive, then delete it")
	require.NotContains(t, e.Hint(), "rotation")

	s.Deny("iam:GetAccessKeyLastUsed")
	e = awsError(t, planFails(t, s, manage.CreateAccessKey{UserName: "bob"}))
	require.Equal(t, "LimitExceeded", e.Code)
	require.Contains(t, e.Message, "last use not known")
}

func TestCreateAccessKeyOfThePowerful(t *testing.T) {
	t.Parallel()
	admin := func(a *nhiscan.Account) {
		bob, _ := a.User("bob")
		bob.InlinePolicies = []nhiscan.InlinePolicy{{Name: "all", Document: nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)}}
	}
	p := planOf(t, newServer(admin), manage.CreateAccessKey{UserName: "bob"})
	require.Len(t, p.Risks, 1)
	require.Equal(t, manage.RiskCredential, p.Risks[0].Code)
	require.Empty(t, planOf(t, newServer(), manage.CreateAccessKey{UserName: "bob"}).Risks)
}

func TestUpdateAccessKey(t *testing.T) {
	t.Parallel()
	s := newServer(withKeys(key(oldKey, true, 300, 2), key(newKey, false, 10, -1)))
	p, err := manage.NewPlan(context.Background(), apiOf(s), manage.UpdateAccessKey{UserName: "bob", AccessKeyID: oldKey, Status: "Inactive"}, dated())
	require.NoError(t, err)
	require.Equal(t, "make access key "+oldKey+" of user bob inactive", p.Summary)
	require.Equal(t, []manage.Risk{{Code: manage.RiskInUse, Message: "access key " + oldKey + " is active and was last used on 2026-02-27 for s3 in eu-west-1"}}, p.Risks)
	_, err = p.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	require.False(t, keysOf(s, "bob")[0].Active)

	again := planOf(t, s, manage.UpdateAccessKey{UserName: "bob", AccessKeyID: oldKey, Status: "Inactive"})
	require.Empty(t, again.Steps)
	require.Equal(t, []string{"Access key " + oldKey + " is inactive already."}, again.Notes)

	apply(t, s, manage.UpdateAccessKey{UserName: "bob", AccessKeyID: oldKey, Status: "Active"})
	require.True(t, keysOf(s, "bob")[0].Active)
	require.Equal(t, []string{
		"UpdateAccessKey AccessKeyId=" + oldKey + " Status=Inactive UserName=bob",
		"UpdateAccessKey AccessKeyId=" + oldKey + " Status=Active UserName=bob",
	}, mutations(s))
}

func TestDeleteAccessKey(t *testing.T) {
	t.Parallel()
	s := newServer(withKeys(key(oldKey, true, 300, 2), key(newKey, false, 10, 2)))
	p, err := manage.NewPlan(context.Background(), apiOf(s), manage.DeleteAccessKey{UserName: "bob", AccessKeyID: oldKey}, dated())
	require.NoError(t, err)
	require.True(t, p.Destructive)
	require.Equal(t, oldKey, p.TargetName)
	require.Len(t, p.Risks, 1)
	require.Equal(t, manage.RiskInUse, p.Risks[0].Code)

	p, err = manage.NewPlan(context.Background(), apiOf(s), manage.DeleteAccessKey{UserName: "bob", AccessKeyID: newKey}, dated())
	require.NoError(t, err)
	require.Empty(t, p.Risks)
	_, err = p.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	require.Len(t, keysOf(s, "bob"), 1)
	require.Equal(t, []string{"DeleteAccessKey AccessKeyId=" + newKey + " UserName=bob"}, mutations(s))
}

func TestDeleteAccessKeyThatVanishes(t *testing.T) {
	t.Parallel()
	s := newServer(withKeys(key(newKey, false, 10, 2)))
	p := planOf(t, s, manage.DeleteAccessKey{UserName: "bob", AccessKeyID: newKey})
	apply(t, s, manage.DeleteAccessKey{UserName: "bob", AccessKeyID: newKey})
	r, err := p.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	require.Equal(t, manage.StepSkipped, r.Steps[0].Status)
}

// A lost answer of what can be repeated does no harm.
func TestKeyChangesAreRepeated(t *testing.T) {
	t.Parallel()
	for operation, c := range map[string]manage.Change{
		"UpdateAccessKey":    manage.UpdateAccessKey{UserName: "ci", AccessKeyID: "AKIACI00000000000001", Status: "Inactive"},
		"DeleteAccessKey":    manage.DeleteAccessKey{UserName: "ci", AccessKeyID: "AKIACI00000000000002"},
		"DeleteLoginProfile": manage.DeleteLoginProfile{UserName: "ci"},
	} {
		for _, f := range []fakeiam.Fault{{Shape: fakeiam.ShapeReset, AfterEffect: true}, {Code: "Throttling"}, {Code: "ServiceFailure"}} {
			t.Run(operation+" "+string(f.Shape)+f.Code, func(t *testing.T) {
				t.Parallel()
				s := newServer()
				f.Operation, f.Times = operation, 1
				s.Inject(f)
				apply(t, s, c)
				require.Len(t, s.Mutations(), 1)
			})
		}
	}
}

func TestKeyErrors(t *testing.T) {
	t.Parallel()
	secret := "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	missing := []manage.Change{
		manage.CreateAccessKey{UserName: "nobody"},
		manage.UpdateAccessKey{UserName: "nobody", AccessKeyID: oldKey, Status: "Active"},
		manage.UpdateAccessKey{UserName: "bob", AccessKeyID: "AKIACI00000000000001", Status: "Active"},
		manage.DeleteAccessKey{UserName: "bob", AccessKeyID: "AKIACI00000000000001"},
		manage.RotateAccessKey{UserName: "nobody", Step: manage.RotateCreate},
		manage.RotateAccessKey{UserName: "bob", AccessKeyID: "AKIACI00000000000001", Step: manage.RotateCreate},
		manage.DeleteLoginProfile{UserName: "nobody"},
	}
	for _, c := range missing {
		require.ErrorIs(t, planFails(t, newServer(), c), collect.ErrNotFound, "%#v", c)
	}
	for argument, list := range map[string][]manage.Change{
		"user_name": {manage.CreateAccessKey{}, manage.CreateAccessKey{UserName: "arn:aws:iam::999999999999:user/bob"}, manage.DeleteLoginProfile{UserName: "a b"}},
		"status":    {manage.UpdateAccessKey{UserName: "bob", AccessKeyID: oldKey}, manage.UpdateAccessKey{UserName: "bob", AccessKeyID: oldKey, Status: "active"}},
		"access_key_id": {
			manage.UpdateAccessKey{UserName: "bob", AccessKeyID: secret, Status: "Active"}, manage.DeleteAccessKey{UserName: "bob", AccessKeyID: secret},
			manage.DeleteAccessKey{UserName: "bob"}, manage.RotateAccessKey{UserName: "bob", AccessKeyID: secret, Step: manage.RotateCreate},
		},
		"step": {manage.RotateAccessKey{UserName: "bob"}, manage.RotateAccessKey{UserName: "bob", Step: "finish"}},
	} {
		for _, c := range list {
			e := argumentError(t, planFails(t, newServer(), c))
			require.Equal(t, argument, e.Argument)
			require.Equal(t, c.Kind(), e.Change)
			require.NotContains(t, e.Error(), secret)
		}
	}
}

// The pages of the lists are all read, and one that breaks off is an error.
func TestKeysOnAllPages(t *testing.T) {
	t.Parallel()
	s := newServer(withKeys(key(oldKey, true, 300, 2), key(newKey, false, 10, -1)))
	s.PageSize(1)
	require.Equal(t, "LimitExceeded", awsError(t, planFails(t, s, manage.CreateAccessKey{UserName: "bob"})).Code)
	apply(t, s, manage.DeleteAccessKey{UserName: "bob", AccessKeyID: newKey})
	s.Inject(fakeiam.Fault{Operation: "ListAccessKeys", Shape: fakeiam.ShapeNoMarker})
	_, err := manage.NewPlan(context.Background(), apiOf(s), manage.CreateAccessKey{UserName: "bob"}, dated())
	require.Equal(t, nhiscan.GapTruncated, awsError(t, err).Code)
}

// The caller's own keys and password are not changed.
func TestCallersCredentials(t *testing.T) {
	t.Parallel()
	own := func(a *nhiscan.Account) {
		u, _ := a.User("operator")
		u.AccessKeys = []nhiscan.AccessKey{key(oldKey, true, 300, 2)}
		u.Password.Enabled = true
	}
	for _, c := range []manage.Change{
		manage.CreateAccessKey{UserName: "operator"}, manage.UpdateAccessKey{UserName: "operator", AccessKeyID: oldKey, Status: "Inactive"},
		manage.DeleteAccessKey{UserName: "operator", AccessKeyID: oldKey}, manage.DeleteLoginProfile{UserName: "operator"},
		manage.RotateAccessKey{UserName: "operator", Step: manage.RotateCreate},
	} {
		p, err := manage.NewPlan(context.Background(), apiOf(newServer(own)), c, dated())
		require.NoError(t, err)
		require.Len(t, p.Refusals, 1, "%#v", c)
		require.Equal(t, manage.RiskSelf, p.Refusals[0].Code)
	}
}

func TestDeleteLoginProfile(t *testing.T) {
	t.Parallel()
	s := newServer(withPassword(100, 3))
	p, err := manage.NewPlan(context.Background(), apiOf(s), manage.DeleteLoginProfile{UserName: "bob"}, dated())
	require.NoError(t, err)
	require.True(t, p.Destructive)
	require.Equal(t, []manage.Risk{{Code: manage.RiskInUse, Message: "the console password of user bob was last used on 2026-02-26"}}, p.Risks)
	_, err = p.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	require.Equal(t, []string{"DeleteLoginProfile UserName=bob"}, mutations(s))
	bob, _ := s.Account().User("bob")
	require.False(t, bob.Password.Enabled)

	again := planOf(t, s, manage.DeleteLoginProfile{UserName: "bob"})
	require.Empty(t, again.Steps)
	require.Equal(t, []string{"User bob has no console password."}, again.Notes)
}

// The user is deleted between plan and apply.
func TestUserVanishes(t *testing.T) {
	t.Parallel()
	for _, c := range []manage.Change{
		manage.CreateAccessKey{UserName: "bob"}, manage.UpdateAccessKey{UserName: "bob", AccessKeyID: oldKey, Status: "Inactive"},
		manage.DeleteAccessKey{UserName: "bob", AccessKeyID: oldKey}, manage.DeleteLoginProfile{UserName: "bob"},
	} {
		s := newServer(withKeys(key(oldKey, true, 300, 2)), withPassword(100, 3))
		opts, v := dated(), &vault{}
		opts.Keys = v
		p, err := manage.NewPlan(context.Background(), apiOf(s), c, opts)
		require.NoError(t, err)
		gone := false
		s.OnRequest(func(operation string, _ url.Values) {
			if !gone {
				gone = true
				apply(t, s, manage.DeleteUser{UserName: "bob", Force: true})
			}
		})
		r, err := p.Apply(context.Background(), apiOf(s))
		if err == nil {
			require.Equal(t, manage.StepSkipped, r.Steps[0].Status, "%#v", c)
			continue
		}
		require.ErrorIs(t, err, collect.ErrNotFound)
		require.Equal(t, manage.StepFailed, r.Steps[0].Status)
		require.Equal(t, v.reserved, v.discarded)
	}
}
