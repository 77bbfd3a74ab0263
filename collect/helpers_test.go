package collect_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// small is an account that has some of everything and is read in no time.
var small = synth.Size{Users: 12, Roles: 15, Groups: 4, Policies: 6}

// tiny is for tests that read an account hundreds of times.
var tiny = synth.Size{Users: 3, Roles: 4, Groups: 2, Policies: 3}

// newServer serves the account, with a credential report that is there at once.
func newServer(a *nhiscan.Account) *fakeiam.Server {
	s := fakeiam.New(a)
	s.ReportPolls(0)
	return s
}

// config is the SDK's configuration for the server, which retries without waiting.
func config(s *fakeiam.Server) aws.Config {
	return aws.Config{
		Region:      "us-east-1",
		HTTPClient:  s.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE000000001", "secret", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts = 10
				o.RateLimiter = ratelimit.None
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
	}
}

func iamAPI(s *fakeiam.Server) *iam.Client { return iam.NewFromConfig(config(s)) }
func stsAPI(s *fakeiam.Server) *sts.Client { return sts.NewFromConfig(config(s)) }

func readAccount(t *testing.T, s *fakeiam.Server, opts *collect.Options) *nhiscan.Account {
	t.Helper()
	a, err := collect.Account(context.Background(), iamAPI(s), opts)
	require.NoError(t, err)
	return a
}

// now is the Options.Now of the tests.
func now() time.Time { return synth.CollectedAt }

// gapsOf returns the gaps of the operation.
func gapsOf(a *nhiscan.Account, operation string) []nhiscan.Gap {
	return slices.DeleteFunc(slices.Clone(a.Gaps), func(g nhiscan.Gap) bool { return g.Operation != operation })
}

func codes(gaps []nhiscan.Gap) []string {
	var list []string
	for _, g := range gaps {
		list = append(list, g.Code)
	}
	return list
}

const (
	trustLambda = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	allowRead   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::a+b/*"}]}`
)

func contextFor(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), d)
}
