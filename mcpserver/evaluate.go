package mcpserver

import (
	"context"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/permissions"
)

// How many statements and resources an answer about one request names.
const (
	maxStatements = 20
	maxResources  = 100
)

type evaluateAccessArguments struct {
	Principal string `json:"principal" doc:"Name or ARN of a user or role"`
	Action    string `json:"action" doc:"Such as s3:GetObject" maxlen:"256"`
	Resource  string `json:"resource,omitzero" doc:"ARN, or *. Without it: where the action is allowed"`
	contextArguments
	ResourcePolicy policyArgument `json:"resource_policy,omitzero" doc:"Policy of the resource"`
	SessionPolicy  policyArgument `json:"session_policy,omitzero" doc:"Policy that the role's session was made with"`
	accountArguments
}

type evaluateAccessResult struct {
	accountInfo
	Principal            string   `json:"principal"`
	Action               string   `json:"action"`
	ActionKnown          bool     `json:"action_known"`
	Resource             *string  `json:"resource"`
	Outcome              string   `json:"outcome" enum:"allowed,denied,depends"`
	Explicit             bool     `json:"explicit"`
	Where                *object  `json:"where" doc:"Without a resource: all, resources, except"`
	DependsOn            []string `json:"depends_on"`
	Allows               []object `json:"allows" doc:"policy, statement, sid, line, depends_on"`
	Denies               []object `json:"denies"`
	Missing              []object `json:"missing" doc:"Kinds of policy that do not allow it"`
	ResourcePolicyUnseen bool     `json:"resource_policy_unseen"`
	ServiceControlUnseen bool     `json:"service_control_unseen"`
	Notes                []string `json:"notes"`

	lines []string
}

// allowedWhere are the resources on which an action is allowed.
type allowedWhere struct {
	All       bool     `json:"all"`
	Resources []string `json:"resources"`
	Except    []string `json:"except"`
}

type missingStatement struct {
	Type   string `json:"type"`
	Target string `json:"target"`
}

func (r evaluateAccessResult) summary() string {
	return strings.Join(append(r.lines, r.unread()...), "\n")
}

func evaluateAccessTool() *tool {
	return define(Tool{
		Name:  "evaluate_access",
		Title: "Evaluate access",
		Description: "Decides whether a user or role may do an action, as AWS does: allowed, denied, or depends " +
			"(on what is not known), with the deciding statements. Without a resource: where it is allowed.",
		Toolset: ToolsetPermissions,
		Actions: accountActions(),
	}, evaluateAccess)
}

func evaluateAccess(ctx context.Context, c *call, in evaluateAccessArguments) (none evaluateAccessResult, err error) {
	question, warning, err := in.question()
	if err != nil {
		return none, err
	}
	s, err := c.account(ctx, in)
	if err != nil {
		return none, err
	}
	can, err := calculate(ctx, c, func() (*render.Can, error) { return s.Can(question) })
	if err != nil {
		return none, err
	}
	out := newEvaluateAccessResult(can, notesOf(warning, s.Absent(in.Resource)))
	out.accountInfo = c.accountInfo(s, can.Gaps)
	return out, nil
}

func newEvaluateAccessResult(can *render.Can, warnings []string) evaluateAccessResult {
	notes := slices.Clip(warnings)
	if can.ResourcePolicyUnseen {
		notes = append(notes, "the policy of the resource was not read: resource_policy gives it")
	}
	if can.ServiceControlUnseen {
		notes = append(notes, noServiceControl)
	}
	out := evaluateAccessResult{
		Principal: can.Principal, Action: can.Action.Name, ActionKnown: can.Action.Known,
		Outcome: string(can.Outcome), Explicit: can.Explicit, DependsOn: can.Keys,
		ResourcePolicyUnseen: can.ResourcePolicyUnseen, ServiceControlUnseen: can.ServiceControlUnseen,
		lines: append(sayAll(warnings), canLines(can)...),
	}
	if can.Resource != "" {
		out.Resource = &can.Resource
	} else {
		var where object
		where, notes = whereOf(can.All, can.Resources, can.Except, notes)
		out.Where = &where
	}
	out.Allows, notes = statements(can.Allows, can.Line, "allowing", notes)
	out.Denies, notes = statements(can.Denies, can.Line, "denying", notes)
	for _, m := range can.Missing {
		out.Missing = append(out.Missing, asObject(missingStatement{string(m.Type), m.Target}))
	}
	out.Notes = notes
	return out
}

