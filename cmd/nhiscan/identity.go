package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
)

const identityExamples = `  nhiscan identity github-release-old --demo
  nhiscan identity arn:aws:iam::123456789012:role/app --snapshot account.json
  nhiscan identity admin --type role --profile prod --format json`

type identityFlags struct {
	source    sourceFlags
	knowledge commandline.Knowledge
	output    outputFlags
	kind      commandline.Choice
	// wholeAccount says to read from AWS more than the one identity.
	wholeAccount bool
	organization commandline.Organization
	allowGaps    bool
}

func newIdentityCommand(con *console) *cobra.Command {
	f := &identityFlags{}
	cmd := &cobra.Command{
		Use:   "identity NAME",
		Short: "Say everything about one user or role",
		Long: `Identity says of one user or role what it is and why, how it can sign in or who
can assume it, what it can do, whether it is or can become administrator and
how, what is dangerous about that and how to fix it. NAME is its name or ARN;
the ARN of an assumed role's session means its role.

From AWS it reads the one identity only; ways to more permissions that lead
through other users, roles or groups need --whole-account, or a saved file.`,
		Example: identityExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return commandline.Usagef("identity: give the name or ARN of one user or role, as in: nhiscan identity deploy-bot")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, con, args[0]) },
	}
	f.source.register(cmd)
	f.knowledge.Register(cmd.Flags())
	f.kind.Allowed = toStrings(identityTypes)
	cmd.Flags().Var(&f.kind, "type", "user or role, where both have the name")
	complete(cmd, "type", f.kind.Allowed)
	cmd.Flags().BoolVar(&f.wholeAccount, "whole-account", false, "from AWS, read all of the account, so that ways through other identities are seen")
	f.organization.Register(cmd)
	f.output.register(cmd, formatTable, formatJSON)
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *identityFlags) run(cmd *cobra.Command, con *console, name string) error {
	if err := f.source.check(cmd); err != nil {
		return err
	}
	want, err := answer.NewQuery(name, nhi.IdentityType(f.kind.Value))
	if err != nil {
		return err
	}
	signals, accounts, err := f.knowledge.Load()
	if err != nil {
		return err
	}
	opts, err := loadOrganization(cmd.Context(), &f.organization)
	if err != nil {
		return err
	}
	account, err := f.read(cmd.Context(), con, want)
	if err != nil {
		return err
	}
	subject := answer.NewSubject(account, &answer.Options{
		Now: f.source.now(account), Signals: signals, Trust: accounts, Permissions: opts,
		Alone: !f.source.Saved() && !f.wholeAccount,
	})
	shown, err := calculate(cmd.Context(), func() (*render.Identity, error) {
		return subject.Identity(want, true)
	})
	if err != nil {
		return err
	}
	if err := f.output.write(cmd.Context(), con, identityFormats(shown)); err != nil {
		return err
	}
	return gapsError(shown.Gaps, f.allowGaps)
}

// read reads the account or, from AWS, the one identity.
func (f *identityFlags) read(ctx context.Context, con *console, want *answer.Query) (*nhiscan.Account, error) {
	if f.source.Saved() || f.wholeAccount {
		return f.source.account(ctx, con)
	}
	return f.source.identity(ctx, con, want)
}

func identityFormats(id *render.Identity) func(io.Writer, string, render.Style) error {
	return func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return render.IdentityJSON(w, id)
		}
		return render.IdentityText(w, id, style)
	}
}
