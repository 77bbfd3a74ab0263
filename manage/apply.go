package manage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nhiscan/nhiscan/collect"
)

// A Result is what became of a plan.
type Result struct {
	Plan *Plan
	// Steps are those of the plan, in order, with what became of each.
	Steps []StepResult
	// ARN and ID are those of what was created; empty when nothing was.
	ARN, ID string
	// VersionID is that of a policy version that was created; empty when none was.
	VersionID string
	// AccessKey is the access key that was created; nil when none was.
	AccessKey *NewAccessKey
}

// A StepResult is a step and what became of it.
type StepResult struct {
	Step
	Status StepStatus
	// Err is why it failed; a [*collect.Error] where AWS answered. Nil otherwise.
	Err error
}

// Repeatable reports whether the step can be carried out twice without harm, as can
// all but those that create something.
func (s *StepResult) Repeatable() bool { return s.mode != creation }

// A StepStatus says what became of a step. The zero value is unknown to this package.
type StepStatus string

const (
	// StepDone was carried out.
	StepDone StepStatus = "done"
	// StepSkipped was not needed: what it removes was gone already.
	StepSkipped StepStatus = "skipped"
	// StepFailed was not carried out.
	StepFailed StepStatus = "failed"
	// StepUnknown was sent, and whether AWS carried it out is not known: unless it is
	// [StepResult.Repeatable], look before it is tried again.
	StepUnknown StepStatus = "unknown"
	// StepRemaining was not tried, because one before it failed.
	StepRemaining StepStatus = "remaining"
)

// Count returns how many steps have the status.
func (r *Result) Count(status StepStatus) int {
	n := 0
	for i := range r.Steps {
		if r.Steps[i].Status == status {
			n++
		}
	}
	return n
}

// Failed returns the step that failed, or whose end is not known; nil when none did.
func (r *Result) Failed() *StepResult {
	for i := range r.Steps {
		if s := &r.Steps[i]; s.Status == StepFailed || s.Status == StepUnknown {
			return s
		}
	}
	return nil
}

// callTimeout bounds a call with all its attempts. It does not end with the context
// of Apply: of a call that was sent, the end should be known.
const callTimeout = 2 * time.Minute

// Apply carries out the plan, with the API that it was made with or one of the same
// credentials. A plan can be applied once.
//
// When ctx ends, the call that runs is waited for and no further one is begun. The
// error is [ErrApplied], a [*RefusedError], the context's, or that of the step that
// failed; the result, which is never nil, says how far it came.
func (p *Plan) Apply(ctx context.Context, api API) (*Result, error) {
	r := &Result{Plan: p, Steps: make([]StepResult, len(p.Steps))}
	for i, step := range p.Steps {
		r.Steps[i] = StepResult{Step: step, Status: StepRemaining}
	}
	if p.Refused() {
		return r, &RefusedError{p.Refusals}
	}
	if p.applied.Swap(true) {
		return r, ErrApplied
	}
	for i := range r.Steps {
		if err := ctx.Err(); err != nil {
			return r, fmt.Errorf("%s: %w", p.Change.Kind(), context.Cause(ctx))
		}
		if err := r.Steps[i].apply(ctx, api, r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// apply carries out the step, with pauses for what AWS is busy with.
func (s *StepResult) apply(ctx context.Context, api API, r *Result) error {
	for attempt := 0; ; attempt++ {
		err := s.call(ctx, api, r)
		switch {
		case err == nil:
			s.Status = StepDone
			return nil
		case s.mode == removal && errors.Is(err, collect.ErrNotFound):
			s.Status = StepSkipped
			return nil
		case s.passes(err) && attempt < maxPauses && pause(ctx, attempt):
			continue
		}
		s.Status, s.Err = StepFailed, err
		if !refusedByAWS(err) {
			s.Status = StepUnknown
		}
		return err
	}
}

func (s *StepResult) call(ctx context.Context, api API, r *Result) error {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
	defer cancel()
	err := s.run(limited, api, r)
	if err == nil {
		return nil
	}
	return collect.NewError(limited, s.Action, s.Resource, err)
}
