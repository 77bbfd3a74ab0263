package policydoc

import (
	"cmp"
	"errors"
	"slices"
)

// A Kind is what a policy document is used as. The zero value is not known: then
// what only some kinds may hold is not judged.
type Kind string

const (
	KindUnknown         Kind = ""
	KindIdentity        Kind = "identity"         // users, groups, roles, managed policies, boundaries, session policies
	KindTrust           Kind = "trust"            // a role's trust policy
	KindResource        Kind = "resource"         // a bucket's, key's, queue's… policy
	KindServiceControl  Kind = "service-control"  // an SCP
	KindResourceControl Kind = "resource-control" // an RCP
)

// A FindingLevel says how serious a Finding is.
type FindingLevel string

const (
	// FindingError is a document that AWS rejects (MalformedPolicyDocument), a limit
	// that it exceeds, or a value that no request can ever match.
	FindingError FindingLevel = "error"
	// FindingWarning is a statement that very probably does not do what it seems to,
	// or that gives away more than it should.
	FindingWarning FindingLevel = "warning"
	// FindingSuggestion is what could be clearer or shorter.
	FindingSuggestion FindingLevel = "suggestion"
)

// A Finding is one thing that Lint has to say.
type Finding struct {
	Level FindingLevel
	// Rule is the stable name, such as unknown-action; [Rules] lists them.
	Rule string
	// Statement is the number of the statement, from 1; 0 for the document.
	Statement int
	SID       string
	// Element is the path inside the statement, such as Action[2] or
	// Condition.StringEquals.aws:username, as written and thus not safe to print.
	// The values of a list count from 0, as in JSON paths.
	Element string
	// Line and Column count from 1, columns in characters; Offset counts bytes from
	// 0. They are those of the value that the finding is about or, where something
	// is missing, of what lacks it.
	Line, Column, Offset int
	// Message says what is wrong; Fix what to write instead, empty where that cannot be known.
	Message, Fix string
}

// LintOptions changes what Lint looks for. The zero value is the default.
type LintOptions struct {
	Kind Kind
	// Inline is the kind of entity that the policy is inline of (user, group or
	// role), for the limit of its size; empty for a managed policy.
	Inline string
}

// Lint returns what is wrong with the text of a policy document, in the order of
// the text. A text that does not parse gives one error and no more. Nil options
// mean the defaults.
//
// What AWS has, Lint takes from the embedded catalogue; an action that is newer
// than the catalogue is unknown to it. It looks at the document alone. The time
// is close to linear in the length of the text: in documents far beyond AWS's
// limits of size, Lint stops looking for what is redundant and for what does not
// fit together after some hundred thousand comparisons.
//
// The checks are those of https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html,
// as far as one document tells, and some more.
func Lint(text string, opts *LintOptions) []Finding {
	if opts == nil {
		opts = new(LintOptions)
	}
	doc, err := Parse(text)
	if err != nil {
		return []Finding{syntaxFinding(text, err)}
	}
	l := newLinter(text, doc, opts)
	l.document()
	for i := range doc.Statements {
		l.statement(i)
	}
	l.redundantStatements()
	return l.located()
}

// syntaxFinding is the finding for a text that does not parse.
func syntaxFinding(text string, err error) Finding {
	f := Finding{Level: FindingError, Rule: ruleSyntax, Line: 1, Column: 1, Message: err.Error()}
	var parseError *ParseError
	if errors.As(err, &parseError) {
		f.Statement, f.Element = parseError.Statement, parseError.Element
		f.Offset, f.Message = parseError.Offset, parseError.Message
		f.Line, f.Column = parseError.Position(text)
	}
	return f
}

// A linter is one run of Lint.
type linter struct {
	text string
	doc  *Document
	opts *LintOptions

	index  int        // of the statement being looked at, -1 for the document
	s      *Statement // that statement
	found  []finding
	action actionCache

	// How much more work of a kind the run may do, so that no document takes long.
	comparisons, matches, lookups, suggestions int
}

// A finding is a Finding whose position is not known yet: most documents have
// none, and only then is the text worth a second look.
type finding struct {
	Finding
	index int // of the statement
	at    place
}

func newLinter(text string, doc *Document, opts *LintOptions) *linter {
	return &linter{
		text: text, doc: doc, opts: opts, index: -1,
		action:      actionCache{patterns: map[string]*actionPattern{}, wildServices: 100},
		comparisons: 2_000_000, matches: 200_000, lookups: 50_000, suggestions: 50,
	}
}

// report notes a finding of the rule, at the rule's own level.
func (l *linter) report(rule string, at place, message, fix string) {
	l.reportAt(ruleLevel(rule), rule, at, message, fix)
}

func (l *linter) reportAt(level FindingLevel, rule string, at place, message, fix string) {
	f := finding{Finding: Finding{Level: level, Rule: rule, Message: message, Fix: fix}, index: l.index, at: at}
	if l.index >= 0 {
		f.Statement, f.SID = l.index+1, l.doc.Statements[l.index].SID
	}
	l.found = append(l.found, f)
}

func (l *linter) statement(i int) {
	l.index, l.s = i, &l.doc.Statements[i]
	l.kindElements()
	l.sid()
	l.actions()
	l.resources()
	l.principals()
	l.resourceFit()
	l.conditions()
	l.exposure()
	l.redundantValues()
}

// is reports whether the document is known to be of one of the kinds.
func (l *linter) is(kinds ...Kind) bool { return slices.Contains(kinds, l.opts.Kind) }

// located gives the findings their positions and puts them in the order of the text.
func (l *linter) located() []Finding {
	if len(l.found) == 0 {
		return nil
	}
	slices.SortStableFunc(l.found, func(a, b finding) int { return cmp.Compare(a.index, b.index) })
	finder := newFinder(l.text)
	findings := make([]Finding, len(l.found))
	for i, f := range l.found {
		offset := 0
		if f.index >= 0 {
			offset = l.doc.Statements[f.index].Offset
		}
		f.Offset, f.Element = finder.find(f.index, offset, f.at)
		findings[i] = f.Finding
	}
	slices.SortStableFunc(findings, func(a, b Finding) int { return cmp.Compare(a.Offset, b.Offset) })
	setLines(l.text, findings)
	return findings
}
