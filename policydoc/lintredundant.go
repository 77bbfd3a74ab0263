package policydoc

import (
	"fmt"
	"slices"
	"strings"
)

// redundantValues looks for actions and resources that another of the list covers.
func (l *linter) redundantValues() {
	l.redundantIn("Action", ruleRedundantAction, l.s.Actions, true)
	l.redundantIn("NotAction", ruleRedundantAction, l.s.NotActions, true)
	l.redundantIn("Resource", ruleRedundantResource, l.s.Resources, false)
	l.redundantIn("NotResource", ruleRedundantResource, l.s.NotResources, false)
}

// redundantIn reports the values that another covers. Of two that cover each
// other, the first stays. Only a value with wildcards covers others, so a list
// is compared with those, and within a service.
func (l *linter) redundantIn(element, rule string, values []string, foldCase bool) {
	if len(values) < 2 {
		return
	}
	first := make(map[string]int, len(values))
	wild := map[string][]int{} // by service, "" for those of several
	for i, value := range values {
		folded := fold(value, foldCase)
		if _, ok := first[folded]; ok {
			l.report(rule, atValue(element, i), quoted(value)+" is in the list already", "take it out")
			continue
		}
		first[folded] = i
		if strings.ContainsAny(value, "*?") {
			service := patternService(folded)
			wild[service] = append(wild[service], i)
		}
	}
	for i, value := range values {
		folded := fold(value, foldCase)
		if first[folded] != i {
			continue
		}
		j := l.coveredBy(values, i, foldCase, wild[""])
		if service := patternService(folded); j < 0 && service != "" {
			j = l.coveredBy(values, i, foldCase, wild[service])
		}
		if j >= 0 {
			l.report(rule, atValue(element, i), fmt.Sprintf("%s is covered by %s", quoted(value), quoted(values[j])), "take it out")
		}
	}
}

// coveredBy returns which of the candidates covers the value i, -1 when none does.
func (l *linter) coveredBy(values []string, i int, foldCase bool, candidates []int) int {
	for _, j := range candidates {
		if l.comparisons <= 0 {
			return -1
		}
		l.comparisons -= 1 + len(values[i])*len(values[j])/1024
		if j != i && coversPattern(values[j], values[i], foldCase) && (i > j || !coversPattern(values[i], values[j], foldCase)) {
			return j
		}
	}
	return -1
}

func fold(s string, foldCase bool) string {
	if foldCase {
		return strings.ToLower(s)
	}
	return s
}

// patternService returns the service of an action or ARN, "" when it holds a wildcard.
func patternService(s string) string {
	service, _, _ := strings.Cut(s, ":")
	if service == "arn" {
		if parts := strings.SplitN(s, ":", 4); len(parts) == 4 {
			service = parts[2]
		}
	}
	if strings.ContainsAny(service, "*?") || strings.Contains(service, "${") {
		return ""
	}
	return service
}

// coversPattern reports whether all that the narrow pattern covers is covered by
// the wide one, as far as is plain from their texts. A question mark must not
// stand for a star.
func coversPattern(wide, narrow string, foldCase bool) bool {
	if strings.Contains(wide, "?") && strings.Contains(narrow, "*") {
		return fold(wide, foldCase) == fold(narrow, foldCase)
	}
	return match(wide, narrow, foldCase)
}

// redundantStatements looks for statements that grant or deny nothing that
// another of the document does not, under conditions that are among its own.
func (l *linter) redundantStatements() {
	statements := l.doc.Statements
	if len(statements) < 2 {
		return
	}
	first := make(map[string]int, len(statements))
	byService := map[string][]int{}
	keys := make([]statementKey, len(statements))
	for i := range statements {
		s := &statements[i]
		keys[i] = newStatementKey(s)
		same := keys[i].who + "\x00" + keys[i].what
		if j, ok := first[same]; ok {
			l.redundantStatement(i, j)
			keys[i].redundant = true
			continue
		}
		first[same] = i
		for _, service := range servicesOf(s.Actions) {
			byService[service] = append(byService[service], i)
		}
	}
	for i := range statements {
		if s := &statements[i]; !keys[i].redundant && len(s.Actions) > 0 {
			service := patternService(strings.ToLower(s.Actions[0]))
			if !l.coveredStatement(i, keys, byService[""]) && service != "" {
				l.coveredStatement(i, keys, byService[service])
			}
		}
	}
}

// A statementKey is what two statements must share to cover each other.
type statementKey struct {
	who       string // effect and principals
	what      string // the rest of the statement
	redundant bool
}

func newStatementKey(s *Statement) statementKey {
	who := Document{Statements: []Statement{{Effect: s.Effect, Principal: s.Principal, NotPrincipal: s.NotPrincipal}}}
	what := Document{Statements: []Statement{{Actions: s.Actions, NotActions: s.NotActions, Resources: s.Resources, NotResources: s.NotResources, Conditions: s.Conditions}}}
	return statementKey{who: who.String(), what: what.String()}
}

// servicesOf returns the services of the actions, each once, "" for patterns of several.
func servicesOf(actions []string) []string {
	var services []string
	for _, action := range actions {
		services = append(services, patternService(strings.ToLower(action)))
	}
	slices.Sort(services)
	return slices.Compact(services)
}

// coveredStatement reports the statement i if one of the candidates covers it.
func (l *linter) coveredStatement(i int, keys []statementKey, candidates []int) bool {
	s := &l.doc.Statements[i]
	for _, j := range candidates {
		if l.comparisons <= 0 {
			return false
		}
		l.comparisons--
		if j == i || keys[j].redundant || keys[i].who != keys[j].who || !l.coversStatement(&l.doc.Statements[j], s) {
			continue
		}
		l.redundantStatement(i, j)
		keys[i].redundant = true
		return true
	}
	return false
}

func (l *linter) redundantStatement(i, j int) {
	l.index = i
	l.report(ruleRedundantStatement, place{}, fmt.Sprintf("statement %d covers all that this one says", j+1), "take it out")
	l.index = -1
}

// coversStatement reports whether wide applies to every request that narrow applies to.
func (l *linter) coversStatement(wide, narrow *Statement) bool {
	if wide.NotActions != nil || narrow.NotActions != nil || !slices.Equal(wide.NotResources, narrow.NotResources) {
		return false
	}
	if (wide.Resources == nil) != (narrow.Resources == nil) {
		return false
	}
	for i := range wide.Conditions {
		if !slices.ContainsFunc(narrow.Conditions, func(c Condition) bool { return equalCondition(&c, &wide.Conditions[i]) }) {
			return false
		}
	}
	return l.coversAll(wide.Actions, narrow.Actions, true) && l.coversAll(wide.Resources, narrow.Resources, false)
}

func equalCondition(a, b *Condition) bool {
	return a.Operator == b.Operator && a.Key == b.Key && slices.Equal(a.Values, b.Values)
}

// coversAll reports whether every narrow pattern is covered by one of the wide.
func (l *linter) coversAll(wide, narrow []string, foldCase bool) bool {
	for _, n := range narrow {
		if !slices.ContainsFunc(wide, func(w string) bool {
			l.comparisons--
			return l.comparisons > 0 && coversPattern(w, n, foldCase)
		}) {
			return false
		}
	}
	return true
}
