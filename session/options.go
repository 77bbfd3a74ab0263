package session

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Options says whose credentials to use and how to call. Nil means the zero value.
type Options struct {
	// Profile is a profile of the shared files. Empty: AWS_PROFILE, or default.
	Profile string
	// Region picks the partition and the STS endpoint; IAM itself is global.
	// Empty: AWS_REGION, the profile's region, or us-east-1.
	Region string
	// AccessKeyID, SecretAccessKey and SessionToken are the credentials to use, in
	// place of all that the environment, the shared files and the machine offer.
	// SessionToken goes with temporary credentials only. All empty: the SDK's chain.
	AccessKeyID     string
	SecretAccessKey Secret
	SessionToken    Secret
	// RoleARN is a role to assume with those credentials. Empty: none.
	RoleARN string
	// ExternalID goes with RoleARN. Empty: none.
	ExternalID string
	// SessionName names the session of RoleARN in AWS's logs. Empty: nhiscan.
	SessionName string
	// MaxAttempts is how often a call is tried in all when AWS throttles or does not answer. 0: 10.
	MaxAttempts int
	// Timeout is how long one attempt may wait for the connection and for each
	// part of the answer. 0: 30 s.
	Timeout time.Duration
	// Version is that of the program, for the user agent. Empty: devel.
	Version string
	// HTTPClient sends the requests, and then Timeout and redirects are its own
	// affair. Nil: one that is made for it, which follows no redirect to another host.
	HTTPClient aws.HTTPClient
	// Observe is told of each call that has finished, those that obtain
	// credentials included, in the goroutine that made it: it may be called from
	// many at once, and the call returns when it does. Nil: nobody is told.
	Observe func(ctx context.Context, call Call)
	// Permit is asked of each call before anything of it is sent or signed, by many
	// goroutines at once; the operation is as in [Call]. An error refuses the call,
	// which fails with one that wraps it and is told to Observe as [CallRefused].
	// It is asked of the calls that obtain credentials too, of whatever service
	// (sts:AssumeRole, sso:GetRoleCredentials), but not of the endpoint of the
	// machine that gives it its own. Nil: everything is permitted.
	Permit func(ctx context.Context, operation string) error
}

const (
	defaultRegion      = "us-east-1"
	defaultSessionName = "nhiscan"
	defaultVersion     = "devel"
	// defaultMaxAttempts is more than the SDK's 3: a scan is long, and a part of
	// it that failed is a gap in the answer.
	defaultMaxAttempts = 10
	defaultTimeout     = 30 * time.Second
	// instanceWait is how long to wait for the credentials of an EC2 instance,
	// which are looked for last and off EC2 not answered at all.
	instanceWait = 2 * time.Second
	// maxConnectTime bounds name lookup, connection and TLS handshake, which are
	// quick where there is a way at all.
	maxConnectTime = 10 * time.Second
)

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.SessionName == "" {
		d.SessionName = defaultSessionName
	}
	if d.MaxAttempts <= 0 {
		d.MaxAttempts = defaultMaxAttempts
	}
	if d.Timeout <= 0 {
		d.Timeout = defaultTimeout
	}
	if d.Version == "" {
		d.Version = defaultVersion
	}
	return d
}
