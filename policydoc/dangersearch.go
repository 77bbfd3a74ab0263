package policydoc

import (
	"fmt"
	"slices"
	"strings"
)

// A dangerSearch goes through the Allow statements of one document.
type dangerSearch struct {
	doc    *Document
	table  *riskTable
	denies []denial
	// passing says that an action of the document uses iam:PassRole; it is known
	// once it was asked for.
	passing, passingKnown bool
	// scopes and known are what was worked out already: a document can have the same
	// resources and patterns in thousands of statements.
	scopes map[scopeKey]*resourceScope
	known  map[grantKey][]Danger
	found  []Danger
}

// A denial is a Deny statement without conditions.
type denial struct {
	actions ActionSet
	scope   *resourceScope
}

func newDangerSearch(doc *Document) *dangerSearch {
	s := &dangerSearch{doc: doc, table: risks()}
	var everywhere denial // all those on all resources
	for i := range doc.Statements {
		st := &doc.Statements[i]
		if st.Effect != Deny || len(st.Conditions) > 0 || st.Principal != nil || st.NotPrincipal != nil {
			continue
		}
		d := denial{st.ActionSet(), s.scopeOf(st)}
		if d.scope.everything {
			everywhere = denial{d.actions.Union(everywhere.actions), d.scope}
			continue
		}
		s.denies = append(s.denies, d)
	}
	if everywhere.actions.chunks != nil {
		s.denies = slices.Insert(s.denies, 0, everywhere)
	}
	return s
}

// A grantedPattern is one Action of an Allow statement.
type grantedPattern struct {
	number    int // of the statement
	statement *Statement
	scope     *resourceScope
	pattern   string
	actions   ActionSet
	wildcard  bool
	narrowed  bool // by conditions
	// changing are those of the actions that modify infrastructure, all of it.
	changing ActionSet
}

func (s *dangerSearch) statement(number int, st *Statement) {
	g := grantedPattern{number: number, statement: st, scope: s.scopeOf(st), narrowed: slices.ContainsFunc(st.Conditions, narrows)}
	if st.NotActions != nil {
		g.pattern, g.wildcard = "NotAction", true
		s.grant(&g, grantKey{g.scope, true, memoKey(st.NotActions), g.narrowed}, st.ActionSet)
		return
	}
	seen := make(map[string]bool, len(st.Actions))
	for _, pattern := range st.Actions {
		if seen[pattern] {
			continue
		}
		seen[pattern] = true
		g.pattern, g.wildcard = pattern, strings.ContainsAny(pattern, "*?")
		s.grant(&g, grantKey{g.scope, false, pattern, g.narrowed}, func() ActionSet { return ActionsMatching(pattern) })
	}
}

func (s *dangerSearch) pattern(g *grantedPattern, actions ActionSet) {
	for i := range s.denies {
		d := &s.denies[i]
		if denied := actions.Intersect(d.actions); denied.chunks != nil {
			if !d.scope.covers(g.scope) {
				denied = d.scope.whole(denied)
			}
			actions = actions.Subtract(denied)
		}
	}
	g.actions = actions
	if changing := actions.Intersect(s.table.modifying); !g.narrowed || g.wildcard {
		g.changing = g.scope.whole(changing)
	}
	s.risky(g)
	if g.wildcard {
		s.report(g, s.table.serviceWildcard(g))
	}
	s.report(g, s.table.modification(g))
}

// risky finds the actions of the pattern that are in the list of risks.
func (s *dangerSearch) risky(g *grantedPattern) {
	var hits [len(dangerCategories)]*dangerHits
	for number := range g.actions.Intersect(s.table.all).numbers() {
		covered := g.scope.of(number)
		if covered == reachNone {
			continue
		}
		for _, i := range s.table.byAction[number] {
			r := &s.table.risks[i]
			severity, ok := s.judge(r, g, covered)
			if !ok {
				continue
			}
			at := &hits[r.Category.order()]
			if *at == nil {
				*at = &dangerHits{category: r.Category}
			}
			(*at).add(dangerHit{number, i, severity, covered == reachAll})
		}
	}
	for _, h := range hits {
		s.report(g, h)
	}
}

