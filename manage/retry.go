package manage

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/nhiscan/nhiscan/collect"
)

// maxPauses is how often a step is tried again that AWS was too busy for.
const maxPauses = 5

// firstPause is the first of them; each is twice as long as the one before.
const firstPause = 250 * time.Millisecond

// passes reports whether an error is AWS's way to say that the same call will do in
// a moment, and that it was not carried out. A DeleteConflict passes where what
// stood in the way has been removed just before: IAM is eventually consistent.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
func (s *StepResult) passes(err error) bool {
	switch code(err) {
	case "EntityTemporarilyUnmodifiable", "ConcurrentModification", "ConcurrentModificationException":
		return true
	case "DeleteConflict":
		return s.mode == removal
	}
	return false
}

func code(err error) string {
	var e *collect.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// refusedByAWS reports whether AWS answered that it did not carry the call out. What
// a proxy or a load balancer answers says nothing of that.
func refusedByAWS(err error) bool {
	if errors.Is(err, errBeforeCall) {
		return true // whatever else was asked of AWS, such as by a key store
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return notSent(err)
	}
	if isThrottle(err) {
		return true
	}
	var response *smithyhttp.ResponseError
	failed := errors.As(err, &response) && response.HTTPStatusCode() >= 500
	return !failed && api.ErrorFault() != smithy.FaultServer && api.ErrorCode() != "UnknownError"
}

// notSent reports whether a call failed before it was sent.
func notSent(err error) bool {
	return errors.Is(err, collect.ErrCredentials) || errors.Is(err, collect.ErrInvalid)
}

// errBeforeCall marks the error of a step that failed before it called AWS.
var errBeforeCall = errors.New("before the call")

func isThrottle(err error) bool {
	var e *collect.Error
	return errors.As(err, &e) && errors.Is(e, collect.ErrThrottled) || code(err) == "" && throttleCode(err)
}

func throttleCode(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && errors.Is(&collect.Error{Code: api.ErrorCode()}, collect.ErrThrottled)
}

// once is for calls that create something: the SDK repeats them only where AWS said
// that it did not carry them out. After a lost answer or a failure of AWS's, nobody
// knows whether it did.
func once(o *iam.Options) {
	if o.Retryer != nil {
		o.Retryer = onlyThrottles{o.Retryer}
	}
}

// onlyThrottles is a retryer that repeats nothing but what was throttled.
type onlyThrottles struct{ aws.Retryer }

func (r onlyThrottles) IsErrorRetryable(err error) bool {
	return throttleCode(err) && r.Retryer.IsErrorRetryable(err)
}

// GetAttemptToken implements [aws.RetryerV2] where the one inside does.
func (r onlyThrottles) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	if v2, ok := r.Retryer.(aws.RetryerV2); ok {
		return v2.GetAttemptToken(ctx)
	}
	return r.Retryer.GetInitialToken(), nil
}

// pause waits before another attempt; false when ctx ends first.
func pause(ctx context.Context, attempt int) bool {
	timer := time.NewTimer(firstPause << attempt)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
