package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/permissions"
)

// How many of an identity's paths are told hop by hop, and how many by name.
const (
	maxPaths      = 5
	maxNamedPaths = 12
)

// escalations tells the ways to administrator access hop by hop, and names the
// other paths.
func (p *printer) escalations(id *Identity) {
	all := escalationsOf(id.Permissions)
	if len(all) == 0 {
		return
	}
	best := shortest(id.Permissions)
	var others []*permissions.Escalation
	told := 0
	if best != nil {
		p.heading("How it can become administrator")
		told++
		p.escalation(told, best, id)
	}
	for _, e := range all {
		switch {
		case e == best:
		case e.Admin && told < maxPaths:
			told++
			p.escalation(told, e, id)
		default:
			others = append(others, e)
		}
	}
	p.otherPaths(others)
}

// escalation tells one path: what is done in each hop and which statements allow it.
func (p *printer) escalation(number int, e *permissions.Escalation, id *Identity) {
	p.item(fmt.Sprintf("%d.", number), bold, 2, pathTitle(e))
	for i := range e.Hops {
		h := &e.Hops[i]
		if e.HopsLeftOut > 0 && i == len(e.Hops)-1 {
			p.item("", plain, 2, leftOutText(e))
		}
		p.item("", plain, 2, sprintf("%s %s%s.", shortName(h.From), strings.TrimSuffix(h.Sentence, "."), ifKeys(h.Keys)))
		for _, g := range h.Grants {
			p.item("", plain, 4, sprintf("%s on %s: %s", g.Action, g.Resource, matchText(g.Match, h.From, id.Line)))
		}
	}
	for _, need := range e.Needs {
		p.item("", plain, 4, sprintf("Not seen in IAM: %s", need))
	}
	if n := e.TargetCount - len(e.Targets); n > 0 || len(e.Targets) > 1 {
		p.item("", plain, 2, "It works on "+targetsText(e)+".")
	}
}

// pathTitle is what a path is called, how long it is and how sure.
func pathTitle(e *permissions.Escalation) string {
	title := sprintf("%s (%s)", e.Path.Name, e.Path.ID)
	if n := e.HopCount(); n > 1 {
		title += fmt.Sprintf(", %d hops", n)
	}
	if !e.Certain() {
		title += ", perhaps"
	}
	return title
}

// shortName is the subject of a sentence: "user ada".
func shortName(arn string) string {
	if arn == "" {
		return "it"
	}
	return entityText(arn)
}

func targetsText(e *permissions.Escalation) string {
	names := make([]string, len(e.Targets))
	for i, arn := range e.Targets {
		names[i] = entityText(arn)
	}
	shown := min(len(names), maxNames)
	text := strings.Join(names[:shown], ", ")
	if rest := max(e.TargetCount, len(names)) - shown; rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}

// otherPaths names those that lead elsewhere, and the admin ones beyond the told.
func (p *printer) otherPaths(list []*permissions.Escalation) {
	if len(list) == 0 {
		return
	}
	p.heading("Other ways to more permissions")
	for i, e := range list {
		if i == maxNamedPaths {
			p.item("", plain, 0, fmt.Sprintf("and %d more: --format json lists all", len(list)-i))
			return
		}
		text := pathTitle(e)
		if e.Admin {
			text += ", to administrator access"
		}
		if len(e.Targets) > 0 {
			text += ": " + targetsText(e)
		}
		p.item("-", plain, 1, text+ifKeys(e.Keys))
	}
}

// leftOutText stands for the hops that an escalation leaves out.
func leftOutText(e *permissions.Escalation) string {
	return plural(e.HopsLeftOut, "more hop") + " like these"
}

// wayText tells a way to administrator access in one line, hop after hop.
func wayText(e *permissions.Escalation) string {
	parts := make([]string, len(e.Hops))
	for i := range e.Hops {
		parts[i] = Printable(strings.TrimSuffix(e.Hops[i].Sentence, "."))
	}
	if n := len(parts) - 1; e.HopsLeftOut > 0 {
		parts = slices.Insert(parts, n, leftOutText(e))
	}
	text := strings.Join(parts, ", then ")
	if text == "" && e.Path != nil {
		text = Printable(e.Path.Name)
	}
	return text + ifKeys(e.Keys)
}
