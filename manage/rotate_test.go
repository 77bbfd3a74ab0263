package manage_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

func rotate(step manage.RotateStep) manage.RotateAccessKey {
	return manage.RotateAccessKey{UserName: "bob", Step: step}
}

func datedPlan(t *testing.T, s *fakeiam.Server, c manage.Change) *manage.Plan {
	t.Helper()
	p, err := manage.NewPlan(context.Background(), apiOf(s), c, dated())
	require.NoError(t, err)
	require.Empty(t, p.Refusals)
	return p
}

// A whole rotation, in which the keys are used as they would be.
func TestRotation(t *testing.T) {
	t.Parallel()
	bob := withKeys(key(oldKey, true, 300, 2))
	s := newServer(bob)
	p := datedPlan(t, s, rotate(manage.RotateCreate))
	require.Equal(t, "create a second access key for user bob, to replace "+oldKey, p.Summary)
	require.Contains(t, p.Notes, "Next: put the new key where "+oldKey+" is used, then step check.")
	r, err := p.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	require.Len(t, r.AccessKey.Secret.Reveal(), 40)
	require.Len(t, keysOf(s, "bob"), 2)

	// The later steps are of the keys as they are then.
	cases := []struct {
		name string
		keys []nhiscan.AccessKey
		next string
	}{
		{"nothing uses the new key", []nhiscan.AccessKey{key(oldKey, true, 300, 2), key(newKey, true, 1, -1)}, "step check again"},
		{"both are used", []nhiscan.AccessKey{key(oldKey, true, 300, 1), key(newKey, true, 5, 2)}, "step check again"},
		{"both were last used at one time", []nhiscan.AccessKey{key(oldKey, true, 300, 2), key(newKey, true, 5, 2)}, "step check again"},
		{"the old one is not used any more", []nhiscan.AccessKey{key(oldKey, true, 300, 5), key(newKey, true, 6, 2)}, "step deactivate"},
		{"the old one never was", []nhiscan.AccessKey{key(oldKey, true, 300, -1), key(newKey, true, 6, 2)}, "step deactivate"},
		{"the old one is inactive", []nhiscan.AccessKey{key(oldKey, false, 300, 5), key(newKey, true, 6, 2)}, "step delete"},
		{"the new one is inactive", []nhiscan.AccessKey{key(oldKey, true, 300, 5), key(newKey, false, 6, 2)}, "step delete"},
		{"both are inactive", []nhiscan.AccessKey{key(oldKey, false, 300, 5), key(newKey, false, 6, 2)}, "make the one that is needed active"},
		{"one is left", []nhiscan.AccessKey{key(newKey, true, 6, 2)}, "step create"},
		{"one is left, inactive", []nhiscan.AccessKey{key(newKey, false, 6, 2)}, "make it active, or delete it"},
		{"none is left", nil, "create one, if it is needed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(withKeys(c.keys...))
			p := datedPlan(t, s, rotate(manage.RotateCheck))
			require.Empty(t, p.Steps)
			notes := strings.Join(p.Notes, "\n")
			require.Contains(t, notes, "Next: ")
			require.Contains(t, p.Notes[len(p.Notes)-1], c.next)
			for _, k := range c.keys {
				require.Contains(t, notes, "Access key "+k.ID+" (")
			}
			require.Empty(t, s.Mutations())
			// What the check advises can be done.
			for _, step := range []manage.RotateStep{manage.RotateDeactivate, manage.RotateDelete} {
				_, err := manage.NewPlan(context.Background(), apiOf(s), rotate(step), dated())
				if strings.Contains(p.Notes[len(p.Notes)-1], "step "+string(step)) {
					require.NoError(t, err)
				}
			}
		})
	}
}

func TestRotateCheckTellsUses(t *testing.T) {
	t.Parallel()
	s := newServer(withKeys(key(oldKey, true, 300, 1), key(newKey, true, 5, 2)))
	require.Equal(t, []string{
		"Access key AKIAOLD0000000000001 (active, created on 2025-05-05, 300 days ago, last used on 2026-02-28 for s3 in eu-west-1).",
		"Access key AKIANEW0000000000002 (active, created on 2026-02-24, 5 days ago, last used on 2026-02-27 for s3 in eu-west-1).",
		"AKIAOLD0000000000001 is not replaced: access key AKIAOLD0000000000001 is still in use: it was last used on 2026-02-28 for s3 in eu-west-1, at 12:00, and the newer AKIANEW0000000000002 not since (last used on 2026-02-27 for s3 in eu-west-1).",
		"Next: put the new key wherever the old one is used, then step check again.",
	}, datedPlan(t, s, rotate(manage.RotateCheck)).Notes)
}

// AWS records one use in a quarter of an hour.
func TestRotateCheckWithinOneRecord(t *testing.T) {
	t.Parallel()
	fresh := key(newKey, true, 5, 2)
	fresh.LastUsed.At = fresh.LastUsed.At.Add(10 * time.Minute)
	notes := datedPlan(t, newServer(withKeys(key(oldKey, true, 300, 2), fresh)), rotate(manage.RotateCheck)).Notes
	require.Contains(t, strings.Join(notes, "\n"), "a quarter of an hour")
}

func TestRotateCreateErrors(t *testing.T) {
	t.Parallel()
	e := awsError(t, planFails(t, newServer(withKeys()), rotate(manage.RotateCreate)))
	require.Equal(t, "user bob has no access key to replace", e.Message)
	require.Equal(t, "create one", e.Hint())

	inactive := withKeys(key(oldKey, false, 300, 2))
	e = awsError(t, planFails(t, newServer(inactive), rotate(manage.RotateCreate)))
	require.Equal(t, manage.CodeNotYet, e.Code)
	named := rotate(manage.RotateCreate)
	named.AccessKeyID = oldKey
	require.Len(t, datedPlan(t, newServer(inactive), named).Steps, 1)

	two := awsError(t, planFails(t, newServer(withKeys(key(oldKey, true, 300, 2), key(newKey, true, 3, -1))), rotate(manage.RotateCreate)))
	require.Equal(t, "LimitExceeded", two.Code)
	require.Contains(t, two.Hint(), "its step check says how far it is")
}

