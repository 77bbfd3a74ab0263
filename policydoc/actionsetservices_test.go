package policydoc_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

// setsOfManySizes are sets from a single action to all of them.
func setsOfManySizes() []policydoc.ActionSet {
	sets := []policydoc.ActionSet{
		{}, policydoc.AllActions(), policydoc.ActionsOf("iam"), policydoc.ActionsOf("ec2"), policydoc.ActionsMatching("s3:GetObject"),
		policydoc.ActionsMatching("*:Get*"), policydoc.ActionsMatching("*:Delete*", "iam:*"), policydoc.ActionsOfLevel(policydoc.LevelTagging),
		policydoc.AllActions().Subtract(policydoc.ActionsOf("ec2")),
	}
	var names []string
	for a := range policydoc.AllActions().All() {
		names = append(names, a.String())
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{2, 30, 1000} {
		some := make([]string, n)
		for i := range some {
			some[i] = names[random.IntN(len(names))]
		}
		sets = append(sets, policydoc.ActionsMatching(some...))
	}
	return sets
}

func TestSetsOfManySizesAgree(t *testing.T) {
	t.Parallel()
	sets := setsOfManySizes()
	for _, a := range sets {
		for _, b := range sets {
			both, only := policydoc.ActionSet{}, a
			for x := range b.All() {
				one := policydoc.ActionsMatching(x.String())
				if a.Has(x.String()) && b.Len() < 2000 {
					both = both.Union(one)
				}
				if b.Len() < 2000 {
					only = only.Subtract(one)
				}
			}
			if b.Len() < 2000 {
				require.True(t, a.Intersect(b).Equal(both))
				require.True(t, a.Subtract(b).Equal(only))
				require.Equal(t, both.Len(), a.Common(b))
				require.Equal(t, both.Len() > 0, a.Overlaps(b))
			}
			require.True(t, a.Intersect(b).Equal(b.Intersect(a)))
			require.Equal(t, a.Len()+b.Len()-a.Common(b), a.Union(b).Len())
			require.Equal(t, a.Subtract(b).Len() == 0, a.Within(b))
		}
	}
}

func TestServicesAndSummariesAgree(t *testing.T) {
	t.Parallel()
	for _, set := range setsOfManySizes() {
		var union policydoc.ActionSet
		var parts []policydoc.ServiceSummary
		for service, part := range set.Services() {
			require.True(t, part.Equal(set.Intersect(policydoc.ActionsOf(service.Prefix))), service.Prefix)
			union = union.Union(part)
			parts = append(parts, policydoc.ServiceSummary{Service: service, Actions: part.Len(), Level: part.Level()})
		}
		require.True(t, union.Equal(set))
		var summaries []policydoc.ServiceSummary
		for s := range set.Summaries() {
			summaries = append(summaries, s)
		}
		require.Equal(t, parts, summaries)
	}
}
