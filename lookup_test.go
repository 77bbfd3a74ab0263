package nhiscan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	a, err := nhiscan.ReadFile("testdata/read/plain.json")
	require.NoError(t, err)

	user, ok := a.User("NADIA.weber")
	require.True(t, ok)
	require.Equal(t, "nadia.weber", user.Name)
	role, ok := a.Role("arn:aws:iam::123456789012:role/resizer")
	require.True(t, ok)
	require.Equal(t, "resizer", role.Name)
	group, ok := a.Group("Developers")
	require.True(t, ok)
	require.Equal(t, []string{"nadia.weber"}, group.Members)
	policy, ok := a.Policy("arn:aws:iam::123456789012:policy/boundary")
	require.True(t, ok)
	version, ok := policy.Default()
	require.True(t, ok)
	require.Equal(t, "v10", version.ID)

	for _, missing := range []string{"", "nobody", "arn:aws:iam::123456789012:user/nobody", "arn:aws:iam::123456789012:ROLE/resizer"} {
		_, ok = a.User(missing)
		require.False(t, ok)
		_, ok = a.Role(missing)
		require.False(t, ok)
		_, ok = a.Group(missing)
		require.False(t, ok)
		_, ok = a.Policy(missing)
		require.False(t, ok)
	}
}

func TestLookupFindsAll(t *testing.T) {
	t.Parallel()
	a := synth.Account(synth.Size{Users: 50, Roles: 50, Groups: 50, Policies: 50}, 1)
	for i := range a.Roles {
		byARN, ok := a.Role(a.Roles[i].ARN)
		require.True(t, ok)
		require.Same(t, &a.Roles[i], byARN)
		byName, ok := a.Role(a.Roles[i].Name)
		require.True(t, ok)
		require.Same(t, &a.Roles[i], byName)
	}
}
