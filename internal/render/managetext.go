package render

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/permissions"
)

// PlanText writes what a change will do, what that changes for whom, and what
// speaks against it. It needs a plan.
func PlanText(w io.Writer, c *Change, style Style) error {
	p := newPrinter(w, style)
	p.plan(c)
	return p.flush()
}

// ResultText writes what became of each call, and what was created.
func ResultText(w io.Writer, c *Change, style Style) error {
	p := newPrinter(w, style)
	p.result(c)
	return p.flush()
}

func (p *printer) plan(c *Change) {
	p.raw(p.style.paint(bold, Printable(capital(c.Plan.Summary))))
	p.item("account", faint, labelWidth, Printable(c.AccountID))
	p.item("target", faint, labelWidth, Printable(c.Plan.Target))
	p.item("changed by", faint, labelWidth, Printable(c.Caller))
	if len(c.Plan.Steps) > 0 {
		p.raw("")
		p.writeTable(stepColumns(c.steps(), false))
	}
	p.effects(c.Plan.Effects)
	p.objections("Think of this first", c.Plan.Risks, yellow)
	p.objections("Refused", c.Plan.Refusals, red)
	if len(c.Plan.Notes) > 0 {
		p.heading("Notes")
		for _, note := range c.Plan.Notes {
			p.item("-", faint, 1, Printable(note))
		}
	}
	if c.Plan.Destructive && len(c.Plan.Steps) > 0 && !c.Plan.Refused() {
		p.raw("")
		p.raw("This cannot be undone.")
	}
}

func (p *printer) result(c *Change) {
	if c.Result == nil {
		return
	}
	p.raw("")
	p.writeTable(stepColumns(c.Result.Steps, true))
	p.raw("")
	p.sentence(c.outcome(), statusColor(c.Status))
	created := c.Result
	for _, row := range [][2]string{{"arn", created.ARN}, {"id", created.ID}, {"version", created.VersionID}} {
		if row[1] != "" {
			p.item(row[0], faint, labelWidth, Printable(row[1]))
		}
	}
	p.accessKey(created.AccessKey, c.RevealSecret)
}

func (p *printer) accessKey(k *manage.NewAccessKey, reveal bool) {
	if k == nil {
		return
	}
	p.item("access key", faint, labelWidth, sprintf("%s of user %s", k.ID, k.UserName))
	if k.KeptIn != "" {
		p.item("secret", faint, labelWidth, sprintf("in %s, readable by you alone", k.KeptIn))
	}
	if reveal {
		p.item("secret", faint, labelWidth, Printable(k.Secret.Reveal()))
		p.item("", faint, labelWidth, "AWS shows it this once.")
	}
}

// outcome says in a sentence how far the change came.
func (c *Change) outcome() string {
	r := c.Result
	failed := r.Failed()
	switch {
	case c.Status == ChangeDone:
		text := "Done: " + plural(r.Count(manage.StepDone), "call")
		if n := r.Count(manage.StepSkipped); n > 0 {
			text += fmt.Sprintf(", %d not needed: gone already", n)
		}
		return text + "."
	case failed == nil:
		return fmt.Sprintf("Interrupted: %s.", howFar(r))
	case failed.Status == manage.StepUnknown && failed.Repeatable():
		return sprintf("Not known: whether AWS did this: %s. %s.", failed.Does, capital(howFar(r)))
	case failed.Status == manage.StepUnknown:
		return sprintf("Not known: whether AWS did this: %s. Look at %s before you try again. %s.", failed.Does, failed.Resource, capital(howFar(r)))
	}
	return sprintf("Failed: %s. %s.", failed.Does, capital(howFar(r)))
}

// howFar counts what was done and what is left.
func howFar(r *manage.Result) string {
	done, left := r.Count(manage.StepDone)+r.Count(manage.StepSkipped), r.Count(manage.StepRemaining)
	text := fmt.Sprintf("%d of %s done", done, plural(len(r.Steps), "call"))
	if done == 0 && r.Count(manage.StepUnknown) == 0 {
		text = "nothing was changed"
	}
	if left > 0 {
		text += fmt.Sprintf(", %d not tried", left)
	}
	return text
}

