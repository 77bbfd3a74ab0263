package trust

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A denial is a Deny statement about assuming the role.
type denial struct {
	statement  int
	actions    actions
	principals []principal
	not        bool // NotPrincipal: everyone but the principals
	// notServices says that the statement leaves calls by AWS services alone.
	notServices bool
	conditions  []policydoc.Condition
}

func denials(doc *policydoc.Document) []denial {
	var list []denial
	for i := range doc.Statements {
		s := &doc.Statements[i]
		if s.Effect != policydoc.Deny {
			continue
		}
		d := denial{statement: i + 1, actions: statementActions(s), not: s.NotPrincipal != nil}
		if d.actions == 0 {
			continue
		}
		d.readConditions(s.Conditions)
		collect := func(_ string, p principal) { d.principals = append(d.principals, p) }
		eachPrincipal(s.Principal, collect)
		eachPrincipal(s.NotPrincipal, collect)
		list = append(list, d)
	}
	return list
}

// readConditions sets aside aws:PrincipalIsAWSService = false: it holds for every
// user and role, and is written beside other conditions to let services through.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice.
func (d *denial) readConditions(list []policydoc.Condition) {
	for _, c := range list {
		op := parseOperator(c.Operator)
		if op.base == "bool" && strings.EqualFold(c.Key, "aws:PrincipalIsAWSService") &&
			len(c.Values) == 1 && strings.EqualFold(c.Values[0], "false") {
			d.notServices = true
			continue
		}
		d.conditions = append(d.conditions, c)
	}
}

// coverage says how many of the callers that a principal stands for another covers.
type coverage int

const (
	coversNone coverage = iota
	coversSome
	coversAll
)

// applyDenials takes from the path what the Deny statements forbid: a Deny
// without conditions closes it, and one with a single condition is a demand that
// the condition does not hold. What fits neither is noted.
func (w *way) applyDenials(list []denial) {
	allowed := w.actions
	for _, d := range list {
		if d.actions&w.actions == 0 || d.notServices && w.principal.form == formService {
			continue
		}
		switch cover := d.covers(w.principal); {
		case cover == coversNone:
		case cover == coversAll && len(d.conditions) == 0:
			allowed &^= d.actions
		case !w.addDemand(d, cover):
			w.PartlyDenied = append(w.PartlyDenied, d.statement)
		}
	}
	if allowed == 0 {
		w.Denied = true
		return
	}
	w.actions = allowed
}

// addDemand turns the only condition of a Deny that is about all of the path
// into a condition of the path, and reports whether it could.
func (w *way) addDemand(d denial, cover coverage) bool {
	if cover != coversAll || w.actions&^d.actions != 0 || len(d.conditions) != 1 {
		return false
	}
	c, ok := invert(d.conditions[0])
	if ok && !slices.ContainsFunc(w.Conditions, func(have policydoc.Condition) bool { return sameCondition(have, c) }) {
		w.Conditions = append(w.Conditions, c)
	}
	return ok
}

func sameCondition(a, b policydoc.Condition) bool {
	return a.Operator == b.Operator && strings.EqualFold(a.Key, b.Key) && slices.Equal(a.Values, b.Values)
}

func (d denial) covers(p principal) coverage {
	if d.not {
		return d.coversRest(p)
	}
	best := coversNone
	for _, each := range d.principals {
		best = max(best, each.covers(p))
	}
	return best
}

// covers says how many of the callers that q stands for the principal p of a
// Deny covers. An account covers everyone in it, a role its sessions.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
func (p principal) covers(q principal) coverage {
	switch {
	case p.form == formAnyone:
		return coversAll
	case q.form == formAnyone || q.form == formNotPrincipal:
		return coversSome
	case p.account == "" || q.account == "":
		return p.coversUnlike(q)
	case p.account != q.account:
		return coversNone
	case p.form == formAccount || p.sameName(q) && (p.form == q.form || p.form == formRole && q.form == formAssumedRole):
		return coversAll
	case q.form == formAccount || p.form == formAssumedRole && q.form == formRole && p.name == q.name:
		return coversSome
	}
	return coversNone
}

// coversUnlike is covers for principals that are not both of an AWS account.
func (p principal) coversUnlike(q principal) coverage {
	switch {
	case p.form == q.form && strings.EqualFold(p.value, q.value):
		return coversAll
	case p.form == formAnyFederated && q.form == formFederated, p.form == formService && q.form == formService && p.value == "*":
		return coversAll
	case p.form == formFederated && q.form == formAnyFederated, p.form == formService && q.form == formService && q.value == "*":
		return coversSome
	}
	return coversNone
}

// sameName compares by name: names are unique in an account whatever the path.
func (p principal) sameName(q principal) bool {
	return p.name == q.name && (p.session == q.session || p.form == formRole)
}

// coversRest is covers for a Deny with NotPrincipal. Such a statement lists the
// account beside each of its principals that is let through, so that the account
// alone does not save another principal of it.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html.
func (d denial) coversRest(q principal) coverage {
	if q.form == formAnyone || q.form == formAnyFederated || q.form == formNotPrincipal {
		return coversSome
	}
	cover := coversAll
	specific := slices.ContainsFunc(d.principals, func(p principal) bool {
		return p.account != "" && p.account == q.account && p.form != formAccount
	})
	for _, except := range d.principals {
		switch except.covers(q) {
		case coversAll:
			beside := except.form == formAccount && specific
			if except.form != formAccount || q.form == formAccount && !beside {
				return coversNone
			}
			if !beside || q.form == formAccount {
				cover = min(cover, coversSome)
			}
		case coversSome:
			cover = min(cover, coversSome)
		}
	}
	return cover
}
