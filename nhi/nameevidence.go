package nhi

import (
	"fmt"
	"strings"
)

// machineShare is the share of its weight that a person's name keeps in a name
// that also has a word for software: anna-ci is more likely Anna's CI than Anna.
const machineShare = 0.5

// givenRoleShare is the share that a given name keeps in a role's name: projects
// are called luna and otto too, so that alone it decides nothing.
const givenRoleShare = 0.7

// thingWords are the classes of words that name things rather than software itself.
var thingWords = [...]struct {
	class  wordClass
	signal string
}{{classVendor, "vendor-word"}, {classMedium, "medium-word"}, {classEnvironment, "environment-word"}}

// addName adds what the name says, at a share of the usual weights.
func (s *score) addName(r *reading, factor float64) {
	s.addPerson(r, factor)
	s.addWords(r, factor)
	if r.generated {
		s.addScaled("generated-name", factor, "the name ends in generated characters")
	}
	if r.segments >= 3 && r.person == personNone && !s.lookedAfter(r) {
		s.addScaled("many-segments", factor, fmt.Sprintf("the name has %d parts", r.segments))
	}
}

func (s *score) addWords(r *reading, factor float64) {
	if strong := r.quoted(classStrong); len(strong) > 0 {
		s.addScaled("strong-word", factor, strong[0]+" in the name")
		if len(strong) > 1 {
			s.addScaled("more-strong-words", factor*float64(len(strong)-1), strings.Join(strong[1:], ", ")+" in the name too")
		}
	}
	for _, x := range thingWords {
		if things := r.quoted(x.class); len(things) > 0 && !s.lookedAfter(r) {
			s.addScaled(x.signal, factor, strings.Join(things, ", ")+" in the name")
		}
	}
	if emergency := r.quoted(classBreakGlass); len(emergency) > 0 {
		s.add("break-glass", strings.Join(emergency, ", ")+" in the name")
	}
	if jobs := r.quoted(classJob); len(jobs) > 0 && !r.endsInSoftware() {
		signal := "job-word"
		if s.kind == TypeRole {
			signal = "job-role"
		}
		s.add(signal, strings.Join(jobs, ", ")+" in the name: what people are")
	}
}

// lookedAfter reports whether the things in a role's name are what people with
// the job in its name look after: cargo-admin, prod-readonly.
func (s *score) lookedAfter(r *reading) bool { return s.kind == TypeRole && r.has(classJob) }

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
	if s.kind == TypeRole && r.person == personGiven {
		factor *= givenRoleShare
	}
	s.addScaled(string(r.person), factor, r.personFact)
}