func TestRotateDeactivate(t *testing.T) {
	t.Parallel()
	replaced := withKeys(key(oldKey, true, 300, 5), key(newKey, true, 6, 2))
	s := newServer(replaced)
	p := datedPlan(t, s, rotate(manage.RotateDeactivate))
	require.False(t, p.Destructive)
	require.Empty(t, p.Risks)
	_, err := p.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	require.Equal(t, []string{"UpdateAccessKey AccessKeyId=" + oldKey + " Status=Inactive UserName=bob"}, mutations(s))
	again := datedPlan(t, s, rotate(manage.RotateDeactivate))
	require.Empty(t, again.Steps)
	require.Contains(t, again.Notes, "Access key "+oldKey+" is inactive already.")

	cases := map[string]struct {
		keys  []nhiscan.AccessKey
		id    string
		want  string
		force bool
	}{
		"unused":         {[]nhiscan.AccessKey{key(oldKey, true, 300, 2), key(newKey, true, 1, -1)}, "", "the newer access key " + newKey + " has never been used", true},
		"used before":    {[]nhiscan.AccessKey{key(oldKey, true, 300, 2), key(newKey, true, 9, 4)}, "", "is still in use", true},
		"inactive":       {[]nhiscan.AccessKey{key(oldKey, true, 300, 5), key(newKey, false, 9, 4)}, "", "is inactive", true},
		"the newer one":  {[]nhiscan.AccessKey{key(oldKey, true, 300, 5), key(newKey, true, 9, 4)}, newKey, "no access key newer than " + newKey, true},
		"the only":       {[]nhiscan.AccessKey{key(oldKey, true, 300, 5)}, "", "user bob has 1 access key: there is no second one", false},
		"the only named": {[]nhiscan.AccessKey{key(oldKey, true, 300, 5)}, oldKey, "user bob has 1 access key", true},
		"none":           {nil, "", "user bob has no access key", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, change := newServer(withKeys(c.keys...)), rotate(manage.RotateDeactivate)
			change.AccessKeyID = c.id
			e := awsError(t, planFails(t, s, change))
			require.Contains(t, e.Message, c.want)
			require.NotEmpty(t, e.Hint())
			change.Force = true
			p, err := manage.NewPlan(context.Background(), apiOf(s), change, dated())
			require.Equal(t, c.force, err == nil, "%v", err)
			if c.force {
				require.Len(t, p.Steps, 1)
				require.Equal(t, manage.RiskInUse, p.Risks[0].Code)
			}
		})
	}
}

func TestRotateDelete(t *testing.T) {
	t.Parallel()
	s := newServer(withKeys(key(oldKey, false, 300, 5), key(newKey, true, 6, 2)))
	p := datedPlan(t, s, rotate(manage.RotateDelete))
	require.True(t, p.Destructive)
	require.Equal(t, oldKey, p.TargetName)
	_, err := p.Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	require.Equal(t, []string{"DeleteAccessKey AccessKeyId=" + oldKey + " UserName=bob"}, mutations(s))
	require.Equal(t, newKey, keysOf(s, "bob")[0].ID)
	done := datedPlan(t, s, rotate(manage.RotateDelete))
	require.Empty(t, done.Steps)
	require.False(t, done.Destructive)

	for name, c := range map[string]struct {
		keys []nhiscan.AccessKey
		id   string
	}{
		"both active":       {[]nhiscan.AccessKey{key(oldKey, true, 300, 5), key(newKey, true, 6, 2)}, ""},
		"the named active":  {[]nhiscan.AccessKey{key(oldKey, true, 300, 5), key(newKey, false, 6, 2)}, oldKey},
		"both inactive":     {[]nhiscan.AccessKey{key(oldKey, false, 300, 5), key(newKey, false, 6, 2)}, oldKey},
		"the only":          {[]nhiscan.AccessKey{key(oldKey, false, 300, 5)}, ""},
		"the only, named":   {[]nhiscan.AccessKey{key(oldKey, false, 300, 5)}, oldKey},
		"not said of which": {[]nhiscan.AccessKey{key(oldKey, false, 300, 5), key(newKey, false, 6, 2)}, ""},
	} {
		for _, force := range []bool{false, true} {
			change := rotate(manage.RotateDelete)
			change.AccessKeyID, change.Force = c.id, force
			e := awsError(t, planFails(t, newServer(withKeys(c.keys...)), change))
			require.Equal(t, manage.CodeNotYet, e.Code, name)
			require.NotEmpty(t, e.Hint(), name)
		}
	}
}

// What could not be read is not guessed.
func TestRotateDenied(t *testing.T) {
	t.Parallel()
	for _, action := range []string{"iam:GetUser", "iam:ListAccessKeys", "iam:GetAccessKeyLastUsed"} {
		for _, step := range []manage.RotateStep{manage.RotateCreate, manage.RotateCheck, manage.RotateDeactivate, manage.RotateDelete} {
			s := newServer(withKeys(key(oldKey, true, 300, 5), key(newKey, true, 6, 2)))
			s.Deny(action)
			e := awsError(t, planFails(t, s, rotate(step)))
			require.ErrorIs(t, e, collect.ErrAccessDenied)
			require.Equal(t, action, e.Operation)
		}
	}
}
