package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
)

const whoCanExamples = `  nhiscan who-can iam:PassRole --demo
  nhiscan who-can s3:GetObject arn:aws:s3:::payroll/2026.csv --snapshot account.json
  nhiscan who-can sts:AssumeRole arn:aws:iam::123456789012:role/admin --profile prod
  nhiscan who-can kms:Decrypt --format json | jq -r '.principals[].principal'`

type whoCanFlags struct {
	source       sourceFlags
	organization commandline.Organization
	context      contextFlags
	output       outputFlags
	allowGaps    bool
}

func newWhoCanCommand(con *console) *cobra.Command {
	f := &whoCanFlags{}
	cmd := &cobra.Command{
		Use:   "who-can ACTION [RESOURCE]",
		Short: "List the users and roles that may do something, and through which policy",
		Long: `Who-can lists the users and roles of the account that may do ACTION on RESOURCE,
or on any resource without one, after denies, permissions boundaries and, with
--scp, the policies of the organization. For sts:AssumeRole on a role its trust
policy is taken into account. Resource policies, which can let in more, are not
part of IAM and not seen.`,
		Example: whoCanExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return commandline.Usagef("who-can: give an action and perhaps a resource, as in: nhiscan who-can iam:PassRole")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, con, args) },
	}
	f.source.register(cmd)
	f.organization.Register(cmd)
	f.context.register(cmd.Flags())
	f.output.register(cmd, formatTable, formatJSON)
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *whoCanFlags) run(cmd *cobra.Command, con *console, args []string) error {
	if err := f.source.check(cmd); err != nil {
		return err
	}
	action, err := actionArgument(con, args[0])
	if err != nil {
		return err
	}
	resource := ""
	if len(args) > 1 {
		resource = args[1]
		if err := answer.CheckResource(resource); err != nil {
			return err
		}
	}
	opts, err := loadOrganization(cmd.Context(), &f.organization)
	if err != nil {
		return err
	}
	account, err := f.source.account(cmd.Context(), con)
	if err != nil {
		return err
	}
	subject := answer.NewSubject(account, &answer.Options{Permissions: opts})
	con.warn(subject.Absent(resource))
	who, err := calculate(cmd.Context(), func() (*render.WhoCan, error) {
		return subject.WhoCan(action, resource, f.context.context())
	})
	if err != nil {
		return err
	}
	err = f.output.write(cmd.Context(), con, func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return render.WhoCanJSON(w, who)
		}
		return render.WhoCanTable(w, who, style)
	})
	if err != nil {
		return err
	}
	return gapsError(who.Gaps, f.allowGaps)
}
