package nhi

import (
	"fmt"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
)

// classifier is one call of Classify.
type classifier struct {
	account  *nhiscan.Account
	signals  *Signals
	now      time.Time
	policies *policyIndex
}

// user classifies a user.
func (c *classifier) user(u *nhiscan.User) Classification {
	s := &score{from: c.signals, kind: TypeUser, signals: make([]Signal, 0, 8)}
	s.look("name", true)
	s.look("path", true)
	s.readTags(u.Tags, u.Known)
	match := s.readPatterns(u.Name)
	s.readPath(u.Path)
	r := c.signals.read(u.Name)
	if match == nil {
		s.addName(&r, 1)
	}
	c.readPassword(s, u)
	c.readAccessKeys(s, u)
	readMFA(s, u)
	readServiceCredentials(s, u)
	c.readUserPolicies(s, u)
	s.capFamilies(nil)
	result := s.classification()
	c.categorizeUser(&result, u, &r, match)
	return result
}

// machineShare is the share of its weight that a person's name keeps in a name
// that also has a word for software: anna-ci is more likely Anna's CI than Anna.
const machineShare = 0.5

// thingWords are the classes of words that name things rather than software itself.
var thingWords = [...]struct {
	class  wordClass
	signal string
}{{classVendor, "vendor-word"}, {classMedium, "medium-word"}, {classEnvironment, "environment-word"}}

// addName adds what the name says, at a share of the usual weights.
func (s *score) addName(r *reading, factor float64) {
	s.addPerson(r, factor)
	byClass := map[wordClass][]string{}
	for _, w := range r.words {
		byClass[w.Class] = append(byClass[w.Class], quoted(w.text))
	}
	fact := func(class wordClass) string { return strings.Join(byClass[class], ", ") + " in the name" }
	if n := len(byClass[classStrong]); n > 0 {
		s.addScaled("strong-word", factor, byClass[classStrong][0]+" in the name")
		if n > 1 {
			s.addScaled("more-strong-words", factor*float64(n-1), strings.Join(byClass[classStrong][1:], ", ")+" in the name too")
		}
	}
	// In data-admin or prod-readonly, the thing is what the people look after.
	lookedAfter := s.kind == TypeRole && len(byClass[classJob]) > 0
	for _, x := range thingWords {
		if len(byClass[x.class]) > 0 && !lookedAfter {
			s.addScaled(x.signal, factor, fact(x.class))
		}
	}
	if len(byClass[classBreakGlass]) > 0 {
		s.add("break-glass", fact(classBreakGlass))
	}
	if len(byClass[classJob]) > 0 {
		if s.kind == TypeRole {
			s.add("job-role", fact(classJob)+": what people are")
		} else {
			s.add("job-word", fact(classJob)+": what people are")
		}
	}
	if r.generated {
		s.addScaled("generated-name", factor, "the name ends in generated characters")
	}
	if r.segments >= 3 && r.person == personNone && !lookedAfter {
		s.addScaled("many-segments", factor, fmt.Sprintf("the name has %d parts", r.segments))
	}
}

func (s *score) addPerson(r *reading, factor float64) {
	if r.person == personNone {
		return
	}
	if s.kind == TypeRole {
		switch r.person {
		case personEmail, personFirstLast, personGiven:
		default:
			return
		}
	}
	if r.has(classStrong) {
		factor *= machineShare
	}
	s.addScaled(string(r.person), factor, r.personFact)
}

// readPatterns looks for a name that is known as a whole.
func (s *score) readPatterns(name string) *pattern {
	lower := strings.ToLower(name)
	for i := range s.from.patterns {
		p := &s.from.patterns[i]
		if (p.Type == "" || p.Type == s.kind) && glob(p.Match, lower) {
			s.add(p.Signal, p.Fact)
			return p
		}
	}
	return nil
}

// readPath looks for what the IAM path says.
func (s *score) readPath(path string) {
	if len(path) <= 1 {
		return
	}
	for i := range s.from.paths {
		rule := &s.from.paths[i]
		if rule.Type != "" && rule.Type != s.kind {
			continue
		}
		if rule.Prefix != "" && strings.HasPrefix(path, rule.Prefix) {
			s.add(rule.Signal, "path "+path)
		}
		for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
			if rule.Segments[plain(segment)] {
				s.add(rule.Signal, "path "+path)
			}
		}
	}
}

// readTags looks for what the tags declare.
func (s *score) readTags(tags []nhiscan.Tag, known nhiscan.Facts) {
	if !s.look("tags", known.Has(nhiscan.FactTags)) {
		return
	}
	for _, tag := range tags {
		for _, rule := range s.from.tags[plain(tag.Key)] {
			if matchesValue(rule.Values, plain(tag.Value)) {
				s.add(rule.Signal, fmt.Sprintf("tag %s=%s", tag.Key, tag.Value))
			}
		}
	}
}

func matchesValue(patterns []string, value string) bool {
	for _, p := range patterns {
		if glob(p, value) {
			return true
		}
	}
	return len(patterns) == 0
}

// glob reports whether a pattern, in which * stands for any characters, matches all of s.
func glob(pattern, s string) bool {
	prefix, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return false
	}
	for {
		part, after, star := strings.Cut(rest, "*")
		if !star {
			return strings.HasSuffix(s, part)
		}
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s, rest = s[i+len(part):], after
	}
}
