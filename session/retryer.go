package session

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// maxUnanswered is how often a call is tried that gets no answer of AWS: none at
// all, or the page of a proxy. Ten times the timeout is too long to wait for an
// endpoint that hangs.
const maxUnanswered = 3

// A retryer tries again for long when AWS throttles or falters, slowing down as
// it is told to, and not so long when it is not AWS who answers.
type retryer struct {
	adaptive *retry.AdaptiveMode
}

func newRetryer(maxAttempts int) aws.Retryer {
	return retryer{retry.NewAdaptiveMode(func(a *retry.AdaptiveModeOptions) {
		a.StandardOptions = append(a.StandardOptions, func(s *retry.StandardOptions) {
			s.MaxAttempts = maxAttempts
			// The quota of the SDK guards a service from all its callers' retries at
			// once; used up in a burst, it would fail the rest of a scan.
			s.RateLimiter = ratelimit.None
		})
	})}
}

func (r retryer) IsErrorRetryable(err error) bool { return r.adaptive.IsErrorRetryable(err) }

func (r retryer) MaxAttempts() int { return r.adaptive.MaxAttempts() }

func (r retryer) RetryDelay(attempt int, err error) (time.Duration, error) {
	if attempt >= maxUnanswered && !answered(err) {
		return 0, err
	}
	return r.adaptive.RetryDelay(attempt, err)
}

// answered reports whether the error is one of AWS's own: those have a code.
func answered(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() != "UnknownError"
}

func (r retryer) GetRetryToken(ctx context.Context, err error) (func(error) error, error) {
	return r.adaptive.GetRetryToken(ctx, err)
}

// GetInitialToken is what [aws.Retryer] has for callers that do not know GetAttemptToken.
func (r retryer) GetInitialToken() func(error) error { return func(error) error { return nil } }

func (r retryer) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	return r.adaptive.GetAttemptToken(ctx)
}

var _ aws.RetryerV2 = retryer{}
