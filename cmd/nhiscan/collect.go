package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
)

const collectExamples = `  nhiscan collect -o account.json
  nhiscan collect --profile prod --detail -o prod.json.gz
  nhiscan collect --snapshot details.json --credential-report report.csv -o account.json
  nhiscan collect --profile prod -o - | jq '.UserDetailList | length'`

type collectFlags struct {
	source    sourceFlags
	output    string
	allowGaps bool
}

func newCollectCommand(con *console) *cobra.Command {
	f := &collectFlags{}
	cmd := &cobra.Command{
		Use:   "collect",
		Short: "Save an account in a file for later scans",
		Long: `Collect reads an account and saves it in a file that nhiscan scan --snapshot
reads. The file is what aws iam get-account-authorization-details prints, with
a key "Nhiscan" added for what that leaves out. It holds no secret, but all of
the account's IAM: it is readable by you alone.`,
		Example: collectExamples,
		Args:    commandline.NoArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, con) },
	}
	f.source.register(cmd)
	f.source.AWS.RegisterDetail(cmd.Flags())
	f.source.awsManagedPolicies = true
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "the `file` to save, compressed when its name ends in .gz; - is standard output")
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *collectFlags) run(cmd *cobra.Command, con *console) error {
	if err := f.source.check(cmd); err != nil {
		return err
	}
	if f.output == "" && con.stdoutTerminal {
		return commandline.Usagef("collect: name a file with -o FILE, or write to the terminal with -o -")
	}
	account, err := f.source.account(cmd.Context(), con)
	if err != nil {
		return err
	}
	// Half an account must not take the place of a whole one that was saved before.
	if errors.Is(cmd.Context().Err(), context.Canceled) {
		return fmt.Errorf("interrupted after reading %s; nothing was saved", contents(account))
	}
	if err := f.save(account, con); err != nil {
		return err
	}
	if !f.source.quiet {
		f.report(account, con)
	}
	return gapsError(account.Gaps, f.allowGaps)
}

func (f *collectFlags) save(account *nhiscan.Account, con *console) error {
	if f.output != "" && f.output != "-" {
		return account.WriteFile(f.output)
	}
	if err := account.Write(con.stdout); err != nil {
		return fmt.Errorf("write the account to standard output: %w", err)
	}
	return nil
}

// report says on standard error what was saved and what could not be read.
func (f *collectFlags) report(account *nhiscan.Account, con *console) {
	line := "saved " + contents(account)
	if account.ID != "" {
		line += " of account " + account.ID
	}
	if f.output != "" && f.output != "-" {
		line += " in " + f.output
	}
	con.say("%s", line)
	for _, gap := range render.GroupGaps(account.Gaps) {
		con.say("  gap: %s", gap)
	}
}

// contents counts what an account holds.
func contents(a *nhiscan.Account) string {
	count := func(n int, one, more string) string {
		if n == 1 {
			return "1 " + one
		}
		return fmt.Sprintf("%d %s", n, more)
	}
	return fmt.Sprintf("%s, %s, %s and %s", count(len(a.Users), "user", "users"), count(len(a.Roles), "role", "roles"),
		count(len(a.Groups), "group", "groups"), count(len(a.Policies), "managed policy", "managed policies"))
}
