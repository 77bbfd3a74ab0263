package policydoc

import (
	"encoding/binary"
	"strings"
	"sync"
)

// wideMemo remembers what lists of patterns cover that have to be held against the
// whole catalogue. Policies that have one at all have it in many statements, and
// what explains, lints and judges a document asks for it each time. It is no more
// than a saving of time: what patterns cover does not change.
var wideMemo expansionMemo

// An expansionMemo keeps answers up to about twice its limit of bytes: when the
// latest come to the limit, those before them are let go.
type expansionMemo struct {
	mu           sync.Mutex
	latest, past map[string]ActionSet
	size         int // of latest, in bytes
}

const maxMemoBytes = 8 << 20

func (m *expansionMemo) get(key string) (ActionSet, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	set, ok := m.latest[key]
	if !ok {
		if set, ok = m.past[key]; ok {
			m.keep(key, set)
		}
	}
	return set, ok
}

func (m *expansionMemo) put(key string, set ActionSet) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keep(strings.Clone(key), set)
}

func (m *expansionMemo) keep(key string, set ActionSet) {
	const chunk, entry = 16, 64
	size := entry + len(key) + chunk*cap(set.chunks)
	if size > maxMemoBytes {
		return
	}
	if m.latest == nil || m.size+size > maxMemoBytes {
		m.latest, m.past, m.size = map[string]ActionSet{}, m.latest, 0
	}
	m.latest[key] = set
	m.size += size
}

// memoKey returns a text that no other list of patterns has.
func memoKey(patterns []string) string {
	if len(patterns) == 1 {
		return patterns[0]
	}
	var b []byte
	b = append(b, 0xFF) // begins no pattern of a list of one: those are text
	for _, pattern := range patterns {
		b = binary.AppendUvarint(b, uint64(len(pattern)))
		b = append(b, pattern...)
	}
	return string(b)
}
