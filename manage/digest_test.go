package manage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
)

// TestDigestOfAnother tells a user from one that is made again under its name.
func TestDigestOfAnother(t *testing.T) {
	t.Parallel()
	s := newServer()
	doIt := func(c manage.Change) {
		_, err := planOf(t, s, c).Apply(t.Context(), apiOf(s))
		require.NoError(t, err)
	}
	doIt(manage.CreateUser{UserName: "twin"})
	for _, c := range []manage.Change{
		manage.DeleteUser{UserName: "twin"}, manage.TagIdentity{IdentityName: "twin", Tags: map[string]string{"team": "a"}},
	} {
		first := planOf(t, s, c)
		require.Equal(t, first.Digest(), planOf(t, s, c).Digest())
		doIt(manage.DeleteUser{UserName: "twin"})
		doIt(manage.CreateUser{UserName: "twin"})
		require.NotEqual(t, first.Digest(), planOf(t, s, c).Digest())
	}
}
