package collect

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/nhiscan/nhiscan"
)

// What an [*Error] can be, for errors.Is.
var (
	// ErrNotFound says that the user, role or policy does not exist.
	ErrNotFound = errors.New("no such entity")
	// ErrAccessDenied says that the credentials are good and may not do this.
	ErrAccessDenied = errors.New("access denied")
	// ErrCredentials says that there are no credentials, or that AWS does not accept them.
	ErrCredentials = errors.New("credentials missing or not accepted")
	// ErrThrottled says that AWS kept answering "slow down" to every attempt.
	ErrThrottled = errors.New("throttled")
	// ErrRefused says that the program itself does not permit the call, whatever
	// AWS would have answered.
	ErrRefused = errors.New("refused before AWS was asked")
	// ErrInvalid says that an argument is wrong: this package or AWS refuses it.
	ErrInvalid = errors.New("invalid argument")
)

// Codes of an [*Error] that do not come from AWS, beside the Gap codes of package nhiscan.
const (
	// CodeNoCredentials says that no credentials could be obtained.
	CodeNoCredentials = "NoCredentials"
	// CodeNoAnswer says that there was no answer: no such host, a refused or broken connection, a timeout.
	CodeNoAnswer = "NoAnswer"
	// CodeRefused says that the program does not permit itself the call: AWS was not asked.
	CodeRefused = "Refused"
	// CodeEmptyAnswer says that AWS answered with success and nothing in it.
	CodeEmptyAnswer = "EmptyAnswer"
	// CodeInvalidArgument says that an argument was refused before AWS was asked.
	CodeInvalidArgument = "InvalidArgument"
	// CodeJobInProgress says that a job of AWS's was not done in the time that it was given.
	CodeJobInProgress = "JobInProgress"
	// CodeJobFailed says that a job of AWS's failed for a reason that AWS does not tell.
	CodeJobFailed = "JobFailed"
)

// An Error is a call that failed. Its kind is told by errors.Is and the Err
// variables of this package.
type Error struct {
	// Operation is the IAM action, such as iam:GetRole; of an argument that was
	// refused before AWS was asked it is the function, such as collect.Users.
	Operation string
	// Resource is the name or ARN it was about; "*" for the account.
	Resource string
	// Code is AWS's error code, one of the Code constants, or a Gap code of package nhiscan.
	Code    string
	Message string
	// RequestID is what AWS support asks for; empty when there was no answer.
	RequestID string
	// Err is the SDK's error; may be nil.
	Err error
}

func (e *Error) Error() string {
	subject := e.Operation
	if e.Resource != "" && e.Resource != "*" {
		subject += " " + e.Resource
	}
	return subject + ": " + e.Code + ": " + e.Message
}

func (e *Error) Unwrap() error { return e.Err }

// Is reports whether the error is of the kind of one of this package's Err variables.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrNotFound:
		return e.Code == "NoSuchEntity" || e.Code == "NoSuchEntityException"
	case ErrAccessDenied:
		// A 403 without a code is that of a proxy or of an endpoint that only resembles AWS.
		return e.Code == "AccessDenied" || e.Code == "AccessDeniedException" || e.Code == "UnauthorizedOperation" || e.Code == "HTTP403"
	case ErrThrottled:
		return isThrottle(e.Code)
	case ErrCredentials:
		return e.Code == CodeNoCredentials || isCredentials(e.Code)
	case ErrRefused:
		return e.Code == CodeRefused
	case ErrInvalid:
		return isInvalid(e.Code)
	}
	return false
}

// Retryable reports whether the same call may succeed a little later, with
// nothing else changed. The SDK has retried by then what it retries.
func (e *Error) Retryable() bool {
	switch e.Code {
	case CodeNoAnswer, CodeEmptyAnswer, CodeJobInProgress, nhiscan.GapMalformed, nhiscan.GapTruncated,
		"ServiceFailure", "ServiceUnavailable", "InternalFailure", "InternalError", "RequestTimeout", "RequestTimeoutException",
		"ConcurrentModification", "ConcurrentModificationException", "EntityTemporarilyUnmodifiable", "ReportInProgress":
		return true
	}
	return isThrottle(e.Code) || strings.HasPrefix(e.Code, "HTTP5")
}

// isInvalid: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
// and the errors that the operations of this package add.
func isInvalid(code string) bool {
	switch code {
	case CodeInvalidArgument, "ValidationError", "ValidationException", "InvalidInput", "InvalidInputException",
		"InvalidParameterValue", "InvalidParameterCombination", "MissingParameter", "MalformedPolicyDocument":
		return true
	}
	return false
}

// invalid is the error of a function of this package for an argument that is wrong as it stands.
func invalid(function, resource, format string, args ...any) *Error {
	return &Error{Operation: "collect." + function, Resource: resource, Code: CodeInvalidArgument, Message: fmt.Sprintf(format, args...)}
}

// isThrottle: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
func isThrottle(code string) bool {
	switch code {
	case "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
		"RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown":
		return true
	}
	return false
}

