package policydoc

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
	"sync"
)

// An ActionSet is a set of actions of the catalogue. The zero value is empty.
// Sets do not change: every operation returns another. A set of one action takes
// some tens of bytes, and of all of them six kilobytes.
type ActionSet struct {
	// chunks are sorted by their place, and none is without actions. An empty set
	// has nil.
	chunks []actionChunk
}

// An actionChunk holds those of the 64 actions from number 64*place on that are
// in the set.
type actionChunk struct {
	place uint32
	bits  uint64
}

// AllActions returns every action of the catalogue.
func AllActions() ActionSet { return allActions() }

var allActions = sync.OnceValue(func() ActionSet {
	var b setBuilder
	b.addRange(0, catalogue().actions)
	return b.set()
})

// ActionsOf returns the actions of the service with the given prefix, in any
// case; none for a service that the catalogue does not have.
func ActionsOf(service string) ActionSet {
	s, ok := catalogue().service(service)
	if !ok {
		return ActionSet{}
	}
	var b setBuilder
	b.addRange(s.first, s.first+s.count)
	return b.set()
}

// ActionsOfLevel returns the actions of an access level; none for one that is not a level.
func ActionsOfLevel(level AccessLevel) ActionSet { return actionsByLevel()[level] }

var actionsByLevel = sync.OnceValue(func() map[AccessLevel]ActionSet {
	builders := map[byte]*setBuilder{}
	for _, letter := range []byte("PWTRL") {
		builders[letter] = &setBuilder{}
	}
	c := catalogue()
	for i := range c.services {
		for j, letter := range []byte(c.services[i].levels) {
			builders[letter].add(c.services[i].first + j)
		}
	}
	sets := map[AccessLevel]ActionSet{}
	for letter, b := range builders {
		sets[levelOf(letter)] = b.set()
	}
	return sets
})

// Len returns the number of actions.
func (s ActionSet) Len() int {
	n := 0
	for _, c := range s.chunks {
		n += bits.OnesCount64(c.bits)
	}
	return n
}

// Has reports whether the set has the named action, in any case.
func (s ActionSet) Has(action string) bool {
	service, i, ok := catalogue().find(action)
	return ok && s.has(service.first+i)
}

func (s ActionSet) has(n int) bool {
	i, ok := s.search(n / 64)
	return ok && s.chunks[i].bits&(1<<(n%64)) != 0
}

// search returns where the chunk of a place is, or would be.
func (s ActionSet) search(place int) (int, bool) {
	return slices.BinarySearchFunc(s.chunks, uint32(place), func(c actionChunk, place uint32) int {
		return int(c.place) - int(place)
	})
}

// Level returns the access level that gives the most power among the actions;
// [LevelUnknown] for an empty set.
func (s ActionSet) Level() AccessLevel {
	for _, level := range accessLevels {
		if s.Overlaps(actionsByLevel()[level]) {
			return level
		}
	}
	return LevelUnknown
}

// Equal reports whether both sets have the same actions.
func (s ActionSet) Equal(other ActionSet) bool { return slices.Equal(s.chunks, other.chunks) }

// AppendKey appends bytes that are the same for equal sets and others for different
// ones, to make the key of a map.
func (s ActionSet) AppendKey(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(s.chunks)))
	for _, c := range s.chunks {
		b = binary.AppendUvarint(b, uint64(c.place))
		b = binary.LittleEndian.AppendUint64(b, c.bits)
	}
	return b
}

// All iterates over the actions, sorted by service prefix and then by name
// without regard to case.
func (s ActionSet) All() iter.Seq[Action] {
	return func(yield func(Action) bool) {
		services, i := catalogue().services, 0
		for n := range s.numbers() {
			for n >= services[i].first+services[i].count {
				i++
			}
			if !yield(services[i].action(n - services[i].first)) {
				return
			}
		}
	}
}

// numbers iterates over the numbers of the actions, ascending.
func (s ActionSet) numbers() iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, c := range s.chunks {
			for rest := c.bits; rest != 0; rest &= rest - 1 {
				if !yield(int(c.place)*64 + bits.TrailingZeros64(rest)) {
					return
				}
			}
		}
	}
}

// mask has the bits of those numbers from first on and below end that are in the
// chunk at the given place.
func mask(place, first, end int) uint64 {
	all := ^uint64(0)
	if low := first - place*64; low > 0 {
		all &= ^uint64(0) << low
	}
	if high := end - place*64; high < 64 {
		all &= 1<<high - 1
	}
	return all
}
