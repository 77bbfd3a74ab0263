package synth

import (
	"fmt"

	"github.com/nhiscan/nhiscan"
)

// groupName returns the name of a group by its number.
func groupName(i int) string {
	if administrates(i, everyAdministratorGroup) {
		return fmt.Sprintf("administrators-%d", i)
	}
	return fmt.Sprintf("%s-%s-%d", teams[i%len(teams)], grades[i/len(teams)%len(grades)], i)
}

func (g *generator) group(i int) nhiscan.Group {
	name := groupName(i)
	group := nhiscan.Group{
		Name: name, ID: g.id("AGPA"), ARN: arn("group", "/", name), Path: "/", CreateDate: g.date(3000),
		AttachedPolicies: g.attached(4, userPolicies),
		Known:            nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies,
	}
	if g.chance(30) {
		group.InlinePolicies = g.inline()
	}
	power := g.power(i, everyAdministratorGroup, everyChangerGroup)
	group.AttachedPolicies = attach(group.AttachedPolicies, power.attached...)
	group.InlinePolicies = append(group.InlinePolicies, power.inline...)
	return group
}
