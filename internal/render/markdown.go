package render

import (
	"fmt"
	"io"
	"strings"
)

// ScanMarkdown writes the scan as GitHub-flavoured Markdown: a heading, the
// summary, what to look at first, and a table of the listed identities.
func ScanMarkdown(w io.Writer, s *Scan) error {
	p := newPrinter(w, Style{})
	a := s.Report.Account
	p.raw("# Identities of " + escapeMarkdown(accountTitle(a)))
	p.raw("")
	p.raw("Data: " + escapeMarkdown(origin(a, s.Report.Time)) + ".")
	if words := s.Filters.words(); words != "" {
		p.raw(fmt.Sprintf("Listed are %d of %d: %s.", len(s.Identities), len(s.Report.Identities), escapeMarkdown(words)))
	}
	p.raw("")
	c := s.counts()
	for _, v := range verdictOrder {
		if n := c.verdicts[v]; n > 0 {
			p.raw(fmt.Sprintf("- **%d %s**: %s", n, verdictWord(v), escapeMarkdown(categoriesOf(s, v))))
		}
	}
	p.raw("- **root**: " + escapeMarkdown(rootState(a, s.Report.Time)))
	p.markdownPermissions(s)
	p.markdownAttention(s)
	if len(s.Identities) > 0 {
		p.markdownTable(s)
	}
	return p.flush()
}

func (p *printer) markdownAttention(s *Scan) {
	lines := attentionLines(s, identityCommand)
	if len(lines) == 0 {
		return
	}
	p.raw("")
	p.raw("## Look at first")
	p.raw("")
	for _, l := range lines {
		p.raw(fmt.Sprintf("- **%s**: %s", escapeMarkdown(l.label), escapeMarkdown(l.text)))
	}
}

func (p *printer) markdownPermissions(s *Scan) {
	if s.Permissions == nil {
		return
	}
	p.raw("")
	p.raw("## Permissions")
	p.raw("")
	label := ""
	for _, l := range permissionLines(s) {
		if l.label != "" {
			label = l.label
		}
		p.raw(fmt.Sprintf("- **%s**: %s", escapeMarkdown(label), escapeMarkdown(l.text)))
	}
}

func (p *printer) markdownTable(s *Scan) {
	p.raw("")
	p.raw("## Identities")
	p.raw("")
	var extra []*column
	titles, rule := "", ""
	if s.Permissions != nil {
		extra = permissionColumns(s)
		titles, rule = " Access | Admin | Danger | Escalation |", "---|---|---|---|"
	}
	p.raw("| Identity | Type | Verdict | Confidence | Category | Last use |" + titles + " Why |")
	p.raw("|---|---|---|---:|---|---:|" + rule + "---|")
	for i, id := range s.Identities {
		why, _ := whyCell(id)
		row := fmt.Sprintf("| %s | %s | %s | %s | %s | %s |",
			escapeMarkdown(Printable(id.Name)), string(id.Type), string(id.Verdict), escapeMarkdown(percent(id.Confidence)),
			escapeMarkdown(categoryCell(id)), agoShort(LastUsed(id), s.Report.Time))
		for _, c := range extra {
			row += " " + escapeMarkdown(c.cells[i]) + " |"
		}
		p.raw(row + " " + escapeMarkdown(why) + " |")
	}
}

// markdownEscapes keeps every character that Markdown or HTML would act upon
// from acting: inline markup, links, tables, HTML, and GitHub's @mentions,
// #references and bare URLs.
var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `|`, `\|`, `~`, `\~`, `!`, `\!`, `$`, `\$`,
	`#`, `\#`, `&`, `&amp;`, `<`, `&lt;`, `>`, `&gt;`,
	`@`, `&#64;`, `://`, `&#58;//`, `www.`, `www&#46;`,
)

// escapeMarkdown makes printable text literal in Markdown.
func escapeMarkdown(text string) string { return markdownEscapes.Replace(text) }
