package mcpserver

import "github.com/nhiscan/nhiscan/internal/render"

// roleLines tell the one role, or the first of a list.
func roleLines(all, shown []classifiedRole, one bool) []string {
	if one {
		return shown[0].lines()
	}
	dangerous := 0
	for i := range all {
		if len(all[i].Dangers) > 0 {
			dangerous++
		}
	}
	lines := []string{say("%s, %d of them with a trust policy that lets in more than it should.", counted(len(all), "role", "roles"), dangerous)}
	for i := range shown {
		if i == summaryLines || len(shown[i].Dangers) == 0 {
			break
		}
		worst := &shown[i].Dangers[0]
		lines = append(lines, say("%s (%s): %s: %s", render.EntityText(shown[i].role.ARN), shown[i].kind(), string(worst.Severity), worst.Message))
	}
	return lines
}

// lines tell one role.
func (r *classifiedRole) lines() []string {
	name := "The trust policy"
	if r.role.Name != "" {
		name = render.EntityText(r.role.ARN)
	}
	text := say("%s makes a role of the kind %s", name, r.kind())
	if r.Provider != "" {
		text += say(" (%s)", r.Provider)
	}
	lines := []string{text + "."}
	switch {
	case r.Err != nil:
		lines = append(lines, say("The trust policy could not be understood: %s", r.wrong()))
	case len(r.Paths) == 0:
		lines = append(lines, "Nobody can assume it: no statement allows it.")
	}
	assumers, more := firstOf(r.assumers(), 3)
	for _, who := range assumers {
		lines = append(lines, "It can be assumed by "+who+".")
	}
	lines = addMore(lines, more, "way to assume it", "ways to assume it")
	dangers, more := firstOf(r.Dangers, 3)
	for _, d := range dangers {
		lines = append(lines, say("%s: %s", string(d.Severity), d.Message))
	}
	return addMore(lines, more, "danger", "dangers")
}
