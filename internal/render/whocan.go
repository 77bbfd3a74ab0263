package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// WhoCanSchema is the name of the JSON document that WhoCanJSON writes.
const WhoCanSchema = "nhiscan/who-can/v1"

// A WhoCan is the answer to who may do an action.
type WhoCan struct {
	Account *nhiscan.Account
	Action  Action
	// Resource is empty for any.
	Resource string
	// Grants are those who may, by ARN.
	Grants               []permissions.Grant
	ServiceControlUnseen bool
	Gaps                 []nhiscan.Gap
	Line                 LineFunc
}

type wireWhoCan struct {
	Schema               string      `json:"schema"`
	AccountID            string      `json:"account_id"`
	Action               string      `json:"action"`
	ActionKnown          bool        `json:"action_known"`
	Resource             *string     `json:"resource"`
	ServiceControlUnseen bool        `json:"service_control_unseen"`
	Complete             bool        `json:"complete"`
	Gaps                 []wireGap   `json:"gaps"`
	Principals           []wireGrant `json:"principals"`
}

type wireGrant struct {
	Principal string              `json:"principal"`
	Outcome   permissions.Outcome `json:"outcome"`
	wireWhere
	DependsOn            []string     `json:"depends_on"`
	ResourcePolicyUnseen bool         `json:"resource_policy_unseen"`
	Allows               []wireReason `json:"allows"`
	Denies               []wireReason `json:"denies"`
}

// WhoCanJSON writes the document of schema/who-can-v1.json.
func WhoCanJSON(w io.Writer, c *WhoCan) error {
	doc := wireWhoCan{
		Schema: WhoCanSchema, AccountID: c.Account.ID, Action: c.Action.Name, ActionKnown: c.Action.Known,
		ServiceControlUnseen: c.ServiceControlUnseen,
		Complete:             len(c.Gaps) == 0, Gaps: wireGaps(c.Gaps), Principals: make([]wireGrant, len(c.Grants)),
	}
	if c.Resource != "" {
		doc.Resource = &c.Resource
	}
	for i, g := range c.Grants {
		doc.Principals[i] = wireGrant{
			Principal: g.Principal, Outcome: g.Outcome, wireWhere: wireWhere{g.All, g.Resources, g.Except},
			DependsOn: g.Keys, ResourcePolicyUnseen: g.ResourcePolicyUnseen, Allows: wireReasons(g.Allows, c.Line), Denies: wireReasons(g.Denies, c.Line),
		}
	}
	return writeJSON(w, &doc)
}

// WhoCanTable writes a table of those who may, and what was not seen.
func WhoCanTable(w io.Writer, c *WhoCan, style Style) error {
	p := newPrinter(w, style)
	p.sentence(c.headline(), bold)
	if len(c.Grants) > 0 {
		p.raw("")
		p.writeTable(c.columns())
	}
	p.unseen(&Can{Action: c.Action, ServiceControlUnseen: c.ServiceControlUnseen, Gaps: c.Gaps})
	return p.flush()
}

func (c *WhoCan) headline() string {
	on := "on any resource"
	if c.Resource != "" {
		on = sprintf("on %s", c.Resource)
	}
	all := len(c.Account.Users) + len(c.Account.Roles)
	sure := 0
	for i := range c.Grants {
		if c.Grants[i].Outcome == permissions.Allowed {
			sure++
		}
	}
	text := sprintf("%s %s: %d of %s may do it", c.Action.Name, on, len(c.Grants), count(all, "identity"))
	switch some := len(c.Grants) - sure; {
	case some == 0:
		return text
	case sure == 0:
		return text + ", depending on conditions"
	default:
		return text + fmt.Sprintf(", %d of them depending on conditions", some)
	}
}

func (c *WhoCan) columns() []*column {
	grants := slices.Clone(c.Grants)
	slices.SortStableFunc(grants, func(a, b permissions.Grant) int {
		return cmp.Or(
			strings.Compare(string(a.Outcome), string(b.Outcome)), // allowed before depends
			strings.Compare(whoCanOrder(a.Principal), whoCanOrder(b.Principal)),
		)
	})
	n := len(grants)
	who := &column{title: "PRINCIPAL", cells: make([]string, n), least: 24, most: 40, middle: true}
	outcome := &column{title: "OUTCOME", cells: make([]string, n), colors: make([]color, n)}
	on := &column{title: "RESOURCES", cells: make([]string, n), least: 12, most: 50}
	keys := &column{title: "DEPENDS ON", cells: make([]string, n), least: 12, most: 40, optional: 2}
	through := &column{title: "THROUGH", cells: make([]string, n), least: 20, optional: 1}
	for i := range grants {
		g := &grants[i]
		who.cells[i] = entityText(g.Principal)
		outcome.cells[i], outcome.colors[i] = string(g.Outcome), outcomeColor(g.Outcome)
		on.cells[i] = grantResources(g)
		keys.cells[i] = dependsOn(g)
		through.cells[i] = c.through(g)
	}
	if c.Resource != "" {
		return []*column{who, outcome, keys, through}
	}
	return []*column{who, outcome, on, keys, through}
}

// whoCanOrder sorts users before roles, as a scan does, and each by name: ARNs
// have paths before names.
func whoCanOrder(arn string) string {
	text := strings.ToLower(entityText(arn))
	if name, ok := strings.CutPrefix(text, "user "); ok {
		return " " + name
	}
	return text
}

// dependsOn names what has to be right for a grant that is not certain.
func dependsOn(g *permissions.Grant) string {
	words := keyWords(g.Keys)
	switch {
	case !g.ResourcePolicyUnseen:
		return orDash(words)
	case words == "":
		return "the policy of the resource"
	}
	return words + ", the policy of the resource"
}

func grantResources(g *permissions.Grant) string {
	switch {
	case g.All && len(g.Except) > 0:
		return sprintf("all but %s", listSome(g.Except, 1))
	case g.All:
		return "all"
	}
	return orDash(sprintf("%s", listSome(g.Resources, 1)))
}

// through names the first statement that allows it.
func (c *WhoCan) through(g *permissions.Grant) string {
	if len(g.Allows) == 0 {
		return "-"
	}
	first := g.Allows[0]
	source := sourceOf(first)
	text := sprintf("%s%s", source.Name, statementText(first.Statement, ""))
	if source.Holder != "" && source.Holder != g.Principal && source.Type == permissions.IdentityPolicy {
		text += " of " + entityText(source.Holder)
	}
	if rest := len(g.Allows) - 1; rest > 0 {
		text += fmt.Sprintf(" and %d more", rest)
	}
	return text
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
