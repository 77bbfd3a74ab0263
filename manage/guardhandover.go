package manage

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// handsOver reports whether the change gives somebody a group, managed policy or
// boundary that one who is not an administrator may rewrite. Whatever it says now,
// that is more than taking away.
func (c *comparison) handsOver() bool {
	for _, arn := range c.given() {
		parsed, _ := nhiscan.ParseARN(arn)
		actions := []string{"iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"}
		switch {
		case parsed.Account == "aws":
			continue
		case strings.HasPrefix(parsed.Resource, "group/"):
			actions = []string{"iam:PutGroupPolicy", "iam:AttachGroupPolicy"}
		}
		for _, action := range actions {
			if slices.ContainsFunc(c.after.analysis.WhoCan(action, arn, nil), func(g permissions.Grant) bool {
				power := c.before.powers[g.Principal]
				return power == nil || rankOfAdmin(&power.Admin) < 2
			}) {
				return true
			}
		}
	}
	return false
}

// given returns the ARNs of what identities and groups have after the change only.
func (c *comparison) given() []string {
	var list []string
	add := func(had, have []string) {
		for _, arn := range have {
			if !slices.Contains(had, arn) {
				list = with(list, arn)
			}
		}
	}
	for _, arn := range c.changed.identities {
		add(heldBy(c.before.account, arn), heldBy(c.after.account, arn))
	}
	for _, name := range c.changed.groups {
		add(heldByGroup(c.before.account, name), heldByGroup(c.after.account, name))
	}
	return list
}

// heldBy returns the ARNs of the managed policies of a user or role, those of its
// groups and the one that bounds it among them, and of its groups.
func heldBy(a *nhiscan.Account, arn string) []string {
	if r, ok := a.Role(arn); ok {
		return append(policyARNs(r.AttachedPolicies), r.PermissionsBoundary)
	}
	u, ok := a.User(arn)
	if !ok {
		return nil
	}
	list := append(policyARNs(u.AttachedPolicies), u.PermissionsBoundary)
	for _, name := range u.Groups {
		if g, ok := a.Group(name); ok {
			list = append(append(list, g.ARN), heldByGroup(a, name)...)
		}
	}
	return list
}

func heldByGroup(a *nhiscan.Account, name string) []string {
	g, ok := a.Group(name)
	if !ok {
		return nil
	}
	return policyARNs(g.AttachedPolicies)
}
