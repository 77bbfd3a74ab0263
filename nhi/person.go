package nhi

import "strings"

// personShape is a way in which a name names a person: the name of its signal.
type personShape string

const (
	personNone      personShape = ""
	personEmail     personShape = "email-name"
	personFirstLast personShape = "first-last-name"
	personGiven     personShape = "given-name"
	personInitial   personShape = "initial-surname"
	personSurname   personShape = "surname"
	personLikely    personShape = "person-shape"
	personHandle    personShape = "handle"
)

// findPerson looks for a person in the tokens of a name that are no known words.
func (s *Signals) findPerson(local string, email bool, segments int, tokens, unknown []token, r *reading) {
	machine := r.has(classStrong, classVendor, classMedium)
	if email && !r.has(classStrong) {
		r.setPerson(personEmail, "the name is an e-mail address")
		return
	}
	if s.findFullName(unknown, machine, r) {
		return
	}
	for _, t := range unknown {
		if len(t.text) >= 3 && s.isGiven(t.text) {
			r.setPerson(personGiven, quoted(t.text)+" is a given name")
			return
		}
	}
	if len(tokens) == 1 && s.isGiven(tokens[0].text) {
		// A word that is a name too, such as Travis.
		r.setPerson(personGiven, quoted(tokens[0].text)+" is a given name")
		return
	}
	if machine || r.generated || r.has(classEnvironment) {
		return
	}
	if len(unknown) > 0 && (len(unknown) == 1 || segments == 1) && s.findRunTogether(unknown[0].text, r) {
		return
	}
	s.findShape(local, segments, tokens, unknown, r)
}

func (r *reading) setPerson(shape personShape, fact string) { r.person, r.personFact = shape, fact }

// findFullName looks for two neighbours that are a person's name: Anna Kowalska,
// Kowalska Anna, anna.k, h.kowalski.
func (s *Signals) findFullName(unknown []token, machine bool, r *reading) bool {
	for i := 1; i < len(unknown); i++ {
		a, b := unknown[i-1].text, unknown[i].text
		switch {
		case len(a) >= 3 && len(b) >= 3 && (s.isGiven(a) && s.isSurname(b) || s.isSurname(a) && s.isGiven(b)):
			r.setPerson(personFirstLast, quoted(a+" "+b)+" is a given name and a surname")
			return true
		case !machine && len(a) == 1 && len(b) >= 4 && s.isSurname(b):
			r.setPerson(personInitial, quoted(a+" "+b)+" is an initial and a surname")
			return true
		case !machine && len(b) == 1 && len(a) >= 4 && s.isSurname(a) && !s.isGiven(a):
			r.setPerson(personInitial, quoted(a+" "+b)+" is a surname and an initial")
			return true
		}
	}
	return false
}

// findRunTogether looks for a name in one word: annakowalska, annak, hkowalski.
func (s *Signals) findRunTogether(text string, r *reading) bool {
	if len(text) < 5 || !letters(text) {
		return false
	}
	if personNames().listed(text) {
		r.setPerson(personSurname, quoted(text)+" is a surname")
		return true
	}
	if s.isSurname(text) {
		r.setPerson(personSurname, quoted(text)+" has the ending of a surname")
		return true
	}
	longest := 0
	for i := 3; i <= len(text)-1; i++ {
		if !s.isGiven(text[:i]) {
			continue
		}
		longest = i
		if rest := text[i:]; len(rest) >= 3 && s.isSurname(rest) {
			r.setPerson(personFirstLast, quoted(text[:i]+" "+rest)+" is a given name and a surname")
			return true
		}
	}
	for initials := 1; initials <= 2; initials++ {
		if rest := text[initials:]; len(rest) >= 3+initials && s.isSurname(rest) {
			r.setPerson(personInitial, quoted(text[:initials]+" "+rest)+" is an initial and a surname")
			return true
		}
	}
	switch rest := text[longest:]; {
	case longest >= 4 && len(rest) == 1:
		r.setPerson(personGiven, quoted(text[:longest]+" "+rest)+" is a given name and an initial")
	case len(text) > 5 && s.isSurname(text[:len(text)-1]):
		r.setPerson(personInitial, quoted(text[:len(text)-1]+" "+text[len(text)-1:])+" is a surname and an initial")
	case longest >= 5:
		r.setPerson(personLikely, quoted(text)+" begins with the given name "+quoted(text[:longest]))
	default:
		return false
	}
	return true
}

// findShape looks at the form alone: two words parted by a dot are how people's
// names are written, and one word that says nothing is how people call themselves.
func (s *Signals) findShape(local string, segments int, tokens, unknown []token, r *reading) {
	if len(r.words) > 0 || len(tokens) > 4 {
		return
	}
	two := len(tokens) == 2 && len(unknown) == 2 && letters(unknown[0].text) && letters(unknown[1].text)
	switch {
	case two && segments == 2 && strings.Count(local, ".") == 1 && min(len(unknown[0].text), len(unknown[1].text)) >= 2:
		r.setPerson(personLikely, "two words parted by a dot, as in first.last")
	case segments == 1 && len(unknown) > 0 && len(unknown) <= 2:
		r.setPerson(personHandle, "one word that is in no list")
	}
}

func quoted(s string) string { return "“" + s + "”" }
