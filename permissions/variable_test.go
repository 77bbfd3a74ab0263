package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
)

// A variable without a name is not a key whose value is unknown.
func TestVariableWithoutName(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{"${}", "${ }"} {
		policies := &permissions.Policies{Identity: []*permissions.Policy{
			trapPolicy(t, permissions.IdentityPolicy, `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/`+variable+`x"}`),
		}}
		request := trapRequest(t, trapUser, "s3:GetObject", "arn:aws:s3:::data/x", nil)
		request.Context = permissions.NewContext(nil, false)
		decision := permissions.Evaluate(policies, request)
		require.Equal(t, permissions.Denied, decision.Outcome, variable)
		require.Empty(t, decision.Keys, variable)
	}
}
