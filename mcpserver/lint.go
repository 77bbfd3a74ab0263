package mcpserver

import (
	"context"
	"strings"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/policydoc"
)

// maxFindings is how many findings an answer has.
const maxFindings = 100

// policyKinds are the words of policy_type.
var policyKinds = map[string]policydoc.Kind{
	"identity": policydoc.KindIdentity, "boundary": policydoc.KindIdentity, "trust": policydoc.KindTrust,
	"resource": policydoc.KindResource, "scp": policydoc.KindServiceControl, "rcp": policydoc.KindResourceControl,
}

type lintPolicyArguments struct {
	Document policyArgument `json:"policy_document" doc:"Its text, or the object: then findings have no line and offset"`
	Type     string         `json:"policy_type,omitzero" doc:"What it is used as. Default: not known" enum:"identity,boundary,trust,resource,scp,rcp"`
}

type lintPolicyResult struct {
	Kind        string   `json:"kind"`
	Valid       bool     `json:"valid"`
	Errors      int      `json:"errors"`
	Warnings    int      `json:"warnings"`
	Suggestions int      `json:"suggestions"`
	Findings    []object `json:"findings" doc:"level, rule, statement, sid, element, line, column, offset, message, fix"`
	// Omitted counts the findings that are left out.
	Omitted int      `json:"omitted"`
	Notes   []string `json:"notes"`

	lines []string
}

// A policyFinding has no line, column and offset where the document was given as
// an object, whose text is not known.
type policyFinding struct {
	Level     string `json:"level"`
	Rule      string `json:"rule"`
	Statement int    `json:"statement"`
	SID       string `json:"sid"`
	Element   string `json:"element"`
	Line      *int   `json:"line"`
	Column    *int   `json:"column"`
	Offset    *int   `json:"offset"`
	Message   string `json:"message"`
	Fix       string `json:"fix"`
}

func lintPolicyTool() *tool {
	return define(Tool{
		Name:  "lint_policy",
		Title: "Lint a policy",
		Description: "Says what is wrong with a policy document: what AWS would reject, what does not do what it seems to, " +
			"and what could be clearer, each with the place and the fix. Not whether it allows too much: explain_policy says that. Asks no AWS.",
		Toolset: ToolsetPolicies,
	}, lintPolicy)
}

func lintPolicy(ctx context.Context, c *call, in lintPolicyArguments) (none lintPolicyResult, err error) {
	if err := in.Document.check("policy_document"); err != nil {
		return none, err
	}
	document := answer.Document{Name: "policy_document", Text: in.Document.text}
	linted, err := calculate(ctx, c, func() ([]policydoc.Finding, error) {
		return answer.Lint([]answer.Document{document}, policyKinds[in.Type])[0].Findings, nil
	})
	if err != nil {
		return none, err
	}
	out := lintPolicyResult{Kind: "unknown", Notes: []string{}}
	if in.Type != "" {
		out.Kind = in.Type
	}
	if !in.Document.asText {
		out.Notes = append(out.Notes, "the document was given as an object: lines, columns, offsets and elements given twice are not known; give its text for them")
	}
	out.count(linted)
	linted, out.Omitted = firstOf(linted, maxFindings)
	out.lines = []string{say("%s, %s, %s", counted(out.Errors, "error", "errors"), counted(out.Warnings, "warning", "warnings"), counted(out.Suggestions, "suggestion", "suggestions"))}
	for i := range linted {
		finding := newPolicyFinding(&linted[i], in.Document.asText)
		out.Findings = append(out.Findings, asObject(finding))
		if i < summaryLines {
			out.lines = append(out.lines, finding.line())
		}
	}
	out.lines = addMore(out.lines, len(linted)+out.Omitted-summaryLines, "finding", "findings")
	return out, nil
}

func (r *lintPolicyResult) count(findings []policydoc.Finding) {
	for i := range findings {
		switch findings[i].Level {
		case policydoc.FindingError:
			r.Errors++
		case policydoc.FindingWarning:
			r.Warnings++
		default:
			r.Suggestions++
		}
	}
	r.Valid = r.Errors == 0
}

func newPolicyFinding(f *policydoc.Finding, placed bool) policyFinding {
	out := policyFinding{
		Level: string(f.Level), Rule: f.Rule, Statement: f.Statement, SID: f.SID, Element: f.Element, Message: f.Message, Fix: f.Fix,
	}
	if placed {
		out.Line, out.Column, out.Offset = &f.Line, &f.Column, &f.Offset
	}
	return out
}

func (r lintPolicyResult) summary() string { return strings.Join(r.lines, "\n") }

func (f *policyFinding) line() string {
	place := ""
	switch {
	case f.Line != nil:
		place = say("%d:%d: ", *f.Line, *f.Column)
	case f.Statement > 0:
		place = say("statement %d: ", f.Statement)
	}
	text := place + say("%s: %s", f.Level, f.Message)
	if f.Fix != "" {
		text += say("; fix: %s", f.Fix)
	}
	return text
}
