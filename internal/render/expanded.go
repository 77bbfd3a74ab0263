package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// An Expanded is one document, or one Action pattern, with the actions it covers.
type Expanded struct {
	Name       string
	Statements []ExpandedStatement
}

// An ExpandedStatement is one statement with the actions it covers; a bare
// pattern has Statement 0 and no Effect.
type ExpandedStatement struct {
	Statement int
	SID       string
	Effect    policydoc.Effect
	// Actions are those of the access levels that were asked for.
	Actions []policydoc.Action
	// Unknown are patterns that cover no action of the catalogue.
	Unknown []string
}

type wireExpand struct {
	Schema    string         `json:"schema"`
	Catalogue string         `json:"catalogue"`
	Complete  bool           `json:"complete"`
	Gaps      []wireGap      `json:"gaps"`
	Documents []wireExpanded `json:"documents"`
}

type wireExpanded struct {
	Name       string                  `json:"name"`
	Statements []wireExpandedStatement `json:"statements"`
}

type wireExpandedStatement struct {
	Statement int              `json:"statement"`
	SID       string           `json:"sid"`
	Effect    policydoc.Effect `json:"effect"`
	Count     int              `json:"count"`
	Actions   []wireAction     `json:"actions"`
	Unknown   []string         `json:"unknown"`
}

type wireAction struct {
	Action      string `json:"action"`
	AccessLevel string `json:"access_level"`
}

// ExpandJSON writes the document of schema/policy-expand-v1.json.
func ExpandJSON(w io.Writer, documents []Expanded, gaps []nhiscan.Gap) error {
	doc := wireExpand{
		Schema: PolicyExpandSchema, Catalogue: policydoc.Catalogue().Version,
		Complete: len(gaps) == 0, Gaps: wireGaps(gaps), Documents: make([]wireExpanded, len(documents)),
	}
	for i, d := range documents {
		doc.Documents[i] = wireExpanded{Name: d.Name, Statements: make([]wireExpandedStatement, len(d.Statements))}
		for j, s := range d.Statements {
			actions := make([]wireAction, len(s.Actions))
			for k, a := range s.Actions {
				actions[k] = wireAction{a.String(), levelWord(a.Level)}
			}
			doc.Documents[i].Statements[j] = wireExpandedStatement{s.Statement, s.SID, s.Effect, len(actions), actions, s.Unknown}
		}
	}
	return writeJSON(w, &doc)
}

// ExpandTable writes the actions of each statement with their access levels. A
// statement with more than most actions is counted by level and service instead;
// most 0 is for any number.
func ExpandTable(w io.Writer, documents []Expanded, gaps []nhiscan.Gap, most int, style Style) error {
	p := newPrinter(w, style)
	for i, d := range documents {
		if len(documents) > 1 {
			if i > 0 {
				p.raw("")
			}
			p.raw(p.style.paint(bold, Printable(d.Name)))
		}
		for j := range d.Statements {
			if j > 0 {
				p.raw("")
			}
			p.expanded(&d.Statements[j], most)
		}
	}
	for _, line := range GroupGaps(gaps) {
		p.item("gap", yellow, len("gap"), line)
	}
	return p.flush()
}

func (p *printer) expanded(s *ExpandedStatement, most int) {
	title := ""
	if s.Statement > 0 {
		title = sprintf("%s%s: ", string(s.Effect), statementText(s.Statement, s.SID))
	}
	p.raw(p.style.paint(bold, title+count(len(s.Actions), "action")))
	switch {
	case len(s.Actions) == 0:
	case most > 0 && len(s.Actions) > most:
		p.expandedCounts(s)
	default:
		name := &column{title: "  ACTION", cells: make([]string, len(s.Actions)), least: 20}
		level := &column{title: "ACCESS LEVEL", cells: make([]string, len(s.Actions))}
		for i, a := range s.Actions {
			name.cells[i], level.cells[i] = sprintf("  %s", a.String()), levelWord(a.Level)
		}
		p.writeTable([]*column{name, level})
	}
	if len(s.Unknown) > 0 {
		p.item("unknown", yellow, len("unknown"), sprintf("no action of the catalogue is %s", strings.Join(s.Unknown, ", ")))
	}
}

// expandedCounts is for statements that cover more actions than anyone reads.
func (p *printer) expandedCounts(s *ExpandedStatement) {
	levels := map[policydoc.AccessLevel]int{}
	services := map[string]bool{}
	for _, a := range s.Actions {
		levels[a.Level]++
		services[a.Service] = true
	}
	for _, level := range policydoc.AccessLevels() {
		if levels[level] > 0 {
			p.item(levelWord(level), plain, len(policydoc.LevelPermissionsManagement), Thousands(levels[level]))
		}
	}
	p.item("", plain, 0, fmt.Sprintf("in %s; --all lists them, --level chooses", count(len(services), "service")))
}
