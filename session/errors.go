package session

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/logincreds"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// What an [*Error] can be, for errors.Is.
var (
	// ErrNoCredentials says that no credentials are configured.
	ErrNoCredentials = errors.New("no AWS credentials found")
	// ErrExpired says that a sign-in (IAM Identity Center, aws login) is over.
	ErrExpired = errors.New("the sign-in has expired")
	// ErrAssumeRole says that the role could not be assumed.
	ErrAssumeRole = errors.New("the role cannot be assumed")
	// ErrNoProfile says that there is no such profile.
	ErrNoProfile = errors.New("no such profile")
	// ErrRegion says that a region's name cannot be one.
	ErrRegion = errors.New("no such region")
	// ErrOptions says that options contradict each other or are malformed.
	ErrOptions = errors.New("wrong options")
)

// An Error says why there are no credentials or settings, and what to do.
type Error struct {
	// Kind is one of the Err variables of this package, nil for another reason.
	Kind    error
	Message string
	// Err is the SDK's error; may be nil.
	Err  error
	hint string
}

func (e *Error) Error() string { return "AWS session: " + e.Message }

// Unwrap returns the kind and the SDK's error.
func (e *Error) Unwrap() []error {
	var errs []error
	for _, err := range []error{e.Kind, e.Err} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// Hint says in a sentence what to do; empty when there is nothing to advise.
func (e *Error) Hint() string { return e.hint }

// CredentialsError tells package collect that it is the credentials that could
// not be had, whatever AWS error may be wrapped here.
func (e *Error) CredentialsError() bool { return true }

// explain turns the error of a credentials provider into one that helps.
func explain(err error, from aws.CredentialsProvider, o *Options) *Error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	var refused *refusedCall
	var process *processcreds.ProviderError
	switch operation, api := failedCall(err); {
	case errors.As(err, &refused):
		return explainRefused(err, operation, refused)
	case aws.IsCredentialsProvider(from, (*ssocreds.Provider)(nil)):
		return &Error{Kind: ErrExpired, Message: "the session of IAM Identity Center is missing or has expired: " + err.Error(), Err: err,
			hint: "run: aws sso login" + profileFlag(o)}
	case aws.IsCredentialsProvider(from, (*logincreds.Provider)(nil)):
		return &Error{Kind: ErrExpired, Message: "the session of aws login is missing or has expired: " + err.Error(), Err: err,
			hint: "run: aws login" + profileFlag(o)}
	case operation.ServiceID == sts.ServiceID:
		return explainAssumeRole(err, operation, api)
	case errors.As(err, &process):
		return &Error{Message: "the credential_process of the profile failed: " + process.Err.Error(), Err: err,
			hint: "run the command by hand to see why"}
	case aws.IsCredentialsProvider(from, (*ec2rolecreds.Provider)(nil)):
		return noCredentials(err)
	}
	return &Error{Message: err.Error(), Err: err}
}

// explainRefused is for a call for credentials that Options.Permit refused.
func explainRefused(err error, operation smithy.OperationError, refused *refusedCall) *Error {
	name := iamName(operation.ServiceID, operation.OperationName)
	e := &Error{Message: name + ": " + refused.Error(), Err: err, hint: "let the program call " + name + ", or give it credentials that need no such call"}
	if operation.ServiceID == sts.ServiceID {
		e.Kind = ErrAssumeRole
	}
	var hinted interface{ Hint() string }
	if errors.As(refused.reason, &hinted) && hinted.Hint() != "" {
		e.hint = hinted.Hint()
	}
	return e
}

func noCredentials(err error) *Error {
	return &Error{Kind: ErrNoCredentials, Message: ErrNoCredentials.Error(), Err: err,
		hint: "configure some (aws configure, aws sso login, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY) or name a profile"}
}

// failedCall returns the innermost call of an AWS service that failed, and AWS's error if it answered.
func failedCall(err error) (operation smithy.OperationError, api smithy.APIError) {
	for {
		var next *smithy.OperationError
		if !errors.As(err, &next) {
			break
		}
		operation = *next
		err = next.Err
	}
	errors.As(err, &api)
	return operation, api
}

func explainAssumeRole(err error, operation smithy.OperationError, api smithy.APIError) *Error {
	e := &Error{Kind: ErrAssumeRole, Err: err}
	if api == nil {
		e.Message = fmt.Sprintf("sts:%s: no answer: %v", operation.OperationName, operation.Err)
		e.hint = "check the network and the region"
		return e
	}
	e.Message = fmt.Sprintf("sts:%s: %s: %s", operation.OperationName, api.ErrorCode(), api.ErrorMessage())
	switch api.ErrorCode() {
	case "AccessDenied":
		e.hint = "let the role's trust policy name these credentials (and the external id, if it asks for one), and let them call sts:AssumeRole on it"
	case "ExpiredToken", "InvalidClientTokenId", "SignatureDoesNotMatch":
		e.Kind = ErrExpired
		e.hint = "renew the credentials that the role is assumed with"
	}
	return e
}

// explainLoad turns the error of reading the settings into one that helps.
func explainLoad(err error, o *Options) *Error {
	var profile config.SharedConfigProfileNotExistError
	if errors.As(err, &profile) {
		return &Error{Kind: ErrNoProfile, Message: fmt.Sprintf("there is no profile %q in the shared files", profile.Profile), Err: err,
			hint: "aws configure list-profiles lists them"}
	}
	return &Error{Message: err.Error(), Err: err}
}

func profileFlag(o *Options) string {
	if o.Profile == "" {
		return ""
	}
	return " --profile " + o.Profile
}
