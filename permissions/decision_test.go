package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
)

// The keys of a decision are those that make a difference.
func TestDecisionKeys(t *testing.T) {
	t.Parallel()
	when := func(effect, key string) string {
		return `{"Effect": "` + effect + `", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"` + key + `": "x"}}}`
	}
	tests := []struct {
		name, identity, boundary string
		want                     permissions.Outcome
		keys                     []string
		allows, denies           int
	}{
		{"one allow", when("Allow", "test:B") + "," + when("Allow", "test:a"), "", "depends", []string{"test:B", "test:a"}, 2, 0},
		{"an allow that is certain", when("Allow", "test:B") + "," + allowS3, "", "allowed", nil, 2, 0},
		{"a deny", allowS3 + "," + when("Deny", "test:B") + "," + when("Deny", "test:B"), "", "depends", []string{"test:B"}, 1, 2},
		{"a deny that is certain", when("Allow", "test:B") + "," + denyS3, "", "denied", nil, 1, 1},
		{"a boundary", allowS3, when("Allow", "test:B"), "depends", []string{"test:B"}, 2, 0},
		{"a boundary that does not allow", when("Allow", "test:B"), allowEC2, "denied", nil, 1, 0},
		{"a deny of nothing", when("Deny", "test:B"), "", "denied", nil, 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := (&layerCase{identity: tt.identity, boundary: tt.boundary}).decide(t)
			require.Equal(t, tt.want, d.Outcome)
			require.Equal(t, tt.keys, d.Keys)
			require.Len(t, d.Allows, tt.allows)
			require.Len(t, d.Denies, tt.denies)
		})
	}
}

func TestDecisionMatches(t *testing.T) {
	t.Parallel()
	d := (&layerCase{identity: allowEC2 + "," + allowS3, scps: []string{allowAnything, allowEC2}}).decide(t)
	require.Equal(t, permissions.Denied, d.Outcome)
	require.False(t, d.Explicit())
	require.Equal(t, []permissions.Missing{{Type: permissions.ServiceControlPolicy, Target: "ou-1"}}, d.Missing)
	require.Equal(t, 2, d.Allows[0].Statement)
	require.Equal(t, permissions.IdentityPolicy, d.Allows[0].Policy.Source.Type)
	require.True(t, d.Allows[0].Certain())

	d = (&layerCase{identity: allowS3 + "," + denyS3}).decide(t)
	require.True(t, d.Explicit())
	require.Empty(t, d.Missing)
}

// More statements than a decision has room for at first.
func TestDecisionManyMatches(t *testing.T) {
	t.Parallel()
	statements := allowS3
	for range 40 {
		statements += "," + allowS3 + "," + denyS3
	}
	d := (&layerCase{identity: statements}).decide(t)
	require.Len(t, d.Allows, 41)
	require.Len(t, d.Denies, 40)
	require.Equal(t, 81, d.Denies[39].Statement)
}
