package policydoc

import (
	"fmt"
	"strings"
)

// An actionPattern is a value of Action or NotAction and what it covers.
type actionPattern struct {
	text          string
	service, name string // around the colon
	colon         bool
	wildcard      bool
	wildService   bool
	// all says that the pattern is nothing but stars.
	all bool
	// action is the one that a pattern without wildcards names.
	action Action
	known  bool
	// set is what a pattern with wildcards covers, counted unless there were too
	// many of the costly kind.
	set     ActionSet
	counted bool
}

// An actionCache remembers what patterns cover: documents repeat them.
type actionCache struct {
	patterns map[string]*actionPattern
	// wildServices is how many more patterns with a wildcard in the service may be
	// held against the whole catalogue.
	wildServices int
}

func (c *actionCache) get(text string) *actionPattern {
	if p, ok := c.patterns[text]; ok {
		return p
	}
	p := &actionPattern{text: text}
	p.service, p.name, p.colon = strings.Cut(text, ":")
	p.all = isStars(text)
	p.wildcard = strings.ContainsAny(text, "*?")
	p.wildService = strings.ContainsAny(p.service, "*?")
	switch {
	case p.all, !p.colon:
	case !p.wildcard:
		p.action, p.known = LookupAction(text)
	case !p.wildService:
		p.set, p.counted = ActionsMatching(text), true
	case c.wildServices > 0:
		c.wildServices--
		p.set, p.counted = ActionsMatching(text), true
	}
	c.patterns[text] = p
	return p
}

// everything reports whether the pattern covers all actions of all services.
func (p *actionPattern) everything() bool {
	return p.all || p.colon && isStars(p.service) && isStars(p.name)
}

func (l *linter) actions() {
	for i, text := range l.s.Actions {
		l.actionValue("Action", i, text)
	}
	for i, text := range l.s.NotActions {
		l.actionValue("NotAction", i, text)
	}
}

func (l *linter) actionValue(element string, i int, text string) {
	p := l.action.get(text)
	at := atValue(element, i)
	switch {
	case p.all:
		return
	case strings.Contains(text, "${"):
		l.report(ruleVariableElement, at, "policy variables do not work in "+element, "write the actions out")
		return
	case !p.colon || !isServicePrefix(p.service) || p.name == "":
		l.report(ruleActionFormat, at, quoted(text)+" is not of the form service:action", l.actionFix(text))
		return
	}
	if p.wildService {
		l.report(ruleServiceWildcard, at, "the service of "+quoted(text)+" holds a wildcard", "name the services")
	} else if _, ok := LookupService(p.service); !ok {
		l.report(ruleUnknownService, at, "there is no service with the prefix "+quoted(p.service)+l.leavesGranted(element), l.serviceFix(p.service))
		return
	}
	switch {
	case p.wildcard && p.counted && p.set.Len() == 0:
		l.report(ruleUnmatchedAction, at, quoted(text)+" covers no action"+l.leavesGranted(element), l.actionFix(text))
	case !p.wildcard && !p.known:
		l.report(ruleUnknownAction, at, fmt.Sprintf("%s has no action %s%s", strings.ToLower(p.service), quoted(p.name), l.leavesGranted(element)), l.actionFix(text))
	}
}

// leavesGranted says what an action that does not exist means in a NotAction.
func (l *linter) leavesGranted(element string) string {
	if element != "NotAction" {
		return ""
	}
	if l.s.Effect == Allow {
		return "; the action that was meant stays granted"
	}
	return "; the action that was meant stays denied"
}

// isServicePrefix reports whether s could be a service prefix, with or without wildcards.
func isServicePrefix(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '-' && c != '*' && c != '?' {
			return false
		}
	}
	return s != ""
}

func (l *linter) actionFix(text string) string {
	if l.suggestions == 0 {
		return ""
	}
	l.suggestions--
	return didYouMean(SuggestActions(text))
}

func (l *linter) serviceFix(prefix string) string {
	if l.suggestions == 0 {
		return ""
	}
	l.suggestions--
	var prefixes []string
	for _, s := range Services() {
		prefixes = append(prefixes, s.Prefix)
	}
	return didYouMean(nearest(prefix, prefixes))
}

// didYouMean asks for the likeliest of the names, at most three.
func didYouMean(names []string) string {
	names = names[:min(len(names), 3)]
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "did you mean " + names[0] + "?"
	}
	last := len(names) - 1
	return "did you mean " + strings.Join(names[:last], ", ") + " or " + names[last] + "?"
}

// nearest returns the name that s is probably a misspelling of, nil when none is near.
func nearest(s string, names []string) []string {
	best, bestDistance := "", 0
	for _, name := range names {
		d := editDistance(strings.ToLower(s), strings.ToLower(name))
		if 3*d <= len(name) && (best == "" || d < bestDistance) {
			best, bestDistance = name, d
		}
	}
	if best == "" {
		return nil
	}
	return []string{best}
}
