package render

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/nhiscan/nhiscan/manage"
)

// ApplySchema is the name of the JSON document that AppliedJSON writes.
const ApplySchema = "nhiscan/apply/v1"

// An Applied is a plan file that was looked at, and perhaps applied.
type Applied struct {
	Time              time.Time
	AccountID, Caller string
	Changes           []*AppliedChange
}

// An AppliedChange is one change of a plan file.
type AppliedChange struct {
	Change
	// Reason and UnusedSince are what the file says.
	Reason      string
	UnusedSince time.Time
	// Skipped says why it is not made any more; empty unless it is skipped.
	Skipped string
}

type wireApplied struct {
	Schema    string              `json:"schema"`
	Time      stamp               `json:"time"`
	AccountID string              `json:"account_id"`
	Caller    string              `json:"caller"`
	Summary   map[string]int      `json:"summary"`
	Changes   []wireAppliedChange `json:"changes"`
}

type wireAppliedChange struct {
	Reason         string     `json:"reason"`
	UnusedSince    stamp      `json:"unused_since"`
	SkippedBecause string     `json:"skipped_because"`
	Change         wireChange `json:"change"`
}

// ChangeStatuses are all that a change can end as.
func ChangeStatuses() []ChangeStatus {
	return []ChangeStatus{ChangePlanned, ChangeRefused, ChangeUnchanged, ChangeDeclined, ChangeDone, ChangeFailed, ChangeInterrupted, ChangeSkipped}
}

// Count returns how many changes have the status.
func (a *Applied) Count(status ChangeStatus) int {
	n := 0
	for _, c := range a.Changes {
		if c.Status == status {
			n++
		}
	}
	return n
}

// AppliedJSON writes the document of schema/apply-v1.json.
func AppliedJSON(w io.Writer, a *Applied) error {
	doc := wireApplied{
		Schema: ApplySchema, Time: stamp(a.Time), AccountID: a.AccountID, Caller: a.Caller,
		Summary: map[string]int{}, Changes: make([]wireAppliedChange, len(a.Changes)),
	}
	for _, status := range ChangeStatuses() {
		doc.Summary[string(status)] = a.Count(status)
	}
	for i, c := range a.Changes {
		doc.Changes[i] = wireAppliedChange{c.Reason, stamp(c.UnusedSince), c.Skipped, newWireChange(&c.Change)}
	}
	return writeJSON(w, &doc)
}

// PlansText writes what each change of a plan file will do.
func PlansText(w io.Writer, a *Applied, style Style) error {
	p := newPrinter(w, style)
	p.raw(p.style.paint(bold, sprintf("%s for account %s, made by %s", plural(len(a.Changes), "change"), a.AccountID, a.Caller)))
	for i, c := range a.Changes {
		p.raw("")
		p.numbered(i+1, c)
	}
	return p.flush()
}

// numbered writes one change of many.
func (p *printer) numbered(n int, c *AppliedChange) {
	title := c.words()
	if c.Plan != nil {
		title = Printable(capital(c.Plan.Summary))
	}
	p.raw(p.style.paint(bold, strconv.Itoa(n)+". "+title))
	if c.Reason != "" {
		p.item("why", faint, labelWidth, Printable(c.Reason))
	}
	switch {
	case c.Skipped != "":
		p.item("skipped", yellow, labelWidth, Printable(c.Skipped))
	case c.Err != nil:
		p.item("failed", red, labelWidth, sprintf("%s", c.Err))
	case c.Plan != nil:
		p.planInShort(c.Plan)
	}
}

func (p *printer) planInShort(plan *manage.Plan) {
	label := "calls"
	for i := range plan.Steps {
		p.item(label, faint, labelWidth, sprintf("%s: %s", plan.Steps[i].Action, plan.Steps[i].Does))
		label = ""
	}
	if len(plan.Steps) == 0 {
		p.item("calls", faint, labelWidth, "none: nothing is to be done")
	}
	label = "changes"
	for i := range plan.Effects {
		for _, line := range EffectLines(&plan.Effects[i]) {
			p.item(label, faint, labelWidth, entityText(plan.Effects[i].ARN)+", "+line)
			label = ""
		}
	}
	for _, r := range plan.Risks {
		p.item("think of", yellow, labelWidth, sprintf("%s (%s)", r.Message, string(r.Code)))
	}
	for _, r := range plan.Refusals {
		p.item("refused", red, labelWidth, sprintf("%s (%s)", r.Message, string(r.Code)))
	}
	for _, note := range plan.Notes {
		p.item("note", faint, labelWidth, Printable(note))
	}
}

func (c *AppliedChange) words() string {
	command, arguments := ChangeWords(c.Change.Change)
	return command + " " + arguments
}

// AppliedText writes what became of each change of a plan file, and counts them.
func AppliedText(w io.Writer, a *Applied, style Style) error {
	p := newPrinter(w, style)
	n := len(a.Changes)
	number := &column{title: "#", cells: make([]string, n), right: true}
	change := &column{title: "CHANGE", cells: make([]string, n), least: 24, most: 60, wraps: true}
	status := &column{title: "STATUS", cells: make([]string, n), colors: make([]color, n)}
	why := &column{title: "WHY", cells: make([]string, n), least: 20, wraps: true}
	for i, c := range a.Changes {
		number.cells[i], change.cells[i] = strconv.Itoa(i+1), c.words()
		status.cells[i], status.colors[i] = string(c.Status)+codeOf(c.Err), statusColor(c.Status)
		why.cells[i] = c.why()
	}
	if n > 0 {
		p.raw("")
		p.writeTable([]*column{number, change, status, why})
	}
	p.raw("")
	p.sentence(a.outcome(), plain)
	for _, c := range a.Changes {
		if c.Result != nil {
			p.accessKey(c.Result.AccessKey, c.RevealSecret)
		}
	}
	return p.flush()
}

// why says in a table's cell why a change was not made.
func (c *AppliedChange) why() string {
	switch {
	case c.Skipped != "":
		return Printable(c.Skipped)
	case c.Status == ChangeRefused && c.Plan != nil && len(c.Plan.Refusals) > 0:
		return Printable(c.Plan.Refusals[0].Message)
	case c.Result != nil && c.Status != ChangeDone:
		return howFar(c.Result)
	case c.Err != nil:
		return sprintf("%s", c.Err)
	}
	return "-"
}

// outcome counts what became of the changes.
func (a *Applied) outcome() string {
	first, word := ChangeDone, "Done"
	if a.Count(ChangePlanned) > 0 && a.Count(ChangeDone) == 0 {
		first, word = ChangePlanned, "Planned"
	}
	text := fmt.Sprintf("%s: %d of %s", word, a.Count(first), plural(len(a.Changes), "change"))
	for _, s := range ChangeStatuses() {
		if n := a.Count(s); n > 0 && s != first {
			text += fmt.Sprintf(", %d %s", n, s)
		}
	}
	return text + "."
}
