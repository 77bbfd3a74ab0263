package nhi

import "strings"

// A reading is what a name says.
type reading struct {
	// words are the known words in the name, in their order.
	words []foundWord
	// segments counts the parts between separators, or the words of one part.
	segments int
	// person is how the name names a person, and personFact says it in words.
	person     personShape
	personFact string
	// generated says that the name ends in what CloudFormation or a random generator makes.
	generated bool
}

// foundWord is a known word as it stands in a name.
type foundWord struct {
	text string
	word
}

// token is a part of a name: lower case, of one kind of character.
type token struct {
	text    string
	segment int
}

// has reports whether one of the words is of a class.
func (r *reading) has(classes ...wordClass) bool {
	for i := range r.words {
		for _, class := range classes {
			if r.words[i].Class == class {
				return true
			}
		}
	}
	return false
}

// endsInSoftware reports whether a word for what people are stands before one
// for software, which is what the name is then about: billing-ci is no person's,
// ci-admin may be.
func (r *reading) endsInSoftware() bool {
	for i := len(r.words) - 1; i >= 0; i-- {
		switch r.words[i].Class {
		case classStrong:
			return true
		case classNeutral, classEnvironment:
		default:
			return false
		}
	}
	return false
}

// quoted returns the words of a class, for a fact.
func (r *reading) quoted(class wordClass) []string {
	var out []string
	for i := range r.words {
		if r.words[i].Class == class {
			out = append(out, quoted(r.words[i].text))
		}
	}
	return out
}

// category returns the category that the most telling word gives: what deploys
// is that whoever makes it, and what a vendor's name is on is theirs whatever it does.
func (r *reading) category() (category Category, text string) {
	for _, tells := range []func(foundWord) bool{
		func(w foundWord) bool { return w.Class == classStrong && w.Category == CategoryCICDUser },
		func(w foundWord) bool { return w.Class == classVendor },
		func(w foundWord) bool { return w.Class == classStrong },
		func(w foundWord) bool { return w.Class == classMedium },
	} {
		for _, w := range r.words {
			if w.Category != "" && tells(w) {
				return w.Category, w.text
			}
		}
	}
	return "", ""
}

// maxNameLength is the length from which the rest of a name is not looked at;
// IAM allows 64.
const maxNameLength = 128

// read reads the name of an identity.
func (s *Signals) read(name string) reading {
	name = name[:min(len(name), maxNameLength)]
	var r reading
	local, email := cutEmail(name)
	parts := segments(local)
	tokens := make([]token, 0, 8)
	for i, part := range parts {
		if isGenerated(part) && (i > 0 || len(part) >= 16) {
			r.generated = true
			continue
		}
		for _, piece := range splitCase(part) {
			tokens = append(tokens, token{text: strings.ToLower(piece), segment: i})
		}
	}
	r.segments = countSegments(parts, tokens)
	unknown := s.findWords(tokens, &r)
	s.findPerson(local, email, len(parts), tokens, unknown, &r)
	return r
}

// cutEmail returns the part of an e-mail address before the @.
func cutEmail(name string) (local string, email bool) {
	at := strings.IndexByte(name, '@')
	if at > 0 && strings.Contains(name[at:], ".") {
		return name[:at], true
	}
	return name, false
}

// countSegments counts what separators part, or, in a name without any, what
// its capitals part when there are many.
func countSegments(parts []string, tokens []token) int {
	if len(parts) != 1 {
		return len(parts)
	}
	count := 0
	for _, t := range tokens {
		if letters(t.text) && len(t.text) > 1 {
			count++
		}
	}
	if count >= 4 {
		return count
	}
	return 1
}

// maxJoined is how many tokens may make one word together: Git Hub, Circle CI.
const maxJoined = 4

// findWords puts the known words into r and returns the tokens that are none.
func (s *Signals) findWords(tokens []token, r *reading) (unknown []token) {
	for i := 0; i < len(tokens); {
		text, n := s.longestWord(tokens[i:])
		if n > 0 {
			r.words = append(r.words, foundWord{text: text, word: s.words[text]})
			i += n
			continue
		}
		if t := tokens[i]; !s.splitCompound(t.text, r) && !digits(t.text) {
			unknown = append(unknown, t)
		}
		i++
	}
	return unknown
}

// longestWord returns the longest known word that the first tokens make, and how many they are.
func (s *Signals) longestWord(tokens []token) (text string, n int) {
	joined, enough := "", true
	for i, t := range tokens[:min(len(tokens), maxJoined)] {
		joined += t.text
		// Across a separator, two parts make a word only when each could be one.
		enough = enough && len(t.text) > 1
		sameSegment := t.segment == tokens[0].segment
		if !sameSegment && (!enough || len(joined) < 5) {
			continue
		}
		if _, ok := s.words[joined]; ok {
			text, n = joined, i+1
		}
	}
	return text, n
}

// splitCompound finds the words that a token is made of without capitals, such
// as s3uploader or deploybot, unless the token is somebody's name.
func (s *Signals) splitCompound(text string, r *reading) bool {
	if len(text) < 6 || !letters(text) || s.isSurname(text) {
		return false
	}
	if found := s.compound(text, nil); found != nil {
		for _, part := range found {
			r.words = append(r.words, foundWord{text: part, word: s.words[part]})
		}
		return true
	}
	for _, suffix := range s.suffixes {
		if stem, ok := strings.CutSuffix(text, suffix); ok && len(stem) >= 3 {
			r.words = append(r.words, foundWord{text: suffix, word: s.words[suffix]})
			return true
		}
	}
	return false
}

// minCompoundPart is the length of the shortest word in a compound.
const minCompoundPart = 3

// compound cuts text into known words, all of it; nil when that cannot be done.
func (s *Signals) compound(text string, found []string) []string {
	if text == "" {
		return found
	}
	if len(found) == maxJoined {
		return nil
	}
	for n := len(text); n >= minCompoundPart; n-- {
		if _, ok := s.words[text[:n]]; ok {
			if all := s.compound(text[n:], append(found, text[:n])); all != nil {
				return all
			}
		}
	}
	return nil
}

// isGenerated reports whether a part of a name is what CloudFormation appends
// (12 or 13 capitals and digits), or hexadecimal digits of a random id.
//
// See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html.
func isGenerated(part string) bool {
	var upper, hex, digit, other int
	for i := range len(part) {
		switch c := part[i]; {
		case isDigit(c):
			digit++
		case isUpper(c):
			upper++
		case 'a' <= c && c <= 'f':
			hex++
		default:
			other++
		}
	}
	if other > 0 || digit < 2 || digit == len(part) {
		return false
	}
	return hex == 0 && (len(part) == 12 || len(part) == 13) || upper == 0 && len(part) >= 8
}
