package main

import (
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/nhi"
)

const cleanupExamples = `  nhiscan cleanup --demo
  nhiscan cleanup --unused-for 180d --keep datadog-integration -o plan.json
  nhiscan manage apply plan.json --plan-only`

// failOnProposal makes proposals count as findings.
const failOnProposal = "proposal"

type cleanupFlags struct {
	source    sourceFlags
	unusedFor days
	keep      []string
	output    outputFlags
	failOn    commandline.Choice
	allowGaps bool
}

func newCleanupCommand(con *console) *cobra.Command {
	f := &cleanupFlags{unusedFor: days(manage.DefaultUnusedFor)}
	f.source.AWS.Detail = true
	cmd := &cobra.Command{
		Use:   "cleanup",
		Short: "Propose what to deactivate or delete, because nobody uses it",
		Long: `Cleanup proposes what to do about access keys, passwords, users and roles that
nobody has used for some time. It changes nothing: the plan file that -o saves is
for nhiscan manage apply, after you have looked through it and taken out what you
want to keep.

Everything is deactivated before it is deleted, in two runs: a key is made
inactive, a user or role gets the policy AWSDenyAll, and a later run proposes to
delete what is still unused. What is not known to be unused, and what seems to be
for emergencies, is left as it is, and it says why.`,
		Example: cleanupExamples,
		Args:    commandline.NoArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, con) },
	}
	f.source.register(cmd)
	cmd.Flags().Var(&f.unusedFor, "unused-for", "what was not used for this long, such as 90d or 26w, is unused")
	cmd.Flags().StringArrayVar(&f.keep, "keep", nil, "leave the user or role with this `name` or ARN as it is (repeatable)")
	f.output.register(cmd, formatTable, formatJSON)
	f.failOn.Allowed, f.failOn.Value = []string{failOnProposal, failOnNone}, failOnNone
	cmd.Flags().Var(&f.failOn, "fail-on", "exit with 1 when there is a proposal: proposal, none")
	complete(cmd, "fail-on", f.failOn.Allowed)
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *cleanupFlags) run(cmd *cobra.Command, con *console) error {
	if err := f.source.check(cmd); err != nil {
		return err
	}
	account, err := f.source.account(cmd.Context(), con)
	if err != nil {
		return err
	}
	keep, err := kept(account, f.keep)
	if err != nil {
		return err
	}
	c := &render.Cleanup{Account: account, Time: f.source.now(account).Truncate(time.Second), UnusedFor: time.Duration(f.unusedFor)}
	c.Found, err = calculate(cmd.Context(), func() (*manage.Cleanup, error) {
		keepEmergency(keep, account, c.Time)
		return manage.ProposeCleanup(account, c.Time, &manage.CleanupOptions{
			UnusedFor: c.UnusedFor, Keep: func(arn string) string { return keep[arn] },
		}), nil
	})
	if err != nil {
		return err
	}
	if err := f.write(cmd, con, c); err != nil {
		return err
	}
	return f.verdict(c)
}

// write writes the table, or the plan file and beside it what that cannot say.
func (f *cleanupFlags) write(cmd *cobra.Command, con *console, c *render.Cleanup) error {
	err := f.output.write(cmd.Context(), con, func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return (&manage.PlanFile{AccountID: c.Account.ID, CreatedAt: c.Time, Proposals: c.Found.Proposals}).Write(w)
		}
		return render.CleanupTable(w, c, style)
	})
	if err != nil || f.source.quiet || f.output.choose(con) != formatJSON {
		return err
	}
	for _, line := range render.LeftOutLines(c.Found.LeftOut) {
		con.say("left as it is: %s", line)
	}
	if f.output.toFile() {
		con.say("saved %s in %s; look through them, then: nhiscan manage apply %s", counted(len(c.Found.Proposals), "proposal"), f.output.output, f.output.output)
	}
	return nil
}

func (f *cleanupFlags) verdict(c *render.Cleanup) error {
	if err := gapsError(c.Account.Gaps, f.allowGaps); err != nil {
		return err
	}
	if n := len(c.Found.Proposals); n > 0 && f.failOn.Value == failOnProposal {
		return &findingsError{"proposed: " + counted(n, "change") + " (--fail-on proposal)"}
	}
	return nil
}

// keepEmergency adds those whom nobody uses until there is an emergency.
func keepEmergency(keep map[string]string, a *nhiscan.Account, now time.Time) {
	for _, id := range nhi.Classify(a, &nhi.Options{Now: now}).Identities {
		if id.Category == nhi.CategoryBreakGlass && keep[id.ARN] == "" {
			keep[id.ARN] = "it seems to be for emergencies (break-glass)"
		}
	}
}

// kept returns why the users and roles that are named are to be kept, by ARN. A name
// of nobody is refused: what it was meant to keep would be lost.
func kept(a *nhiscan.Account, names []string) (map[string]string, error) {
	byName, all := map[string][]string{}, []string{}
	add := func(arn, name string) {
		byName[strings.ToLower(name)] = append(byName[strings.ToLower(name)], arn)
		byName[arn] = []string{arn}
		all = append(all, name)
	}
	for i := range a.Users {
		add(a.Users[i].ARN, a.Users[i].Name)
	}
	for i := range a.Roles {
		add(a.Roles[i].ARN, a.Roles[i].Name)
	}
	keep := map[string]string{}
	for _, name := range names {
		arns := byName[name]
		if arns == nil {
			arns = byName[strings.ToLower(name)]
		}
		if arns == nil {
			if meant := answer.Nearest(name, all); meant != "" {
				return nil, commandline.Usagef("--keep %s: there is no such user or role; did you mean %s?", name, meant)
			}
			return nil, commandline.Usagef("--keep %s: there is no such user or role", name)
		}
		for _, arn := range arns {
			keep[arn] = "--keep names it"
		}
	}
	return keep, nil
}
