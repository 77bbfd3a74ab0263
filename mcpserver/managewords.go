package mcpserver

import (
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
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
	lines := []string{"What it changes:"}
	for _, e := range first {
		lines = append(lines, line("- %s: %s", e.ARN, difference(e.Before, e.After)))
	}
	return addMore(lines, more, "user or role", "users and roles")
}

// difference says what differs between two powers.
func difference(before, after manage.Power) string {
	var parts []string
	add := func(what, was, is string) {
		if was != is {
			parts = append(parts, what+" "+was+" → "+is)
		}
	}
	add("administrator", adminWords(before.Admin), adminWords(after.Admin))
	add("access level", levelWords(before.AccessLevel), levelWords(after.AccessLevel))
	add("allowed actions", say("%d", before.Actions), say("%d", after.Actions))
	add("ways to more permissions", waysWords(before.Escalations), waysWords(after.Escalations))
	if len(parts) == 0 {
		return "conditions or resources differ"
	}
	return strings.Join(parts, "; ")
}

func adminWords(kind permissions.AdminKind) string {
	if kind == permissions.AdminNo {
		return "no"
	}
	return string(kind)
}

func levelWords(level policydoc.AccessLevel) string {
	if level == policydoc.LevelUnknown {
		return "none"
	}
	return string(level)
}

func waysWords(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	return strings.Join(ids, ", ")
}

// riskLines say what to think of.
func riskLines(word string, risks []manage.Risk) []string {
	first, more := firstOf(risks, maxChangeLines)
	var lines []string
	for _, r := range first {
		lines = append(lines, line("%s: %s", word, r.Message))
	}
	return addMore(lines, more, "risk", "risks")
}
