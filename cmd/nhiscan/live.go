package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/session"
)

// liveFlags say with whose credentials AWS is read, and how.
type liveFlags struct {
	profile     string
	region      string
	roleARN     string
	externalID  string
	detail      bool
	concurrency int
	timeout     time.Duration
	quiet       bool
	// only is set by a command that takes no saved account.
	only bool
	// documents is set by a command that takes policy documents as well.
	documents bool
	// awsManagedPolicies is set by a command that is to save all there is.
	awsManagedPolicies bool
}

// liveOnly are the flags that mean something for AWS alone.
var liveOnly = []string{"profile", "region", "role-arn", "external-id", "detail", "concurrency", "timeout"}

func (f *liveFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.profile, "profile", "", "read AWS with this `profile` of ~/.aws/config (default: AWS_PROFILE, AWS_*)")
	flags.StringVar(&f.region, "region", "", "AWS `region`; IAM is global, so this picks the partition (aws, aws-cn, aws-us-gov)")
	flags.StringVar(&f.roleARN, "role-arn", "", "assume this role first (`ARN`)")
	flags.StringVar(&f.externalID, "external-id", "", "with --role-arn: the external `id` that the role asks for")
	flags.IntVar(&f.concurrency, "concurrency", 0, "at most this `number` of calls to AWS at a time (default 8)")
	flags.DurationVar(&f.timeout, "timeout", 0, "stop reading AWS after this `duration`, such as 5m, and show what was read")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no progress on standard error, and from collect no summary")
}

// registerDetail adds the flag that makes reading a whole account costlier.
func (f *liveFlags) registerDetail(flags *pflag.FlagSet) {
	flags.BoolVar(&f.detail, "detail", false, "also read what costs AWS calls for each identity: key ids, kinds of MFA device,\nSSH keys, certificates, service-specific credentials, policy tags")
}

// used returns the name of a flag that was given and is about AWS; empty for none.
func (f *liveFlags) used(cmd *cobra.Command) string {
	for _, name := range liveOnly {
		if cmd.Flags().Changed(name) {
			return name
		}
	}
	return ""
}

func (f *liveFlags) check() error {
	switch {
	case f.externalID != "" && f.roleARN == "":
		return usagef("--external-id goes with --role-arn")
	case f.concurrency < 0:
		return usagef("--concurrency %d: want a number from 1, or 0 for the default", f.concurrency)
	case f.timeout < 0:
		return usagef("--timeout %s: want a positive duration, such as 5m", f.timeout)
	}
	return nil
}

// account reads the whole account.
func (f *liveFlags) account(ctx context.Context, con *console) (*nhiscan.Account, error) {
	return live(ctx, f, con, func(ctx context.Context, cfg aws.Config, opts *collect.Options) (*nhiscan.Account, error) {
		return collect.Account(ctx, iam.NewFromConfig(cfg), opts)
	})
}

// identity reads the one identity that is asked for.
func (f *liveFlags) identity(ctx context.Context, con *console, want *answer.Query) (*nhiscan.Account, error) {
	return live(ctx, f, con, func(ctx context.Context, cfg aws.Config, opts *collect.Options) (*nhiscan.Account, error) {
		return answer.UserOrRole(ctx, iam.NewFromConfig(cfg), want, opts)
	})
}

// caller reads whose the credentials are, and that identity.
func (f *liveFlags) caller(ctx context.Context, con *console) (*collect.CallerIdentity, error) {
	return live(ctx, f, con, func(ctx context.Context, cfg aws.Config, opts *collect.Options) (*collect.CallerIdentity, error) {
		return collect.Caller(ctx, sts.NewFromConfig(cfg), iam.NewFromConfig(cfg), opts)
	})
}

// grace is how long a reading may take to hand over what it has when it is interrupted.
const grace = 800 * time.Millisecond

// live calls read with the configured credentials, the time limit and the
// progress display, and explains the lack of credentials.
func live[T any](ctx context.Context, f *liveFlags, con *console, read func(context.Context, aws.Config, *collect.Options) (T, error)) (T, error) {
	if f.timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, f.timeout)
		defer cancel()
		ctx = limited
	}
	shown := newProgress(con, f.quiet)
	value, err := interruptible(ctx, grace, func() (T, error) {
		var zero T
		cfg, err := session.Config(ctx, &session.Options{
			Profile: f.profile, Region: f.region, RoleARN: f.roleARN, ExternalID: f.externalID, Version: versionNumber(),
		})
		if err != nil {
			return zero, err
		}
		return read(ctx, cfg, &collect.Options{
			Detail: f.detail, AWSManagedPolicies: f.awsManagedPolicies, Concurrency: f.concurrency, Progress: shown.update,
		})
	})
	shown.clear()
	return value, explainLive(err, f)
}

// explainLive tells wrong flags from what AWS refused, and names the ways to go
// on without credentials.
func explainLive(err error, f *liveFlags) error {
	switch {
	case errors.Is(err, session.ErrOptions), errors.Is(err, session.ErrRegion) && f.region != "":
		return &usageError{err}
	case errors.Is(err, session.ErrNoCredentials):
		return &noCredentialsError{err, f.only, f.documents}
	case errors.Is(err, errInterrupted) && f.timeout > 0:
		return fmt.Errorf("%w (--timeout %s)", err, f.timeout)
	}
	return err
}

// A noCredentialsError is a live command on a machine without AWS credentials.
type noCredentialsError struct {
	err error
	// liveOnly says that the command has no use for a saved account.
	liveOnly bool
	// documents says that it takes policy documents as well.
	documents bool
}

func (e *noCredentialsError) Error() string { return session.ErrNoCredentials.Error() }
func (e *noCredentialsError) Unwrap() error { return e.err }

// Hint names the three sources that an account can come from.
func (e *noCredentialsError) Hint() string {
	if e.liveOnly {
		return "name a profile with --profile (aws configure, aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
	}
	if e.documents {
		return "name policy documents, or an account: --snapshot FILE, --demo or --profile NAME"
	}
	return `there are three ways to give an account:
  --profile NAME   read AWS with a profile (aws configure, aws sso login), or with AWS_* variables
  --snapshot FILE  a saved file: aws iam get-account-authorization-details > FILE
  --demo           the built-in demo account`
}
