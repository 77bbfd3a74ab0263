package manage

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/nhiscan/nhiscan/permissions"
)

// maxEffects is how many users and roles a plan tells the effects on.
const maxEffects = 20

// tellEffects lists those for whom the change makes a difference: the ones whom it
// is about first, and no more than fit on a page.
func (c *comparison) tellEffects() {
	var list []Effect
	for _, arn := range c.everyone() {
		if c.standIns[arn] != "" {
			continue
		}
		e := Effect{ARN: arn, Before: powerOf(c.before.powers[arn]), After: powerOf(c.after.powers[arn])}
		if !reflect.DeepEqual(e.Before, e.After) {
			list = append(list, e)
		}
	}
	if more := len(list) - maxEffects; more > 0 {
		slices.SortStableFunc(list, func(a, b Effect) int { return cmp.Compare(c.rankOfEffect(&a), c.rankOfEffect(&b)) })
		list = list[:maxEffects]
		c.p.note("what %d more users and roles can do changes too", more)
	}
	slices.SortFunc(list, func(a, b Effect) int { return cmp.Compare(a.ARN, b.ARN) })
	c.p.made.Effects = list
}

func (c *comparison) rankOfEffect(e *Effect) int {
	rank := 0
	if !c.concerned[e.ARN] {
		rank += 2
	}
	if e.After.Admin == e.Before.Admin {
		rank++
	}
	return rank
}

// everyone returns the ARNs of all who are on either side, sorted.
func (c *comparison) everyone() []string {
	all := slices.Concat(c.before.analysis.Principals(), c.after.analysis.Principals())
	slices.Sort(all)
	return slices.Compact(all)
}

// powerOf tells permissions in short; of nobody, that of one who may do nothing.
func powerOf(of *permissions.Permissions) Power {
	p := Power{Escalations: []string{}}
	if of == nil {
		return p
	}
	p.Admin, p.AccessLevel, p.Actions = of.Admin.Kind, of.Access.Level, of.Access.Actions
	for i := range of.Escalations {
		p.Escalations = append(p.Escalations, of.Escalations[i].Path.ID)
	}
	slices.Sort(p.Escalations)
	p.Escalations = slices.Compact(p.Escalations)
	return p
}
