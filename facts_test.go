package nhiscan_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

func TestFactNames(t *testing.T) {
	t.Parallel()
	all := nhiscan.FactRoleSettings<<1 - 1
	require.Len(t, all.Names(), 16)
	require.Equal(t, all.Names(), nhiscan.Facts(math.MaxUint32).Names(), "bits without a fact have no name")
	require.Nil(t, nhiscan.Facts(0).Names())
	require.Equal(t, []string{"Tags", "MFADevices"}, (nhiscan.FactMFADevices | nhiscan.FactTags).Names())
	for fact := nhiscan.Facts(1); fact <= nhiscan.FactRoleSettings; fact <<= 1 {
		got, err := nhiscan.ParseFacts(fact.Names())
		require.NoError(t, err)
		require.Equal(t, fact, got)
	}
}

func TestParseFactsUnknown(t *testing.T) {
	t.Parallel()
	got, err := nhiscan.ParseFacts([]string{"Tags", "tags", "Groups"})
	require.EqualError(t, err, `parse facts: "tags" is not the name of a fact`)
	require.Equal(t, nhiscan.FactTags|nhiscan.FactGroups, got)
}
