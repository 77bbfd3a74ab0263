package mcpserver

import (
	"cmp"
	"context"
	"errors"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/manage"
)

func isCredentialError(err error) bool { return errors.Is(err, collect.ErrCredentials) }

// explainChange makes an Error of what package manage refuses; nil for other errors.
func explainChange(err error) *Error {
	var argument *manage.ArgumentError
	var refused *manage.RefusedError
	switch {
	case errors.As(err, &refused):
		return refusef(refused.Error(), "the operator can allow it: --allow-privileged-grants. preview=true shows the whole plan")
	case errors.As(err, &argument):
		return &Error{Code: CodeInvalidArgument, Message: argument.Error(), Hint: argument.Hint()}
	}
	return nil
}

// changeError explains a change that was begun and not finished: what was done, what
// failed, what remains.
func changeError(ctx context.Context, done *manage.Result, err error) *Error {
	if done.Failed() != nil {
		ctx = context.WithoutCancel(ctx) // the step is why it stopped, whatever else ended meanwhile
	}
	e := *explain(ctx, err)
	for _, s := range done.Steps {
		switch s.Status {
		case manage.StepDone:
			e.Done = append(e.Done, s.Does)
		case manage.StepSkipped:
			e.Done = append(e.Done, s.Does+" (was gone already)")
		case manage.StepFailed, manage.StepUnknown:
			e.Failed = s.Does
		case manage.StepRemaining:
			e.Remaining = append(e.Remaining, s.Does)
		}
	}
	again := "the same call again finishes what is left"
	if failed := done.Failed(); failed != nil && failed.Status == manage.StepUnknown && failed.Repeatable() {
		again = "AWS may or may not have carried it out: the same call again does what is left"
	} else if failed != nil && failed.Status == manage.StepUnknown {
		e.Retryable = false
		again = say("AWS may or may not have carried it out: look for %s before you call again", failed.Resource)
	} else if len(done.Steps) == 1 {
		again = ""
	}
	if e.Hint != "" && again != "" {
		again = "; " + again
	}
	e.Hint += again
	return &e
}

// hintForChange says what to do about what AWS answers to changes; empty for other answers.
func hintForChange(e *collect.Error) string {
	switch e.Code {
	case "EntityAlreadyExists":
		return "choose another name, or change the one that there is"
	case "DeleteConflict":
		return "force=true, where the tool has it, takes away what the message names first"
	case "MalformedPolicyDocument", "MalformedPolicyDocumentException":
		return "lint_policy says what is wrong with the document, and where"
	case manage.CodeNotYet:
		return e.Hint()
	case "LimitExceeded":
		return cmp.Or(e.Hint(), "delete what is no longer needed first, or have AWS raise the quota")
	case "UnmodifiableEntity":
		return "it belongs to an AWS service: only that service changes it"
	case "EntityTemporarilyUnmodifiable", "ConcurrentModification":
		return "AWS is busy with it: the same call again in a minute"
	}
	return ""
}
