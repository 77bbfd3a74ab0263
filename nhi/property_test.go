package nhi_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// A fact that was not read is no evidence, whatever its field says.
func TestUnknownFactsAreNoEvidence(t *testing.T) {
	t.Parallel()
	a := bigAccount(30)
	for i := range a.Users {
		for bit := range 32 {
			u := a.Users[i]
			u.Known &^= 1 << bit
			empty := u
			full := u
			clearFact(&empty, 1<<bit)
			empty.Known = u.Known
			require.Equal(t, one(t, empty).Classification, one(t, full).Classification)
		}
	}
}

// clearFact empties the field that a fact is about.
func clearFact(u *nhiscan.User, fact nhiscan.Facts) {
	switch fact {
	case nhiscan.FactTags:
		u.Tags = nil
	case nhiscan.FactGroups:
		u.Groups = nil
	case nhiscan.FactAttachedPolicies:
		u.AttachedPolicies = nil
	case nhiscan.FactInlinePolicies:
		u.InlinePolicies = nil
	case nhiscan.FactPassword:
		u.Password.Enabled = false
	case nhiscan.FactPasswordLastUsed:
		u.Password.LastUsed = nhiscan.LastUse{}
	case nhiscan.FactAccessKeys:
		u.AccessKeys = nil
	case nhiscan.FactMFADevices:
		u.MFADevices = nil
	}
}

// The more was looked at, the higher the coverage; what was not is named.
func TestCoverage(t *testing.T) {
	t.Parallel()
	u := userNamed("anna")
	before := one(t, u)
	require.Contains(t, before.Unseen, "console password")
	require.Contains(t, before.Unseen, "MFA devices")
	for bit := range 16 {
		u.Known |= 1 << bit
		after := one(t, u)
		require.GreaterOrEqual(t, after.Coverage, before.Coverage)
		require.LessOrEqual(t, len(after.Unseen), len(before.Unseen))
		before = after
	}
	u.Password.LastUsed = nhiscan.LastUse{Known: true}
	after := one(t, u)
	require.Empty(t, after.Unseen)
	require.InDelta(t, 1, after.Coverage, 1e-9)
}

// The order in which identities come does not count.
func TestOrderDoesNotCount(t *testing.T) {
	t.Parallel()
	a := bigAccount(60)
	want := nhi.Classify(a, nil)
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		shuffled := *a
		shuffled.Users, shuffled.Roles = slices.Clone(a.Users), slices.Clone(a.Roles)
		random.Shuffle(len(shuffled.Users), func(i, j int) { shuffled.Users[i], shuffled.Users[j] = shuffled.Users[j], shuffled.Users[i] })
		random.Shuffle(len(shuffled.Roles), func(i, j int) { shuffled.Roles[i], shuffled.Roles[j] = shuffled.Roles[j], shuffled.Roles[i] })
		got := nhi.Classify(&shuffled, nil)
		require.Len(t, got.Identities, len(want.Identities))
		for i := range want.Identities {
			require.Equal(t, want.Identities[i].ARN, got.Identities[i].ARN)
			require.Equal(t, want.Identities[i].Verdict, got.Identities[i].Verdict)
			require.Equal(t, want.Identities[i].Confidence, got.Identities[i].Confidence)
			require.Equal(t, want.Identities[i].Category, got.Identities[i].Category)
		}
	}
}

// What an identity is does not depend on others that cannot assume it.
func TestUnrelatedIdentitiesDoNotCount(t *testing.T) {
	t.Parallel()
	a := bigAccount(40)
	all := nhi.Classify(a, nil)
	for i := range a.Users {
		require.Equal(t, one(t, a.Users[i]).Verdict, find(t, all, a.Users[i].Name).Verdict)
	}
	service := roleTrusting("orders", allowTrust(`{"Service":"lambda.amazonaws.com"}`, ""))
	alone := nhi.Classify(account(nil, []nhiscan.Role{service}), nil).Identities[0]
	a.Roles = append(a.Roles, service)
	require.Equal(t, alone.Classification, find(t, nhi.Classify(a, nil), "orders").Classification)
}

// The weights that are shown add up to the confidence.
func TestWeightsAddUp(t *testing.T) {
	t.Parallel()
	for _, id := range nhi.Classify(bigAccount(60), nil).Identities {
		if id.Verdict == nhi.Mixed {
			require.Equal(t, 0.5, id.Confidence)
			continue
		}
		sum := 0.0
		for _, s := range id.Signals {
			sum += s.Weight
		}
		require.InDelta(t, 1/(1+math.Exp(-sum/1.25)), id.Confidence, 1e-9, id.Name)
	}
}

// Classify is a function: it changes nothing, and may run many times at once.
func TestClassifyIsPure(t *testing.T) {
	t.Parallel()
	a, same := bigAccount(40), bigAccount(40)
	want := nhi.Classify(a, nil)
	results := make(chan *nhi.Report)
	for range 4 {
		go func() { results <- nhi.Classify(a, nil) }()
	}
	for range 4 {
		require.Equal(t, want, <-results)
	}
	require.Equal(t, same, a)
}
