package permissions

import (
	"slices"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A clause is a statement of a document with what is the same for all who have it.
type clause struct {
	statement *statement
	actions   policydoc.ActionSet
	patterns  []string
	not       bool // the patterns are those of NotResource
	// scope and holds are for a clause that is not personal.
	scope scope
	any   policydoc.ActionSet // of scope
	holds truth
	keys  []string // the condition keys, sorted
	// personal says that it hangs on who asks: on a condition key of the
	// principal or on a policy variable.
	personal bool
	wild     []wildPattern

	partsOnce sync.Once
	parts     []wildPattern
}

// eachPart returns the Action patterns of an Allow with what each covers.
func (c *clause) eachPart() []wildPattern {
	c.partsOnce.Do(func() {
		s := c.statement.source
		if s.NotActions != nil || len(s.Actions) == 1 {
			name := "NotAction"
			if s.NotActions == nil {
				name = s.Actions[0]
			}
			c.parts = []wildPattern{{name, c.actions}}
			return
		}
		wild := c.wild // in the order of the patterns
		for _, p := range s.Actions {
			if len(wild) > 0 && wild[0].pattern == p {
				c.parts, wild = append(c.parts, wild[0]), wild[1:]
				continue
			}
			c.parts = append(c.parts, wildPattern{p, policydoc.ActionsMatching(p)})
		}
	})
	return c.parts
}

// A profile is a document in clauses, with the sum of those that are not personal.
type profile struct {
	once    sync.Once
	clauses []clause
	sum     layerSum
	allowed policydoc.ActionSet // all that sum allows
	// patterns counts those with wildcards.
	patterns int
	personal []int // indices of the clauses that hang on who asks

	aloneOnce sync.Once
	alone
}

// profiles are made when they are first needed.
type profiles struct {
	mu    sync.Mutex
	byDoc map[*document]*profile
}

// profileOf returns the profile of a document.
func (x *Analysis) profileOf(d *document) *profile {
	x.profiles.mu.Lock()
	p, ok := x.profiles.byDoc[d]
	if !ok {
		if x.profiles.byDoc == nil {
			x.profiles.byDoc = map[*document]*profile{}
		}
		p = &profile{}
		x.profiles.byDoc[d] = p
	}
	x.profiles.mu.Unlock()
	p.once.Do(func() { x.fillProfile(p, d) })
	return p
}

func (x *Analysis) fillProfile(p *profile, d *document) {
	p.clauses = make([]clause, len(d.statements))
	for i := range d.statements {
		c := &p.clauses[i]
		c.actions = d.digest().statements[i]
		var before *clause
		if i > 0 {
			before = &p.clauses[i-1]
		}
		x.fillClause(c, before, &d.statements[i], d.doc.Version == policydoc.Version2012)
		p.patterns += len(c.wild)
		if c.personal {
			p.personal = append(p.personal, i)
			continue
		}
		p.sum.add(c.statement.deny, c.holds, c.not, &c.scope)
	}
	p.allowed = p.sum.allow.any()
}

// fillClause works out a clause; before is the one of the statement before, or nil.
func (x *Analysis) fillClause(c, before *clause, s *statement, variables bool) {
	c.statement = s
	c.patterns, c.not = resourcesOf(s.source)
	c.personal = variables && slices.ContainsFunc(c.patterns, hasVariable)
	c.holds = yes
	for _, condition := range s.source.Conditions {
		c.holds = maybe
		c.keys = append(c.keys, condition.Key)
		c.personal = c.personal || tellsPrincipal(condition.Key) ||
			variables && slices.ContainsFunc(condition.Values, hasVariable)
	}
	c.keys = sortedKeys(c.keys)
	c.wild = wildPatterns(s.source, c.actions)
	if c.personal {
		return
	}
	// Documents that repeat themselves do so in a row.
	if b := before; b != nil && !b.personal && b.not == c.not && slices.Equal(b.patterns, c.patterns) && b.actions.Equal(c.actions) {
		c.scope, c.any = b.scope, b.any
		return
	}
	c.scope = x.scopes.of(c.actions, c.patterns, c.not)
	c.any = c.scope.any()
}

var everyResource = []string{"*"}

// resourcesOf returns the patterns of Resource, or with not those of NotResource.
func resourcesOf(s *policydoc.Statement) (patterns []string, not bool) {
	switch {
	case s.NotResources != nil:
		return s.NotResources, true
	case s.Resources == nil:
		return everyResource, false
	}
	return s.Resources, false
}

func hasVariable(s string) bool { return strings.Contains(s, "${") }

// tellsPrincipal reports whether a condition key tells who asks: its value differs
// between identities in a way that an account file shows.
func tellsPrincipal(key string) bool {
	return hasPrefixFold(key, "aws:principal") || strings.EqualFold(key, "aws:username") || strings.EqualFold(key, "aws:userid")
}

// A term is a statement in force for an identity.
type term struct {
	policy    *Policy
	statement *statement
	layer     int // 0 for identity policies, else one more than the index of the limit
	patterns  []string
	not       bool
	holds     truth
	keys      []string // on which it hangs, sorted; nil when it certainly holds
	scope     scope
	any       policydoc.ActionSet // of scope
}

func (t *term) match() Match {
	return Match{Policy: t.policy, Statement: t.statement.number, Keys: t.keys}
}

// termOf says what a clause of a policy is for an identity.
func (x *Analysis) termOf(e *environment, p *Policy, c *clause) term {
	t := term{policy: p, statement: c.statement, patterns: c.patterns, not: c.not, holds: c.holds, scope: c.scope, any: c.any}
	if c.holds == maybe {
		t.keys = c.keys
	}
	if c.personal {
		t.resolve(e)
		t.scope = x.scopes.of(c.actions, t.patterns, c.not)
		t.any = t.scope.any()
	}
	return t
}

// resolve says whether the term's conditions hold and replaces the variables of
// its patterns. A variable of unknown value may be anything: the statement then
// hangs on its key.
func (t *term) resolve(e *environment) {
	t.holds, t.keys = t.statement.conditionsHold(e)
	t.patterns, t.not = resourcesOf(t.statement.source)
	if t.holds == no || !slices.ContainsFunc(t.patterns, hasVariable) {
		return
	}
	var known bool
	if t.patterns, t.not, known = t.statement.resourcePatterns(e); known {
		return
	}
	t.holds = maybe
	t.keys = slices.Clone(t.keys)
	for i := range t.statement.resources {
		if _, state := t.statement.resources[i].expand(e); state == variablesUnknown {
			t.keys = t.statement.resources[i].unknownKeys(e, t.keys)
		}
	}
	t.keys = sortedKeys(t.keys)
}
