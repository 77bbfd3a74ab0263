package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
)

// A batch is the changes of a plan file.
type batch struct {
	changer   *changer
	proposals []manage.Proposal
	shown     *render.Applied
}

func newBatch(c *changer, file *manage.PlanFile, revealSecrets bool) *batch {
	b := &batch{changer: c, proposals: file.Proposals, shown: &render.Applied{Time: now(), AccountID: c.accountID, Caller: c.options.CallerARN}}
	for _, p := range file.Proposals {
		b.shown.Changes = append(b.shown.Changes, &render.AppliedChange{
			Change: render.Change{AccountID: c.accountID, Caller: c.options.CallerARN, Change: p.Change, RevealSecret: revealSecrets},
			Reason: p.Reason, UnusedSince: p.UnusedSince,
		})
	}
	return b
}

// prepare works out what each change will do. What fails is said with the change;
// the error is that of ctx.
func (b *batch) prepare(ctx context.Context) error {
	for i, c := range b.shown.Changes {
		b.check(ctx, i)
		if ctx.Err() != nil {
			return errNothingChanged
		}
		if c.Status == "" {
			c.Status = render.ChangePlanned
		}
	}
	return nil
}

// check looks whether a change is still to be made, and works out what it will do.
func (b *batch) check(ctx context.Context, i int) {
	c := b.shown.Changes[i]
	c.Status, c.Err = "", nil
	still, why, err := b.stillUnused(ctx, i)
	switch {
	case err != nil:
		c.Status, c.Err = render.ChangeFailed, err
		return
	case !still:
		c.Status, c.Skipped = render.ChangeSkipped, why
		return
	}
	plan, err := b.changer.plan(ctx, c.Change.Change)
	switch {
	case err != nil:
		c.Status, c.Err = render.ChangeFailed, err
		return
	case plan.Refused():
		c.Status = render.ChangeRefused
	case len(plan.Steps) == 0:
		c.Status = render.ChangeUnchanged
	}
	c.Plan = plan
}

func (b *batch) stillUnused(ctx context.Context, i int) (still bool, why string, err error) {
	if b.proposals[i].UnusedSince.IsZero() {
		return true, "", nil
	}
	type answer struct {
		still bool
		why   string
	}
	a, err := reading(ctx, b.changer, func(opts *manage.Options) (a answer, err error) {
		a.still, a.why, err = b.proposals[i].StillUnused(ctx, b.changer.api, opts)
		return a, err
	})
	return a.still, a.why, err
}

// open counts the changes that can be made, destructive those of them that cannot
// be undone.
func (b *batch) open() int { return b.shown.Count(render.ChangePlanned) }

func (b *batch) destructive() int {
	n := 0
	for _, c := range b.shown.Changes {
		if c.Status == render.ChangePlanned && c.Plan.Destructive {
			n++
		}
	}
	return n
}

// end gives what was not made yet a status.
func (b *batch) end(status render.ChangeStatus) {
	for _, c := range b.shown.Changes {
		if c.Status == render.ChangePlanned {
			c.Status = status
		}
	}
}

// apply makes the changes in order. Each is worked out again just before, for the
// account as those before it have left it.
func (b *batch) apply(ctx context.Context) {
	for i, c := range b.shown.Changes {
		if c.Status != render.ChangePlanned {
			continue
		}
		if ctx.Err() != nil {
			b.end(render.ChangeInterrupted)
			return
		}
		confirmed := c.Plan
		if b.check(ctx, i); c.Status != "" {
			continue
		}
		if err := asConfirmed(confirmed, c.Plan); err != nil {
			c.Status, c.Err = render.ChangeFailed, err
			continue
		}
		c.Result, c.Err = c.Plan.Apply(ctx, b.changer.api)
		c.Status = applied(c.Err)
	}
}

// asConfirmed fails for a plan that does more than what was shown, or speaks against
// itself for another reason.
func asConfirmed(shown, plan *manage.Plan) error {
	for _, s := range plan.Steps {
		same := func(o manage.Step) bool {
			return o.Action == s.Action && o.Resource == s.Resource && o.Does == s.Does
		}
		if !slices.ContainsFunc(shown.Steps, same) {
			return fmt.Errorf("not made, because it would now do more than was shown: %s; run apply again to see it", s.Does)
		}
	}
	for _, r := range plan.Risks {
		if !slices.ContainsFunc(shown.Risks, func(o manage.Risk) bool { return o.Code == r.Code }) {
			return fmt.Errorf("not made, because of what was not known when it was shown: %s; run apply again to see it", r.Message)
		}
	}
	return nil
}

// verdict is the error that makes the exit status: failures go before refusals.
func (b *batch) verdict(planOnly bool) error {
	failed, refused := b.shown.Count(render.ChangeFailed)+b.shown.Count(render.ChangeInterrupted), b.shown.Count(render.ChangeRefused)
	done := b.shown.Count(render.ChangeDone)
	switch {
	case failed > 0 && planOnly:
		return fmt.Errorf("%d of %s cannot be made", failed, counted(len(b.shown.Changes), "change"))
	case failed > 0:
		return &unfinishedError{fmt.Errorf("not all changes were made: %d of %d failed", failed, len(b.shown.Changes)), b.hint()}
	case refused > 0 && done > 0:
		return &unfinishedError{fmt.Errorf("not all changes were made: %d of %d refused", refused, len(b.shown.Changes)), refusedHint}
	case refused > 0:
		return &stoppedError{fmt.Sprintf("refused: %s, and nothing was changed", counted(refused, "change")), refusedHint}
	}
	return nil
}

// hint is the advice of the first failure that has one.
func (b *batch) hint() string {
	hints := []string{"run the same command again to finish what can be done"}
	for _, c := range b.shown.Changes {
		var hinted interface{ Hint() string }
		if c.Err != nil && errors.As(c.Err, &hinted) && hinted.Hint() != "" {
			return joinHints(append([]string{hinted.Hint()}, hints...))
		}
	}
	return hints[0]
}