const noServiceControl = "service control policies are not known: they may allow less"

// notesOf are the warnings that there are.
func notesOf(warnings ...string) []string {
	notes := []string{}
	for _, w := range warnings {
		if w != "" {
			notes = append(notes, w)
		}
	}
	return notes
}

// sayAll makes each text fit for people.
func sayAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = say("%s", text)
	}
	return out
}

// question reads the arguments before any account is read.
func (in *evaluateAccessArguments) question() (q *answer.CanQuestion, warning string, err error) {
	q = &answer.CanQuestion{Resource: in.Resource, Texts: map[permissions.Source]string{}}
	if q.Principal, err = answer.NewQuery(in.Principal, ""); err != nil {
		return nil, "", err
	}
	if q.Action, warning, err = answer.ParseAction(in.Action); err != nil {
		return nil, "", err
	}
	if q.Context, err = in.context(); err != nil {
		return nil, "", err
	}
	resource := permissions.Source{Type: permissions.ResourcePolicy, ARN: in.Resource}
	if q.ResourcePolicy, err = in.ResourcePolicy.compile("resource_policy", resource, q.Texts); err != nil {
		return nil, "", err
	}
	policy, err := in.SessionPolicy.compile("session_policy", permissions.Source{Type: permissions.SessionPolicy}, q.Texts)
	if err != nil {
		return nil, "", err
	}
	if policy != nil {
		q.Session = []*permissions.Policy{policy}
	}
	return q, warning, nil
}

// compile returns nil when no policy was given. Texts get its text where lines in
// it mean something.
func (p policyArgument) compile(name string, source permissions.Source, texts map[permissions.Source]string) (*permissions.Policy, error) {
	if !p.given() {
		return nil, nil
	}
	doc, err := p.parse(name)
	if err != nil {
		return nil, err
	}
	if p.asText {
		texts[source] = p.text
	}
	return permissions.Compile(doc, source), nil
}

// whereOf cuts what is allowed where, with a note of how much is left out.
func whereOf(all bool, resources, except, notes []string) (object, []string) {
	resources, more := firstOf(resources, maxResources)
	notes = addMore(notes, more, "allowed resource", "allowed resources")
	except, more = firstOf(except, maxResources)
	return asObject(allowedWhere{all, resources, except}), addMore(notes, more, "denied resource", "denied resources")
}

// statements are the first of the deciding statements, with a note of how many are left out.
func statements(matches []permissions.Match, line render.LineFunc, which string, notes []string) ([]object, []string) {
	first, more := firstOf(matches, maxStatements)
	list := objects(first, func(m permissions.Match) jsontext.Value { return render.MatchJSON(m, line) })
	return list, addMore(notes, more, which+" statement", which+" statements")
}

// canLines are the answer in words: the verdict, where, and why.
func canLines(can *render.Can) []string {
	lines := []string{can.Verdict()}
	if can.Resource == "" && can.Outcome != permissions.Denied {
		lines = append(lines, resourceLines(can.Resources)...)
		if len(can.Resources) > 0 && len(can.Except) > 0 {
			lines = append(lines, "except:")
		}
		lines = append(lines, resourceLines(can.Except)...)
	}
	var why []string
	for _, m := range can.Denies {
		why = append(why, "denies: "+render.MatchText(m, can.Principal, can.Line))
	}
	for _, m := range can.Allows {
		why = append(why, "allows: "+render.MatchText(m, can.Principal, can.Line))
	}
	for _, m := range can.Missing {
		why = append(why, "missing: "+render.MissingText(m))
	}
	first, more := firstOf(why, summaryLines)
	return addMore(append(lines, first...), more, "statement", "statements")
}

func resourceLines(list []string) []string {
	first, more := firstOf(list, summaryLines)
	return addMore(sayAll(first), more, "resource", "resources")
}
