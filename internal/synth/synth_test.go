package synth_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

var small = synth.Size{Users: 40, Roles: 40, Groups: 5, Policies: 40}

func TestAccountIsDeterministic(t *testing.T) {
	t.Parallel()
	require.Equal(t, synth.Account(small, 1), synth.Account(small, 1))
	require.NotEqual(t, synth.Account(small, 1), synth.Account(small, 2))
}

func TestAccountIsWhole(t *testing.T) {
	t.Parallel()
	a := synth.Account(small, 1)
	require.Len(t, a.Users, small.Users)
	require.Len(t, a.Roles, small.Roles)
	require.Len(t, a.Groups, small.Groups)
	require.Len(t, a.Policies, small.Policies)
	require.Empty(t, a.MalformedDocuments())
	arns := map[string]bool{}
	for i := range a.Users {
		arns[a.Users[i].ARN] = true
		for _, group := range a.Users[i].Groups {
			_, ok := a.Group(group)
			require.True(t, ok)
		}
	}
	for i := range a.Roles {
		arns[a.Roles[i].ARN] = true
		require.False(t, a.Roles[i].LastUsed.At.After(synth.CollectedAt))
	}
	require.Len(t, arns, small.Users+small.Roles)
}

func TestScale(t *testing.T) {
	t.Parallel()
	require.Equal(t, synth.Size{Users: 500, Roles: 500, Groups: 50, Policies: 1000}, synth.Quota.Scale(0.1))
}

func TestWriteCLI(t *testing.T) {
	t.Parallel()
	a := synth.Account(small, 1)
	var b bytes.Buffer
	require.NoError(t, synth.WriteCLI(&b, a))
	require.NotContains(t, b.String(), "Nhiscan")
	require.Contains(t, b.String(), "\n    \"UserDetailList\": [\n        {\n            \"Path\"")
	got, err := nhiscan.Read(&b)
	require.NoError(t, err)
	require.Equal(t, nhiscan.SourceFile, got.Source)
	require.Len(t, got.Roles, small.Roles)
	require.Equal(t, synth.AccountID, got.ID)
}
