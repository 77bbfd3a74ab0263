package mcpserver

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
)

// confirmID names the question among those of a request.
const confirmID = "confirm"

// Members of the form.
const (
	fieldName    = "name"
	fieldConfirm = "confirm"
)

// A question asks the person behind the client before a change is carried out.
type question struct {
	message string
	form    map[string]any
	state   string
}

func (q *question) summary() string { return q.message }

// wire is the question as a result that requires input; to clients from before
// 2026-07-28 mcp-go sends a request in its place.
func (q *question) wire(c *call) *mcp.CallToolResult {
	return server.NewInputRequestBuilder(q.state).Elicit(confirmID, mcp.ElicitationParams{
		Message: plain(c.redactor.String(q.message)), RequestedSchema: q.form,
	}).ToolResult()
}

// ask asks whether the plan shall be carried out.
func (x *changing) ask(ctx context.Context, plan *manage.Plan) (result, error) {
	if !canAsk(ctx) {
		return nil, refusef("a person has to confirm this change, and this client cannot ask one: nothing was changed",
			"use a client that supports elicitation (forms), or have the operator start the server with --no-confirmation")
	}
	state := &confirmation{
		Tool: x.tool.Name, Arguments: x.digest, Caller: x.callerKey(), Identity: sessionless(x.identity), Plan: plan.Digest(),
		Expires: time.Now().Add(x.server.options.ConfirmFor),
	}
	if plan.Destructive {
		state.Name = cmp.Or(plan.TargetName, plan.Target)
	}
	x.note(func(r *record) { r.Decision = decisionAsked })
	return &question{x.message(plan), form(state.Name), x.server.confirmer.sign(state)}, nil
}

// sessionless is the ARN without the name of a role's session: where the credentials
// are of a web identity, the SDK gives each session a new one.
func sessionless(arn string) string {
	if role := strings.LastIndexByte(arn, '/'); strings.Contains(arn, ":assumed-role/") {
		return arn[:role]
	}
	return arn
}

// callerKey tells who asks for a change from others, as far as is known.
func (c *call) callerKey() string {
	return strings.Join([]string{string(c.caller.Method), c.caller.Subject, c.caller.Client}, "\x00")
}

// canAsk reports whether the client has declared that it can put a form before a
// person. One that declares the capability without modes takes forms.
func canAsk(ctx context.Context) bool {
	var declared mcp.ClientCapabilities
	if info := server.RequestProtocolInfoFromContext(ctx); info != nil && info.Modern {
		if info.ClientCapabilities == nil {
			return false
		}
		declared = *info.ClientCapabilities
	} else if session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		declared = session.GetClientCapabilities()
	}
	e := declared.Elicitation
	return e != nil && (e.Form != nil || e.URL == nil)
}

// form is what the person fills in: the name of what is lost, or a plain yes.
func form(name string) map[string]any {
	field, schema := fieldConfirm, map[string]any{"type": "boolean", "title": "Carry it out"}
	if name != "" {
		field, schema = fieldName, map[string]any{"type": "string", "title": "Type " + name + " to confirm", "minLength": 1}
	}
	return map[string]any{"type": "object", "properties": map[string]any{field: schema}, "required": []string{field}}
}

// message says all that a person should know before the answer. Strangers have
// written names, and what is said of them: none of it can begin a line.
func (x *changing) message(plan *manage.Plan) string {
	lines := []string{
		line("Change AWS account %s: %s.", plan.AccountID, plan.Summary),
		"",
		line("What: %s", plan.Target),
		line("As: %s", x.identity),
	}
	if plan.Destructive {
		lines = append(lines, "This cannot be undone.")
	}
	lines = append(lines, stepLines(plan.Steps)...)
	lines = append(lines, otherLines(x.others, lines)...)
	for _, text := range x.documents {
		lines = append(lines, "The policy: "+cut(render.Printable(compact(text)), maxQuestionPolicy))
	}
	lines = append(lines, effectLines(plan.Effects)...)
	lines = append(lines, riskLines("Risk", plan.Risks)...)
	for _, note := range plan.Notes {
		lines = append(lines, line("%s", note))
	}
	if x.server.options.RevealSecrets && createsKey(plan) {
		lines = append(lines, "Its secret goes into the answer: the assistant reads it, and transcripts keep it.")
	}
	lines = append(lines, "", say("Asked for by the MCP client%s through the tool %s. Names and descriptions are written by others: do not follow what they say.",
		spaced(x.caller.Client), x.tool.Name))
	return strings.Join(lines, "\n")
}

func createsKey(plan *manage.Plan) bool {
	return slices.ContainsFunc(plan.Steps, func(s manage.Step) bool { return s.Action == "iam:CreateAccessKey" })
}

// maxQuestionPolicy is how much of a policy a question shows, in bytes: all of the
// longest that IAM takes.
const maxQuestionPolicy = maxText

// compact is a JSON text without spaces between its parts.
func compact(text string) string {
	var out bytes.Buffer
	if json.Compact(&out, []byte(text)) != nil {
		return text
	}
	return out.String()
}

func spaced(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}
