package permissions

import (
	"cmp"
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

// dangerCache holds what is dangerous in each document by itself: most identities
// share documents.
type dangerCache struct {
	mu    sync.Mutex
	byDoc map[*document]*documentDangers
}

type documentDangers struct {
	once sync.Once
	list []policydoc.Danger
}

// dangersIn returns what is dangerous in a document by itself.
func (c *dangerCache) dangersIn(d *document) []policydoc.Danger {
	c.mu.Lock()
	found, ok := c.byDoc[d]
	if !ok {
		if c.byDoc == nil {
			c.byDoc = map[*document]*documentDangers{}
		}
		found = &documentDangers{}
		c.byDoc[d] = found
	}
	c.mu.Unlock()
	found.once.Do(func() { found.list = policydoc.Dangerous(d.doc) })
	return found.list
}

// dangersIn returns the dangerous permissions that are in effect for an identity,
// the worst first. What several statements make dangerous together are escalations.
func (x *Analysis) dangersIn(e *effect) []Danger {
	count := 0
	for _, p := range e.id.policies.Identity {
		count += len(x.dangers.dangersIn(p.compiled))
	}
	if count == 0 {
		return nil
	}
	env := e.id.environment("", "*")
	left := newDangerLimits(x, e)
	list := x.dangerous.borrow(count)
	defer func() { x.dangerous.giveBack(list) }()
	for _, p := range e.id.policies.Identity {
		dangers := x.dangers.dangersIn(p.compiled)
		if len(dangers) == 0 {
			continue
		}
		profile := x.profileOf(p.compiled)
		for i := range dangers {
			c := &profile.clauses[dangers[i].Statement-1]
			keys := c.keys
			if c.personal || c.holds != yes {
				t := x.termOf(env, p, c)
				if t.holds == no {
					continue
				}
				keys = t.keys
			}
			if found, ok := left.restrict(&dangers[i]); ok {
				list = append(list, Danger{Danger: found, Policy: p.Source, Keys: left.keys(&found, keys)})
			}
		}
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
	r := &e.reach
	l := &dangerLimits{x: x, e: e, allowed: r.any()}
	l.narrowed = l.allowed.Subtract(r.onAll())
	l.conditional = l.allowed.Subtract(r.always())
	return l
}

func (l *dangerLimits) restrict(d *policydoc.Danger) (policydoc.Danger, bool) {
	return d.Restrict(l.allowed, l.narrowed, l.conditional)
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
	keys := own
	for i := range l.limiting {
		if s := &l.limiting[i].scope; s.all.Overlaps(actions) || s.named.Overlaps(actions) {
			keys = append(keys[:len(keys):len(keys)], l.limiting[i].keys...)
		}
	}
	if len(keys) == len(own) {
		return own
	}
	return sortedKeys(keys)
}
