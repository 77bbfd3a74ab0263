package policydoc

import (
	"math/bits"
	"slices"
)

// Union returns the actions that are in either set.
func (s ActionSet) Union(other ActionSet) ActionSet {
	a, b := s.chunks, other.chunks
	switch {
	case len(a) == 0:
		return other
	case len(b) == 0:
		return s
	}
	if len(a) >= len(b) && other.Within(s) {
		return s
	}
	if len(b) >= len(a) && s.Within(other) {
		return other
	}
	merged := make([]actionChunk, 0, unionLen(a, b))
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch x, y := a[i], b[j]; {
		case x.place < y.place:
			merged = append(merged, x)
			i++
		case x.place > y.place:
			merged = append(merged, y)
			j++
		default:
			merged = append(merged, actionChunk{x.place, x.bits | y.bits})
			i++
			j++
		}
	}
	merged = append(merged, a[i:]...)
	return ActionSet{append(merged, b[j:]...)}
}

// unionLen counts the places that either has.
func unionLen(a, b []actionChunk) int {
	n := len(a) + len(b)
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].place < b[0].place:
			a = a[1:]
		case a[0].place > b[0].place:
			b = b[1:]
		default:
			n--
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// Intersect returns the actions that are in both sets.
func (s ActionSet) Intersect(other ActionSet) ActionSet {
	small, big := bySize(s, other)
	if small.farSmallerThan(big) {
		return small.searchedIn(big)
	}
	var common []actionChunk
	for a, b := s.chunks, other.chunks; len(a) > 0 && len(b) > 0; {
		switch {
		case a[0].place < b[0].place:
			a = a[1:]
		case a[0].place > b[0].place:
			b = b[1:]
		default:
			if both := a[0].bits & b[0].bits; both != 0 {
				if common == nil {
					common = make([]actionChunk, 0, min(len(a), len(b)))
				}
				common = append(common, actionChunk{a[0].place, both})
			}
			a, b = a[1:], b[1:]
		}
	}
	return ActionSet{common}
}

// Subtract returns the actions of s that other does not have.
func (s ActionSet) Subtract(other ActionSet) ActionSet {
	if !s.Overlaps(other) {
		return s
	}
	var left []actionChunk
	b := other.chunks
	for i, c := range s.chunks {
		for len(b) > 0 && b[0].place < c.place {
			b = b[1:]
		}
		if len(b) > 0 && b[0].place == c.place {
			c.bits &^= b[0].bits
		}
		if c.bits != 0 {
			if left == nil {
				left = make([]actionChunk, 0, len(s.chunks)-i)
			}
			left = append(left, c)
		}
	}
	return ActionSet{left}
}

// Overlaps reports whether an action is in both sets.
func (s ActionSet) Overlaps(other ActionSet) bool {
	small, big := bySize(s, other)
	if small.farSmallerThan(big) {
		return slices.ContainsFunc(small.chunks, func(c actionChunk) bool { return big.at(c.place)&c.bits != 0 })
	}
	for a, b := s.chunks, other.chunks; len(a) > 0 && len(b) > 0; {
		switch {
		case a[0].place < b[0].place:
			a = a[1:]
		case a[0].place > b[0].place:
			b = b[1:]
		default:
			if a[0].bits&b[0].bits != 0 {
				return true
			}
			a, b = a[1:], b[1:]
		}
	}
	return false
}

// Within reports whether other has all actions of s.
func (s ActionSet) Within(other ActionSet) bool {
	if s.farSmallerThan(other) {
		return !slices.ContainsFunc(s.chunks, func(c actionChunk) bool { return c.bits&^other.at(c.place) != 0 })
	}
	b := other.chunks
	for _, c := range s.chunks {
		for len(b) > 0 && b[0].place < c.place {
			b = b[1:]
		}
		if len(b) == 0 || b[0].place != c.place || c.bits&^b[0].bits != 0 {
			return false
		}
	}
	return true
}

// Common counts the actions that are in both sets.
func (s ActionSet) Common(other ActionSet) int {
	n := 0
	small, big := bySize(s, other)
	if small.farSmallerThan(big) {
		for _, c := range small.chunks {
			n += bits.OnesCount64(c.bits & big.at(c.place))
		}
		return n
	}
	for a, b := s.chunks, other.chunks; len(a) > 0 && len(b) > 0; {
		switch {
		case a[0].place < b[0].place:
			a = a[1:]
		case a[0].place > b[0].place:
			b = b[1:]
		default:
			n += bits.OnesCount64(a[0].bits & b[0].bits)
			a, b = a[1:], b[1:]
		}
	}
	return n
}

func bySize(a, b ActionSet) (small, big ActionSet) {
	if len(a.chunks) > len(b.chunks) {
		return b, a
	}
	return a, b
}

// farSmallerThan reports whether it is quicker to search for each chunk of s in the
// other set than to walk through both.
func (s ActionSet) farSmallerThan(big ActionSet) bool { return len(s.chunks)*16 < len(big.chunks) }

// at returns the bits at a place.
func (s ActionSet) at(place uint32) uint64 {
	if i, ok := s.search(int(place)); ok {
		return s.chunks[i].bits
	}
	return 0
}

// searchedIn is Intersect for a set that is far smaller than the other.
func (s ActionSet) searchedIn(big ActionSet) ActionSet {
	var common []actionChunk
	for _, c := range s.chunks {
		if c.bits &= big.at(c.place); c.bits != 0 {
			if common == nil {
				common = make([]actionChunk, 0, len(s.chunks))
			}
			common = append(common, c)
		}
	}
	return ActionSet{common}
}

// A setBuilder collects actions. It is quickest when they come in order.
type setBuilder struct {
	collected ActionSet
}

// set returns what was collected; the builder must not be used after that.
func (b *setBuilder) set() ActionSet { return b.collected }

func (b *setBuilder) has(n int) bool { return b.collected.has(n) }

func (b *setBuilder) add(n int) { b.or(n/64, 1<<(n%64)) }

// addRange adds the actions with numbers from first on and below end.
func (b *setBuilder) addRange(first, end int) {
	if first >= end {
		return
	}
	for place := first / 64; place*64 < end; place++ {
		b.or(place, mask(place, first, end))
	}
}

func (b *setBuilder) or(place int, bits uint64) {
	chunks := b.collected.chunks
	at := len(chunks)
	if at > 0 && int(chunks[at-1].place) >= place {
		var found bool
		if at, found = b.collected.search(place); found {
			chunks[at].bits |= bits
			return
		}
	}
	chunks = append(chunks, actionChunk{})
	copy(chunks[at+1:], chunks[at:])
	chunks[at] = actionChunk{uint32(place), bits}
	b.collected.chunks = chunks
}
