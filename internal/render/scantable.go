package render

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

// ScanTable writes what account it is, a table of the listed identities, and a
// summary that says what to look at first.
func ScanTable(w io.Writer, s *Scan, style Style) error {
	p := newPrinter(w, style)
	s = forReading(s)
	p.scanHeader(s)
	if len(s.Identities) > 0 {
		p.raw("")
		columns := scanColumns(s, style.Width)
		why := columns[len(columns)-1]
		if shown := p.writeTable(columns); shown[len(shown)-1] != why {
			p.raw(style.paint(faint, "Too narrow for the reasons: --wide shows them."))
		}
	}
	p.scanSummary(s)
	return p.flush()
}

// forReading returns the scan with its identities in the order in which a person
// looks for one: users before roles, then by name. ARNs have paths before names.
func forReading(s *Scan) *Scan {
	if s.Ordered {
		return s
	}
	sorted := *s
	sorted.Identities = slices.Clone(s.Identities)
	slices.SortStableFunc(sorted.Identities, func(a, b *nhi.Identity) int {
		return cmp.Or(cmp.Compare(b.Type, a.Type), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	return &sorted
}

func (p *printer) scanHeader(s *Scan) {
	a := s.Report.Account
	p.raw(p.style.paint(bold, accountTitle(a)) + " · " + origin(a, s.Report.Time))
	line := fmt.Sprintf("%s, %s", plural(len(a.Users), "user"), plural(len(a.Roles), "role"))
	if n := len(s.Report.Identities); len(s.Identities) != n {
		line += fmt.Sprintf(" · %d of %s listed (%s)", len(s.Identities), plural(n, "identity"), s.Filters.words())
	}
	p.raw(line)
}

func accountTitle(a *nhiscan.Account) string {
	title := "AWS account of unknown id"
	if a.ID != "" {
		title = sprintf("AWS account %s", a.ID)
	}
	if len(a.Aliases) > 0 {
		title += sprintf(" (%s)", strings.Join(a.Aliases, ", "))
	}
	if a.Partition != "" && a.Partition != "aws" {
		title += sprintf(", partition %s", a.Partition)
	}
	return title
}

// origin says where the account's data come from and how old they are.
func origin(a *nhiscan.Account, now time.Time) string {
	const layout = "2006-01-02 15:04 UTC"
	switch {
	case a.Source == "demo":
		return "built-in demo data as of " + now.UTC().Format(layout)
	case a.CollectedAt.IsZero():
		return sprintf("read from a %s that does not say when it was made; ages are as of %s", a.Source, now.UTC().Format(layout))
	case a.Source == "file":
		return "saved " + a.CollectedAt.UTC().Format(layout)
	}
	return "read " + a.CollectedAt.UTC().Format(layout)
}

// words names the filters that are set, as the flags that set them.
func (f Filters) words() string {
	var parts []string
	if len(f.Types) > 0 {
		parts = append(parts, "type "+join(f.Types))
	}
	if len(f.Verdicts) > 0 {
		parts = append(parts, "verdict "+join(f.Verdicts))
	}
	if len(f.Categories) > 0 {
		parts = append(parts, "category "+join(f.Categories))
	}
	if f.PathPrefix != "" {
		parts = append(parts, sprintf("path below %s", f.PathPrefix))
	}
	if f.MinConfidence != nil {
		parts = append(parts, fmt.Sprintf("confidence at least %g", *f.MinConfidence))
	}
	return strings.Join(parts, "; ")
}

func join[T ~string](values []T) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = string(v)
	}
	return strings.Join(words, ", ")
}

// roomForLastUse is the width from which a terminal has room for the last use
// beside reasons that can still be read.
const roomForLastUse = 136

func scanColumns(s *Scan, width int) []*column {
	n := len(s.Identities)
	cells := make([]string, 7*n)
	take := func() []string {
		part := cells[:n:n]
		cells = cells[n:]
		return part
	}
	name := &column{title: "IDENTITY", cells: take(), least: 22, most: 30, middle: true}
	kind := &column{title: "TYPE", cells: take(), optional: 3}
	verdict := &column{title: "VERDICT", cells: take(), colors: make([]color, n)}
	confidence := &column{title: "P(NHI)", cells: take(), right: true, optional: 2}
	category := &column{title: "CATEGORY", cells: take(), optional: 1}
	used := &column{title: "LAST USE", cells: take(), right: true, optional: 5}
	why := &column{title: "WHY", cells: take(), least: 32, most: 140, optional: 4, colors: make([]color, n)}
	for i, id := range s.Identities {
		name.cells[i] = Printable(id.Name)
		kind.cells[i] = string(id.Type)
		verdict.cells[i] = string(id.Verdict)
		verdict.colors[i] = verdictColor(id.Verdict)
		confidence.cells[i] = percent(id.Confidence)
		category.cells[i] = categoryCell(id)
		used.cells[i] = agoShort(LastUsed(id), s.Report.Time)
		why.cells[i], why.colors[i] = whyCell(id)
	}
	if s.Permissions != nil {
		// What an identity can do goes before how sure it is what it is.
		why.optional = 6
		columns := append([]*column{name, kind, verdict, confidence, category}, permissionColumns(s)...)
		return append(columns, why)
	}
	if 0 < width && width < roomForLastUse {
		return []*column{name, kind, verdict, confidence, category, why}
	}
	return []*column{name, kind, verdict, confidence, category, used, why}
}

// percent is a confidence with two digits; only a certain one is 0 or 1.
func percent(p float64) string {
	switch rounded := math.Round(p*100) / 100; {
	case rounded >= 1 && p < 1:
		return ">.99"
	case rounded <= 0 && p > 0:
		return "<.01"
	default:
		return fmt.Sprintf("%.2f", rounded)
	}
}

func categoryCell(id *nhi.Identity) string { return Printable(string(id.Category)) }

// whyCell is the heaviest facts for the verdict; before them the worst danger,
// and for an identity that is uncertain what could not be seen.
func whyCell(id *nhi.Identity) (string, color) {
	var parts []string
	paint := plain
	if id.Trust != nil && len(id.Trust.Dangers) > 0 {
		if d := &id.Trust.Dangers[0]; d.Severity.AtLeast(trust.SeverityMedium) {
			parts = append(parts, sprintf("%s: %s", string(d.Severity), string(d.Code)))
			paint = severityColor(d.Severity)
		}
	}
	if id.Verdict == nhi.Uncertain && len(id.Unseen) > 0 {
		parts = append(parts, sprintf("not seen: %s", strings.Join(id.Unseen, ", ")))
	}
	for _, signal := range supporting(id) {
		if signal.Fact != "" && len(parts) < 3 {
			parts = append(parts, Printable(signal.Fact))
		}
	}
	if len(parts) == 0 {
		return "nothing seen speaks for either", plain
	}
	return strings.Join(parts, "; "), paint
}

// supporting returns the signals with those first that led to the verdict.
func supporting(id *nhi.Identity) []nhi.Signal {
	against := func(s nhi.Signal) int {
		if id.Verdict == nhi.Human && s.Weight > 0 || id.Verdict == nhi.NonHuman && s.Weight < 0 {
			return 1
		}
		return 0
	}
	return slices.SortedStableFunc(slices.Values(id.Signals), func(a, b nhi.Signal) int {
		return cmp.Compare(against(a), against(b))
	})
}