// isCredentials: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
// and the codes that AWS's front door adds to them.
func isCredentials(code string) bool {
	switch code {
	case "ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId",
		"InvalidAccessKeyId", "InvalidToken", "UnrecognizedClientException", "UnrecognizedClient",
		"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature",
		"MissingAuthenticationToken", "MissingAuthenticationTokenException",
		"MissingAuthenticationTokenId", "NotAuthorized", "OptInRequired", "AuthFailure":
		return true
	}
	return false
}

// NewError turns what a call of the SDK returned into an Error, for callers that
// make calls of their own. The operation has its service prefix, as in iam:GetRole;
// the resource is the name or ARN that the call was about. It must not be called
// with a nil error.
func NewError(ctx context.Context, operation, resource string, err error) *Error {
	e := &Error{Operation: operation, Resource: resource, Err: err}
	var known *Error
	if errors.As(err, &known) {
		e.Code, e.Message, e.RequestID = known.Code, known.Message, known.RequestID
		return e
	}
	if ctx.Err() != nil {
		e.Code, e.Message = nhiscan.GapInterrupted, "the reading was cancelled"
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			e.Message = "the time allowed for the reading is over"
		}
		e.Err = errors.Join(ctx.Err(), err)
		return e
	}
	e.RequestID = requestID(err)
	e.Code, e.Message = codeOf(err)
	return e
}

func codeOf(err error) (code, message string) {
	var response *smithyhttp.ResponseError
	answered := errors.As(err, &response)
	var api smithy.APIError
	var garbled *smithy.DeserializationError
	var unsent *smithyhttp.RequestSendError
	switch {
	case notSent(err):
		return CodeNoCredentials, innermost(err)
	case errors.As(err, &api) && api.ErrorCode() != "UnknownError":
		return api.ErrorCode(), api.ErrorMessage()
	case answered && response.HTTPStatusCode() >= 400:
		return fmt.Sprintf("HTTP%d", response.HTTPStatusCode()), "the answer is not one of AWS: " + response.HTTPResponse().Status
	case errors.As(err, &garbled):
		return nhiscan.GapMalformed, "the answer broke off or could not be understood: " + innermost(garbled.Err)
	case errors.As(err, &unsent):
		return CodeNoAnswer, innermost(unsent.Err)
	}
	return CodeNoAnswer, innermost(err)
}

// notSent reports whether the SDK gave up before it sent the request, which is
// when it could not get credentials to sign it with. An error of AWS found below
// a second operation is of the call that was to get the credentials.
func notSent(err error) bool {
	var marked interface{ CredentialsError() bool }
	if errors.As(err, &marked) && marked.CredentialsError() {
		return true
	}
	var operation *smithy.OperationError
	if !errors.As(err, &operation) {
		return false
	}
	var inner *smithy.OperationError
	if errors.As(operation.Err, &inner) {
		return true
	}
	return !reached(operation.Err)
}

// reached reports whether err tells of a request that was at least handed to the
// network, or of one that is at fault itself.
func reached(err error) bool {
	var (
		response *smithyhttp.ResponseError
		wrapped  *awshttp.ResponseError
		unsent   *smithyhttp.RequestSendError
		garbled  *smithy.DeserializationError
		params   smithy.InvalidParamsError
		body     *smithy.SerializationError
		region   *aws.MissingRegionError
		canceled *smithy.CanceledError
		api      smithy.APIError
	)
	return errors.As(err, &response) || errors.As(err, &wrapped) || errors.As(err, &unsent) ||
		errors.As(err, &garbled) || errors.As(err, &params) || errors.As(err, &body) ||
		errors.As(err, &region) || errors.As(err, &canceled) || errors.As(err, &api)
}

func requestID(err error) string {
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		return response.ServiceRequestID()
	}
	return ""
}

// innermost returns the text of the error that the others wrap: the SDK's
// chains repeat themselves.
func innermost(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// Hint says in a sentence what to do about the error; empty when there is nothing to advise.
func (e *Error) Hint() string {
	var hinted interface{ Hint() string }
	if errors.As(e.Err, &hinted) {
		if hint := hinted.Hint(); hint != "" {
			return hint
		}
	}
	switch {
	case e.Is(ErrAccessDenied):
		return "allow " + e.Operation + " for these credentials"
	case e.Is(ErrThrottled):
		return "try again later, or with fewer calls at once"
	case e.Is(ErrCredentials):
		return credentialsHint(e.Code)
	case e.Is(ErrRefused):
		return "AWS was not asked: let the program call " + e.Operation
	case e.Code == CodeNoAnswer:
		return "check the network, the proxy and the region"
	}
	return ""
}

func credentialsHint(code string) string {
	switch {
	case strings.HasPrefix(code, "Expired") || code == "RequestExpired":
		return "renew the credentials, for example with aws sso login, or check the clock"
	case strings.HasPrefix(code, "Signature") || strings.HasPrefix(code, "InvalidSignature"):
		return "check the secret access key and the clock"
	case code == CodeNoCredentials:
		return "configure credentials (aws configure, aws sso login or AWS_* variables) or name a profile"
	}
	return "check that the access key exists and is active, and that it belongs to this partition"
}
