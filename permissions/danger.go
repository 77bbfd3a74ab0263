package permissions

import (
	"cmp"

	"github.com/nhiscan/nhiscan/policydoc"
)

// dangersOf returns the dangerous permissions that are in effect for an identity,
// the worst first. What several statements make dangerous together are escalations.
func (x *Analysis) dangersOf(e *effect) []Danger {
	count := 0
	for _, p := range e.own {
		count += len(p.dangers)
	}
	if count == 0 {
		return nil
	}
	left := newDangerLimits(x, e)
	list := x.dangerous.borrow(count)
	defer func() { x.dangerous.giveBack(list) }()
	for i, p := range e.own {
		list = left.appendDangers(list, e.id.policies.Identity[i], p)
	}
	return sorted(list, func(a, b *Danger) int {
		return cmp.Or(b.Severity.Compare(a.Severity), cmp.Compare(a.Policy.Name, b.Policy.Name),
			cmp.Compare(a.Policy.ARN, b.Policy.ARN), cmp.Compare(a.Policy.Holder, b.Policy.Holder))
	})
}

// dangerLimits is what is left to an identity of what its statements grant.
type dangerLimits struct {
	x *Analysis
	e *effect
	// Of the actions that are allowed at all, those that are on named resources
	// only, and those that are under conditions only.
	allowed, narrowed, conditional policydoc.ActionSet
	// limiting are the statements of denies and limits on which conditional ones
	// hang; found when they are first asked for.
	limiting []term
	searched bool
}

func newDangerLimits(x *Analysis, e *effect) *dangerLimits {
	l := &dangerLimits{x: x, e: e}
	l.allowed, l.narrowed, l.conditional = e.reach.limits(e.any)
	return l
}

// limits returns the actions that are allowed at all, which the caller knows, and of
// these those that are on named resources only, and those that are under conditions
// only.
func (r *reach) limits(any policydoc.ActionSet) (allowed, narrowed, conditional policydoc.ActionSet) {
	return any, any.Subtract(r.all).Subtract(r.maybeAll), any.Subtract(r.all).Subtract(r.named)
}

// appendDangers appends what is left of the dangers of a policy.
func (l *dangerLimits) appendDangers(list []Danger, policy *Policy, p *profile) []Danger {
	for i := range p.dangers {
		d := &p.dangers[i]
		c := &p.clauses[d.Statement-1]
		keys := c.keys
		if c.personal {
			t := l.x.termOf(l.e.env, policy, c)
			if t.holds == no {
				continue
			}
			keys = t.keys
		}
		if l.e.free && p.untouched[i] {
			list = append(list, Danger{Danger: d, Policy: &policy.Source, Keys: keys})
		} else if found := d.Restrict(l.allowed, l.narrowed, l.conditional); found != nil {
			list = append(list, Danger{Danger: found, Policy: &policy.Source, Keys: l.keys(found, keys)})
		}
	}
	return list
}

// keys adds to the condition keys of a statement those of the denies, boundaries
// and organization policies that make its actions conditional.
func (l *dangerLimits) keys(d *policydoc.Danger, own []string) []string {
	actions := d.ActionSet().Intersect(l.conditional)
	if actions.Len() == 0 {
		return own
	}
	if !l.searched {
		l.searched = true
		for _, t := range l.x.termsOf(l.e, l.conditional) {
			if len(t.keys) > 0 && (t.statement.deny || t.layer > 0) {
				l.limiting = append(l.limiting, t)
			}
		}
	}
	var keys []string
	for i := range l.limiting {
		if l.limiting[i].any.Overlaps(actions) {
			keys = append(keys, l.limiting[i].keys...)
		}
	}
	return mergeKeys(own, sortedKeys(keys))
}
