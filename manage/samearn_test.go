package manage_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
)

// TestARNOfAnother changes nothing that has the name in an ARN and not the ARN: it is
// what was deleted and made again under another path, or a slip.
func TestARNOfAnother(t *testing.T) {
	t.Parallel()
	for _, c := range []manage.Change{
		manage.DeleteUser{UserName: prefix + "user/ci", Force: true}, // it is user/robots/ci
		manage.DeleteUser{UserName: prefix + "user/robots/bob", Force: true},
		manage.DeleteRole{RoleName: prefix + "role/other/idle"},
		manage.DeleteGroup{GroupName: prefix + "group/other/nobodies"},
		manage.DeleteInstanceProfile{InstanceProfileName: prefix + "instance-profile/other/vacant"},
		manage.CreateAccessKey{UserName: prefix + "user/other/bob"},
		manage.AddUserToGroup{UserName: prefix + "user/other/bob", GroupName: "nobodies"},
		manage.AttachGroupPolicy{GroupName: prefix + "group/other/nobodies", PolicyARN: spare},
		manage.TagIdentity{IdentityName: prefix + "role/other/idle", IdentityType: "role", Tags: map[string]string{"a": "b"}},
	} {
		t.Run(fmt.Sprintf("%s %+v", c.Kind(), c), func(t *testing.T) {
			t.Parallel()
			_, err := manage.NewPlan(t.Context(), apiOf(newServer()), c, caller())
			var e *manage.ArgumentError
			require.ErrorAs(t, err, &e)
			require.Contains(t, e.Error(), "the one with this name is "+prefix)
		})
	}
}
