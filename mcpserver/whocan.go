package mcpserver

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/permissions"
)

// maxGrantStatements is how many statements and resources a grant in a list names.
const maxGrantStatements = 8

type whoCanArguments struct {
	Action   string `json:"action" doc:"Such as iam:PassRole" maxlen:"256"`
	Resource string `json:"resource,omitzero" doc:"ARN, or *. Without it: any"`
	contextArguments
	bigPageArguments
	accountArguments
}

type whoCanResult struct {
	accountInfo
	Action               string   `json:"action"`
	ActionKnown          bool     `json:"action_known"`
	Resource             *string  `json:"resource"`
	Allowed              int      `json:"allowed"`
	Depends              int      `json:"depends"`
	Principals           []object `json:"principals" doc:"principal, outcome, all, resources, except, depends_on, allows, denies, omitted"`
	ServiceControlUnseen bool     `json:"service_control_unseen"`
	Notes                []string `json:"notes"`
	page

	lines []string
}

// A grantedIdentity is one that may do the action.
type grantedIdentity struct {
	Principal string `json:"principal"`
	Outcome   string `json:"outcome"`
	allowedWhere
	DependsOn            []string `json:"depends_on"`
	ResourcePolicyUnseen bool     `json:"resource_policy_unseen"`
	Allows               []object `json:"allows"`
	Denies               []object `json:"denies"`
	// Omitted counts the statements and resources that are left out.
	Omitted int `json:"omitted"`
}

func (r whoCanResult) summary() string { return strings.Join(append(r.lines, r.unread()...), "\n") }

func whoCanTool() *tool {
	return define(Tool{
		Name:  "who_can",
		Title: "Who can do an action",
		Description: "Lists the users and roles that may do an action on a resource, or on any, certain ones first, and the statements that let them. " +
			"Policies of resources other than roles are not seen.",
		Toolset: ToolsetPermissions,
		Actions: accountActions(),
	}, whoCan)
}

func whoCan(ctx context.Context, c *call, in whoCanArguments) (none whoCanResult, err error) {
	action, warning, err := answer.ParseAction(in.Action)
	if err != nil {
		return none, err
	}
	request, err := in.context()
	if err != nil {
		return none, err
	}
	question := []any{action.Name, in.Resource, in.Context, in.Complete}
	s, offset, err := c.open(ctx, in, false, in.page(), question...)
	if err != nil {
		return none, err
	}
	who, err := calculate(ctx, c, func() (*render.WhoCan, error) { return s.WhoCan(action, in.Resource, request) })
	if err != nil {
		return none, err
	}
	slices.SortStableFunc(who.Grants, func(a, b permissions.Grant) int {
		return cmp.Or(strings.Compare(string(a.Outcome), string(b.Outcome)), // allowed before depends
			strings.Compare(a.Principal, b.Principal))
	})
	out := newWhoCanResult(who, notesOf(warning, s.Absent(in.Resource)))
	out.accountInfo = c.accountInfo(s, who.Gaps)
	list, info := cutPage(c, s, who.Grants, offset, in.page(), question...)
	out.page = info
	for i := range list {
		out.Principals = append(out.Principals, asObject(newGrantedIdentity(&list[i], who.Line)))
		if i < summaryLines {
			out.lines = append(out.lines, grantLine(&list[i], who.Line))
		}
	}
	out.lines = addMore(out.lines, len(who.Grants)-offset-min(len(list), summaryLines), "identity", "identities")
	return out, nil
}

// newWhoCanResult is the answer without its list.
func newWhoCanResult(who *render.WhoCan, warnings []string) whoCanResult {
	out := whoCanResult{
		Action: who.Action.Name, ActionKnown: who.Action.Known, ServiceControlUnseen: who.ServiceControlUnseen,
		Notes: warnings, lines: append(sayAll(warnings), who.Headline()+"."),
	}
	if who.Resource != "" {
		out.Resource = &who.Resource
	}
	if who.ServiceControlUnseen {
		out.Notes = append(out.Notes, noServiceControl)
	}
	for i := range who.Grants {
		if who.Grants[i].Outcome == permissions.Allowed {
			out.Allowed++
		}
	}
	out.Depends = len(who.Grants) - out.Allowed
	return out
}

func newGrantedIdentity(g *permissions.Grant, line render.LineFunc) grantedIdentity {
	resources, moreResources := firstOf(g.Resources, maxGrantStatements)
	except, moreExcept := firstOf(g.Except, maxGrantStatements)
	allows, moreAllows := firstOf(g.Allows, maxGrantStatements)
	denies, moreDenies := firstOf(g.Denies, maxGrantStatements)
	item := grantedIdentity{
		Principal: g.Principal, Outcome: string(g.Outcome), allowedWhere: allowedWhere{g.All, resources, except},
		DependsOn: g.Keys, ResourcePolicyUnseen: g.ResourcePolicyUnseen,
		Omitted: moreResources + moreExcept + moreAllows + moreDenies,
	}
	item.Allows, _ = statements(allows, line, "", nil)
	item.Denies, _ = statements(denies, line, "", nil)
	return item
}

// grantLine says in one line who may, and by which statement first.
func grantLine(g *permissions.Grant, line render.LineFunc) string {
	text := render.EntityText(g.Principal) + ": " + string(g.Outcome)
	if len(g.Allows) > 0 {
		text += " by " + render.MatchText(g.Allows[0], g.Principal, line)
	}
	return text
}
