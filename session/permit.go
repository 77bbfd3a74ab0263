package session

import (
	"context"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// A refusedCall is one that [Options.Permit] did not permit. It has a code as
// AWS's errors have, so that whoever tells those apart need not know it.
type refusedCall struct {
	reason error
}

func (e *refusedCall) Error() string { return CallRefused + ": " + e.reason.Error() }

// Unwrap returns what Permit said.
func (e *refusedCall) Unwrap() error { return e.reason }

// ErrorCode implements [smithy.APIError].
func (e *refusedCall) ErrorCode() string { return CallRefused }

// ErrorMessage implements [smithy.APIError].
func (e *refusedCall) ErrorMessage() string { return e.reason.Error() }

// ErrorFault implements [smithy.APIError].
func (e *refusedCall) ErrorFault() smithy.ErrorFault { return smithy.FaultClient }

// RetryableError is what the SDK's retryers look for: the call that waits for the
// credentials of a refused one must not ask again, whatever the reason is.
func (e *refusedCall) RetryableError() bool { return false }

// permission asks before each call of a client whether it may be made. It stands
// before the SDK's own steps, of which even presigning keeps this kind: nothing
// has been checked, signed or sent yet.
type permission struct {
	permit func(ctx context.Context, operation string) error
}

// add adds the question to the steps of a call.
func (p permission) add(stack *middleware.Stack) error {
	return stack.Initialize.Add(p, middleware.Before)
}

// ID implements [middleware.InitializeMiddleware].
func (permission) ID() string { return "nhiscanPermission" }

// HandleInitialize implements [middleware.InitializeMiddleware].
func (p permission) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (
	middleware.InitializeOutput, middleware.Metadata, error) {
	if ofMachine(ctx) {
		return next.HandleInitialize(ctx, in)
	}
	if err := p.permit(ctx, operationName(ctx)); err != nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, &refusedCall{err}
	}
	return next.HandleInitialize(ctx, in)
}

// ofMachine reports whether the call is to the metadata of an EC2 instance or to
// the credentials endpoint of a container: only their clients name no service.
func ofMachine(ctx context.Context) bool {
	return awsmiddleware.GetServiceID(ctx) == "" && awsmiddleware.GetOperationName(ctx) == ""
}
