package commandline

import (
	"time"

	"github.com/spf13/pflag"
)

// An AWS says with whose credentials AWS is read, and how.
type AWS struct {
	Profile     string
	Region      string
	RoleARN     string
	ExternalID  string
	Concurrency int
	// Detail and Timeout are for programs and commands that register them.
	Detail  bool
	Timeout time.Duration
}

// Register adds the flags that all have.
func (a *AWS) Register(flags *pflag.FlagSet) {
	flags.StringVar(&a.Profile, "profile", "", "read AWS with this `profile` of ~/.aws/config (default: AWS_PROFILE, AWS_*)")
	flags.StringVar(&a.Region, "region", "", "AWS `region`; IAM is global, so this picks the partition (aws, aws-cn, aws-us-gov)")
	flags.StringVar(&a.RoleARN, "role-arn", "", "assume this role first (`ARN`)")
	flags.StringVar(&a.ExternalID, "external-id", "", "with --role-arn: the external `id` that the role asks for")
	flags.IntVar(&a.Concurrency, "concurrency", 0, "at most this `number` of calls to AWS at a time (default 8)")
}

// RegisterDetail adds the flag that makes reading a whole account costlier.
func (a *AWS) RegisterDetail(flags *pflag.FlagSet) {
	flags.BoolVar(&a.Detail, "detail", false, "also read what costs AWS calls for each identity: key ids, kinds of MFA device,\nSSH keys, certificates, service-specific credentials, policy tags")
}

// RegisterTimeout adds the flag that ends one reading.
func (a *AWS) RegisterTimeout(flags *pflag.FlagSet) {
	flags.DurationVar(&a.Timeout, "timeout", 0, "stop reading AWS after this `duration`, such as 5m, and show what was read")
}

// Used returns the name of a flag that was given and is about AWS; empty for none.
func (*AWS) Used(flags *pflag.FlagSet) string {
	for _, name := range []string{"profile", "region", "role-arn", "external-id", "detail", "concurrency", "timeout"} {
		if flags.Changed(name) {
			return name
		}
	}
	return ""
}

// Check refuses values that cannot be.
func (a *AWS) Check() error {
	switch {
	case a.ExternalID != "" && a.RoleARN == "":
		return Usagef("--external-id goes with --role-arn")
	case a.Concurrency < 0:
		return Usagef("--concurrency %d: want a number from 1, or 0 for the default", a.Concurrency)
	case a.Timeout < 0:
		return Usagef("--timeout %s: want a positive duration, such as 5m", a.Timeout)
	}
	return nil
}