// judge returns how bad an action is that is granted on some or all of its
// resources. It is not ok when it is not dangerous there at all.
func (s *dangerSearch) judge(r *risk, g *grantedPattern, covered reach) (Severity, bool) {
	severity := r.Severity
	if r.ofOthers && g.scope.ofCaller() {
		return "", false
	}
	if r.withUse {
		used := s.passesRoles()
		if covered == reachSome && !used {
			return "", false
		}
		if used {
			severity = severity.higher()
		}
	}
	if covered == reachSome {
		severity = severity.lower()
	}
	if g.narrowed {
		severity = severity.lower()
	}
	return severity, true
}

// passesRoles reports whether the document allows an action that uses iam:PassRole.
func (s *dangerSearch) passesRoles() bool {
	if !s.passingKnown {
		s.passingKnown = true
		s.passing = slices.ContainsFunc(s.doc.Statements, func(st Statement) bool {
			return st.Effect == Allow && st.ActionSet().Overlaps(s.table.passing)
		})
	}
	return s.passing
}

// serviceWildcard returns what a pattern that covers whole services gives; nil for
// one that covers none.
func (t *riskTable) serviceWildcard(g *grantedPattern) *dangerHits {
	whole, first := g.wholeServices()
	if whole == 0 {
		return nil
	}
	h := &dangerHits{category: DangerServiceWildcard, set: g.actions, severity: t.worst(g)}
	h.why = "grants every action of the service " + first + ", future ones included"
	if whole > 1 {
		h.why = fmt.Sprintf("grants every action of %d services, future ones included", whole)
	}
	h.all = g.scope.everything || g.scope.not || whole == 1 && g.actions.Intersect(t.modifying).Subtract(g.changing).chunks == nil
	if !h.all {
		h.severity = h.severity.lower()
	}
	if g.narrowed {
		h.severity = h.severity.lower()
	}
	return h
}

// wholeServices counts the services of which the pattern grants every action, and
// returns the first.
func (g *grantedPattern) wholeServices() (count int, first string) {
	if prefix, _, ok := strings.Cut(g.pattern, ":"); ok && !strings.ContainsAny(prefix, "*?") {
		if s, ok := catalogue().service(prefix); ok && s.count > 0 && g.actions.Len() == s.count {
			return 1, s.prefix
		}
		return 0, ""
	}
	for service, part := range g.actions.Services() {
		if part.Len() == service.Actions {
			if count++; count == 1 {
				first = service.Prefix
			}
		}
	}
	return count, first
}

// worst returns how bad the worst of the actions is on all resources.
func (t *riskTable) worst(g *grantedPattern) Severity {
	worst := SeverityLow
	if g.actions.Level().Compare(LevelRead) > 0 {
		worst = SeverityMedium
	}
	for number := range g.actions.Intersect(t.all).numbers() {
		if g.scope.of(number) == reachNone {
			continue
		}
		for _, i := range t.byAction[number] {
			if severity := t.risks[i].Severity; severity.Compare(worst) > 0 {
				worst = severity
			}
		}
	}
	return worst
}

// modification returns what the pattern changes on all resources and could on named ones.
func (t *riskTable) modification(g *grantedPattern) *dangerHits {
	if g.narrowed || g.changing.chunks == nil {
		return nil
	}
	return modification(g.changing, g.wildcard)
}

func modification(set ActionSet, wildcard bool) *dangerHits {
	h := &dangerHits{
		category: DangerInfrastructureModification, set: set, all: true, severity: SeverityLow,
		why: "changes any resource, where the ones meant could be named",
	}
	if level := set.Level(); level == LevelPermissionsManagement || level == LevelWrite && wildcard {
		h.severity = SeverityMedium
	}
	return h
}

// narrows reports whether a condition keeps some requests out that the statement
// would allow without it. Those that ask how a request is sent, or for a Region,
// do not: who wants to misuse the permission can choose that.
func narrows(c Condition) bool {
	switch strings.ToLower(c.Key) {
	case "aws:securetransport", "aws:requestedregion", "aws:useragent", "aws:referer":
		return false
	}
	positive := !strings.Contains(strings.ToLower(c.Operator), "not")
	return !positive || !slices.ContainsFunc(c.Values, isStars) || !strings.Contains(strings.ToLower(c.Operator), "like")
}
