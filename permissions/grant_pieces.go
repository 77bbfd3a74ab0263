package permissions

import (
	"slices"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A piece is a set of resources that are allowed: those that match the pattern
// and none of the exceptions.
type piece struct {
	pattern string
	holds   truth // maybe: under conditions on keys
	keys    []string
	except  []string
	// doubtful are patterns of resources that are denied under conditions.
	doubtful []string
}

// piecesOf works out what statements come to: what those of the identity allow,
// as far as each of the limits allows it, without what any denies.
func piecesOf(uses []use, limits int) []piece {
	pieces := allowedBy(uses, 0)
	for k := 1; k <= limits && len(pieces) > 0; k++ {
		pieces = meetPieces(pieces, allowedBy(uses, k))
	}
	return simplify(takeOff(pieces, uses))
}

// allowedBy returns what the Allow statements of a layer allow.
func allowedBy(uses []use, layer int) []piece {
	var pieces []piece
	for i := range uses {
		u := &uses[i]
		switch {
		case u.statement.deny || u.layer != layer:
		case u.not:
			pieces = append(pieces, piece{pattern: "*", holds: u.holds, keys: u.keys, except: u.patterns})
		case u.whole:
			pieces = append(pieces, piece{pattern: "*", holds: u.holds, keys: u.keys})
		default:
			for _, p := range u.patterns {
				pieces = append(pieces, piece{pattern: p, holds: u.holds, keys: u.keys})
			}
		}
	}
	return simplify(pieces)
}

func meetPieces(a, b []piece) []piece {
	var both []piece
	for i := range a {
		for j := range b {
			both = append(both, a[i].within(b[j].pattern, piece{
				holds: a[i].holds.and(b[j].holds), keys: mergeKeys(a[i].keys, b[j].keys),
				except: concat(a[i].except, b[j].except), doubtful: concat(a[i].doubtful, b[j].doubtful),
			})...)
		}
	}
	return simplify(both)
}

// within returns pieces like the given one of what p and the pattern both match.
func (p *piece) within(pattern string, like piece) []piece {
	patterns, exact := meet(p.pattern, pattern)
	if !exact {
		like.holds, like.keys = maybe, mergeKeys(like.keys, []string{KeyUndecided})
	}
	pieces := make([]piece, len(patterns))
	for i := range patterns {
		pieces[i] = like
		pieces[i].pattern = patterns[i]
	}
	return pieces
}

// takeOff takes what the Deny statements among some uses deny off the pieces.
func takeOff(pieces []piece, uses []use) []piece {
	for len(uses) > 0 {
		n := slices.IndexFunc(uses, func(u use) bool { return u.statement.deny && u.not })
		if n < 0 {
			n = len(uses)
		}
		kept := pieces[:0]
		for _, p := range pieces {
			if p.without(uses[:n]) {
				kept = append(kept, p)
			}
		}
		pieces = kept
		if n == len(uses) {
			break
		}
		pieces, uses = uses[n].leaveOnly(pieces), uses[n+1:]
	}
	return pieces
}

// without takes what Deny statements with Resource deny off a piece, and reports
// whether something is left. There can be thousands, so that lists must not be
// copied for each.
func (p *piece) without(uses []use) bool {
	var except, doubtful, keys []string
	for i := range uses {
		u := &uses[i]
		if !u.statement.deny {
			continue
		}
		covered, touched := u.whole, false
		for _, pattern := range u.patterns {
			switch {
			case covered || policydoc.PatternCovers(pattern, p.pattern):
				covered = true
			case !policydoc.PatternsOverlap(pattern, p.pattern):
			case u.holds == yes:
				except = append(except, pattern)
			default:
				doubtful = append(doubtful, pattern)
				touched = true
			}
		}
		if covered && u.holds == yes {
			return false
		}
		if covered {
			p.holds = maybe
		}
		if covered || touched {
			keys = append(keys, u.keys...)
		}
	}
	p.except, p.doubtful = concat(p.except, except), concat(p.doubtful, doubtful)
	p.keys = mergeKeys(p.keys, sortedKeys(keys))
	return true
}

// leaveOnly takes off what is denied with NotResource: all but the patterns.
func (u *use) leaveOnly(pieces []piece) []piece {
	var kept []piece
	for _, p := range pieces {
		for _, pattern := range u.patterns {
			kept = append(kept, p.within(pattern, p)...)
		}
		if u.holds != yes {
			p.except = concat(p.except, u.patterns)
			p.holds, p.keys = maybe, mergeKeys(p.keys, u.keys)
			kept = append(kept, p)
		}
	}
	return kept
}

// simplify leaves out exceptions that are beside the point, pieces of which
// nothing is left, and pieces that are part of another.
func simplify(pieces []piece) []piece {
	kept := pieces[:0:0]
	for _, p := range pieces {
		p.except = touching(p.except, p.pattern)
		p.doubtful = touching(p.doubtful, p.pattern)
		gone := slices.ContainsFunc(p.except, func(e string) bool { return policydoc.PatternCovers(e, p.pattern) })
		if !gone && !slices.ContainsFunc(kept, func(k piece) bool { return k.includes(&p) }) {
			kept = slices.DeleteFunc(kept, func(k piece) bool { return p.includes(&k) })
			kept = append(kept, p)
		}
	}
	return kept
}

// includes reports whether all of another piece is in p, as certainly.
func (p *piece) includes(other *piece) bool {
	if p.holds < other.holds || !policydoc.PatternCovers(p.pattern, other.pattern) {
		return false
	}
	if p.holds == maybe && !slices.Equal(p.keys, other.keys) {
		return false
	}
	return len(touching(p.except, other.pattern)) == 0 && len(touching(p.doubtful, other.pattern)) == 0
}

// touching returns those of the patterns, each once, that overlap with one.
func touching(patterns []string, pattern string) []string {
	if len(patterns) == 0 {
		return nil
	}
	var kept []string
	seen := make(map[string]bool, len(patterns))
	for _, p := range patterns {
		if !seen[p] && policydoc.PatternsOverlap(p, pattern) {
			seen[p] = true
			kept = append(kept, p)
		}
	}
	return kept
}

func concat(a, b []string) []string {
	switch {
	case len(b) == 0:
		return a
	case len(a) == 0:
		return b
	}
	return append(a[:len(a):len(a)], b...)
}

func mergeKeys(a, b []string) []string {
	if len(a) == 0 || len(b) == 0 {
		return concat(a, b)
	}
	return sortedKeys(slices.Concat(a, b))
}
