package permissions

import (
	"slices"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A document is the part of a Policy that all its holders share.
type document struct {
	doc        *policydoc.Document
	statements []statement

	// What follows is there once indexOnce is done: many documents of an account are
	// never asked about a single action.
	indexOnce sync.Once
	// exact are the actions that the document names without wildcards, and exactly,
	// in their order, the statements that cover them, by whatever pattern.
	exact   textIndex
	exactly [][]candidate
	// services are the services that the document names, and named, in their order,
	// the statements that can cover their other actions; others has those that can
	// cover actions of any other service.
	services textIndex
	named    [][]candidate
	others   []candidate

	digestOnce sync.Once
	digested   documentDigest
}

// A candidate is a statement with those of its action patterns that can cover
// actions of one service.
type candidate struct {
	statement *statement
	patterns  []pattern // with wildcards
	// always says that a pattern covers every action in question.
	always bool
}

// compileDocument prepares a document for evaluation.
func compileDocument(doc *policydoc.Document) *document {
	if doc == nil {
		doc = &policydoc.Document{}
	}
	d := &document{doc: doc, statements: make([]statement, len(doc.Statements))}
	for i := range doc.Statements {
		d.statements[i] = compileStatement(i+1, &doc.Statements[i], doc.Version)
	}
	return d
}

// index finds out which statements can cover what.
func (d *document) index() {
	actions := make([]actionPatterns, len(d.statements))
	var services, exact []string
	for i := range d.statements {
		actions[i] = newActionPatterns(d.statements[i].source)
		for service := range actions[i].services {
			services = append(services, service)
		}
		for action := range actions[i].exact {
			exact = append(exact, action)
		}
	}
	services, exact = sortedKeys(services), sortedKeys(exact)
	if n := len(services) + len(exact); n*len(actions) > 4096+16*(n+len(actions)) {
		services, exact = nil, nil
		for i := range actions {
			actions[i].generalise()
		}
	}
	d.indexNames(actions, services, exact)
}

// generalise forgets what the patterns name: every request is then held against
// all of them. An index of a document that is far larger than AWS takes, and made
// for it, would grow with the square of its length.
func (a *actionPatterns) generalise() {
	for text := range a.exact {
		a.wild = append(a.wild, text)
	}
	for _, patterns := range a.services {
		a.wild = append(a.wild, patterns...)
	}
	a.exact, a.services = nil, nil
}

func (d *document) indexNames(actions []actionPatterns, services, exact []string) {
	d.services, d.exact = newTextIndex(services), newTextIndex(exact)
	for _, service := range services {
		d.named = append(d.named, d.candidates(actions, service))
	}
	d.others = d.candidates(actions, unnamedServices)
	d.exactly = make([][]candidate, len(exact))
	var wild []candidate
	service := ""
	for i, action := range exact {
		name := newActionName(action)
		if wild == nil || service != name.service {
			wild, service = wildcards(actions, name.service), name.service
		}
		d.exactly[i] = d.covering(actions, wild, &name)
		if i > 0 && slices.EqualFunc(d.exactly[i], d.exactly[i-1], sameCandidate) {
			d.exactly[i] = d.exactly[i-1]
		}
	}
}

// unnamedServices stands for all the services that a document does not name. It is
// the name of none: a pattern such as ":*" names the service "".
const unnamedServices = ":"

// candidates returns the statements that can cover actions of a service that the
// document does not name exactly, or of the [unnamedServices].
func (d *document) candidates(actions []actionPatterns, service string) []candidate {
	var list []candidate
	for i := range d.statements {
		c := actions[i].candidate(service)
		c.statement = &d.statements[i]
		never := !c.always && len(c.patterns) == 0
		// A NotAction covers every action that no pattern names.
		if c.statement.notAction && c.always || !c.statement.notAction && never {
			continue
		}
		list = append(list, c)
	}
	return list
}

// wildcards returns the patterns of each statement that have wildcards and can
// cover actions of a service.
func wildcards(actions []actionPatterns, service string) []candidate {
	list := make([]candidate, len(actions))
	for i := range actions {
		list[i] = actions[i].candidate(service)
	}
	return list
}

// covering returns the statements that cover an action that the document names;
// wild are the patterns of each that have wildcards.
func (d *document) covering(actions []actionPatterns, wild []candidate, name *actionName) []candidate {
	var list []candidate
	for i := range d.statements {
		c := candidate{
			statement: &d.statements[i],
			always:    actions[i].exact[name.text] || wild[i].names(name),
		}
		if c.covers(name) {
			list = append(list, c)
		}
	}
	return list
}

func sameCandidate(a, b candidate) bool { return a.statement == b.statement }

// candidatesFor returns the statements that can cover an action. What has no colon
// is no action, and nothing covers it.
func (d *document) candidatesFor(action *actionName) []candidate {
	if !action.hasService {
		return nil
	}
	d.indexOnce.Do(d.index)
	if i := d.exact.find(action.hash, action.text); i >= 0 {
		return d.exactly[i]
	}
	if i := d.services.find(action.serviceHash, action.service); i >= 0 {
		return d.named[i]
	}
	return d.others
}

// matching returns the statements, Allow and Deny, in their order, whose Action or
// NotAction covers the action.
func (d *document) matching(action string) []*statement {
	var list []*statement
	name := newActionName(action)
	candidates := d.candidatesFor(&name)
	for i := range candidates {
		if candidates[i].covers(&name) {
			list = append(list, candidates[i].statement)
		}
	}
	return list
}

func (c *candidate) covers(action *actionName) bool {
	return c.names(action) != c.statement.notAction
}

func (c *candidate) names(action *actionName) bool {
	if c.always {
		return true
	}
	for i := range c.patterns {
		if c.patterns[i].match(action.text) {
			return true
		}
	}
	return false
}

// actionPatterns are the patterns of a statement's Action or NotAction: exact those
// without wildcards, services the others by the service that they name, and wild
// those that may name several.
type actionPatterns struct {
	exact    map[string]bool
	services map[string][]string
	wild     []string
}

func newActionPatterns(s *policydoc.Statement) actionPatterns {
	patterns := s.Actions
	if s.NotActions != nil {
		patterns = s.NotActions
	}
	a := actionPatterns{exact: map[string]bool{}, services: map[string][]string{}}
	for _, text := range patterns {
		text = strings.ToLower(text)
		service, _, ok := strings.Cut(text, ":")
		switch {
		case !ok || strings.ContainsAny(service, "*?"):
			a.wild = append(a.wild, text)
		case newPattern(text).kind == patternLiteral:
			a.exact[text] = true
		default:
			a.services[service] = append(a.services[service], text)
		}
	}
	return a
}

// candidate returns the patterns with wildcards that can cover actions of the service.
func (a *actionPatterns) candidate(service string) candidate {
	var c candidate
	add := func(text string, always bool) {
		c.patterns = append(c.patterns, newPattern(text))
		c.always = c.always || always
	}
	for _, text := range a.services[service] {
		add(text, text == service+":*")
	}
	for _, text := range a.wild {
		if service == unnamedServices || couldCoverService(text, service) {
			add(text, text == "*" || text == "*:*" || service != unnamedServices && text == service+"*")
		}
	}
	if c.always {
		c.patterns = nil
	}
	return c
}

// couldCoverService reports whether a pattern with a wildcard before its colon, or
// without a colon, could cover an action of the service.
func couldCoverService(text, service string) bool {
	before, _, ok := strings.Cut(text, ":")
	if !ok {
		return strings.Contains(text, "*")
	}
	// A star may take the colon and more, as in *bucket:x for s3:GetBucket:x.
	return strings.Contains(before, "*") || glob(before, service)
}
