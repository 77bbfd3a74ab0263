package render

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// maxWays is the number of ways to administrator access that a summary tells.
const maxWays = 8

// of returns what a listed identity can do; nil when that was not asked for.
func (s *Scan) of(id *nhi.Identity) *permissions.Permissions { return s.Permissions[id.ARN] }

// admins are the listed administrators.
func (s *Scan) admins() []*nhi.Identity {
	var out []*nhi.Identity
	for _, id := range s.Identities {
		if p := s.of(id); p != nil && p.Admin.Is() {
			out = append(out, id)
		}
	}
	return out
}

// A climber is an identity that is no administrator and can become one.
type climber struct {
	identity *nhi.Identity
	way      *permissions.Escalation
}

// climbers are the listed identities that can become administrators, those that
// certainly can and in the fewest hops first.
func (s *Scan) climbers() []climber {
	var out []climber
	for _, id := range s.Identities {
		p := s.of(id)
		if p == nil || p.Admin.Is() {
			continue
		}
		if way := shortest(p); way != nil {
			out = append(out, climber{id, way})
		}
	}
	slices.SortStableFunc(out, func(a, b climber) int {
		return cmp.Or(boolCompare(b.way.Certain(), a.way.Certain()), cmp.Compare(a.way.HopCount(), b.way.HopCount()))
	})
	return out
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// permissionsSummary counts access levels, and names the administrators and who
// can become one.
func (p *printer) permissionsSummary(s *Scan) {
	if s.Permissions == nil {
		return
	}
	p.heading("Permissions")
	for _, l := range permissionLines(s) {
		p.item(l.label, l.paint, labelWidth, l.text)
	}
}

func permissionLines(s *Scan) []attentionLine {
	lines := []attentionLine{{"access", faint, levelCounts(s)}}
	lines = append(lines, adminLines(s)...)
	climbers := s.climbers()
	for i, c := range climbers {
		if i == maxWays {
			var names []string
			for _, rest := range climbers[i:] {
				names = append(names, rest.identity.Name)
			}
			lines = append(lines, attentionLine{"", plain, sprintf("and %d more can become administrator: %s", len(names), listSome(names, maxNames))})
			break
		}
		label := ""
		if i == 0 {
			label = "escalation"
		}
		lines = append(lines, attentionLine{label, red, sprintf("%s %s", string(c.identity.Type), c.identity.Name) + ": " + climbText(c.way)})
	}
	return lines
}

// climbText tells a way to administrator access in a sentence.
func climbText(way *permissions.Escalation) string {
	if len(way.Needs) > 0 {
		return wayText(way) + " (perhaps)"
	}
	return wayText(way)
}

func levelCounts(s *Scan) string {
	counts := map[policydoc.AccessLevel]int{}
	for _, id := range s.Identities {
		if p := s.of(id); p != nil {
			counts[p.Access.Level]++
		}
	}
	var parts []string
	for _, level := range append(policydoc.AccessLevels(), policydoc.LevelUnknown) {
		if counts[level] > 0 {
			parts = append(parts, levelWord(level)+" "+strconv.Itoa(counts[level]))
		}
	}
	return strings.Join(parts, ", ")
}

// adminLines name the administrators, the non-human ones first.
func adminLines(s *Scan) []attentionLine {
	byVerdict := map[nhi.Verdict][]string{}
	for _, id := range s.admins() {
		byVerdict[id.Verdict] = append(byVerdict[id.Verdict], id.Name)
	}
	var lines []attentionLine
	for _, v := range verdictOrder {
		names := byVerdict[v]
		if len(names) == 0 {
			continue
		}
		label := ""
		if len(lines) == 0 {
			label = "admins"
		}
		lines = append(lines, attentionLine{label, red, sprintf("%d %s: %s", len(names), verdictWord(v), listSome(names, 2*maxNames))})
	}
	if lines == nil {
		return []attentionLine{{"admins", green, "none"}}
	}
	return lines
}

// permissionColumns are the columns of a scan with permissions.
func permissionColumns(s *Scan) []*column {
	n := len(s.Identities)
	access := &column{title: "ACCESS", cells: make([]string, n)}
	admin := &column{title: "ADMIN", cells: make([]string, n), colors: make([]color, n)}
	danger := &column{title: "DANGER", cells: make([]string, n), colors: make([]color, n)}
	way := &column{title: "ESCALATION", cells: make([]string, n), colors: make([]color, n)}
	for i, id := range s.Identities {
		p := s.of(id)
		if p == nil {
			p = &permissions.Permissions{}
		}
		access.cells[i] = levelCell(p.Access.Level)
		admin.cells[i], admin.colors[i] = adminCell(&p.Admin)
		danger.cells[i], danger.colors[i] = worstCell(p.Dangerous)
		way.cells[i], way.colors[i] = escalationCell(p)
	}
	return []*column{access, admin, danger, way}
}

// levelCell is an access level in a narrow column: of "Permissions management" the
// first word.
func levelCell(level policydoc.AccessLevel) string {
	word, _, _ := strings.Cut(levelWord(level), " ")
	return word
}

// adminCell is yes, itself (it can make itself one), with a ? when that hangs on
// conditions, or -.
func adminCell(a *permissions.Admin) (string, color) {
	mark := ""
	if len(a.Keys) > 0 {
		mark = "?"
	}
	switch {
	case a.Kind == permissions.AdminDirect:
		return "yes" + mark, red
	case a.Is():
		return "itself" + mark, red
	}
	return "-", plain
}

func worstCell(dangers []permissions.Danger) (string, color) {
	if len(dangers) == 0 {
		return "-", plain
	}
	worst := worstOf(dangers)
	return Printable(string(worst)), severityColor(worst)
}

// escalationCell says in how many hops the identity becomes administrator, or how
// many other paths it has.
func escalationCell(p *permissions.Permissions) (string, color) {
	if way := shortest(p); way != nil {
		mark := ""
		if !way.Certain() {
			mark = "?"
		}
		return "admin in " + plural(max(1, way.HopCount()), "hop") + mark, red
	}
	if n := len(p.Escalations); n > 0 {
		return plural(n, "path"), yellow
	}
	return "-", plain
}

var csvPermissionsHeader = []string{
	"access_level", "actions", "admin", "admin_conditions", "worst_danger", "dangers_of_permissions",
	"escalates_to_admin", "escalation_hops", "escalation_paths", "permissions_unresolved",
}

func permissionCells(p *permissions.Permissions) []string {
	if p == nil {
		return make([]string, len(csvPermissionsHeader))
	}
	way, hops := shortest(p), ""
	if way != nil {
		hops = strconv.Itoa(max(1, way.HopCount()))
	}
	worst, _ := worstCell(p.Dangerous)
	var ids []string
	for _, e := range escalationsOf(p) {
		ids = append(ids, pathID(e.Path))
	}
	return []string{
		levelWord(p.Access.Level), strconv.Itoa(p.Access.Actions), orNo(string(p.Admin.Kind)), strings.Join(p.Admin.Keys, "; "),
		strings.TrimPrefix(worst, "-"), restText(p.Dangerous),
		strconv.FormatBool(way != nil), hops, strings.Join(ids, "; "), fmt.Sprint(len(p.Unresolved)),
	}
}

func orNo(text string) string {
	if text == "" {
		return "no"
	}
	return text
}
