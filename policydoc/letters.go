package policydoc

// A letterSet says which characters a text has, without regard to case: a bit for
// each letter and digit, one for all others, and one for each letter that it has
// twice. What a pattern demands and a name lacks rules the name out before it is
// matched, which keeps long lists of patterns such as *a*e*i* from taking seconds.
type letterSet uint64

const (
	otherBit = 36
	twiceBit = 38
)

func lettersOf(text string) letterSet {
	var set letterSet
	for i := range len(text) {
		set.add(text[i])
	}
	return set
}

// demandedBy returns what every text that a pattern covers has.
func demandedBy(pattern string) letterSet {
	var set letterSet
	for i := range len(pattern) {
		if c := pattern[i]; c != '*' && c != '?' {
			set.add(c)
		}
	}
	return set
}

func (set *letterSet) add(c byte) {
	switch c = lower(c); {
	case 'a' <= c && c <= 'z':
		bit := letterSet(1) << (c - 'a')
		*set |= bit | (*set&bit)<<twiceBit
	case '0' <= c && c <= '9':
		*set |= 1 << (26 + c - '0')
	default:
		*set |= 1 << otherBit
	}
}

// has reports whether nothing of demanded is missing.
func (set letterSet) has(demanded letterSet) bool { return demanded&^set == 0 }

// with returns what two texts have together.
func (set letterSet) with(other letterSet) letterSet {
	return set | other | (set&other&(1<<26-1))<<twiceBit
}
