package main

import (
	_ "embed"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Words that are names too, but that in the name of an IAM identity are more
// likely to be a thing, a product or a part of one.
//
//go:embed not-names.txt
var notNames string

// Names that Faker has in no Latin spelling, or not at all: short forms and the
// usual romanisations of Arabic, Chinese, Indian, Korean and Vietnamese names.
//
//go:embed more-names.txt
var moreNames string

// minLetters keeps out what is too short to tell from an abbreviation.
const minLetters = 3

// minEndingLetters is the length from which nhi knows a surname by its ending.
const minEndingLetters = 7

// leftOut are locales whose names romanise ambiguously by table (Bulgarian,
// Greek) or are old forms that nobody signs in with (Irish, Icelandic registers).
var leftOut = map[string]bool{"bg_BG": true, "el_GR": true, "ga_IE": true, "is_IS": true}

// registers is the locale whose short given names count only when another locale
// has them too: a century of American births, in which most words are somebody's name.
const (
	registers        = "en"
	minRegisterChars = 6
)

var (
	// An attribute of a Faker provider: first_names_male = (, last_names: Tuple[str, ...] = (.
	attribute = regexp.MustCompile(`^    ([a-z_]+)(?:\s*:\s*[^=]+)?\s*=`)
	quoted    = regexp.MustCompile(`"([^"\\]*)"`)
)

// nameLists gathers names; a name's value counts the locales that have it.
type nameLists struct {
	given, surnames, registered map[string]int

	dropped map[string]bool
	endings []string
}

func newNameLists(endings string) *nameLists {
	l := &nameLists{
		given: map[string]int{}, surnames: map[string]int{}, registered: map[string]int{},
		dropped: map[string]bool{}, endings: words(endings),
	}
	for _, word := range words(notNames) {
		l.dropped[word] = true
	}
	return l
}

// addSource adds the names of one Faker locale.
func (l *nameLists) addSource(locale, source string) {
	if leftOut[locale] {
		return
	}
	var into map[string]int
	for line := range strings.Lines(source) {
		if m := attribute.FindStringSubmatch(line); m != nil {
			into = l.listFor(locale, m[1])
		} else if strings.HasPrefix(line, "    def ") {
			into = nil
		}
		if into == nil || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			for _, spelling := range romanise(m[1]) {
				l.add(into, spelling)
			}
		}
	}
}

func (l *nameLists) listFor(locale, attribute string) map[string]int {
	switch {
	case strings.Contains(attribute, "last_name"), strings.Contains(attribute, "last_romanized"):
		return l.surnames
	case !strings.Contains(attribute, "first_name") && !strings.Contains(attribute, "first_romanized"):
		return nil
	case locale == registers:
		return l.registered
	default:
		return l.given
	}
}

// addCurated adds more-names.txt, in which "given:" and "surnames:" head the lists.
func (l *nameLists) addCurated() {
	into := l.given
	for _, word := range words(moreNames) {
		switch word {
		case "given:":
			into = l.given
		case "surnames:":
			into = l.surnames
		default:
			into[word]++
		}
	}
}

func (l *nameLists) add(into map[string]int, name string) {
	// A name of several parts, such as Jean-Luc or van der Berg, is known by its parts.
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if len(part) >= minLetters && !l.dropped[part] {
			into[part]++
		}
	}
}

// givenNames returns the given names, sorted.
func (l *nameLists) givenNames() []string {
	for name := range l.registered {
		if len(name) >= minRegisterChars || l.surnames[name] > 0 {
			l.given[name]++
		}
	}
	return slices.Sorted(maps.Keys(l.given))
}

// onlySurnames returns the surnames that are no given name and that nhi does not
// know without a list: by their ending, or as the feminine of another.
func (l *nameLists) onlySurnames() []string {
	var out []string
	for name := range l.surnames {
		masculine, feminine := strings.CutSuffix(name, "a")
		switch {
		case l.given[name] > 0, feminine && l.surnames[masculine] > 0 && len(masculine) > 4:
		case len(name) >= minEndingLetters && slices.ContainsFunc(l.endings, func(e string) bool { return strings.HasSuffix(name, e) }):
		default:
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func words(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		out = append(out, strings.Fields(line)...)
	}
	return out
}