// stepColumns are a plan's calls; with their status when they were tried.
func stepColumns(steps []manage.StepResult, tried bool) []*column {
	n := len(steps)
	number := &column{title: "#", cells: make([]string, n), right: true}
	action := &column{title: "ACTION", cells: make([]string, n), least: 16, most: 40}
	does := &column{title: "WHAT IT DOES", cells: make([]string, n), least: 24, most: 60, wraps: true}
	status := &column{title: "STATUS", cells: make([]string, n), colors: make([]color, n)}
	for i := range steps {
		s := &steps[i]
		number.cells[i] = strconv.Itoa(i + 1)
		action.cells[i] = Printable(s.Action)
		does.cells[i] = Printable(s.Does)
		status.cells[i], status.colors[i] = stepStatus(s)
	}
	if !tried {
		return []*column{number, action, does}
	}
	return []*column{number, action, does, status}
}

func stepStatus(s *manage.StepResult) (string, color) {
	switch s.Status {
	case manage.StepDone:
		return "done", green
	case manage.StepSkipped:
		return "gone already", faint
	case manage.StepFailed:
		return "failed" + codeOf(s.Err), red
	case manage.StepUnknown:
		return "not known" + codeOf(s.Err), yellow
	case manage.StepRemaining:
		return "not tried", yellow
	}
	return Printable(string(s.Status)), plain
}

// codeOf is AWS's code of an error behind a colon; empty when there is none.
func codeOf(err error) string {
	var aws *collect.Error
	if errors.As(err, &aws) && aws.Code != "" {
		return sprintf(": %s", aws.Code)
	}
	return ""
}

func statusColor(s ChangeStatus) color {
	switch s {
	case ChangeDone:
		return green
	case ChangeFailed, ChangeRefused:
		return red
	case ChangeInterrupted, ChangeSkipped, ChangeDeclined:
		return yellow
	}
	return plain
}

// objections writes risks or refusals.
func (p *printer) objections(title string, list []manage.Risk, paint color) {
	if len(list) == 0 {
		return
	}
	p.heading(title)
	longest := 0
	for _, r := range list {
		longest = max(longest, width(Printable(string(r.Code))))
	}
	for _, r := range list {
		p.item(Printable(string(r.Code)), paint, longest, Printable(r.Message))
	}
}

// effects writes what users and roles could do before, and can after.
func (p *printer) effects(effects []manage.Effect) {
	if len(effects) == 0 {
		return
	}
	p.heading("What it changes: before → after")
	longest := 0
	for i := range effects {
		longest = max(longest, min(30, width(entityText(effects[i].ARN))))
	}
	for i := range effects {
		label := entityText(effects[i].ARN)
		for _, line := range EffectLines(&effects[i]) {
			p.item(label, plain, longest, line)
			label = ""
		}
	}
}

// EffectLines are printable lines about what differs.
func EffectLines(e *manage.Effect) []string {
	var lines []string
	differs := func(what, before, after string) {
		if before != after {
			lines = append(lines, what+": "+before+" → "+after)
		}
	}
	differs("administrator", adminWord(e.Before.Admin), adminWord(e.After.Admin))
	differs("access", levelWord(e.Before.AccessLevel), levelWord(e.After.AccessLevel))
	differs("actions", Thousands(e.Before.Actions), Thousands(e.After.Actions))
	if opened := without(e.After.Escalations, e.Before.Escalations); len(opened) > 0 {
		lines = append(lines, sprintf("ways to more permissions, new: %s", listSome(opened, 6)))
	}
	if closed := without(e.Before.Escalations, e.After.Escalations); len(closed) > 0 {
		lines = append(lines, sprintf("ways to more permissions, closed: %s", listSome(closed, 6)))
	}
	if len(lines) == 0 {
		lines = []string{"the conditions or resources of what it can do"}
	}
	return lines
}

func adminWord(kind permissions.AdminKind) string {
	switch kind {
	case permissions.AdminNo:
		return "no"
	case permissions.AdminDirect:
		return "yes"
	case permissions.AdminSelf:
		return "can make itself one"
	}
	return Printable(string(kind))
}

// without returns those of list that are not in others.
func without(list, others []string) []string {
	var out []string
	for _, x := range list {
		if !slices.Contains(others, x) {
			out = append(out, x)
		}
	}
	return out
}

// capital makes of text a sentence's beginning.
func capital(text string) string {
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}
