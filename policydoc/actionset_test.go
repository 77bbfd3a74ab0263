package policydoc_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A model is a set of action names kept the plain way.
type model map[string]bool

// pickActions returns a set of some of the names, sparse or dense, and its model.
func pickActions(random *rand.Rand) (policydoc.ActionSet, model) {
	share := []float64{0, 0.0001, 0.01, 0.5, 1}[random.IntN(5)]
	var set policydoc.ActionSet
	m := model{}
	for _, s := range policydoc.Services() {
		if share < 1 && random.IntN(4) > 0 {
			continue
		}
		var patterns []string
		for a := range policydoc.ActionsOf(s.Prefix).All() {
			if random.Float64() < share {
				patterns = append(patterns, a.String())
				m[a.String()] = true
			}
		}
		random.Shuffle(len(patterns), func(i, j int) { patterns[i], patterns[j] = patterns[j], patterns[i] })
		set = set.Union(policydoc.ActionsMatching(patterns...))
	}
	return set, m
}

func requireModel(t *testing.T, want model, got policydoc.ActionSet) {
	t.Helper()
	require.Equal(t, len(want), got.Len())
	for a := range got.All() {
		if !want[a.String()] {
			t.Fatalf("%s is in the set", a)
		}
	}
}

// The operations are those of sets.
func TestActionSetOperations(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	names := allNames()
	for range 12 {
		a, inA := pickActions(random)
		b, inB := pickActions(random)
		union, both, onlyA := maps.Clone(inA), model{}, model{}
		maps.Copy(union, inB)
		for name := range inA {
			if inB[name] {
				both[name] = true
			} else {
				onlyA[name] = true
			}
		}
		requireModel(t, inA, a)
		requireModel(t, union, a.Union(b))
		requireModel(t, both, a.Intersect(b))
		requireModel(t, onlyA, a.Subtract(b))
		requireModel(t, inA, a) // and a is what it was
		require.Equal(t, len(both) > 0, a.Overlaps(b))
		require.Equal(t, maps.Equal(inA, inB), a.Equal(b))
		require.True(t, a.Union(b).Equal(b.Union(a)))
		require.True(t, a.Intersect(b).Union(a.Subtract(b)).Equal(a))
		for range 20 {
			name := names[random.IntN(len(names))]
			require.Equal(t, inA[name], a.Has(name), name)
		}
	}
}

// Equal sets are the same value, however they came about.
func TestActionSetIsCanonical(t *testing.T) {
	t.Parallel()
	one := policydoc.ActionsMatching("s3:GetObject")
	require.Equal(t, one, policydoc.ActionsOf("s3").Intersect(policydoc.ActionsMatching("*:GetObject")))
	require.Equal(t, policydoc.ActionSet{}, one.Subtract(one))
	require.Equal(t, policydoc.ActionSet{}, one.Intersect(policydoc.ActionsOf("iam")))
	require.Equal(t, policydoc.ActionSet{}, policydoc.ActionsMatching("nope:*"))
	require.Equal(t, policydoc.ActionSet{}, policydoc.AllActions().Subtract(policydoc.ActionsMatching("*:*")))
}

func TestActionSetServices(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	for range 8 {
		set, _ := pickActions(random)
		var union policydoc.ActionSet
		var prefixes []string
		for service, part := range set.Services() {
			require.True(t, part.Equal(set.Intersect(policydoc.ActionsOf(service.Prefix))), service.Prefix)
			require.Positive(t, part.Len())
			prefixes = append(prefixes, service.Prefix)
			union = union.Union(part)
		}
		require.True(t, slices.IsSorted(prefixes))
		require.True(t, union.Equal(set))
	}
	for range policydoc.AllActions().Services() {
		break // stops without harm
	}
	for range policydoc.AllActions().All() {
		break
	}
}

func TestActionSetLevel(t *testing.T) {
	t.Parallel()
	tests := []struct {
		patterns []string
		want     policydoc.AccessLevel
	}{
		{nil, policydoc.LevelUnknown},
		{[]string{"s3:ListAllMyBuckets"}, policydoc.LevelList},
		{[]string{"s3:ListAllMyBuckets", "s3:GetObject"}, policydoc.LevelRead},
		{[]string{"s3:GetObject", "ec2:CreateTags"}, policydoc.LevelTagging},
		{[]string{"ec2:CreateTags", "s3:PutObject"}, policydoc.LevelWrite},
		{[]string{"s3:PutObject", "s3:PutBucketPolicy"}, policydoc.LevelPermissionsManagement},
		{[]string{"*"}, policydoc.LevelPermissionsManagement},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, policydoc.ActionsMatching(tt.patterns...).Level(), tt.patterns)
	}
}

func TestStatementActionSet(t *testing.T) {
	t.Parallel()
	type statement = policydoc.Statement
	all, s3 := policydoc.AllActions(), policydoc.ActionsOf("s3")
	require.True(t, s3.Equal((&statement{Actions: []string{"S3:*"}}).ActionSet()))
	require.True(t, all.Subtract(s3).Equal((&statement{NotActions: []string{"s3:*"}}).ActionSet()))
	require.True(t, all.Equal((&statement{NotActions: []string{}}).ActionSet()))
	require.True(t, all.Equal((&statement{NotActions: []string{"nope:*"}}).ActionSet()))
	require.Zero(t, (&statement{Actions: []string{}}).ActionSet())
	require.Zero(t, (&statement{}).ActionSet())
}
