package mcpserver

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
)

// maxChangeLines is how many lines of one kind a text about a change has.
const maxChangeLines = 8

// line is say for what a person decides by: an ARN with a long path is whole.
func line(format string, args ...string) string {
	printable := make([]any, len(args))
	for i, arg := range args {
		printable[i] = cut(render.Printable(arg), maxName)
	}
	return fmt.Sprintf(format, printable...)
}

// stepLines say what will be done, call by call.
func stepLines(steps []manage.Step) []string {
	first, more := firstOf(steps, maxChangeLines)
	lines := []string{counted(len(steps), "call", "calls") + " of AWS:"}
	for _, s := range first {
		lines = append(lines, line("- %s (%s)", s.Does, s.Action))
	}
	return addMore(lines, more, "call", "calls")
}

// effectLines say who can do more or less after a change.
func effectLines(effects []manage.Effect) []string {
	if len(effects) == 0 {
		return nil
	}
	first, more := firstOf(effects, maxChangeLines)
	lines := []string{"What it changes, before → after:"}
	for _, e := range first {
		lines = append(lines, line("- %s: ", e.ARN)+strings.Join(render.EffectLines(&e), "; "))
	}
	return addMore(lines, more, "user or role", "users and roles")
}

// riskLines say what to think of, and first what is gravest: a policy with many small
// faults must not hide what it makes.
func riskLines(word string, risks []manage.Risk) []string {
	ordered := slices.Clone(risks)
	slices.SortStableFunc(ordered, func(a, b manage.Risk) int { return cmp.Compare(gravity(a.Code), gravity(b.Code)) })
	first, more := firstOf(ordered, maxChangeLines)
	var lines []string
	for _, r := range first {
		lines = append(lines, line("%s: %s", word, r.Message))
	}
	return addMore(lines, more, "risk", "risks")
}

// gravity is less for what is graver.
func gravity(code manage.RiskCode) int {
	grave := []manage.RiskCode{manage.RiskAdmin, manage.RiskPublic, manage.RiskEscalation, manage.RiskSelf, manage.RiskUnjudged, manage.RiskCredential}
	switch i := slices.Index(grave, code); {
	case i >= 0:
		return i
	case code == manage.RiskPolicy || code == manage.RiskTrust:
		return len(grave) + 1
	}
	return len(grave)
}
