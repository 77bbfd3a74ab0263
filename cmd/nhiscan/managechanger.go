package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/session"
)

// changerFlags are those of all commands that change IAM.
type changerFlags struct {
	aws             commandline.AWS
	organization    commandline.Organization
	output          outputFlags
	planOnly, yes   bool
	allowPrivileged bool
	secretsDir      string
	revealSecrets   bool
	quiet           bool
	// saved are the flags of a saved account, which cannot be changed.
	saved savedFlags
}

// savedFlags are there to be refused with a reason.
type savedFlags struct {
	snapshot string
	demo     bool
}

func (f *changerFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVar(&f.planOnly, "plan-only", false, "only say what would be done")
	flags.BoolVarP(&f.yes, "yes", "y", false, "do it without a question")
	flags.BoolVar(&f.allowPrivileged, "allow-privileged-grants", false, "do also what is refused otherwise: what makes administrators, opens ways to more\npermissions, lets strangers in, or changes the credentials in use")
	f.aws.Register(flags)
	f.organization.Register(cmd)
	f.output.registerFormat(cmd, formatTable, formatJSON)
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress on standard error")
	flags.StringVar(&f.saved.snapshot, "snapshot", "", "")
	flags.BoolVar(&f.saved.demo, "demo", false, "")
	for _, name := range []string{"snapshot", "demo"} {
		flags.Lookup(name).Hidden = true
	}
}

// registerSecrets adds the flags of what may create access keys.
func (f *changerFlags) registerSecrets(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.secretsDir, "secrets-dir", "", "keep the secrets of new access keys in this `directory`, readable by you alone")
	cmd.Flags().BoolVar(&f.revealSecrets, "reveal-secrets", false, "print the secrets of new access keys with the result instead")
	if err := cmd.MarkFlagDirname("secrets-dir"); err != nil {
		panic(err) // the only error is a flag that does not exist
	}
}

// secretGoesSomewhere refuses to create a key whose secret nobody would have.
func (f *changerFlags) secretGoesSomewhere(kind string) error {
	if f.planOnly || f.secretsDir != "" || f.revealSecrets {
		return nil
	}
	return commandline.Usagef("%s: AWS tells the secret of the new key once: keep it with --secrets-dir DIR, or see it with --reveal-secrets", commandName(kind))
}

// check refuses flags that cannot be, before anything is asked of AWS.
func (f *changerFlags) check(cmd *cobra.Command, con *console) error {
	if cmd.Flags().Changed("snapshot") || f.saved.demo {
		return commandline.Usagef("a saved account cannot be changed: %s changes AWS, with --profile NAME or AWS_* variables", cmd.Name())
	}
	if err := f.aws.Check(); err != nil {
		return err
	}
	if err := commandline.CheckFileNames(cmd.Flags(), "scp", "secrets-dir"); err != nil {
		return err
	}
	switch {
	case f.planOnly && f.yes:
		return commandline.Usagef("--plan-only and --yes exclude one another")
	case f.secretsDir != "" && f.revealSecrets:
		return commandline.Usagef("--secrets-dir and --reveal-secrets exclude one another: a secret is kept or shown")
	case !f.planOnly && !f.yes && !con.canAsk():
		return commandline.Usagef("%s asks before it changes anything, and there is no terminal: --yes does without, --plan-only changes nothing", cmd.Name())
	}
	return nil
}

// A changer is who changes an account.
type changer struct {
	api       manage.API
	options   manage.Options
	accountID string
	// progress makes a display of one reading.
	progress func() *progress
}

// connect obtains credentials and tells whose they are.
func (f *changerFlags) connect(ctx context.Context, con *console) (*changer, error) {
	policies, err := loadOrganization(ctx, &f.organization)
	if err != nil {
		return nil, err
	}
	c := &changer{progress: func() *progress { return newProgress(con, f.quiet) }}
	c.options = manage.Options{
		AllowPrivileged: f.allowPrivileged, Permissions: policies,
		Collect: collect.Options{Concurrency: f.aws.Concurrency},
	}
	if f.secretsDir != "" {
		if c.options.Keys, err = manage.KeyDirectory(f.secretsDir); err != nil {
			return nil, fmt.Errorf("--secrets-dir: %w", err)
		}
	}
	_, err = beforeChanges(ctx, func() (struct{}, error) { return struct{}{}, c.authenticate(ctx, &f.aws) })
	return c, explainAWS(err, &sourceFlags{Source: commandline.Source{AWS: f.aws}, awsOnly: true})
}

func (c *changer) authenticate(ctx context.Context, with *commandline.AWS) error {
	cfg, err := session.Config(ctx, &session.Options{
		Profile: with.Profile, Region: with.Region, RoleARN: with.RoleARN, ExternalID: with.ExternalID,
		Version: commandline.Version(version),
	})
	if err != nil {
		return err
	}
	who, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return collect.NewError(ctx, "sts:GetCallerIdentity", "*", err)
	}
	c.api, c.options.CallerARN = iam.NewFromConfig(cfg), aws.ToString(who.Arn)
	arn, ok := nhiscan.ParseARN(c.options.CallerARN)
	if !ok || arn.Account == "" {
		return fmt.Errorf("sts:GetCallerIdentity tells %q: whose credentials these are is not known", c.options.CallerARN)
	}
	c.accountID = arn.Account
	return nil
}

// plan works out what a change will do.
func (c *changer) plan(ctx context.Context, change manage.Change) (*manage.Plan, error) {
	return reading(ctx, c, func(opts *manage.Options) (*manage.Plan, error) {
		return manage.NewPlan(ctx, c.api, change, opts)
	})
}

// reading runs what reads AWS and shows its progress.
func reading[T any](ctx context.Context, c *changer, read func(*manage.Options) (T, error)) (T, error) {
	shown, opts := c.progress(), c.options
	opts.Collect.Progress = shown.update
	defer shown.clear()
	return beforeChanges(ctx, func() (T, error) { return read(&opts) })
}

// beforeChanges runs what reads and changes nothing. It returns soon after the end
// of ctx.
func beforeChanges[T any](ctx context.Context, read func() (T, error)) (T, error) {
	value, err := interruptible(ctx, grace, read)
	if err != nil && ctx.Err() != nil {
		err = errNothingChanged
	}
	return value, err
}
