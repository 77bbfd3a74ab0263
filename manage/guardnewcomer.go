package manage

import (
	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// addNewcomers puts another user or role beside one that the change makes, on both
// sides, that has nothing by which a policy could tell it from any other. What that
// can do, such as to assume a role that is open to the whole account, is not due to
// the change.
func (c *comparison) addNewcomers() {
	for _, arn := range c.changed.identities {
		mine := ""
		var add func(*draft)
		if u, ok := c.after.account.User(arn); ok && !isIn(c.before.account, arn) {
			other := *u
			mine = c.p.arn("user/stand-in/newcomer")
			other.Name, other.Path, other.ARN, other.Tags = "newcomer", "/stand-in/", mine, nil
			add = func(d *draft) { d.addUser(other) }
		} else if r, ok := c.after.account.Role(arn); ok && !isIn(c.before.account, arn) {
			other := *r
			mine = c.p.arn("role/stand-in/newcomer")
			other.Name, other.Path, other.ARN, other.Tags = "newcomer", "/stand-in/", mine, nil
			add = func(d *draft) { d.addRole(other) }
		} else {
			continue
		}
		c.newcomers[arn], c.standIns[mine] = mine, "newcomers"
		for _, s := range []*side{&c.before, &c.after} {
			d := draft{account: s.account}
			add(&d)
			d.sort()
		}
	}
}

func isIn(a *nhiscan.Account, arn string) bool {
	_, user := a.User(arn)
	_, role := a.Role(arn)
	return user || role
}

// newcomer returns what one that the change makes could do before, which is what any
// new one can.
func (c *comparison) newcomer(arn string) *permissions.Permissions {
	if power := c.before.powers[c.newcomers[arn]]; power != nil {
		return power
	}
	return &permissions.Permissions{ARN: arn}
}
