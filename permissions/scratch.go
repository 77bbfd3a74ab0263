package permissions

import (
	"cmp"
	"slices"
	"sync"
)

// A scratch lends lists for use while an answer is worked out: most identities
// need a long one, of which little is left.
type scratch[T any] struct{ pool sync.Pool }

// borrow returns an empty list with room for at least n.
func (s *scratch[T]) borrow(n int) []T {
	if p, ok := s.pool.Get().(*[]T); ok && cap(*p) >= n {
		return *p
	}
	return make([]T, 0, max(n, 256))
}

// giveBack takes a list of borrow.
func (s *scratch[T]) giveBack(list []T) {
	clear(list)
	list = list[:0]
	s.pool.Put(&list)
}

// sorted returns a sorted copy that takes no more memory than it must; what is
// equal keeps its order. Large elements are moved once only.
func sorted[T any](list []T, compare func(a, b *T) int) []T {
	if len(list) == 0 {
		return nil
	}
	order := make([]int32, len(list))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		return cmp.Or(compare(&list[i], &list[j]), cmp.Compare(i, j))
	})
	result := make([]T, len(list))
	for i, n := range order {
		result[i] = list[n]
	}
	return result
}
