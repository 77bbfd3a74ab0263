package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// An Explained is one document in sentences.
type Explained struct {
	Name        string
	Explanation policydoc.Explanation
}

type wireExplain struct {
	Schema    string          `json:"schema"`
	Complete  bool            `json:"complete"`
	Gaps      []wireGap       `json:"gaps"`
	Documents []wireExplained `json:"documents"`
}

type wireExplained struct {
	Name       string                   `json:"name"`
	Summary    string                   `json:"summary"`
	Statements []wireExplainedStatement `json:"statements"`
}

type wireExplainedStatement struct {
	Statement int              `json:"statement"`
	SID       string           `json:"sid"`
	Effect    policydoc.Effect `json:"effect"`
	Sentence  string           `json:"sentence"`
	Actions   map[string]int   `json:"actions"`
	Notes     []string         `json:"notes"`
}

// ExplainJSON writes the document of schema/policy-explain-v1.json.
func ExplainJSON(w io.Writer, documents []Explained, gaps []nhiscan.Gap) error {
	doc := wireExplain{
		Schema: PolicyExplainSchema, Complete: len(gaps) == 0, Gaps: wireGaps(gaps), Documents: make([]wireExplained, len(documents)),
	}
	for i, d := range documents {
		statements := make([]wireExplainedStatement, len(d.Explanation.Statements))
		for j, s := range d.Explanation.Statements {
			levels := make(map[string]int, len(s.Actions))
			for level, n := range s.Actions {
				levels[levelWord(level)] = n
			}
			statements[j] = wireExplainedStatement{s.Statement, s.SID, s.Effect, s.Sentence, levels, s.Notes}
		}
		doc.Documents[i] = wireExplained{d.Name, d.Explanation.Summary, statements}
	}
	return writeJSON(w, &doc)
}

// ExplainText writes the sentences, with what is easily overlooked below each.
func ExplainText(w io.Writer, documents []Explained, gaps []nhiscan.Gap, style Style) error {
	p := newPrinter(w, style)
	for i, d := range documents {
		if i > 0 {
			p.raw("")
		}
		p.raw(p.style.paint(bold, Printable(d.Name)))
		p.item("", plain, 0, Printable(d.Explanation.Summary))
		for _, s := range d.Explanation.Statements {
			p.explained(&s)
		}
	}
	for _, line := range GroupGaps(gaps) {
		p.item("gap", yellow, len("gap"), line)
	}
	return p.flush()
}

func (p *printer) explained(s *policydoc.StatementExplanation) {
	p.raw("")
	sentence := Printable(s.Sentence)
	paint := green
	if s.Effect == policydoc.Deny {
		paint = red
	}
	p.item(fmt.Sprintf("%d.", s.Statement), paint, 3, sentence)
	var levels []string
	for _, level := range policydoc.AccessLevels() {
		if n := s.Actions[level]; n > 0 {
			levels = append(levels, fmt.Sprintf("%s %s", Thousands(n), level))
		}
	}
	if len(levels) > 0 {
		p.item("", plain, 3, "Actions: "+strings.Join(levels, ", ")+".")
	}
	if s.SID != "" {
		p.item("", plain, 3, sprintf("Sid: %s", s.SID))
	}
	for _, note := range s.Notes {
		p.item("", plain, 3, sprintf("Note: %s", note))
	}
}
