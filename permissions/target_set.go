package permissions

import (
	"iter"
	"slices"
)

// A targetSet is a set of the account's IAM entities: the ranges of their numbers,
// ascending and not touching. As entities are numbered in the order of their ARNs,
// what a pattern such as …:role/app-* covers is one range. Sets do not change, so
// operations may return one of their arguments.
type targetSet []targetSpan

type targetSpan struct{ from, to int32 } // to is not in it

func oneTarget(n int32) targetSet { return targetSet{{n, n + 1}} }

// targetsOf makes a set of ascending numbers.
func targetsOf(numbers []int32) targetSet {
	var s targetSet
	for _, n := range numbers {
		s = s.with(n, n+1)
	}
	return s
}

// with appends a range that begins at or after the last one's beginning.
func (s targetSet) with(from, to int32) targetSet {
	if n := len(s); n > 0 && s[n-1].to >= from {
		s[n-1].to = max(s[n-1].to, to)
		return s
	}
	return append(s, targetSpan{from, to})
}

func (s targetSet) len() int {
	n := 0
	for _, r := range s {
		n += int(r.to - r.from)
	}
	return n
}

func (s targetSet) has(n int32) bool {
	i, _ := slices.BinarySearchFunc(s, n, func(r targetSpan, n int32) int {
		if r.to <= n {
			return -1
		}
		return 1
	})
	return i < len(s) && s[i].from <= n
}

// all iterates over the numbers in the set.
func (s targetSet) all() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for _, r := range s {
			for n := r.from; n < r.to; n++ {
				if !yield(n) {
					return
				}
			}
		}
	}
}

func (s targetSet) union(other targetSet) targetSet {
	switch {
	case len(s) == 0 || other.spans(s):
		return other
	case len(other) == 0 || s.spans(other):
		return s
	}
	result := make(targetSet, 0, len(s)+len(other))
	for len(s) > 0 || len(other) > 0 {
		if len(other) == 0 || len(s) > 0 && s[0].from <= other[0].from {
			result, s = result.with(s[0].from, s[0].to), s[1:]
		} else {
			result, other = result.with(other[0].from, other[0].to), other[1:]
		}
	}
	return result
}

func (s targetSet) intersect(other targetSet) targetSet {
	switch {
	case len(s) == 0 || len(other) == 0:
		return nil
	case other.spans(s):
		return s
	case s.spans(other):
		return other
	}
	if len(s) > len(other) {
		s, other = other, s
	}
	var result targetSet
	for _, r := range s {
		i, _ := slices.BinarySearchFunc(other, r.from, func(o targetSpan, from int32) int {
			if o.to <= from {
				return -1
			}
			return 1
		})
		for other = other[i:]; len(other) > 0 && other[0].from < r.to; other = other[1:] {
			result = append(result, targetSpan{max(r.from, other[0].from), min(r.to, other[0].to)})
			if other[0].to > r.to {
				break
			}
		}
	}
	return result
}

// eachCommon calls f with the entities that are in both sets until it returns false.
func (s targetSet) eachCommon(other targetSet, f func(n int32) bool) {
	for len(s) > 0 && len(other) > 0 {
		for n := max(s[0].from, other[0].from); n < min(s[0].to, other[0].to); n++ {
			if !f(n) {
				return
			}
		}
		if s[0].to < other[0].to {
			s = s[1:]
		} else {
			other = other[1:]
		}
	}
}

// in iterates over the entities that are in both sets.
func (s targetSet) in(other targetSet) iter.Seq[int32] {
	return s.intersect(other).all()
}

// commonMoreThan reports whether more than so many entities are in both sets.
func (s targetSet) commonMoreThan(most int, other targetSet) bool {
	n := 0
	s.eachCommon(other, func(int32) bool {
		n++
		return n <= most
	})
	return n > most
}

func (s targetSet) subtract(other targetSet) targetSet {
	if len(s) == 0 || len(other) == 0 {
		return s
	}
	if other.spans(s) {
		return nil
	}
	if other[0].from >= s[len(s)-1].to || other[len(other)-1].to <= s[0].from {
		return s
	}
	var result targetSet
	i := 0
	for _, r := range s {
		for i < len(other) && other[i].to <= r.from {
			i++
		}
		from := r.from
		for j := i; j < len(other) && other[j].from < r.to; j++ {
			if other[j].from > from {
				result = append(result, targetSpan{from, other[j].from})
			}
			from = max(from, other[j].to)
		}
		if from < r.to {
			result = append(result, targetSpan{from, r.to})
		}
	}
	return result
}

// spans reports, for sets of one range at little cost, whether the other set lies in s.
func (s targetSet) spans(other targetSet) bool {
	return len(s) == 1 && len(other) > 0 && s[0].from <= other[0].from && other[len(other)-1].to <= s[0].to
}
