package render

import (
	"fmt"
	"io"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// The names of the JSON documents about policies.
const (
	PolicyLintSchema    = "nhiscan/policy-lint/v1"
	PolicyExpandSchema  = "nhiscan/policy-expand/v1"
	PolicyExplainSchema = "nhiscan/policy-explain/v1"
)

// A Linted is one document with what is wrong with it.
type Linted struct {
	// Name is a file's, or says which policy of an account it is.
	Name     string
	Kind     policydoc.Kind
	Findings []policydoc.Finding
}

type wireLint struct {
	Schema    string         `json:"schema"`
	Complete  bool           `json:"complete"`
	Gaps      []wireGap      `json:"gaps"`
	Summary   wireLintCounts `json:"summary"`
	Documents []wireLinted   `json:"documents"`
}

type wireLintCounts struct {
	Documents   int `json:"documents"`
	Errors      int `json:"errors"`
	Warnings    int `json:"warnings"`
	Suggestions int `json:"suggestions"`
}

type wireLinted struct {
	Name     string        `json:"name"`
	Kind     string        `json:"kind"`
	Findings []wireFinding `json:"findings"`
}

type wireFinding struct {
	Level     policydoc.FindingLevel `json:"level"`
	Rule      string                 `json:"rule"`
	Statement int                    `json:"statement"`
	SID       string                 `json:"sid"`
	Element   string                 `json:"element"`
	Line      int                    `json:"line"`
	Column    int                    `json:"column"`
	Offset    int                    `json:"offset"`
	Message   string                 `json:"message"`
	Fix       string                 `json:"fix"`
}

// LintJSON writes the document of schema/policy-lint-v1.json.
func LintJSON(w io.Writer, documents []Linted, gaps []nhiscan.Gap) error {
	doc := wireLint{
		Schema: PolicyLintSchema, Complete: len(gaps) == 0, Gaps: wireGaps(gaps),
		Summary: countFindings(documents), Documents: make([]wireLinted, len(documents)),
	}
	for i, d := range documents {
		findings := make([]wireFinding, len(d.Findings))
		for j, f := range d.Findings {
			findings[j] = wireFinding(f)
		}
		doc.Documents[i] = wireLinted{d.Name, kindWord(d.Kind), findings}
	}
	return writeJSON(w, &doc)
}

func countFindings(documents []Linted) wireLintCounts {
	c := wireLintCounts{Documents: len(documents)}
	for _, d := range documents {
		for _, f := range d.Findings {
			switch f.Level {
			case policydoc.FindingError:
				c.Errors++
			case policydoc.FindingWarning:
				c.Warnings++
			default:
				c.Suggestions++
			}
		}
	}
	return c
}

func kindWord(k policydoc.Kind) string {
	if k == policydoc.KindUnknown {
		return "unknown"
	}
	return string(k)
}

// LintText writes one line for each finding, as compilers do, and a count.
func LintText(w io.Writer, documents []Linted, gaps []nhiscan.Gap, style Style) error {
	p := newPrinter(w, style)
	for _, d := range documents {
		for _, f := range d.Findings {
			p.finding(d.Name, f)
		}
	}
	c := countFindings(documents)
	if c.Errors+c.Warnings+c.Suggestions > 0 {
		p.raw("")
	}
	p.raw(fmt.Sprintf("%s: %s, %s, %s", count(c.Documents, "policy document"),
		count(c.Errors, "error"), count(c.Warnings, "warning"), count(c.Suggestions, "suggestion")))
	for _, line := range GroupGaps(gaps) {
		p.item("gap", yellow, len("gap"), line)
	}
	return p.flush()
}

// finding keeps to one line, wrapped under itself: editors jump to what begins
// with file:line:column.
func (p *printer) finding(name string, f policydoc.Finding) {
	text := sprintf("%s:%d:%d: %s: %s", name, f.Line, f.Column, string(f.Level), f.Message)
	if f.Rule != "" {
		text += sprintf(" [%s]", f.Rule)
	}
	lines := wrap(text, p.style.Width)
	p.raw(p.style.paint(findingColor(f.Level), lines[0]))
	for _, line := range lines[1:] {
		p.item("", plain, 0, line)
	}
	if f.Fix != "" {
		p.item("fix:", faint, len("fix:"), Printable(f.Fix))
	}
}

func findingColor(level policydoc.FindingLevel) color {
	switch level {
	case policydoc.FindingError:
		return red
	case policydoc.FindingWarning:
		return yellow
	}
	return plain
}
