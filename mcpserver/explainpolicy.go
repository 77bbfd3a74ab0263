package mcpserver

import (
	"context"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/policydoc"
)

// How many statements and dangers of a document an answer tells, and how many
// actions of each danger.
const (
	maxExplained     = 40
	maxDangers       = 20
	maxDangerActions = 5
)

type explainPolicyArguments struct {
	Document  policyArgument `json:"policy_document,omitzero" doc:"Its text, or the object"`
	PolicyARN string         `json:"policy_arn,omitzero" doc:"A managed policy of AWS or of the account, instead"`
	accountArguments
}

type explainPolicyResult struct {
	Name       string   `json:"name"`
	Summary    string   `json:"summary"`
	Statements []object `json:"statements" doc:"statement, sid, effect, sentence, actions by level, notes on what is easily overlooked"`
	// AccessLevel is the highest that statements allow, Actions count them by level.
	AccessLevel string         `json:"access_level"`
	Actions     map[string]int `json:"actions" doc:"Allowed, by access level"`
	Dangers     []object       `json:"dangers" doc:"The worst first: category, severity, why, actions, statement, resources"`
	Notes       []string       `json:"notes"`

	lines []string
}

type explainedStatement struct {
	Statement int            `json:"statement"`
	SID       string         `json:"sid"`
	Effect    string         `json:"effect"`
	Sentence  string         `json:"sentence"`
	Actions   map[string]int `json:"actions"`
	Notes     []string       `json:"notes"`
}

func explainPolicyTool() *tool {
	return define(Tool{
		Name:  "explain_policy",
		Title: "Explain a policy",
		Description: "Says in sentences what a policy document allows and denies, its access levels, what is dangerous " +
			"and what is easily overlooked. Takes the document, or the ARN of a managed policy.",
		Toolset: ToolsetPolicies,
		Actions: accountActions(),
	}, explainPolicy)
}

func explainPolicy(ctx context.Context, c *call, in explainPolicyArguments) (none explainPolicyResult, err error) {
	name, text, err := c.policyText(ctx, &in)
	if err != nil {
		return none, err
	}
	return calculate(ctx, c, func() (explainPolicyResult, error) {
		doc, err := text.parse(name)
		if err != nil {
			return none, err
		}
		return newExplainPolicyResult(name, doc), nil
	})
}

// policyText is the document that was given, or the one with the ARN.
func (c *call) policyText(ctx context.Context, in *explainPolicyArguments) (name string, text policyArgument, err error) {
	credentials := in.credentials()
	switch {
	case in.Document.given() == (in.PolicyARN != ""):
		return "", text, invalid("give policy_document or policy_arn: one of the two")
	case in.Document.given() && credentials.given():
		return "", text, invalid("profile and role_arn go with policy_arn: a document is of no account")
	case in.Document.given():
		return "policy_document", in.Document, nil
	}
	if arn, ok := nhiscan.ParseARN(in.PolicyARN); !ok || arn.Service != "iam" || !strings.HasPrefix(arn.Resource, "policy/") {
		return "", text, invalid("policy_arn: want the ARN of a managed policy, such as arn:aws:iam::aws:policy/ReadOnlyAccess")
	}
	if d, err := answer.AWSManaged(in.PolicyARN); answer.IsAWSManaged(in.PolicyARN) && err == nil {
		return in.PolicyARN, policyArgument{text: d.Text, asText: true}, nil
	}
	s, err := c.account(ctx, in)
	if err != nil {
		return "", text, err
	}
	found, _, err := answer.Documents(s.Account(), in.PolicyARN)
	if err != nil {
		return "", text, err
	}
	return in.PolicyARN, policyArgument{text: found[0].Text, asText: true}, nil
}

func newExplainPolicyResult(name string, doc *policydoc.Document) explainPolicyResult {
	e := policydoc.Explain(doc)
	out := explainPolicyResult{Name: name, Summary: e.Summary, Notes: []string{}}
	list, more := firstOf(e.Statements, maxExplained)
	out.Notes = addMore(out.Notes, more, "statement", "statements")
	for i := range list {
		out.Statements = append(out.Statements, asObject(newExplainedStatement(&list[i])))
	}
	out.allowed(doc)
	found := policydoc.Dangerous(doc)
	dangers, more := firstOf(found, maxDangers)
	out.Notes = addMore(out.Notes, more, "danger, no worse than those that are told", "dangers, none worse than those that are told")
	out.Dangers = objects(dangers, func(d policydoc.Danger) jsontext.Value { return render.DangerJSON(&d, maxDangerActions) })
	out.lines = explainedLines(&out, &e, found)
	return out
}

func newExplainedStatement(s *policydoc.StatementExplanation) explainedStatement {
	out := explainedStatement{
		Statement: s.Statement, SID: s.SID, Effect: string(s.Effect), Sentence: s.Sentence, Actions: map[string]int{}, Notes: s.Notes,
	}
	for level, n := range s.Actions {
		out.Actions[render.LevelWord(level)] = n
	}
	return out
}

// allowed counts the actions that any statement allows.
func (r *explainPolicyResult) allowed(doc *policydoc.Document) {
	var all policydoc.ActionSet
	toOthers := false
	for i := range doc.Statements {
		s := &doc.Statements[i]
		toOthers = toOthers || s.Principal != nil || s.NotPrincipal != nil
		if s.Effect == policydoc.Allow {
			all = all.Union(s.ActionSet())
		}
	}
	if toOthers {
		r.Notes = append(r.Notes, "statements with a Principal grant to others, and their dangers are not judged here: classify_role_trust does that for a role's trust policy")
	}
	r.AccessLevel, r.Actions = render.LevelWord(all.Level()), map[string]int{}
	for _, level := range policydoc.AccessLevels() {
		if n := all.Intersect(policydoc.ActionsOfLevel(level)).Len(); n > 0 {
			r.Actions[render.LevelWord(level)] = n
		}
	}
}

func (r explainPolicyResult) summary() string { return strings.Join(r.lines, "\n") }

// explainedLines are the first sentences, and the worst danger.
func explainedLines(r *explainPolicyResult, e *policydoc.Explanation, dangers []policydoc.Danger) []string {
	lines := []string{say("%s", e.Summary)}
	list, more := firstOf(e.Statements, summaryLines)
	for i := range list {
		lines = append(lines, say("%d. %s", list[i].Statement, list[i].Sentence))
	}
	lines = addMore(lines, more, "statement", "statements")
	last := say("Access level: %s. Dangers: %d", r.AccessLevel, len(dangers))
	if len(dangers) > 0 {
		last += say(", the worst %s: %s", string(dangers[0].Severity), dangers[0].Why)
	}
	return append(lines, last+".")
}
