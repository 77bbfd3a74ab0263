package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// maxDangerous is the number of lines that an identity's dangerous permissions have.
const maxDangerous = 16

// dangerous lists dangerous permissions, the worst first.
func (p *printer) dangerous(id *Identity) {
	list := mergeDangers(id.Permissions.Dangerous)
	if len(list) == 0 {
		return
	}
	p.heading("Dangerous permissions")
	last := policydoc.Severity("none")
	for i := range list {
		if i == maxDangerous {
			p.item("more", plain, len(policydoc.SeverityCritical), fmt.Sprintf("%s: --format json lists all", restText(list[i:])))
			return
		}
		d := &list[i]
		label := ""
		if d.Severity != last {
			label, last = Printable(string(d.Severity)), d.Severity
		}
		p.item(label, severityColor(d.Severity), len(policydoc.SeverityCritical), dangerText(d, id))
	}
}

// mergeDangers puts together what one statement grants of one category and severity.
func mergeDangers(list []permissions.Danger) []permissions.Danger {
	type group struct {
		category  policydoc.DangerCategory
		severity  policydoc.Severity
		policy    permissions.Source
		statement int
		keys      string
	}
	at := map[group]int{}
	var out []permissions.Danger
	for _, d := range list {
		g := group{d.Category, d.Severity, *d.Policy, d.Statement, strings.Join(d.Keys, ",")}
		i, ok := at[g]
		if !ok {
			at[g] = len(out)
			own := *d.Danger // the identities share it
			d.Danger = &own
			out = append(out, d)
			continue
		}
		merged := out[i].Danger
		merged.Pattern += ", " + d.Pattern
		merged.Actions = append(slices.Clip(merged.Actions), d.Actions...)
		merged.Count += d.Count
		merged.AllResources = merged.AllResources || d.AllResources
	}
	return out
}

func dangerText(d *permissions.Danger, id *Identity) string {
	text := categoryWords(d.Category) + ": "
	if d.Pattern == strings.Join(d.Actions, ", ") {
		text += Printable(d.Pattern)
	} else {
		verb := "gives"
		if strings.Contains(d.Pattern, ", ") {
			verb = "give"
		}
		text += sprintf("%s %s %s", d.Pattern, verb, actionsText(d))
	}
	text += " on " + dangerResources(d) + ifKeys(d.Keys)
	return text + " (" + policyText(*d.Policy, id.Identity.ARN) + statementText(d.Statement, d.SID) + ")"
}

func actionsText(d *permissions.Danger) string {
	n := max(d.Count, len(d.Actions))
	if n <= 3 {
		return sprintf("%s", strings.Join(d.Actions, ", "))
	}
	return sprintf("%s such as %s", count(n, "action"), strings.Join(d.Actions[:min(3, len(d.Actions))], ", "))
}

func dangerResources(d *permissions.Danger) string {
	switch {
	case d.NotResources:
		return sprintf("everything but %s", listSome(d.Resources, 2))
	case d.AllResources:
		return "all resources"
	}
	return sprintf("%s", listSome(d.Resources, 2))
}

func categoryWords(c policydoc.DangerCategory) string {
	return Printable(strings.ReplaceAll(string(c), "_", " "))
}

// restText counts dangers by severity.
func restText(list []permissions.Danger) string {
	var parts []string
	for _, severity := range policydoc.Severities() {
		n := 0
		for i := range list {
			if list[i].Severity == severity {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, severity))
		}
	}
	return strings.Join(parts, ", ")
}
