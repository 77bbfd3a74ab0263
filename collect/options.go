package collect

import (
	"log/slog"
	"time"
)

// Options changes how an account is read. Nil means the zero value.
type Options struct {
	// Concurrency is how many calls may be under way at once. 0: 8.
	Concurrency int
	// PageSize is how many items a page is asked to hold, from 1 to 1000. 0: 1000.
	// AWS may send fewer.
	PageSize int
	// Detail also reads what costs calls for each identity: access key ids with
	// their last use, every MFA device with its kind, signing certificates, SSH
	// keys, service-specific credentials, and the tags of managed policies.
	// It implies AWSManagedPolicies. False: facts of the bulk calls only.
	Detail bool
	// AWSManagedPolicies also reads the documents of the AWS managed policies
	// that are attached in the account or bound someone, once each.
	// False: they are named where they are attached, and not read.
	AWSManagedPolicies bool
	// ReportWait is how long to wait for AWS to make a credential report, or the
	// data of [ServiceLastAccessed]. 0: 60 s.
	ReportWait time.Duration
	// Progress is told of each answer, in order and never concurrently. Nil: nobody is told.
	Progress func(Progress)
	// Logger gets a debug line for each call that failed. Nil: no log.
	Logger *slog.Logger
	// Now tells the time at which the account was read. Nil: time.Now.
	Now func() time.Time
}

// Progress says how far the reading has come.
type Progress struct {
	// Operation is the IAM action that was just answered, such as iam:ListUsers.
	Operation string
	// Calls counts the answers so far.
	Calls int
	// Done and Total count the identities, groups and policies that are being
	// read one by one. Total is 0 in the first phase, which reads in bulk and
	// cannot tell how many pages are left.
	Done, Total int
}

const (
	defaultConcurrency = 8
	// defaultPageSize is the most that IAM sends in a page.
	// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
	defaultPageSize   = 1000
	defaultReportWait = time.Minute
)

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Concurrency <= 0 {
		d.Concurrency = defaultConcurrency
	}
	if d.PageSize <= 0 || d.PageSize > defaultPageSize {
		d.PageSize = defaultPageSize
	}
	if d.ReportWait <= 0 {
		d.ReportWait = defaultReportWait
	}
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	d.AWSManagedPolicies = d.AWSManagedPolicies || d.Detail
	return d
}
