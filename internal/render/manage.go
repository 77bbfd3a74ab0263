package render

import (
	"errors"
	"io"
	"time"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/manage"
)

// ManageSchema is the name of the JSON document that ChangeJSON writes.
const ManageSchema = "nhiscan/manage/v1"

// A Change is a change of IAM, and what became of it.
type Change struct {
	Time time.Time
	// AccountID is the account's, and Caller the ARN of whose credentials change it.
	AccountID, Caller string
	// Change is what was asked for.
	Change manage.Change
	Status ChangeStatus
	// Plan is nil when there is none, and Err says why.
	Plan *manage.Plan
	// Result is nil when the plan was not applied.
	Result *manage.Result
	// Err is what ended it; nil when it did not fail.
	Err error
	// RevealSecret says to show the secret of a new access key.
	RevealSecret bool
}

// A ChangeStatus says what became of a change.
type ChangeStatus string

const (
	// ChangePlanned was worked out and not to be carried out.
	ChangePlanned ChangeStatus = "planned"
	// ChangeRefused was refused by its plan.
	ChangeRefused ChangeStatus = "refused"
	// ChangeUnchanged has nothing to do.
	ChangeUnchanged ChangeStatus = "unchanged"
	// ChangeDeclined was declined by a person.
	ChangeDeclined ChangeStatus = "declined"
	// ChangeDone was carried out.
	ChangeDone ChangeStatus = "done"
	// ChangeFailed could not be planned, or ended half way.
	ChangeFailed ChangeStatus = "failed"
	// ChangeInterrupted was ended by a person, half way or before.
	ChangeInterrupted ChangeStatus = "interrupted"
	// ChangeSkipped was not tried, because what it is about has been used since it was proposed.
	ChangeSkipped ChangeStatus = "skipped"
)

type wireChangeDocument struct {
	Schema    string     `json:"schema"`
	Time      stamp      `json:"time"`
	AccountID string     `json:"account_id"`
	Caller    string     `json:"caller"`
	Change    wireChange `json:"change"`
}

type wireChange struct {
	Kind        string            `json:"kind"`
	Arguments   manage.Change     `json:"arguments"`
	Status      ChangeStatus      `json:"status"`
	Summary     string            `json:"summary"`
	Target      string            `json:"target"`
	TargetName  string            `json:"target_name"`
	Destructive bool              `json:"destructive"`
	Steps       []wireStep        `json:"steps"`
	Effects     []wireEffect      `json:"effects"`
	Risks       []manage.Risk     `json:"risks"`
	Refusals    []manage.Risk     `json:"refusals"`
	Notes       []string          `json:"notes"`
	Created     *wireCreated      `json:"created"`
	AccessKey   *wireNewAccessKey `json:"access_key"`
	Error       *wireError        `json:"error"`
}

type wireStep struct {
	manage.Step
	Status string     `json:"status"`
	Error  *wireError `json:"error"`
}

type wireEffect struct {
	ARN    string    `json:"arn"`
	Before wirePower `json:"before"`
	After  wirePower `json:"after"`
}

type wirePower struct {
	Admin       string   `json:"admin"`
	AccessLevel string   `json:"access_level"`
	Actions     int      `json:"actions"`
	Escalations []string `json:"escalations"`
}

type wireCreated struct {
	ARN       string `json:"arn"`
	ID        string `json:"id"`
	VersionID string `json:"version_id"`
}

type wireNewAccessKey struct {
	AccessKeyID string `json:"access_key_id"`
	UserName    string `json:"user_name"`
	CreateDate  stamp  `json:"create_date"`
	// SecretAccessKey is empty unless it is to be revealed.
	SecretAccessKey string `json:"secret_access_key"`
	KeptIn          string `json:"kept_in"`
}

type wireError struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	Hint      string `json:"hint"`
	RequestID string `json:"request_id"`
}

// ChangeJSON writes the document of schema/manage-v1.json.
func ChangeJSON(w io.Writer, c *Change) error {
	return writeJSON(w, &wireChangeDocument{ManageSchema, stamp(c.Time), c.AccountID, c.Caller, newWireChange(c)})
}

func newWireChange(c *Change) wireChange {
	doc := wireChange{Kind: c.Change.Kind(), Arguments: c.Change, Status: c.Status, Error: newWireError(c.Err)}
	if c.Plan != nil {
		doc.Arguments = c.Plan.Change
		doc.Summary, doc.Target, doc.TargetName, doc.Destructive = c.Plan.Summary, c.Plan.Target, c.Plan.TargetName, c.Plan.Destructive
		doc.Effects, doc.Risks, doc.Refusals, doc.Notes = wireEffects(c.Plan.Effects), c.Plan.Risks, c.Plan.Refusals, c.Plan.Notes
	}
	for _, step := range c.steps() {
		doc.Steps = append(doc.Steps, wireStep{step.Step, string(step.Status), newWireError(step.Err)})
	}
	if r := c.Result; r != nil {
		if r.ARN+r.ID+r.VersionID != "" {
			doc.Created = &wireCreated{r.ARN, r.ID, r.VersionID}
		}
		if k := r.AccessKey; k != nil {
			doc.AccessKey = &wireNewAccessKey{AccessKeyID: k.ID, UserName: k.UserName, CreateDate: stamp(k.CreateDate), KeptIn: k.KeptIn}
			if c.RevealSecret {
				doc.AccessKey.SecretAccessKey = k.Secret.Reveal()
			}
		}
	}
	return doc
}

// stepPlanned is the status of a step of a plan that was not applied.
const stepPlanned manage.StepStatus = "planned"

// steps are those of the result or, without one, of the plan.
func (c *Change) steps() []manage.StepResult {
	switch {
	case c.Result != nil:
		return c.Result.Steps
	case c.Plan == nil:
		return nil
	}
	steps := make([]manage.StepResult, len(c.Plan.Steps))
	for i, s := range c.Plan.Steps {
		steps[i] = manage.StepResult{Step: s, Status: stepPlanned}
	}
	return steps
}

func wireEffects(effects []manage.Effect) []wireEffect {
	out := make([]wireEffect, len(effects))
	for i, e := range effects {
		out[i] = wireEffect{e.ARN, newWirePower(e.Before), newWirePower(e.After)}
	}
	return out
}

func newWirePower(p manage.Power) wirePower {
	return wirePower{string(p.Admin), levelWord(p.AccessLevel), p.Actions, p.Escalations}
}

func newWireError(err error) *wireError {
	if err == nil {
		return nil
	}
	doc := &wireError{Message: err.Error()}
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		doc.Hint = hinted.Hint()
	}
	var aws *collect.Error
	if errors.As(err, &aws) {
		doc.Code, doc.RequestID = aws.Code, aws.RequestID
	}
	return doc
}
