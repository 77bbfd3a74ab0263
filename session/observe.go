package session

import (
	"context"
	"errors"
	"strings"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// A Call is one finished call of an AWS API, with all its attempts.
type Call struct {
	// Operation is the action, such as iam:ListUsers or sts:AssumeRole.
	Operation string
	// RequestID is that of the last answer, for AWS support and CloudTrail; empty
	// when there was none.
	RequestID string
	// Err is why the call failed; nil for success.
	Err error
	// ErrorCode is AWS's code of Err, or one of the Call codes of this package;
	// empty for success.
	ErrorCode string
	// Duration is from beginning to end, the pauses between attempts included.
	Duration time.Duration
	// Attempts counts how often the call was tried; 0 for one that was refused.
	Attempts int
}

// Error codes of a [Call] that do not come from AWS; package collect has them too.
const (
	// CallNoCredentials says that there were no credentials to make the call with.
	CallNoCredentials = "NoCredentials"
	// CallNoAnswer says that AWS did not answer, or that the answer is not AWS's.
	CallNoAnswer = "NoAnswer"
	// CallInterrupted says that the context ended first.
	CallInterrupted = "Interrupted"
	// CallRefused says that [Options.Permit] refused the call: AWS was not asked.
	CallRefused = "Refused"
)

// observer tells of every call of a client. It is the outermost step, so that
// what it sees is what the caller gets.
type observer struct {
	tell func(context.Context, Call)
}

// add adds the observer to the steps of a call.
func (o observer) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(o, middleware.Before)
}

// ID implements [middleware.InitializeMiddleware].
func (o observer) ID() string { return "nhiscanObserver" }

// HandleInitialize implements [middleware.InitializeMiddleware].
func (o observer) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error) {
	start := time.Now()
	out, metadata, err := next.HandleInitialize(ctx, in)
	call := Call{Operation: operationName(ctx), Err: err, Duration: time.Since(start)}
	if results, ok := retry.GetAttemptResults(metadata); ok {
		call.Attempts = len(results.Results)
	}
	call.RequestID, _ = awsmiddleware.GetRequestIDMetadata(metadata)
	if err != nil {
		call.ErrorCode, call.RequestID = failure(ctx, err)
	}
	o.tell(ctx, call)
	return out, metadata, err
}

func operationName(ctx context.Context) string {
	return iamName(awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx))
}

// iamName has the service as IAM policies name it for IAM and STS, which are all
// that this module calls but for signing in.
func iamName(service, operation string) string {
	return strings.ToLower(strings.ReplaceAll(service, " ", "-")) + ":" + operation
}

// failure tells the code and request id of a call that failed. Where another call
// was to get the credentials, AWS's error below err is of that one.
func failure(ctx context.Context, err error) (code, requestID string) {
	var unsigned *Error
	if errors.As(err, &unsigned) {
		return CallNoCredentials, ""
	}
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		requestID = response.ServiceRequestID()
	}
	var api smithy.APIError
	switch {
	case errors.As(err, &api) && api.ErrorCode() != "UnknownError":
		return api.ErrorCode(), requestID
	case ctx.Err() != nil:
		return CallInterrupted, requestID
	}
	return CallNoAnswer, requestID
}
