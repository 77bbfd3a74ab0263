package render

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

// How many lines of each sort there are, and how many names a line has.
const (
	maxDangerLines = 8
	maxGapLines    = 6
	maxNames       = 4
)

// identityCommand says more of one identity.
const identityCommand = "`nhiscan identity NAME`"

// attention writes what to look at first.
func (p *printer) attention(s *Scan) {
	lines := attentionLines(s, identityCommand)
	if len(lines) == 0 {
		return
	}
	p.heading("Look at first")
	label := 0
	for _, l := range lines {
		label = max(label, width(l.label))
	}
	for _, l := range lines {
		p.item(l.label, l.paint, label, l.text)
	}
}

// An attentionLine is one line of the summary; its text is printable.
type attentionLine struct {
	label string
	paint color
	text  string
}

// attentionLines are the dangers, what people and workloads share, what is
// undecided and what would decide it, and what could not be read. Details names
// what says more of one identity.
func attentionLines(s *Scan, details string) []attentionLine {
	return append(findingLines(s, details), gapLines(s.AllGaps())...)
}

func findingLines(s *Scan, details string) []attentionLine {
	return slices.Concat(dangerLines(s, details), mixedLine(s), uncertainLine(s))
}

func dangerLines(s *Scan, details string) []attentionLine {
	var lines []attentionLine
	findings := s.Findings()
	for i, f := range findings {
		if i == maxDangerLines || !f.Danger.Severity.AtLeast(trust.SeverityHigh) {
			lines = append(lines, restOfDangers(findings[i:], details))
			break
		}
		lines = append(lines, attentionLine{
			label: Printable(string(f.Danger.Severity)),
			paint: severityColor(f.Danger.Severity),
			text:  sprintf("role %s: %s", f.Identity.Name, f.Danger.Message),
		})
	}
	return lines
}

// restOfDangers is the one line for those without a line of their own.
func restOfDangers(rest []Finding, details string) attentionLine {
	var parts []string
	for _, severity := range trust.Severities() {
		n := 0
		var names []string
		for _, f := range rest {
			if f.Danger.Severity != severity {
				continue
			}
			n++
			if !slices.Contains(names, f.Identity.Name) {
				names = append(names, f.Identity.Name)
			}
		}
		if n > 0 {
			parts = append(parts, sprintf("%s %s (%s)", strconv.Itoa(n), string(severity), listSome(names, maxNames)))
		}
	}
	return attentionLine{
		label: "more",
		text: fmt.Sprintf("%s in trust policies: %s; %s says what and how to fix it",
			plural(len(rest), "danger"), strings.Join(parts, ", "), details),
	}
}

// mixedLine names what people and workloads share without need: end users of a
// pool, the organization's administrators and everyone else come with the role.
func mixedLine(s *Scan) []attentionLine {
	names := namesOf(s, func(id *nhi.Identity) bool {
		switch id.Category {
		case nhi.CategoryCognito, nhi.CategoryOrganizationAdmin, nhi.CategoryPublic:
			return false
		}
		return id.Verdict == nhi.Mixed
	})
	if len(names) == 0 {
		return nil
	}
	return []attentionLine{{"mixed", verdictColor(nhi.Mixed),
		sprintf("people and workloads share %s: give each its own", listSome(names, maxNames))}}
}

func uncertainLine(s *Scan) []attentionLine {
	names := namesOf(s, func(id *nhi.Identity) bool { return id.Verdict == nhi.Uncertain })
	if len(names) == 0 {
		return nil
	}
	text := sprintf("%s could not be decided (%s)", plural(len(names), "identity"), listSome(names, maxNames))
	unseen := map[string]int{}
	for _, id := range s.Identities {
		if id.Verdict == nhi.Uncertain {
			for _, what := range id.Unseen {
				unseen[what]++
			}
		}
	}
	if len(unseen) == 0 {
		text += ": a tag that says what they are for would settle it"
	} else {
		order := slices.SortedFunc(maps.Keys(unseen), func(a, b string) int {
			return cmp.Or(cmp.Compare(unseen[b], unseen[a]), cmp.Compare(a, b))
		})
		text += sprintf("; not seen of them: %s", listSome(order, maxNames))
	}
	return []attentionLine{{"uncertain", verdictColor(nhi.Uncertain), text}}
}

func namesOf(s *Scan, wanted func(*nhi.Identity) bool) []string {
	var names []string
	for _, id := range s.Identities {
		if wanted(id) {
			names = append(names, id.Name)
		}
	}
	return names
}
