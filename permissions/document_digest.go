package permissions

import (
	"slices"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A documentDigest is what the statements of a document name, whatever their
// resources and conditions say beyond that.
type documentDigest struct {
	statements []policydoc.ActionSet // the actions of each
	// allowed are the actions of Allow statements, and denied those of Deny statements.
	allowed, denied policydoc.ActionSet
	// wide is about the statements with Resource "*" alone.
	wide    wideSum
	wideLen int // of wide.possible
	denies  bool
}

// digest is made once, when it is first asked for.
func (d *document) digest() *documentDigest {
	d.digestOnce.Do(func() {
		g := &d.digested
		g.statements = make([]policydoc.ActionSet, len(d.statements))
		for i := range d.statements {
			g.statements[i] = d.statements[i].source.ActionSet()
			g.add(&d.statements[i], g.statements[i])
		}
		g.wideLen = g.wide.possible.Len()
	})
	return &d.digested
}

func (g *documentDigest) add(s *statement, actions policydoc.ActionSet) {
	if s.deny {
		g.denies = true
		g.denied = g.denied.Union(actions)
	} else {
		g.allowed = g.allowed.Union(actions)
	}
	if slices.Contains(s.source.Resources, "*") {
		g.wide.add(s, actions)
	}
}

func denies(p *Policy) bool { return p.compiled.digest().denies }

// widens reports whether the rest of some policies allows an action that the
// policies left out deny.
func widens(rest, all []*Policy) bool {
	allowed := allowedActions(rest)
	return slices.ContainsFunc(all, func(p *Policy) bool {
		return p.compiled.digest().denied.Overlaps(allowed) && !slices.Contains(rest, p)
	})
}

// allowedActions returns what Allow statements name, whatever else they say.
func allowedActions(policies []*Policy) policydoc.ActionSet {
	var set policydoc.ActionSet
	for _, p := range policies {
		set = set.Union(p.compiled.digest().allowed)
	}
	return set
}
