package policydoc

import "strings"

// An actionGlob is an Action pattern, or the part after its colon, made ready to be
// matched with the names of the catalogue, which are ASCII: a byte of them is a
// character.
type actionGlob struct {
	// parts are what stands between the stars, in small letters and with question
	// marks. The first and the last are empty where the pattern has a star at that
	// end, and no other begins with a question mark or is empty.
	parts []string
	// least is the length of the shortest text that the pattern covers.
	least    int
	demanded letterSet
}

func newActionGlob(pattern string) actionGlob {
	g := actionGlob{parts: strings.Split(lowerASCII(sortWildcards(pattern)), "*"), demanded: demandedBy(pattern)}
	for _, part := range g.parts {
		g.least += len(part)
	}
	return g
}

// match matches the whole of a name in small letters. Each part is taken where it
// first comes: that leaves most for those after it.
func (g *actionGlob) match(name string) bool {
	last := len(g.parts) - 1
	if len(name) < g.least || last == 0 && len(name) > g.least {
		return false
	}
	head, tail := g.parts[0], g.parts[last]
	if !fits(head, name) || !fits(tail, name[len(name)-len(tail):]) {
		return false
	}
	if last < 2 {
		return true
	}
	rest := name[len(head) : len(name)-len(tail)]
	for _, part := range g.parts[1:last] {
		i := indexPart(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return true
}

// indexPart returns where the part first comes in s, -1 if nowhere.
func indexPart(s, part string) int {
	for from := 0; len(s)-from >= len(part); from++ {
		i := strings.IndexByte(s[from:], part[0])
		if i < 0 || len(s)-from-i < len(part) {
			return -1
		}
		if from += i; fits(part, s[from:]) {
			return from
		}
	}
	return -1
}

// fits reports whether s, which is no shorter, begins with the part.
func fits(part, s string) bool {
	for i := range len(part) {
		if part[i] != s[i] && part[i] != '?' {
			return false
		}
	}
	return true
}

// lowerASCII is strings.ToLower for ASCII alone: there are characters of which the
// small letter is in ASCII and that are none of an action.
func lowerASCII(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' }) < 0 {
		return s
	}
	b := []byte(s)
	for i := range b {
		b[i] = lower(b[i])
	}
	return string(b)
}
