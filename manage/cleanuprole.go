package manage

import (
	"fmt"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
)

// rolesTracked is how long AWS remembers the last use of a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
const rolesTracked = 400 * 24 * time.Hour

// role proposes what is to be done about a role.
func (c *cleanup) role(r *nhiscan.Role) {
	since := latest(r.CreateDate, r.LastUsed.At)
	switch {
	case !c.unused(since):
		if r.LastUsed.Never() {
			c.leaveOut(r.ARN, "it was created on %s: too new to be called unused", day(r.CreateDate))
		}
		return
	case strings.HasPrefix(r.Path, "/aws-service-role/"):
		c.leaveOut(r.ARN, "it belongs to an AWS service")
		return
	case strings.HasPrefix(r.Path, "/aws-reserved/") || strings.HasPrefix(r.Name, "AWSReservedSSO_"):
		c.leaveOut(r.ARN, "it belongs to IAM Identity Center, where its permission set is to be removed")
		return
	case !r.Known.Has(nhiscan.FactRoleLastUsed | nhiscan.FactAttachedPolicies):
		c.unread(r.ARN, r.Name, (nhiscan.FactRoleLastUsed|nhiscan.FactAttachedPolicies)&^r.Known)
		return
	case !r.LastUsed.Known || r.CreateDate.IsZero():
		c.leaveOut(r.ARN, "when it was last used or created is not known")
		return
	}
	if r.LastUsed.Never() {
		since = latest(since, c.now.Add(-rolesTracked))
	}
	switch {
	case !c.unused(since):
		c.leaveOut(r.ARN, "it has not been used in the %d days that AWS remembers, which is less than asked for", days(rolesTracked))
	case c.kept(r.ARN):
		c.leaveKept(r.ARN)
	case c.denied(r.AttachedPolicies):
		c.propose(DeleteRole{RoleName: r.Name, Force: true}, since, "Role %s, which AWSDenyAll keeps from everything, %s.", r.Name, c.roleUse(r))
	default:
		c.propose(AttachRolePolicy{RoleName: r.Name, PolicyARN: c.denyAll}, since,
			"Role %s %s: AWSDenyAll keeps it from everything until it is deleted.", r.Name, c.roleUse(r))
	}
}

// roleUse says how long a role has not been used, as the end of a sentence.
func (c *cleanup) roleUse(r *nhiscan.Role) string {
	if !r.LastUsed.Never() {
		return fmt.Sprintf("was last used on %s (%d days ago)", day(r.LastUsed.At), days(c.now.Sub(r.LastUsed.At)))
	}
	if age := c.now.Sub(r.CreateDate); age <= rolesTracked {
		return fmt.Sprintf("was made on %s and never used (%d days ago)", day(r.CreateDate), days(age))
	}
	return fmt.Sprintf("was made on %s and not used in the %d days that AWS remembers", day(r.CreateDate), days(rolesTracked))
}
