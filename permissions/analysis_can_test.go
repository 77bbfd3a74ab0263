package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// What a user asks of STS about a role, the role's trust policy decides too.
func TestCanLooksAtTrust(t *testing.T) {
	t.Parallel()
	a := accountOf(`{"Effect":"Allow","Action":"sts:*","Resource":"*"}`)
	trust := policyOf(`{"Effect":"Allow","Principal":{"AWS":"` + aliceARN + `"},"Action":["sts:AssumeRole","sts:SetContext"]}`)
	a.Roles = []nhiscan.Role{roleOf(deployARN, trust)}
	x := permissions.New(a, nil)
	for action, want := range map[string]permissions.Outcome{
		"sts:AssumeRole":        permissions.Allowed,
		"STS:setcontext":        permissions.Allowed,
		"sts:TagSession":        permissions.Denied,
		"sts:SetSourceIdentity": permissions.Denied,
	} {
		d, err := x.Can(&permissions.Request{Principal: permissions.Principal{ARN: aliceARN}, Action: action, Resource: deployARN})
		require.NoError(t, err)
		require.Equal(t, want, d.Outcome, action)
		if want == permissions.Denied {
			require.Equal(t, []permissions.Missing{{Type: permissions.TrustPolicy}}, d.Missing, action)
		}
	}
}
