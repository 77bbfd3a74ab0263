package permissions

import (
	"slices"
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

// alone is what a document comes to in the hands of an identity: most have documents
// that others have too, and nothing that limits them.
type alone struct {
	// dangers are what is dangerous in the document by itself, and untouched says of
	// each whether it is so in full when nothing limits the document. Other documents
	// that only grant take nothing off it.
	dangers   []policydoc.Danger
	untouched []bool
	// wildcards and unusable are the answers when nothing limits the document, without
	// the policy. They are there for a free document alone.
	wildcards []Wildcard
	unusable  []Unusable
}

// isFree reports whether the clauses only grant, the same to whoever has them.
func (p *profile) isFree() bool {
	return len(p.personal) == 0 && p.sum.denyAll.Len() == 0 && p.sum.denyMaybe.Len() == 0 && p.sum.denyPart.Len() == 0
}

// open reports whether a layer lets everything through, and says nothing else.
func (l *layerSum) open() bool {
	return l.allow.all.Len() == policydoc.AllActions().Len() && l.allow.maybeAll.Len() == 0 && l.allow.maybeNamed.Len() == 0 &&
		l.denyAll.Len() == 0 && l.denyMaybe.Len() == 0 && l.denyPart.Len() == 0
}

// aloneOf works out what a document of identities comes to, when it is first asked for.
func (x *Analysis) aloneOf(d *document) *profile {
	p := x.profileOf(d)
	p.aloneOnce.Do(func() {
		p.dangers = policydoc.Dangerous(d.doc)
		if !p.isFree() {
			return
		}
		p.untouched = make([]bool, len(p.dangers))
		allowed, narrowed, conditional := p.sum.allow.limits(p.allowed)
		for i := range p.dangers {
			danger := &p.dangers[i]
			p.untouched[i] = danger.Restrict(allowed, narrowed, conditional) == danger
		}
		policy := &Policy{compiled: d}
		e := &effect{any: p.allowed}
		p.wildcards = slices.Clip(x.appendWildcards(nil, e, policy, p))
		p.unusable = slices.Clip(x.appendUnusable(nil, e, policy, p))
	})
	return p
}

// members has what users have by their groups alone, by their list of policies: those
// of the same groups share it.
type members struct {
	mu     sync.Mutex
	byList map[**Policy]*member
}

type member struct {
	once      sync.Once
	wildcards []Wildcard
	unusable  []Unusable
	dangerous []Danger
}

// listsOf fills in the lists of what the policies give.
func (x *Analysis) listsOf(p *Permissions, e *effect) {
	if !e.free || !e.id.byGroups {
		p.Wildcards, p.Unusable, p.Dangerous = x.wildcardsOf(e), x.unusableOf(e), x.dangersOf(e)
		return
	}
	key := &e.id.policies.Identity[0]
	x.members.mu.Lock()
	m, ok := x.members.byList[key]
	if !ok {
		if x.members.byList == nil {
			x.members.byList = map[**Policy]*member{}
		}
		m = &member{}
		x.members.byList[key] = m
	}
	x.members.mu.Unlock()
	m.once.Do(func() { m.wildcards, m.unusable, m.dangerous = x.wildcardsOf(e), x.unusableOf(e), x.dangersOf(e) })
	p.Wildcards, p.Unusable, p.Dangerous = m.wildcards, m.unusable, m.dangerous
}
