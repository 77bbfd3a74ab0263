package permissions

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// An actionMask is a set of the actions that the paths use, by number.
type actionMask [3]uint64

func (m *actionMask) add(n int)      { m[n/64] |= 1 << (n % 64) }
func (m *actionMask) remove(n int)   { m[n/64] &^= 1 << (n % 64) }
func (m *actionMask) has(n int) bool { return m[n/64]&(1<<(n%64)) != 0 }
func (m *actionMask) empty() bool    { return *m == actionMask{} }

func (m *actionMask) contains(other *actionMask) bool {
	return other[0]&^m[0]|other[1]&^m[1]|other[2]&^m[2] == 0
}

func (m *actionMask) union(other *actionMask) {
	for i := range m {
		m[i] |= other[i]
	}
}

func (m *actionMask) intersect(other *actionMask) {
	for i := range m {
		m[i] &= other[i]
	}
}

// allOf returns the mask of all actions of the catalogue.
func (c *pathCatalogue) allOf() actionMask {
	var m actionMask
	for i := range c.actions {
		m.add(i)
	}
	return m
}

// A masker finds which of the paths' actions a document allows at all. Few
// documents allow any that matters, and this tells them apart without looking at
// resources and conditions.
type masker struct {
	catalogue *pathCatalogue
	exact     map[string]int // action in lower case
	services  map[string]bool
	patterns  map[string]actionMask
	documents map[*document]actionMask
}

func newMasker(c *pathCatalogue) *masker {
	m := &masker{
		catalogue: c,
		exact:     make(map[string]int, len(c.actions)),
		services:  map[string]bool{},
		patterns:  map[string]actionMask{},
		documents: map[*document]actionMask{},
	}
	for i, a := range c.actions {
		a = strings.ToLower(a)
		m.exact[a] = i
		service, _, _ := strings.Cut(a, ":")
		m.services[service] = true
	}
	return m
}

// pattern returns the actions that an Action pattern covers.
func (m *masker) pattern(p string) actionMask {
	if found, ok := m.patterns[p]; ok {
		return found
	}
	var mask actionMask
	lower := strings.ToLower(p)
	service, _, _ := strings.Cut(lower, ":")
	switch {
	case !strings.ContainsAny(lower, "*?"):
		if n, ok := m.exact[lower]; ok {
			mask.add(n)
		}
	case m.services[service] || strings.ContainsAny(service, "*?"):
		for i, a := range m.catalogue.actions {
			if policydoc.MatchAction(p, a) {
				mask.add(i)
			}
		}
	}
	m.patterns[p] = mask
	return mask
}

// allowed returns the actions that the Allow statements of a document name.
func (m *masker) allowed(d *document) actionMask {
	if found, ok := m.documents[d]; ok {
		return found
	}
	var mask actionMask
	for i := range d.doc.Statements {
		if s := &d.doc.Statements[i]; s.Effect == policydoc.Allow {
			covered := m.statement(s)
			mask.union(&covered)
		}
	}
	m.documents[d] = mask
	return mask
}

func (m *masker) statement(s *policydoc.Statement) actionMask {
	var mask actionMask
	if s.NotActions == nil {
		for _, p := range s.Actions {
			covered := m.pattern(p)
			mask.union(&covered)
		}
		return mask
	}
	mask = m.catalogue.allOf()
	for _, p := range s.NotActions {
		covered := m.pattern(p)
		for i := range mask {
			mask[i] &^= covered[i]
		}
	}
	return mask
}

// policies returns the actions that every layer of the policies allows at all.
func (m *masker) policies(p *Policies, bounded bool) actionMask {
	mask := m.layer(p.Identity)
	if p.Boundary != nil && bounded {
		covered := m.allowed(p.Boundary.compiled)
		mask.intersect(&covered)
	}
	for i := range p.ServiceControl {
		covered := m.layer(p.ServiceControl[i].Policies)
		mask.intersect(&covered)
	}
	return mask
}

func (m *masker) layer(list []*Policy) actionMask {
	var mask actionMask
	for _, p := range list {
		covered := m.allowed(p.compiled)
		mask.union(&covered)
	}
	return mask
}
