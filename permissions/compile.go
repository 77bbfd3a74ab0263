package permissions

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A document is the part of a Policy that all its holders share.
type document struct {
	doc        *policydoc.Document
	statements []statement
	// services has, for each service that the document names, the statements that
	// can cover its actions; others has those that can cover actions of any other.
	services map[string][]candidate
	others   []candidate
}

// A candidate is a statement with those of its action patterns that can cover
// actions of one service.
type candidate struct {
	statement *statement
	patterns  []pattern
	// always says that a pattern covers every action of the service.
	always bool
}

// compileDocument prepares a document for evaluation.
func compileDocument(doc *policydoc.Document) *document {
	if doc == nil {
		doc = &policydoc.Document{}
	}
	d := &document{doc: doc, statements: make([]statement, len(doc.Statements)), services: map[string][]candidate{}}
	actions := make([]actionPatterns, len(doc.Statements))
	for i := range doc.Statements {
		d.statements[i] = compileStatement(i+1, &doc.Statements[i], doc.Version)
		actions[i] = newActionPatterns(&doc.Statements[i])
		for service := range actions[i].services {
			d.services[service] = nil
		}
	}
	for service := range d.services {
		d.services[service] = d.candidates(actions, service)
	}
	d.others = d.candidates(actions, "")
	return d
}

// candidates returns the statements that can cover actions of a service; for "",
// of a service that the document does not name.
func (d *document) candidates(actions []actionPatterns, service string) []candidate {
	var list []candidate
	for i := range d.statements {
		c := actions[i].candidate(service)
		c.statement = &d.statements[i]
		// A NotAction covers every action that no pattern names.
		if c.always && c.statement.notAction || !c.always && len(c.patterns) == 0 && !c.statement.notAction {
			continue
		}
		list = append(list, c)
	}
	return list
}

// candidatesFor returns the statements that can cover an action. What has no colon
// is no action, and nothing covers it.
func (d *document) candidatesFor(action string) []candidate {
	service, _, ok := strings.Cut(action, ":")
	if !ok {
		return nil
	}
	if list, ok := d.services[strings.ToLower(service)]; ok {
		return list
	}
	return d.others
}

// matching returns the statements, Allow and Deny, in their order, whose Action or
// NotAction covers the action.
func (d *document) matching(action string) []*statement {
	var list []*statement
	candidates := d.candidatesFor(action)
	for i := range candidates {
		if candidates[i].covers(action) {
			list = append(list, candidates[i].statement)
		}
	}
	return list
}

func (c *candidate) covers(action string) bool {
	return c.named(action) != c.statement.notAction
}

func (c *candidate) named(action string) bool {
	if c.always {
		return true
	}
	for i := range c.patterns {
		if c.patterns[i].matchFold(action) {
			return true
		}
	}
	return false
}

// actionPatterns are the patterns of a statement's Action or NotAction by the
// service that they name; wild are those that may name several.
type actionPatterns struct {
	services map[string][]string
	wild     []string
}

func newActionPatterns(s *policydoc.Statement) actionPatterns {
	patterns := s.Actions
	if s.NotActions != nil {
		patterns = s.NotActions
	}
	a := actionPatterns{services: map[string][]string{}}
	for _, text := range patterns {
		text = strings.ToLower(text)
		service, _, ok := strings.Cut(text, ":")
		if !ok || strings.ContainsAny(service, "*?") {
			a.wild = append(a.wild, text)
		} else {
			a.services[service] = append(a.services[service], text)
		}
	}
	return a
}

// candidate returns the patterns that can cover actions of the service.
func (a *actionPatterns) candidate(service string) candidate {
	var c candidate
	for _, text := range a.services[service] {
		c.add(text, text == service+":*")
	}
	for _, text := range a.wild {
		if service == "" || couldCoverService(text, service) {
			c.add(text, text == "*" || text == "*:*" || service != "" && text == service+"*")
		}
	}
	if c.always {
		c.patterns = nil
	}
	return c
}

func (c *candidate) add(text string, always bool) {
	c.patterns = append(c.patterns, newPattern(text))
	c.always = c.always || always
}

// couldCoverService reports whether a pattern with a wildcard before its colon, or
// without a colon, could cover an action of the service.
func couldCoverService(text, service string) bool {
	before, _, ok := strings.Cut(text, ":")
	if !ok {
		return strings.Contains(text, "*")
	}
	// A star may take the colon and more, as in *bucket:x for s3:GetBucket:x.
	return strings.Contains(before, "*") || glob(before, service, true)
}
