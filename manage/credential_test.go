package manage_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

const (
	oldKey = "AKIAOLD0000000000001"
	newKey = "AKIANEW0000000000002"
)

// today is the time by which the plans of credentials are made.
var today = made.AddDate(1, 0, 0)

// dated are the options of plans that tell ages.
func dated() *manage.Options {
	return &manage.Options{CallerARN: callerARN, Collect: collect.Options{Now: func() time.Time { return today }}}
}

// withKeys gives bob the keys.
func withKeys(keys ...nhiscan.AccessKey) func(*nhiscan.Account) {
	return func(a *nhiscan.Account) {
		bob, _ := a.User("bob")
		bob.AccessKeys = keys
	}
}

// key is one that was made that many days ago, and last used so; -1 for never.
func key(id string, active bool, madeDays, usedDays int) nhiscan.AccessKey {
	k := nhiscan.AccessKey{ID: id, Active: active, CreateDate: today.AddDate(0, 0, -madeDays), LastUsed: nhiscan.LastUse{Known: true}}
	if usedDays >= 0 {
		k.LastUsed.At = today.AddDate(0, 0, -usedDays)
		k.LastUsed.Service, k.LastUsed.Region = "s3", "eu-west-1"
	}
	return k
}

// withPassword gives bob a console password.
func withPassword(changedDays, usedDays int) func(*nhiscan.Account) {
	return func(a *nhiscan.Account) {
		bob, _ := a.User("bob")
		bob.Password = nhiscan.Password{Enabled: true, LastChanged: today.AddDate(0, 0, -changedDays), LastUsed: nhiscan.LastUse{Known: true}}
		if usedDays >= 0 {
			bob.Password.LastUsed.At = today.AddDate(0, 0, -usedDays)
		}
	}
}

func credentialExamples() map[string][]example {
	inUse := withKeys(key(oldKey, true, 300, 2), key(newKey, true, 3, 1))
	return map[string][]example{
		"create_access_key": {{change: manage.CreateAccessKey{UserName: "bob"}}},
		"update_access_key": {
			{change: manage.UpdateAccessKey{UserName: "ci", AccessKeyID: "AKIACI00000000000001", Status: "Inactive"}},
			{change: manage.UpdateAccessKey{UserName: "ci", AccessKeyID: "AKIACI00000000000002", Status: "Active"}},
		},
		"delete_access_key":    {{change: manage.DeleteAccessKey{UserName: "ci", AccessKeyID: "AKIACI00000000000002"}}},
		"delete_login_profile": {{change: manage.DeleteLoginProfile{UserName: "ci"}}},
		"rotate_access_key": {
			{change: manage.RotateAccessKey{UserName: "bob", Step: manage.RotateCreate}, account: withKeys(key(oldKey, true, 300, 2))},
			{change: manage.RotateAccessKey{UserName: "bob", Step: manage.RotateCheck}, account: inUse, noSteps: true},
			{change: manage.RotateAccessKey{UserName: "bob", Step: manage.RotateDeactivate}, account: inUse},
			{change: manage.RotateAccessKey{UserName: "bob", Step: manage.RotateDelete}, account: withKeys(key(oldKey, false, 300, 2), key(newKey, true, 3, 1))},
		},
	}
}

// vault is a key store in memory, whose methods may fail.
type vault struct {
	mu                     sync.Mutex
	reserve, save, discard error
	none                   bool
	saved                  []manage.NewAccessKey
	reserved, discarded    int
}

func (v *vault) Reserve(string, string) (manage.KeySlot, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.reserve != nil || v.none {
		return nil, v.reserve
	}
	v.reserved++
	return place{v}, nil
}

type place struct{ v *vault }

func (p place) Where() string { return "vault" }

func (p place) Save(k manage.NewAccessKey) error {
	p.v.mu.Lock()
	defer p.v.mu.Unlock()
	if p.v.save == nil {
		p.v.saved = append(p.v.saved, k)
	}
	return p.v.save
}

func (p place) Discard() error {
	p.v.mu.Lock()
	defer p.v.mu.Unlock()
	p.v.discarded++
	return p.v.discard
}

// attempt plans the change with the options and applies it.
func attempt(t *testing.T, s *fakeiam.Server, c manage.Change, opts *manage.Options) (*manage.Result, error) {
	t.Helper()
	p, err := manage.NewPlan(context.Background(), apiOf(s), c, opts)
	require.NoError(t, err)
	return p.Apply(context.Background(), apiOf(s))
}

// awsError is the collect.Error of err.
func awsError(t *testing.T, err error) *collect.Error {
	t.Helper()
	var e *collect.Error
	require.True(t, errors.As(err, &e), "%v", err)
	return e
}

// argumentError is the manage.ArgumentError of err.
func argumentError(t *testing.T, err error) *manage.ArgumentError {
	t.Helper()
	var e *manage.ArgumentError
	require.True(t, errors.As(err, &e), "%v", err)
	return e
}

// planFails is the error of a plan that cannot be made, which changes nothing.
func planFails(t *testing.T, s *fakeiam.Server, c manage.Change) error {
	t.Helper()
	_, err := manage.NewPlan(context.Background(), apiOf(s), c, dated())
	require.Error(t, err)
	require.Empty(t, s.Mutations())
	return err
}

func keysOf(s *fakeiam.Server, user string) []nhiscan.AccessKey {
	u, _ := s.Account().User(user)
	return u.AccessKeys
}
