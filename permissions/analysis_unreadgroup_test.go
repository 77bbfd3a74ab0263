package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// A group that users are in and that the account does not hold is a gap of the
// account, once, unless the account says itself that it could not be read.
func TestGroupThatIsNotInTheAccount(t *testing.T) {
	t.Parallel()
	users := []nhiscan.User{
		{ARN: "arn:aws:iam::111122223333:user/a", Name: "a", Groups: []string{"ghosts"}},
		{ARN: "arn:aws:iam::111122223333:user/b", Name: "b", Groups: []string{"Ghosts"}},
	}
	count := func(gaps []nhiscan.Gap) (n int) {
		for _, g := range gaps {
			if g.Resource == "ghosts" {
				n++
			}
		}
		return n
	}
	x := permissions.New(&nhiscan.Account{Users: users}, nil)
	require.Equal(t, 1, count(x.Gaps()))
	for _, u := range users {
		require.Equal(t, 1, count(x.Unresolved(u.ARN)), u.Name)
		d, err := x.Can(&permissions.Request{Principal: permissions.Principal{ARN: u.ARN}, Action: "s3:GetObject", Resource: "*"})
		require.NoError(t, err)
		require.Equal(t, permissions.Depends, d.Outcome, u.Name)
	}
	refused := nhiscan.Gap{Operation: "iam:GetGroup", Resource: "ghosts", Code: "AccessDenied"}
	x = permissions.New(&nhiscan.Account{Users: users, Gaps: []nhiscan.Gap{refused}}, nil)
	require.Equal(t, []nhiscan.Gap{refused}, x.Gaps())
}
