package mcpserver

import (
	"crypto/rand"
	"encoding/json"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/manage"
)

// What became of a change.
const (
	statusDone      = "done"
	statusUnchanged = "unchanged"
	statusPreview   = "preview"
)

// A changeResult is the answer of a tool that changes IAM. Its parts are the same
// for all of them, and listed with each: their members are not said again.
type changeResult struct {
	Change    string                `json:"change"`
	Status    string                `json:"status" enum:"done,unchanged,preview"`
	AccountID string                `json:"account_id"`
	Target    string                `json:"target"`
	Summary   string                `json:"summary"`
	Steps     list[changeStep]      `json:"steps"`
	Effects   list[manage.Effect]   `json:"effects"`
	Risks     list[manage.Risk]     `json:"risks"`
	Refusals  list[manage.Risk]     `json:"refusals"`
	Notes     list[string]          `json:"notes"`
	Created   entity[createdEntity] `json:"created,omitzero"`
	AccessKey entity[createdKey]    `json:"access_key,omitzero"`

	// secret is what stands in the place of slot in the answer; empty for nothing.
	secret, slot string
}

// A list is a list whose items the schema does not describe.
type list[T any] []T

// JSONSchema implements [toolschema.Describer].
func (list[T]) JSONSchema() *toolschema.Schema { return &toolschema.Schema{Type: "array"} }

type changeStep struct {
	manage.Step
	// Status is planned, or one of package manage.
	Status string `json:"status"`
}

type createdEntity struct {
	ARN       string `json:"arn,omitzero"`
	ID        string `json:"id,omitzero"`
	VersionID string `json:"version_id,omitzero"`
}

type createdKey struct {
	AccessKeyID string `json:"access_key_id"`
	UserName    string `json:"user_name"`
	// SecretAccessKey is there only where the operator wants secrets in answers.
	SecretAccessKey string `json:"secret_access_key,omitzero"`
	// KeptIn says where the secret is kept; empty when it is not.
	KeptIn string `json:"kept_in"`
}

func newChangeResult(p *manage.Plan, status string) *changeResult {
	out := &changeResult{
		Change: p.Change.Kind(), Status: status, AccountID: p.AccountID, Target: p.Target, Summary: p.Summary,
		Effects: p.Effects, Risks: p.Risks, Refusals: p.Refusals, Notes: p.Notes,
	}
	for _, s := range p.Steps {
		out.Steps = append(out.Steps, changeStep{s, "planned"})
	}
	return out
}

// take adds what became of the plan.
func (r *changeResult) take(done *manage.Result, reveal bool) {
	for i, s := range done.Steps {
		r.Steps[i].Status = string(s.Status)
	}
	r.Created.value = createdEntity{done.ARN, done.ID, done.VersionID}
	key := done.AccessKey
	if key == nil {
		return
	}
	r.AccessKey.value = createdKey{AccessKeyID: key.ID, UserName: key.UserName, KeptIn: key.KeptIn}
	if reveal {
		r.secret, r.slot = key.Secret.Reveal(), rand.Text()
		r.AccessKey.value.SecretAccessKey = r.slot
	}
}

// reveal puts the secret into its place of an answer from which all secrets have
// been taken: into the structured content, and where the text has all of that too.
func (r *changeResult) reveal(answer *mcp.CallToolResult) {
	if r.secret == "" {
		return
	}
	text, err := json.Marshal(r.secret)
	if err != nil {
		return
	}
	put := func(whole string) string { return strings.Replace(whole, `"`+r.slot+`"`, string(text), 1) }
	if whole, ok := answer.StructuredContent.(mcptransport.Encoded); ok {
		answer.StructuredContent = mcptransport.Encoded(put(string(whole)))
	}
	for i, content := range answer.Content {
		if c, ok := content.(mcp.TextContent); ok {
			c.Text = put(c.Text)
			answer.Content[i] = c
		}
	}
}

func (r *changeResult) summary() string {
	first := map[string]string{statusDone: "Done: %s.", statusUnchanged: "Nothing to do, and nothing was changed: %s.", statusPreview: "Nothing was changed. This would be done: %s."}[r.Status]
	if r.Status == statusPreview && len(r.Refusals) > 0 {
		first = "Nothing was changed, and this would be refused: %s."
	}
	lines := []string{line(first, r.Summary), line("Account %s, %s", r.AccountID, r.Target)}
	if r.Status == statusPreview {
		lines = append(lines, stepLines(r.steps())...)
	}
	lines = append(lines, effectLines(r.Effects)...)
	lines = append(lines, riskLines("Risk", r.Risks)...)
	lines = append(lines, riskLines("Refused", r.Refusals)...)
	if key := r.AccessKey.value; key.AccessKeyID != "" {
		where := "access_key.secret_access_key of the structured answer has its secret, which AWS does not tell again."
		if key.KeptIn != "" {
			where = say("Its secret is in %s, and AWS does not tell it again.", key.KeptIn)
		}
		lines = append(lines, say("The access key is %s.", key.AccessKeyID)+" "+where)
	}
	for _, note := range r.Notes {
		lines = append(lines, line("%s", note))
	}
	return strings.Join(lines, "\n")
}

func (r *changeResult) steps() []manage.Step {
	out := make([]manage.Step, len(r.Steps))
	for i := range r.Steps {
		out[i] = r.Steps[i].Step
	}
	return out
}
