package policydoc

import (
	"math/bits"
	"sync"
)

// actionBits are actions by their numbers, 64 to a word: what an [ActionSet] is
// made of, with the words in which there is none.
type actionBits []uint64

func newActionBits() actionBits { return make(actionBits, (catalogue().actions+63)/64) }

func (b actionBits) add(n int) { b[n/64] |= 1 << (n % 64) }

func (b actionBits) has(n int) bool { return b[n/64]&(1<<(n%64)) != 0 }

func (b actionBits) addRange(first, end int) {
	for place := first / 64; place*64 < end; place++ {
		b[place] |= mask(place, first, end)
	}
}

func (b actionBits) set() ActionSet {
	n := 0
	for _, word := range b {
		if word != 0 {
			n++
		}
	}
	if n == 0 {
		return ActionSet{}
	}
	chunks := make([]actionChunk, 0, n)
	for place, word := range b {
		if word != 0 {
			chunks = append(chunks, actionChunk{uint32(place), word})
		}
	}
	return ActionSet{chunks}
}

// letterIndex has, for each bit of a [letterSet], the actions whose names, without
// the prefix, have it.
var letterIndex = sync.OnceValue(func() *[64]actionBits {
	var index [64]actionBits
	for i := range index {
		index[i] = newActionBits()
	}
	c := catalogue()
	for i := range c.services {
		s := &c.services[i]
		s.actions()
		for j, letters := range s.letters {
			for ; letters != 0; letters &= letters - 1 {
				index[bits.TrailingZeros64(uint64(letters))].add(s.first + j)
			}
		}
	}
	return &index
})

// keep takes out the actions whose names lack something of what is demanded.
func (b actionBits) keep(demanded letterSet) {
	index := letterIndex()
	for ; demanded != 0; demanded &= demanded - 1 {
		letter := index[bits.TrailingZeros64(uint64(demanded))]
		for place := range b {
			b[place] &= letter[place]
		}
	}
}
