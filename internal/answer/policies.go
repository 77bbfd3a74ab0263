package answer

import (
	"fmt"
	"slices"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/policydoc"
)

// Lint says what is wrong with documents. Those that do not say themselves what
// they are used as are taken for kind, which may be unknown.
func Lint(documents []Document, kind policydoc.Kind) []render.Linted {
	linted := make([]render.Linted, len(documents))
	for i, d := range documents {
		switch {
		case d.AWS:
			d.Kind = policydoc.KindUnknown // AWS's own may be larger than those of customers
		case d.Kind == policydoc.KindUnknown:
			d.Kind = kind
		}
		linted[i] = render.Linted{Name: d.Name, Kind: d.Kind, Findings: policydoc.Lint(d.Text, &policydoc.LintOptions{Kind: d.Kind, Inline: d.Inline})}
	}
	return linted
}

// Explain says in sentences what documents allow and deny. One that does not
// parse is a gap when it is an account's, and otherwise the error, which wraps a
// [*policydoc.ParseError].
func Explain(documents []Document) ([]render.Explained, []nhiscan.Gap, error) {
	return eachParsed(documents, func(name string, doc *policydoc.Document) render.Explained {
		return render.Explained{Name: name, Explanation: policydoc.Explain(doc)}
	})
}

// Expand lists the actions of the given access levels that documents cover; no
// level is all. Gaps and error are as of [Explain].
func Expand(documents []Document, levels []policydoc.AccessLevel) ([]render.Expanded, []nhiscan.Gap, error) {
	return eachParsed(documents, func(name string, doc *policydoc.Document) render.Expanded {
		out := render.Expanded{Name: name, Statements: make([]render.ExpandedStatement, len(doc.Statements))}
		for i := range doc.Statements {
			s := &doc.Statements[i]
			out.Statements[i] = render.ExpandedStatement{
				Statement: i + 1, SID: s.SID, Effect: s.Effect, Actions: ofLevels(s.ActionSet(), levels), Unknown: unknownPatterns(s),
			}
		}
		return out
	})
}

// ExpandPattern lists the actions of the given access levels that an Action
// pattern covers; no level is all. The error is an [*InputError] for a pattern
// that covers none of any level.
func ExpandPattern(pattern string, levels []policydoc.AccessLevel) (render.Expanded, error) {
	set := policydoc.ActionsMatching(pattern)
	if set.Len() == 0 {
		return render.Expanded{}, inputf("%s covers no action of the catalogue%s", pattern, similar(pattern))
	}
	return render.Expanded{Name: pattern, Statements: []render.ExpandedStatement{{Actions: ofLevels(set, levels)}}}, nil
}

func ofLevels(set policydoc.ActionSet, levels []policydoc.AccessLevel) []policydoc.Action {
	var out []policydoc.Action
	for a := range set.All() {
		if len(levels) == 0 || slices.Contains(levels, a.Level) {
			out = append(out, a)
		}
	}
	return out
}

func unknownPatterns(s *policydoc.Statement) []string {
	var out []string
	for _, pattern := range append(slices.Clip(s.Actions), s.NotActions...) {
		if policydoc.ActionsMatching(pattern).Len() == 0 {
			out = append(out, pattern)
		}
	}
	return out
}

// eachParsed parses documents and returns what do makes of each.
func eachParsed[T any](documents []Document, do func(name string, doc *policydoc.Document) T) ([]T, []nhiscan.Gap, error) {
	var made []T
	var gaps []nhiscan.Gap
	for _, d := range documents {
		doc, err := policydoc.Parse(d.Text)
		switch {
		case err == nil:
			made = append(made, do(d.Name, doc))
		case d.names == nil:
			return nil, nil, fmt.Errorf("%s: %w", d.Name, err)
		default:
			gaps = append(gaps, nhiscan.Gap{Operation: "iam:GetPolicyVersion", Resource: d.Name, Code: nhiscan.GapMalformed, Message: err.Error()})
		}
	}
	return made, gaps, nil
}
