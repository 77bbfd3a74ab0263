package permissions

// A textIndex finds the number of a text by its hash. Those who ask often compute
// the hash once, which a map cannot take.
type textIndex struct {
	slots []textSlot // a power of two, half of them free at least; nil for no text
}

type textSlot struct {
	hash   uint32
	number int32 // from 1; 0 in a free slot
	text   string
}

// newTextIndex numbers the texts as they stand; of equal ones the first counts.
func newTextIndex(texts []string) textIndex {
	if len(texts) == 0 {
		return textIndex{}
	}
	size := 2
	for size < 2*len(texts) {
		size *= 2
	}
	x := textIndex{slots: make([]textSlot, size)}
	for i, text := range texts {
		hash := hashText(text)
		if slot := x.slot(hash, text); slot.number == 0 {
			*slot = textSlot{hash: hash, number: int32(i + 1), text: text}
		}
	}
	return x
}

// find returns the place of a text among those of the index; -1 when it is not there.
func (x *textIndex) find(hash uint32, text string) int {
	if len(x.slots) == 0 {
		return -1
	}
	return int(x.slot(hash, text).number) - 1
}

// slot returns the slot that has the text, or that is free for it.
func (x *textIndex) slot(hash uint32, text string) *textSlot {
	mask := uint32(len(x.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		if s := &x.slots[i]; s.number == 0 || s.hash == hash && s.text == text {
			return s
		}
	}
}

// hashText is FNV-1a, see https://datatracker.ietf.org/doc/draft-eastlake-fnv/.
func hashText(s string) uint32 {
	hash := uint32(hashStart)
	for i := range len(s) {
		hash = hashByte(hash, s[i])
	}
	return hash
}

const hashStart = 2166136261

func hashByte(hash uint32, c byte) uint32 { return (hash ^ uint32(c)) * 16777619 }
