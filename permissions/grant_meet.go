package permissions

import (
	"slices"

	"github.com/nhiscan/nhiscan/policydoc"
)

// KeyUndecided is the condition key that an answer hangs on when Resource patterns
// have so many wildcards that it was not worked out which resources two of them
// both match. AWS has no such key.
const KeyUndecided = "nhiscan:UndecidedPatterns"

// meet returns patterns that match what both patterns match. Where these would be
// very many it returns the longer of the two that were given, which matches
// more, and false.
func meet(p, q string) (patterns []string, exact bool) {
	switch {
	case p == q || policydoc.PatternCovers(q, p):
		return []string{p}, true
	case policydoc.PatternCovers(p, q):
		return []string{q}, true
	case !policydoc.PatternsOverlap(p, q):
		return nil, true
	}
	m := meeting{budget: 4096}
	m.find(nil, p, q)
	if m.budget <= 0 || len(m.found) > 16 {
		if len(p) >= len(q) {
			return []string{p}, false
		}
		return []string{q}, false
	}
	return widest(m.found), true
}

// A meeting looks for the patterns in which two patterns meet.
type meeting struct {
	budget int
	found  []string
}

// find adds those that begin with prefix and go on with where p and q meet.
func (m *meeting) find(prefix []byte, p, q string) {
	if m.budget--; m.budget <= 0 {
		return
	}
	switch {
	case p == "" && q == "":
		if s := string(prefix); !slices.Contains(m.found, s) {
			m.found = append(m.found, s)
		}
	case p != "" && p[0] == '*' && q != "" && q[0] == '*':
		prefix = append(prefix[:len(prefix):len(prefix)], '*')
		m.find(prefix, p[1:], q)
		m.find(prefix, p, q[1:])
	case p != "" && p[0] == '*':
		m.star(prefix, p, q)
	case q != "" && q[0] == '*':
		m.star(prefix, q, p)
	case p == "" || q == "":
	case p[0] == '?':
		m.find(append(prefix[:len(prefix):len(prefix)], q[0]), p[1:], q[1:])
	case q[0] == '?' || p[0] == q[0]:
		m.find(append(prefix[:len(prefix):len(prefix)], p[0]), p[1:], q[1:])
	}
}

// star goes on where p begins with a star and q does not: the star is nothing, or
// takes what q begins with.
func (m *meeting) star(prefix []byte, p, q string) {
	m.find(prefix, p[1:], q)
	if q != "" {
		m.find(append(prefix[:len(prefix):len(prefix)], q[0]), p, q[1:])
	}
}

// widest leaves out the patterns that others cover, and keeps the order.
func widest(patterns []string) []string {
	var kept []string
	for i, p := range patterns {
		covered := false
		for j, q := range patterns {
			covered = covered || i != j && policydoc.PatternCovers(q, p) && (j < i || !policydoc.PatternCovers(p, q))
		}
		if !covered {
			kept = append(kept, p)
		}
	}
	return kept
}
