package policydoc

import (
	"iter"
	"math/bits"
	"sync"
)

// Services iterates over the services that have actions in the set, with those
// actions, sorted by prefix.
func (s ActionSet) Services() iter.Seq2[Service, ActionSet] {
	return func(yield func(Service, ActionSet) bool) {
		services := catalogue().services
		var part []actionChunk
		last := -1
		for i, c := range s.byService() {
			if i != last && last >= 0 {
				if !yield(services[last].public(), ActionSet{part[:len(part):len(part)]}) {
					return
				}
				part = part[len(part):]
			}
			last, part = i, append(part, c)
		}
		if last >= 0 {
			yield(services[last].public(), ActionSet{part[:len(part):len(part)]})
		}
	}
}

// A ServiceSummary is what a set has of one service.
type ServiceSummary struct {
	Service Service
	// Actions counts those in the set.
	Actions int
	// Level is the access level that gives the most power among them.
	Level AccessLevel
}

// Summaries iterates over the services that have actions in the set, sorted by
// prefix.
func (s ActionSet) Summaries() iter.Seq[ServiceSummary] {
	return func(yield func(ServiceSummary) bool) {
		services, levels := catalogue().services, levelBits()
		last, actions, level := -1, 0, len(accessLevels)
		summary := func() ServiceSummary {
			sum := ServiceSummary{Service: services[last].public(), Actions: actions}
			if level < len(accessLevels) {
				sum.Level = accessLevels[level]
			}
			return sum
		}
		for i, c := range s.byService() {
			if i != last {
				if last >= 0 && !yield(summary()) {
					return
				}
				last, actions, level = i, 0, len(accessLevels)
			}
			actions += bits.OnesCount64(c.bits)
			for l := range level {
				if levels[l][c.place]&c.bits != 0 {
					level = l
					break
				}
			}
		}
		if last >= 0 {
			yield(summary())
		}
	}
}

// byService iterates over the chunks, divided between services, with the index of
// the service of each.
func (s ActionSet) byService() iter.Seq2[int, actionChunk] {
	return func(yield func(int, actionChunk) bool) {
		services, i := catalogue().services, 0
		for _, c := range s.chunks {
			for rest := c.bits; rest != 0; {
				number := int(c.place)*64 + bits.TrailingZeros64(rest)
				if end := services[i].first + services[i].count; number >= end+64 {
					i = catalogue().serviceOf(number)
				}
				for number >= services[i].first+services[i].count {
					i++
				}
				part := rest & mask(int(c.place), services[i].first, services[i].first+services[i].count)
				rest &^= part
				if !yield(i, actionChunk{c.place, part}) {
					return
				}
			}
		}
	}
}

// levelBits has for each access level, in the order of accessLevels, the actions
// of each chunk.
var levelBits = sync.OnceValue(func() [][]uint64 {
	places := catalogue().actions/64 + 1
	levels := make([][]uint64, len(accessLevels))
	for i, level := range accessLevels {
		levels[i] = make([]uint64, places)
		for _, c := range actionsByLevel()[level].chunks {
			levels[i][c.place] = c.bits
		}
	}
	return levels
})
