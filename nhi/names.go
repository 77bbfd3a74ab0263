package nhi

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"io"
	"strings"
	"sync"
)

// The lists are built by internal/tools/names from the Python package Faker,
// which is under the MIT licence; see data/names-LICENSE.txt.
var (
	//go:embed data/given-names.txt.gz
	givenNamesGzip []byte
	//go:embed data/surnames.txt.gz
	surnamesGzip []byte
	//go:embed data/surname-endings.txt
	surnameEndings string
)

// minEndingLetters is the length from which a surname is known by its ending.
const minEndingLetters = 7

var personNames = sync.OnceValue(func() *names {
	endings := map[string]bool{}
	for line := range strings.Lines(surnameEndings) {
		if !strings.HasPrefix(line, "#") {
			for _, ending := range strings.Fields(line) {
				endings[ending] = true
			}
		}
	}
	return &names{given: newWordList(givenNamesGzip), surnames: newWordList(surnamesGzip), endings: endings}
})

// names knows given names and surnames, in lower-case ASCII.
type names struct {
	given, surnames wordList
	endings         map[string]bool
}

func (n *names) isGiven(word string) bool { return n.given.has(word) }

// listed reports whether word is in one of the lists as it stands.
func (n *names) listed(word string) bool { return n.surnames.has(word) || n.given.has(word) }

// isSurname reports whether word is a surname. Given names serve as surnames
// everywhere, and the feminine of a Slavic surname ends in a: Ivanova, Kowalska.
func (n *names) isSurname(word string) bool {
	if n.listed(word) {
		return true
	}
	if stem, ok := strings.CutSuffix(word, "a"); ok && len(stem) > 4 {
		if n.surnames.has(stem) || strings.HasSuffix(stem, "k") && n.surnames.has(stem+"i") {
			return true
		}
	}
	if len(word) < minEndingLetters {
		return false
	}
	for length := 3; length <= 9 && length < len(word)-1; length++ {
		if n.endings[word[len(word)-length:]] {
			return true
		}
	}
	return false
}

// A wordList is a sorted list of words, one a line. It is searched as it is: to
// build a map of 30,000 words would take longer than to classify most accounts.
type wordList struct {
	text string
	// initials holds where the words begin that start with a letter, and the end.
	initials [27]int
}

// newWordList decompresses a list that is part of the program; it cannot fail at
// run time, because a test reads every list.
func newWordList(compressed []byte) wordList {
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic("nhi: embedded list of names: " + err.Error())
	}
	var text strings.Builder
	// A gzip file ends in the size of what it holds (RFC 1952).
	text.Grow(int(binary.LittleEndian.Uint32(compressed[len(compressed)-4:])))
	if _, err := io.Copy(&text, r); err != nil {
		panic("nhi: embedded list of names: " + err.Error())
	}
	list := wordList{text: text.String()}
	for i := range list.initials {
		initial := string(rune('a' + i))
		list.initials[i] = list.search(initial)
	}
	return list
}

func (l *wordList) has(word string) bool {
	if word == "" || !isLower(word[0]) {
		return false
	}
	at := l.search(word)
	return strings.HasPrefix(l.text[at:], word) && l.text[at+len(word)] == '\n'
}

// search returns where the first word begins that is not less than word; the
// length of the text when all are.
func (l *wordList) search(word string) int {
	low, high := 0, len(l.text)
	if l.initials[26] > 0 {
		low, high = l.initials[word[0]-'a'], l.initials[word[0]-'a'+1]
	}
	for low < high {
		start := strings.LastIndexByte(l.text[low:(low+high)/2], '\n') + 1 + low
		end := start + strings.IndexByte(l.text[start:], '\n')
		if l.text[start:end] < word {
			low = end + 1
		} else {
			high = start
		}
	}
	return low
}
