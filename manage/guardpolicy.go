package manage

import (
	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// judgePolicies says which managed policies make an administrator of whoever they
// will be attached to. Nobody need have them yet, so that is a risk.
func (c *comparison) judgePolicies() {
	v := verdict{say: c.p.risk, code: RiskPolicy}
	for _, arn := range c.changed.policies {
		policy, ok := c.after.account.Policy(arn)
		if ok && c.givesAdmin(c.after.account, arn) && !c.givesAdmin(c.before.account, arn) {
			v.add("whoever policy %s is attached to is an administrator", policy.Name)
		}
	}
	v.close("policies make administrators of those whom they are attached to")
}

// givesAdmin reports whether a user with nothing but the policy is an administrator.
func (c *comparison) givesAdmin(a *nhiscan.Account, arn string) bool {
	if _, ok := a.Policy(arn); !ok {
		return false
	}
	x := permissions.New(&nhiscan.Account{
		ID: a.ID, Partition: a.Partition, Policies: a.Policies,
		Users: []nhiscan.User{{Name: "probe", ARN: probeARN, AttachedPolicies: []nhiscan.AttachedPolicy{{ARN: arn}}, Known: ^nhiscan.Facts(0)}},
	}, c.p.options.Permissions)
	p, ok := x.Identity(probeARN)
	return ok && p.Admin.Is()
}
