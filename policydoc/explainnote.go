package policydoc

import (
	"slices"
	"strings"
)

// notes says what of a statement is easily overlooked.
func notes(doc *Document, s *Statement) []string {
	var notes []string
	add := func(applies bool, note string) {
		if applies && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	add(doc.Version != Version2012 && hasVariables(s), "Policy variables are taken literally here, because the Version is not 2012-10-17.")
	add(s.Effect == Allow && s.NotActions != nil, "NotAction allows everything that it does not name, in all services, and what AWS adds later.")
	add(s.Effect == Deny && s.NotActions != nil, "The Deny covers everything that NotAction does not name, and what AWS adds later; naming an action there does not allow it.")
	add(s.Effect == Allow && s.NotResources != nil, "NotResource allows every resource that it does not name, those to come included.")
	add(s.Effect == Allow && s.NotPrincipal != nil, "NotPrincipal with Allow lets in everyone that it does not name, anonymous callers included.")
	add(s.Effect == Allow && isPublic(s.Principal), "Everyone means every AWS account and, where the service takes them, callers without credentials.")
	for i := range s.Conditions {
		for _, note := range conditionNotes(s, &s.Conditions[i]) {
			add(true, note)
		}
	}
	for _, note := range unknownActions(s) {
		add(true, note)
	}
	return notes
}

func isPublic(p *Principal) bool {
	return p != nil && (p.Everyone || slices.Contains(p.AWS, "*"))
}

func hasVariables(s *Statement) bool {
	has := func(value string) bool { return strings.Contains(value, "${") }
	return slices.ContainsFunc(s.Resources, has) || slices.ContainsFunc(s.NotResources, has) ||
		slices.ContainsFunc(s.Conditions, func(c Condition) bool { return slices.ContainsFunc(c.Values, has) })
}

// conditionNotes says what a condition makes of a request that lacks its key.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html.
func conditionNotes(s *Statement, c *Condition) []string {
	o := parseOperator(c.Operator)
	key := word(c.Key)
	applies := "The statement applies"
	if s.Effect == Deny {
		applies = "The Deny applies"
	}
	switch {
	case o.base == "" || o.base == "Null":
		return nil
	case o.qualifier == "ForAllValues":
		return []string{applies + " also to requests without " + key + ", since ForAllValues is true of no values."}
	case o.ifExists:
		return []string{applies + " also to requests without " + key + ", because of IfExists."}
	case o.kind().negated && o.qualifier == "":
		return []string{applies + " also to requests without " + key + ", since " + o.base + " is true of a missing key."}
	case s.Effect == Deny && o.base == "Bool" && strings.EqualFold(c.Key, "aws:MultiFactorAuthPresent"):
		return []string{"Requests signed with long-term access keys have no aws:MultiFactorAuthPresent, so the Deny does not reach them; BoolIfExists does."}
	}
	return nil
}

// unknownActions names the actions that the catalogue does not have.
func unknownActions(s *Statement) []string {
	var unknown []string
	for _, pattern := range slices.Concat(s.Actions, s.NotActions) {
		if isStars(pattern) || strings.ContainsAny(pattern, "*?") {
			continue
		}
		if _, ok := LookupAction(pattern); !ok {
			unknown = append(unknown, word(pattern))
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	return []string{"The catalogue does not know " + someOf(unknown, maxPatternsNamed, "or") + "."}
}
