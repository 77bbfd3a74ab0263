package manage

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// maxPolicyRisks is how many findings about a document are told one by one.
const maxPolicyRisks = 10

// document checks the policy document in an argument, and returns the text to send.
// What AWS would reject is an [*ArgumentError]; what else can be said against the
// document is a risk of the plan.
//
// Text that is percent-encoded, as IAM's answers have it, is decoded; positions are
// those of the decoded text.
func (p *planner) document(argument, text string, kind policydoc.Kind) (string, error) {
	text = decoded(text)
	if strings.TrimSpace(text) == "" {
		return "", p.invalid(argument, "is empty: want the JSON of a policy document")
	}
	findings := policydoc.Lint(text, &policydoc.LintOptions{Kind: kind, Inline: p.inlineOf()})
	rejected := slices.IndexFunc(findings, rejectedByAWS)
	if rejected < 0 {
		if err := p.readable(argument, text); err != nil {
			return "", err
		}
		p.warnPolicy(argument, findings)
		return trimDocument(text), nil
	}
	f := &findings[rejected]
	e := &ArgumentError{Change: p.made.Change.Kind(), Argument: argument, Message: describe(f) + position(f), Advice: cmp.Or(ofOtherKind(text, kind), f.Fix)}
	e.Err = &policydoc.ParseError{Statement: f.Statement, Offset: f.Offset, Element: f.Element, Message: f.Message}
	var parse *policydoc.ParseError
	if _, err := policydoc.Parse(text); errors.As(err, &parse) {
		e.Err = parse
	}
	return "", e
}

// ofOtherKind says that a document is a trust policy where another is wanted, or the
// other way round; empty when it is neither.
func ofOtherKind(text string, wanted policydoc.Kind) string {
	other, advice := policydoc.KindTrust, "this is a trust policy, which says who may assume a role; here goes what is allowed and denied, on which Resource"
	if wanted == policydoc.KindTrust {
		other, advice = policydoc.KindIdentity, "this says what is allowed and denied; a trust policy says who may assume the role, in Principal"
	}
	if slices.ContainsFunc(policydoc.Lint(text, &policydoc.LintOptions{Kind: other}), rejectedByAWS) {
		return ""
	}
	return advice
}

// readable refuses actions with white space or other characters that no action has:
// they match nothing here, and it is not known that they match nothing in AWS.
func (p *planner) readable(argument, text string) error {
	doc, err := policydoc.Parse(text)
	if err != nil {
		return p.invalid(argument, "%v", err)
	}
	for i := range doc.Statements {
		for _, action := range slices.Concat(doc.Statements[i].Actions, doc.Statements[i].NotActions) {
			if strings.ContainsFunc(action, func(r rune) bool { return r <= ' ' || r > '~' }) {
				return p.invalid(argument, "statement %d: %q is not an action: it has a character that no action has", i+1, action)
			}
		}
	}
	return nil
}

// rejectedByAWS reports whether IAM answers MalformedPolicyDocument or
// LimitExceeded, or whether the statement could never apply.
func rejectedByAWS(f policydoc.Finding) bool {
	return f.Level == policydoc.FindingError || f.Rule == "no-statement"
}

// inlineOf is what the document is inline of, for the limit of its size.
func (p *planner) inlineOf() string {
	switch p.made.Change.Kind() {
	case "put_user_policy":
		return "user"
	case "put_group_policy":
		return "group"
	case "put_role_policy":
		return "role"
	}
	return ""
}

// decoded undoes the encoding of RFC 3986, for a text that begins with it.
func decoded(text string) string {
	if !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(text)), "%7B") {
		return text
	}
	plain, err := url.PathUnescape(strings.TrimSpace(text))
	if err != nil {
		return text
	}
	return plain
}

// trimDocument takes off what is no part of the document, and what IAM does not accept.
func trimDocument(text string) string {
	return strings.Trim(strings.TrimPrefix(text, "\ufeff"), " \t\r\n")
}

// warnPolicy makes risks of findings, the worst first.
func (p *planner) warnPolicy(argument string, findings []policydoc.Finding) {
	var lines []string
	for _, level := range []policydoc.FindingLevel{policydoc.FindingWarning, policydoc.FindingSuggestion} {
		for i := range findings {
			if f := &findings[i]; f.Level == level {
				lines = with(lines, argument+": "+describe(f)+advice(f))
			}
		}
	}
	for _, line := range lines[:min(len(lines), maxPolicyRisks)] {
		p.risk(RiskPolicy, "%s", line)
	}
	if more := len(lines) - maxPolicyRisks; more > 0 {
		p.risk(RiskPolicy, "%s: %d more findings", argument, more)
	}
}

func describe(f *policydoc.Finding) string {
	if f.Statement > 0 {
		return fmt.Sprintf("statement %d: %s", f.Statement, f.Message)
	}
	return f.Message
}

func position(f *policydoc.Finding) string {
	return fmt.Sprintf(" (line %d, column %d, byte %d)", f.Line, f.Column, f.Offset)
}

func advice(f *policydoc.Finding) string {
	if f.Fix == "" {
		return ""
	}
	return "; " + f.Fix
}
