package manage

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nhiscan/nhiscan"
)

// planSchema is the schema of a plan file.
const planSchema = "nhiscan/plan/v1"

// A PlanFile is a list of changes to be made, as a person writes or edits it.
type PlanFile struct {
	// AccountID is the account that the changes are for.
	AccountID string
	CreatedAt time.Time
	// Comment is for people; may be empty.
	Comment   string
	Proposals []Proposal
}

type planFile struct {
	Schema    string         `json:"schema"`
	AccountID string         `json:"account_id"`
	CreatedAt time.Time      `json:"created_at"`
	Comment   string         `json:"comment,omitempty"`
	Changes   []planFileItem `json:"changes"`
}

type planFileItem struct {
	Change      string     `json:"change"`
	Arguments   Change     `json:"arguments"`
	Reason      string     `json:"reason,omitempty"`
	UnusedSince *time.Time `json:"unused_since,omitempty"`
}

// Write writes the file: JSON that is made to be edited by hand, with one change per
// block. [ReadPlanFile] reads it. Any change of [Kinds] may be in it. The error is
// that of a proposal without a change, or of the writer.
func (f *PlanFile) Write(w io.Writer) error {
	doc := planFile{
		Schema: planSchema, AccountID: f.AccountID, CreatedAt: f.CreatedAt.UTC(), Comment: f.Comment,
		Changes: make([]planFileItem, len(f.Proposals)),
	}
	for i, p := range f.Proposals {
		if p.Change == nil {
			return fmt.Errorf("plan file: proposal %d has no change", i+1)
		}
		doc.Changes[i] = planFileItem{Change: p.Change.Kind(), Arguments: p.Change, Reason: p.Reason}
		if !p.UnusedSince.IsZero() {
			since := p.UnusedSince.UTC()
			doc.Changes[i].UnusedSince = &since
		}
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("plan file: %w", err)
	}
	_, err := w.Write(text.Bytes())
	return err
}

// ErrOtherAccount says that a plan file is for another account than the credentials.
var ErrOtherAccount = errors.New("the plan file is for another account")

// CheckAccount fails with [ErrOtherAccount] unless the credentials of the caller,
// whose ARN sts:GetCallerIdentity tells, are of the account that the file is for.
func (f *PlanFile) CheckAccount(callerARN string) error {
	arn, ok := nhiscan.ParseARN(callerARN)
	if !ok || arn.Account != f.AccountID {
		return fmt.Errorf("%w: it is for %s, and the credentials are of %s", ErrOtherAccount, f.AccountID, arn.Account)
	}
	return nil
}

// A PlanFileError is something in a plan file that cannot be.
type PlanFileError struct {
	// Line and Column, from 1, are where it is.
	Line, Column int
	// Entry is the number of the change, from 1; 0 for what is outside of the changes.
	Entry int
	// Change is the kind of the change; empty where it is not known.
	Change  string
	Message string
	// Err is the reason, such as an [*ArgumentError]; may be nil.
	Err error
}

func (e *PlanFileError) Error() string {
	where := fmt.Sprintf("plan file: line %d, column %d: ", e.Line, e.Column)
	if e.Entry > 0 {
		where += fmt.Sprintf("change %d: ", e.Entry)
	}
	if e.Change != "" {
		where += e.Change + ": "
	}
	return where + e.Message
}

func (e *PlanFileError) Unwrap() error { return e.Err }
