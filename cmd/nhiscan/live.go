package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/session"
)

// account reads the whole account.
func (f *sourceFlags) live(ctx context.Context, con *console) (*nhiscan.Account, error) {
	return readAWS(ctx, f, con, func(ctx context.Context, cfg aws.Config, opts *collect.Options) (*nhiscan.Account, error) {
		return collect.Account(ctx, iam.NewFromConfig(cfg), opts)
	})
}

// identity reads the one identity that is asked for.
func (f *sourceFlags) identity(ctx context.Context, con *console, want *answer.Query) (*nhiscan.Account, error) {
	return readAWS(ctx, f, con, func(ctx context.Context, cfg aws.Config, opts *collect.Options) (*nhiscan.Account, error) {
		return answer.UserOrRole(ctx, iam.NewFromConfig(cfg), want, opts)
	})
}

// caller reads whose the credentials are, and that identity.
func (f *sourceFlags) caller(ctx context.Context, con *console) (*collect.CallerIdentity, error) {
	return readAWS(ctx, f, con, func(ctx context.Context, cfg aws.Config, opts *collect.Options) (*collect.CallerIdentity, error) {
		return collect.Caller(ctx, sts.NewFromConfig(cfg), iam.NewFromConfig(cfg), opts)
	})
}

// grace is how long a reading may take to hand over what it has when it is interrupted.
const grace = 800 * time.Millisecond

// readAWS calls read with the configured credentials, the time limit and the
// progress display, and explains the lack of credentials.
func readAWS[T any](ctx context.Context, f *sourceFlags, con *console, read func(context.Context, aws.Config, *collect.Options) (T, error)) (T, error) {
	if f.AWS.Timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, f.AWS.Timeout)
		defer cancel()
		ctx = limited
	}
	shown := newProgress(con, f.quiet)
	value, err := interruptible(ctx, grace, func() (T, error) {
		var zero T
		cfg, err := session.Config(ctx, &session.Options{
			Profile: f.AWS.Profile, Region: f.AWS.Region, RoleARN: f.AWS.RoleARN, ExternalID: f.AWS.ExternalID,
			Version: commandline.Version(version),
		})
		if err != nil {
			return zero, err
		}
		return read(ctx, cfg, &collect.Options{
			Detail: f.AWS.Detail, AWSManagedPolicies: f.awsManagedPolicies, Concurrency: f.AWS.Concurrency, Progress: shown.update,
		})
	})
	shown.clear()
	return value, explainAWS(err, f)
}

// explainAWS tells wrong flags from what AWS refused, and names the ways to go
// on without credentials.
func explainAWS(err error, f *sourceFlags) error {
	switch {
	case errors.Is(err, session.ErrOptions), errors.Is(err, session.ErrRegion) && f.AWS.Region != "":
		return &commandline.UsageError{Err: err}
	case errors.Is(err, session.ErrNoCredentials):
		return &noCredentialsError{err, f.awsOnly, f.documents}
	case errors.Is(err, errInterrupted) && f.AWS.Timeout > 0:
		return fmt.Errorf("%w (--timeout %s)", err, f.AWS.Timeout)
	}
	return err
}

// A noCredentialsError is a live command on a machine without AWS credentials.
type noCredentialsError struct {
	err error
	// awsOnly says that the command has no use for a saved account.
	awsOnly bool
	// documents says that it takes policy documents as well.
	documents bool
}

func (e *noCredentialsError) Error() string { return session.ErrNoCredentials.Error() }
func (e *noCredentialsError) Unwrap() error { return e.err }

// Hint names the three sources that an account can come from.
func (e *noCredentialsError) Hint() string {
	if e.awsOnly {
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
