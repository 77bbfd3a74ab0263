package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
)

// changeFlags are the command line of one kind of change.
type changeFlags struct {
	changerFlags
	arguments *changeArguments
}

func newChangeCommand(con *console, kind manage.Kind) *cobra.Command {
	f := &changeFlags{arguments: newChangeArguments(kind)}
	cmd := &cobra.Command{
		Use:     f.arguments.use(),
		Short:   kind.Title,
		Long:    f.long(),
		Example: f.examples(),
		Args:    func(_ *cobra.Command, args []string) error { return f.arguments.positional(args) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, con) },
	}
	f.arguments.register(cmd)
	f.register(cmd)
	if f.createsKeys() {
		f.registerSecrets(cmd)
	}
	cmd.Flags().SortFlags = false
	return cmd
}

func (f *changeFlags) long() string {
	text := wrapHelp(f.arguments.inFlags(f.arguments.kind.Description))
	required := f.arguments.required()
	if len(required) == 0 {
		return text
	}
	var flags []string
	for _, arg := range required {
		flags = append(flags, "--"+arg.flag)
	}
	return text + "\n\n" + wrapHelp("What is given without a flag is "+joined(flags)+". It first says what it will do, then asks.")
}

func (f *changeFlags) examples() string {
	sample := "  nhiscan manage " + f.arguments.sample()
	if f.createsKeys() {
		return sample + " --secrets-dir keys\n" + sample + " --plan-only"
	}
	if slices.ContainsFunc(f.arguments.all, func(a *argument) bool { return a.name == "force" }) {
		return sample + "\n" + sample + " --force --plan-only"
	}
	return sample + "\n" + sample + " --plan-only"
}

// createsKeys reports whether the kind of change may create access keys.
func (f *changeFlags) createsKeys() bool {
	return slices.Contains(f.arguments.kind.Actions, "iam:CreateAccessKey")
}

func (f *changeFlags) run(cmd *cobra.Command, con *console) error {
	ctx := cmd.Context()
	if err := f.check(cmd, con); err != nil {
		return err
	}
	if createsKey(f.arguments.kind, f.arguments.text("step")) {
		if err := f.secretGoesSomewhere(f.arguments.kind.Name); err != nil {
			return err
		}
	}
	change, err := f.arguments.change(ctx, con)
	if err != nil {
		return f.arguments.explain(err)
	}
	changer, err := f.connect(ctx, con)
	if err != nil {
		return err
	}
	shown := &render.Change{
		Time: now(), AccountID: changer.accountID, Caller: changer.options.CallerARN,
		Change: change, RevealSecret: f.revealSecrets,
	}
	if shown.Plan, err = changer.plan(ctx, change); err != nil {
		return f.notPlanned(con, shown, f.arguments.explain(err))
	}
	return f.carryOut(ctx, con, changer, shown)
}

// notPlanned is the end of a change that could not be worked out: scripts get a
// document of it too, unless the command line was wrong.
func (f *changeFlags) notPlanned(con *console, c *render.Change, err error) error {
	if commandline.ExitStatus(err) == commandline.ExitUsage {
		return err
	}
	c.Status, c.Err = render.ChangeFailed, err
	if errors.Is(err, errNothingChanged) {
		c.Status = render.ChangeInterrupted
	}
	if screen := f.screen(con); !screen.table {
		return errors.Join(err, screen.result(c))
	}
	return err
}

// carryOut shows the plan, asks, applies it and shows the result.
func (f *changeFlags) carryOut(ctx context.Context, con *console, changer *changer, c *render.Change) error {
	screen := f.screen(con)
	if err := screen.plan(c); err != nil {
		return err
	}
	outcome, err := f.decide(ctx, con, screen, c)
	if outcome == "" && err == nil {
		c.Result, c.Err = c.Plan.Apply(ctx, changer.api)
		outcome = applied(c.Err)
		err = notFinished(c.Result, c.Err)
	}
	c.Status = outcome
	if unwritten := screen.result(c); unwritten != nil && err != nil {
		return fmt.Errorf("%w; %w", err, unwritten)
	} else if unwritten != nil {
		return unwritten
	}
	return err
}

// decide returns what the change ends as without being applied; nothing when it is
// to be applied.
func (f *changerFlags) decide(ctx context.Context, con *console, screen *changeScreen, c *render.Change) (render.ChangeStatus, error) {
	switch {
	case c.Plan.Refused():
		return render.ChangeRefused, &stoppedError{"refused: nothing was changed", refusedHint}
	case len(c.Plan.Steps) == 0:
		return render.ChangeUnchanged, nil
	case f.planOnly:
		return render.ChangePlanned, nil
	case f.yes:
		return "", nil
	}
	if err := screen.planForQuestion(c); err != nil {
		return render.ChangeInterrupted, err
	}
	yes, err := con.confirmed(ctx, c.Plan.Destructive, c.Plan.TargetName)
	switch {
	case err != nil:
		return render.ChangeInterrupted, err
	case !yes:
		return render.ChangeDeclined, &stoppedError{message: "declined: nothing was changed"}
	}
	return "", nil
}

const refusedHint = "--allow-privileged-grants lets it through, when all that is said under Refused is meant to be so"

// applied is what became of a change that was applied with this error.
func applied(err error) render.ChangeStatus {
	switch {
	case err == nil:
		return render.ChangeDone
	case errors.Is(err, context.Canceled):
		return render.ChangeInterrupted
	}
	return render.ChangeFailed
}

// An unfinishedError is a change that ended before its end.
type unfinishedError struct {
	err  error
	hint string
}

func (e *unfinishedError) Error() string { return e.err.Error() }
func (e *unfinishedError) Hint() string  { return e.hint }
func (e *unfinishedError) Unwrap() error { return e.err }

// notFinished adds to an error what to do about a change that it ended.
func notFinished(r *manage.Result, err error) error {
	if err == nil {
		return nil
	}
	var hints []string
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		hints = append(hints, hinted.Hint())
	}
	switch failed := r.Failed(); {
	case failed != nil && failed.Status == manage.StepUnknown && failed.Repeatable():
		hints = append(hints, fmt.Sprintf("whether AWS did %s is not known: run the same command again, which does what is left", failed.Does))
	case failed != nil && failed.Status == manage.StepUnknown:
		hints = append(hints, fmt.Sprintf("whether AWS did %s is not known: look at %s before you try again", failed.Does, failed.Resource))
	case r.Count(manage.StepDone) > 0:
		hints = append(hints, "run the same command again to finish")
	default:
		hints = append(hints, "nothing was changed")
	}
	return &unfinishedError{err, joinHints(hints)}
}
