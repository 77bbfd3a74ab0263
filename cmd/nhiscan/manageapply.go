package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
)

const applyExamples = `  nhiscan cleanup --unused-for 90d -o plan.json
  nhiscan manage apply plan.json --plan-only
  nhiscan manage apply plan.json`

type applyFlags struct{ changerFlags }

func newApplyCommand(con *console) *cobra.Command {
	f := &applyFlags{}
	cmd := &cobra.Command{
		Use:   "apply FILE",
		Short: "Make the changes of a plan file",
		Long: `Apply makes the changes of a plan file, which nhiscan cleanup saves and people
edit; - is standard input. It says of each what it will do, and asks once for
all. What has been used since it was proposed is left as it is. A change that
fails does not stop the others.`,
		Example: applyExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return commandline.Usagef("apply: name one plan file, as in: nhiscan manage apply plan.json")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, con, args[0]) },
	}
	f.register(cmd)
	f.registerSecrets(cmd)
	return cmd
}

func (f *applyFlags) run(cmd *cobra.Command, con *console, name string) error {
	ctx := cmd.Context()
	if err := f.check(cmd, con); err != nil {
		return err
	}
	file, err := interruptible(ctx, 0, func() (*manage.PlanFile, error) { return readPlanFile(con, name) })
	if err != nil {
		return err
	}
	if err := f.checkSecrets(file); err != nil {
		return err
	}
	changer, err := f.connect(ctx, con)
	if err != nil {
		return err
	}
	if err := file.CheckAccount(changer.options.CallerARN); err != nil {
		return commandline.Usagef("%s: %w", name, err)
	}
	batch := newBatch(changer, file, f.revealSecrets)
	if err := batch.prepare(ctx); err != nil {
		return err
	}
	return f.carryOut(ctx, con, batch)
}

// checkSecrets refuses a file that creates keys whose secrets nobody would have.
func (f *applyFlags) checkSecrets(file *manage.PlanFile) error {
	for _, p := range file.Proposals {
		kind, _ := manage.KindOf(p.Change.Kind())
		rotation, _ := p.Change.(manage.RotateAccessKey)
		if !createsKey(kind, string(rotation.Step)) {
			continue
		}
		if err := f.secretGoesSomewhere(kind.Name); err != nil {
			return err
		}
	}
	return nil
}

func readPlanFile(con *console, name string) (*manage.PlanFile, error) {
	in, called := con.stdin, "standard input"
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in, called = f, name
	}
	file, err := manage.ReadPlanFile(in)
	var wrong *manage.PlanFileError
	switch {
	case errors.As(err, &wrong):
		return nil, &commandline.UsageError{Err: &planFileError{called, wrong}}
	case err != nil:
		return nil, fmt.Errorf("%s: %w", called, err)
	}
	return file, nil
}

// A planFileError says where in a plan file something is wrong, as compilers do.
type planFileError struct {
	file string
	*manage.PlanFileError
}

func (e *planFileError) Error() string {
	_, what, _ := strings.Cut(e.PlanFileError.Error(), fmt.Sprintf("column %d: ", e.Column))
	return fmt.Sprintf("%s:%d:%d: %s", e.file, e.Line, e.Column, what)
}

func (e *planFileError) Unwrap() error { return e.PlanFileError }

// carryOut shows the plans, asks once, and applies them in order.
func (f *applyFlags) carryOut(ctx context.Context, con *console, b *batch) error {
	table := f.output.choose(con) == formatTable
	show := func(to io.Writer, style render.Style) error { return render.PlansText(to, b.shown, style) }
	if table {
		if err := show(con.stdout, con.style(&f.output, false)); err != nil {
			return fmt.Errorf("write the plans: %w", err)
		}
	}
	if err := f.decideAll(ctx, con, b, table && con.stdoutTerminal, show); err != nil {
		return errors.Join(err, f.result(con, b, table))
	}
	if err := f.result(con, b, table); err != nil {
		return fmt.Errorf("the changes were made as far as this says, and their result could not be shown: %w", err)
	}
	return b.verdict(f.planOnly)
}

// decideAll asks where that is to be done, and applies.
func (f *applyFlags) decideAll(ctx context.Context, con *console, b *batch, seen bool, show func(io.Writer, render.Style) error) error {
	if f.planOnly || b.open() == 0 {
		return nil
	}
	if !f.yes {
		if !seen {
			if err := show(con.stderr, render.Style{Width: defaultWidth}); err != nil {
				return err
			}
		}
		yes, err := con.confirmedAll(ctx, b.open(), b.destructive())
		switch {
		case err != nil:
			b.end(render.ChangeInterrupted)
			return err
		case !yes:
			b.end(render.ChangeDeclined)
			return &stoppedError{message: "declined: nothing was changed"}
		}
	}
	b.apply(ctx)
	return nil
}

func (f *applyFlags) result(con *console, b *batch, table bool) error {
	if table {
		return render.AppliedText(con.stdout, b.shown, con.style(&f.output, false))
	}
	return render.AppliedJSON(con.stdout, b.shown)
}

// confirmedAll asks once for many changes; deletions are counted by who asks for them.
func (c *console) confirmedAll(ctx context.Context, changes, destructive int) (bool, error) {
	if destructive == 0 {
		return c.confirmed(ctx, false, "")
	}
	word := fmt.Sprintf("delete %d", destructive)
	c.say("")
	typed, err := c.ask(ctx, fmt.Sprintf("%d of %s cannot be undone. Type \"%s\" to make all %d, anything else to leave it:",
		destructive, counted(changes, "change"), word, changes))
	return err == nil && typed == word, err
}

// now is the time that a document says.
func now() time.Time { return time.Now().UTC().Truncate(time.Second) }
