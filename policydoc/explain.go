package policydoc

import (
	"fmt"
	"slices"
	"strings"
)

// An Explanation is what a document says, in sentences. Texts of the document are
// in double quotes with control characters escaped, unless they are plain words.
type Explanation struct {
	// Summary is one sentence about the whole document.
	Summary    string
	Statements []StatementExplanation
}

// A StatementExplanation is what one statement says.
type StatementExplanation struct {
	// Statement is the number of the statement, from 1; SID its name as written.
	Statement int
	SID       string
	Effect    Effect
	// Sentence is the whole statement in words.
	Sentence string
	// Actions counts the actions of the catalogue that it covers, by access level.
	Actions map[AccessLevel]int
	// Notes are what is easily overlooked, one sentence each.
	Notes []string
}

// Explain says in plain words what a document allows and denies. It looks at the
// document alone: whether a request is allowed depends on others too.
func Explain(doc *Document) Explanation {
	var e Explanation
	for i := range doc.Statements {
		e.Statements = append(e.Statements, explainStatement(doc, i))
	}
	e.Summary = summary(doc)
	return e
}

func explainStatement(doc *Document, i int) StatementExplanation {
	s := &doc.Statements[i]
	e := StatementExplanation{Statement: i + 1, SID: s.SID, Effect: s.Effect, Actions: map[AccessLevel]int{}}
	actions := s.ActionSet()
	for _, level := range accessLevels {
		if n := actions.Common(ActionsOfLevel(level)); n > 0 {
			e.Actions[level] = n
		}
	}
	e.Sentence = sentence(s)
	e.Notes = notes(doc, s)
	return e
}

// sentence puts a statement into words:
//
//	Allows who to do what, on which resources, only if the conditions hold.
func sentence(s *Statement) string {
	who := principalWords(s)
	var b strings.Builder
	switch {
	case s.Effect == Deny && who == "":
		b.WriteString("Denies ")
	case s.Effect == Deny:
		b.WriteString("Forbids " + who + " to ")
	case who == "":
		b.WriteString("Allows ")
	default:
		b.WriteString("Allows " + who + " to ")
	}
	b.WriteString(actionWords(s, who != ""))
	b.WriteString(resourceWords(s))
	if words := conditionWords(s.Conditions); words != "" {
		if s.Effect == Deny {
			b.WriteString(", if ")
		} else {
			b.WriteString(", only if ")
		}
		b.WriteString(words)
	}
	b.WriteString(".")
	return b.String()
}

// summary says what all statements of a document together are about.
func summary(doc *Document) string {
	var parts []string
	for _, effect := range []Effect{Allow, Deny} {
		var actions ActionSet
		statements, conditional := 0, 0
		for i := range doc.Statements {
			s := &doc.Statements[i]
			if s.Effect != effect {
				continue
			}
			actions = actions.Union(s.ActionSet())
			statements++
			if len(s.Conditions) > 0 {
				conditional++
			}
		}
		if statements == 0 {
			continue
		}
		verb := "allows "
		if effect == Deny {
			verb = "denies "
		}
		parts = append(parts, verb+scopeWords(actions)+" in "+count(statements, "statement")+conditionalWords(statements, conditional))
	}
	if len(parts) == 0 {
		return "The policy has no statements and so allows and denies nothing."
	}
	return "The policy " + strings.Join(parts, ", and ") + "."
}

func conditionalWords(statements, conditional int) string {
	switch {
	case conditional == 0:
		return ""
	case conditional == statements && statements == 1:
		return " under conditions"
	case conditional == statements:
		return ", all under conditions"
	}
	return fmt.Sprintf(", %d of them under conditions", conditional)
}

// scopeWords says how many actions of which services a set holds and what the most
// powerful of them do.
func scopeWords(actions ActionSet) string {
	n := actions.Len()
	switch n {
	case 0:
		return "nothing that the catalogue knows"
	case AllActions().Len():
		return "every action of every service"
	}
	var services []string
	for service := range actions.Services() {
		services = append(services, shortName(service))
	}
	of := count(len(services), "service")
	if len(services) <= 3 {
		of = list(services, "and")
	}
	levels := levelNames(actions)
	return fmt.Sprintf("%s of %s (%s)", count(n, "action"), of, strings.Join(levels, ", "))
}

func levelNames(actions ActionSet) []string {
	var names []string
	for _, level := range slices.Backward(AccessLevels()) {
		if actions.Overlaps(ActionsOfLevel(level)) {
			names = append(names, string(level))
		}
	}
	return names
}
