package render

import (
	"io"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// CanSchema is the name of the JSON document that CanJSON writes.
const CanSchema = "nhiscan/can/v1"

// A Can is the answer to what one identity may do with one action, on one
// resource or anywhere.
type Can struct {
	Account *nhiscan.Account
	// Principal is an ARN.
	Principal string
	Action    Action
	// Resource is empty when it was asked where the action is allowed.
	Resource string
	Outcome  permissions.Outcome
	// Explicit says that a statement denies it whatever the context.
	Explicit bool
	// All, Resources and Except say where the action is allowed; see [permissions.Grant].
	All               bool
	Resources, Except []string
	Allows, Denies    []permissions.Match
	Missing           []permissions.Missing
	// Keys are the condition keys that it hangs on.
	Keys                 []string
	ResourcePolicyUnseen bool
	// ServiceControlUnseen says that the organization's policies are not known.
	ServiceControlUnseen bool
	Gaps                 []nhiscan.Gap
	Line                 LineFunc
}

// An Action is an action that was asked about.
type Action struct {
	Name string
	// Known says that it is in the catalogue.
	Known bool
}

type wireCan struct {
	Schema               string              `json:"schema"`
	AccountID            string              `json:"account_id"`
	Principal            string              `json:"principal"`
	Action               string              `json:"action"`
	ActionKnown          bool                `json:"action_known"`
	Resource             *string             `json:"resource"`
	Outcome              permissions.Outcome `json:"outcome"`
	Explicit             bool                `json:"explicit"`
	Where                *wireWhere          `json:"where"`
	DependsOn            []string            `json:"depends_on"`
	Allows               []wireReason        `json:"allows"`
	Denies               []wireReason        `json:"denies"`
	Missing              []wireMissing       `json:"missing"`
	ResourcePolicyUnseen bool                `json:"resource_policy_unseen"`
	ServiceControlUnseen bool                `json:"service_control_unseen"`
	Complete             bool                `json:"complete"`
	Gaps                 []wireGap           `json:"gaps"`
}

// wireWhere says on which resources an action is allowed.
type wireWhere struct {
	All       bool     `json:"all"`
	Resources []string `json:"resources"`
	Except    []string `json:"except"`
}

// CanJSON writes the document of schema/can-v1.json.
func CanJSON(w io.Writer, c *Can) error {
	doc := wireCan{
		Schema: CanSchema, AccountID: c.Account.ID, Principal: c.Principal,
		Action: c.Action.Name, ActionKnown: c.Action.Known,
		Outcome: c.Outcome, Explicit: c.Explicit, DependsOn: c.Keys,
		Allows: wireReasons(c.Allows, c.Line), Denies: wireReasons(c.Denies, c.Line), Missing: wireMissings(c.Missing),
		ResourcePolicyUnseen: c.ResourcePolicyUnseen, ServiceControlUnseen: c.ServiceControlUnseen,
		Complete: len(c.Gaps) == 0, Gaps: wireGaps(c.Gaps),
	}
	if c.Resource != "" {
		doc.Resource = &c.Resource
	} else {
		doc.Where = &wireWhere{c.All, c.Resources, c.Except}
	}
	return writeJSON(w, &doc)
}

// CanText writes the answer in a sentence, and why.
func CanText(w io.Writer, c *Can, style Style) error {
	p := newPrinter(w, style)
	p.sentence(c.verdict(), outcomeColor(c.Outcome))
	if c.Resource == "" && c.Outcome != permissions.Denied {
		p.where(c)
	}
	p.reasonsOf(c)
	p.unseen(c)
	return p.flush()
}

// verdict is the answer in one printable sentence.
func (c *Can) verdict() string {
	who := entityText(c.Principal)
	what := sprintf("%s", c.Action.Name)
	if c.Resource != "" && c.Resource != "*" {
		what += sprintf(" on %s", c.Resource)
	}
	switch {
	case c.Outcome == permissions.Allowed && c.Resource == "":
		return "Allowed: " + who + " may do " + what + c.scope()
	case c.Outcome == permissions.Allowed:
		return "Allowed: " + who + " may do " + what + "."
	case c.Outcome == permissions.Depends:
		return "Depends on " + c.dependsOn() + ": " + c.condition() + ", " + who + " may do " + what + c.scope()
	case c.Explicit:
		return "Denied: " + who + " may not do " + what + ": a statement denies it."
	}
	return "Denied: " + who + " may not do " + what + ": " + c.lacking() + "."
}

// lacking says why a request is denied that no statement denies.
func (c *Can) lacking() string {
	if len(c.Missing) == 1 && c.Missing[0].Type != permissions.IdentityPolicy {
		return missingText(c.Missing[0])
	}
	return "nothing allows it"
}

// scope ends the sentence of an answer without a resource.
func (c *Can) scope() string {
	switch {
	case c.Resource != "":
		return "."
	case c.All && len(c.Except) == 0:
		return " on all resources."
	case c.All:
		return " on all resources except:"
	}
	return " on these resources:"
}

// condition says what must be so for an answer that depends.
func (c *Can) condition() string {
	switch {
	case len(c.Keys) == 0:
		return "if that allows it"
	case c.ResourcePolicyUnseen:
		return "if they allow it"
	case len(c.Keys) == 1:
		return "if its value is right"
	}
	return "if their values are right"
}

func (c *Can) dependsOn() string {
	var parts []string
	if len(c.Keys) > 0 {
		parts = append(parts, keyWords(c.Keys))
	}
	if c.ResourcePolicyUnseen || len(c.Keys) == 0 {
		parts = append(parts, "the policy of the resource")
	}
	return strings.Join(parts, " and ")
}

func (p *printer) where(c *Can) {
	for _, r := range c.Resources {
		p.item("", plain, 0, Printable(r))
	}
	if len(c.Resources) > 0 && len(c.Except) > 0 {
		p.raw("except:")
	}
	for _, r := range c.Except {
		p.item("", plain, 0, Printable(r))
	}
}

func (p *printer) reasonsOf(c *Can) {
	if len(c.Allows)+len(c.Denies)+len(c.Missing) == 0 {
		return
	}
	p.heading("Why")
	for _, m := range c.Denies {
		p.item("denies", red, len("missing"), matchText(m, c.Principal, c.Line)+ifKeys(m.Keys))
	}
	for _, m := range c.Allows {
		p.item("allows", green, len("missing"), matchText(m, c.Principal, c.Line)+ifKeys(m.Keys))
	}
	for _, m := range c.Missing {
		p.item("missing", yellow, len("missing"), missingText(m))
	}
}

// unseen says what the answer does not take into account.
func (p *printer) unseen(c *Can) {
	var lines []string
	if !c.Action.Known {
		lines = append(lines, sprintf("%s is not in the action catalogue: no such action, or one that is newer", c.Action.Name))
	}
	if c.ResourcePolicyUnseen {
		lines = append(lines, "the policy of the resource was not read: --resource-policy FILE gives it")
	}
	if c.ServiceControlUnseen {
		lines = append(lines, "service control policies are not known: --scp DIR gives them")
	}
	lines = append(lines, GroupGaps(c.Gaps)...)
	if len(lines) == 0 {
		return
	}
	p.heading("Not seen")
	for _, line := range lines {
		p.item("-", yellow, 1, line)
	}
}

func outcomeColor(o permissions.Outcome) color {
	switch o {
	case permissions.Allowed:
		return green
	case permissions.Depends:
		return yellow
	}
	return red
}
