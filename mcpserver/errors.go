package mcpserver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/session"
)

// Codes of an [*Error] that do not come from AWS.
const (
	// CodeInvalidArgument says that an argument is missing, unknown or wrong.
	CodeInvalidArgument = "InvalidArgument"
	// CodeNotFound says that there is no such identity, group or policy, or, in the
	// audit log, no such tool or prompt.
	CodeNotFound = "NoSuchEntity"
	// CodeNotInFile says that the saved account does not tell what was asked for.
	CodeNotInFile = nhiscan.GapNotInFile
	// CodeRefused says that this server does not do that.
	CodeRefused = "Refused"
	// CodeDeclined says that a person was asked, and said no.
	CodeDeclined = "Declined"
	// CodeCursorExpired says that the scan that a cursor belongs to is gone.
	CodeCursorExpired = "CursorExpired"
	// CodeCancelled says that the client cancelled the call.
	CodeCancelled = "Cancelled"
	// CodeTimeout says that the call took longer than the server allows.
	CodeTimeout = "Timeout"
	// CodeNoCredentials says that there are no usable AWS credentials.
	CodeNoCredentials = "NoCredentials"
	// CodeInternal says that the server itself failed.
	CodeInternal = "InternalError"
)

// An Error is a call that failed, as the model reads it.
type Error struct {
	// Code is AWS's own where AWS refused, or one of the Code constants.
	Code    string `json:"code"`
	Message string `json:"message"`
	// Hint says what to do; may be empty.
	Hint string `json:"hint"`
	// RequestID is that of AWS's answer; empty when there was none.
	RequestID string `json:"request_id"`
	// Retryable says that the same call may succeed later.
	Retryable bool `json:"retryable"`

	// Of a change that stopped half way, Done says in sentences what was carried out,
	// Failed what was not, or is not known to be, and Remaining what was not begun.
	Done      []string `json:"done,omitempty"`
	Failed    string   `json:"failed,omitzero"`
	Remaining []string `json:"remaining,omitempty"`
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

func invalid(format string, args ...any) *Error {
	return &Error{Code: CodeInvalidArgument, Message: fmt.Sprintf(format, args...)}
}

func notFound(format string, args ...any) *Error {
	return &Error{Code: CodeNotFound, Message: fmt.Sprintf(format, args...)}
}

func refusef(message, hint string) *Error {
	return &Error{Code: CodeRefused, Message: message, Hint: hint}
}

// explain makes an Error of any error. Texts of errors that this module does not
// know are shown: redaction comes after it.
func explain(ctx context.Context, err error) *Error {
	var own *Error
	var aws *collect.Error
	var question *answer.InputError
	var missing *answer.NotFoundError
	var unknown *toolschema.UnknownError
	var argument *toolschema.Error
	var document *policydoc.ParseError
	var pattern *answer.PatternError
	var login *session.Error
	if e := explainChange(err); e != nil {
		return e
	}
	switch {
	case errors.As(err, &own):
		return own
	case isCancelled(ctx, err):
		return &Error{Code: CodeCancelled, Message: "the call was cancelled", Retryable: true}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: CodeTimeout, Message: "the call took longer than this server allows", Retryable: true,
			Hint: "ask for less, or have the operator raise --call-timeout"}
	case errors.As(err, &unknown):
		return &Error{Code: CodeInvalidArgument, Message: err.Error(), Hint: meantArgument(unknown)}
	case errors.As(err, &argument):
		return &Error{Code: CodeInvalidArgument, Message: argument.Error()} // which names the argument
	case errors.As(err, &document):
		return &Error{Code: CodeInvalidArgument, Message: err.Error()}
	case errors.As(err, &pattern):
		return &Error{Code: CodeInvalidArgument, Message: err.Error(), Hint: "ask for one action, such as s3:GetObject; explain_policy counts the actions of a pattern"}
	case errors.As(err, &question):
		return &Error{Code: CodeInvalidArgument, Message: err.Error(), Hint: hintOf(err)}
	case errors.As(err, &missing):
		return &Error{Code: CodeNotFound, Message: err.Error(), Hint: hintOf(err)}
	case errors.Is(err, session.ErrOptions), errors.Is(err, session.ErrRegion):
		return &Error{Code: CodeInvalidArgument, Message: err.Error(), Hint: hintOf(err)}
	case errors.As(err, &login):
		return &Error{Code: CodeNoCredentials, Message: err.Error(), Hint: hintOf(err)}
	case errors.As(err, &aws) && aws.Code == collect.CodeInvalidArgument:
		return &Error{Code: CodeInvalidArgument, Message: aws.Message} // it names a function and no argument
	case errors.As(err, &aws):
		return &Error{Code: aws.Code, Message: aws.Error(), Hint: hintFor(aws), RequestID: aws.RequestID, Retryable: aws.Retryable()}
	}
	return &Error{Code: CodeInternal, Message: err.Error()}
}

// hintOf returns what the error, or one that it wraps, advises to do.
func hintOf(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}

// synonyms are what models call arguments of other tools and APIs, and the
// arguments that they then mean, the likeliest first.
var synonyms = map[string][]string{
	"limit": {"max_items"}, "page_size": {"max_items"}, "max_results": {"max_items"}, "count": {"max_items"},
	"page_token": {"cursor", "marker"}, "next_token": {"cursor", "marker"}, "next_cursor": {"cursor", "marker"},
	"user": {"user_name", "identity_name", "principal"}, "username": {"user_name", "identity_name", "principal"},
	"role": {"role_name", "identity_name", "principal"}, "group": {"group_name"},
	"name":     {"identity_name", "user_name", "role_name", "group_name", "principal"},
	"identity": {"identity_name", "principal"}, "principal": {"identity_name", "user_name", "role_name"},
	"arn": {"identity_name", "user_name", "role_name", "group_name", "policy_arn", "principal"},
}

func meantArgument(e *toolschema.UnknownError) string {
	for _, meant := range synonyms[strings.ToLower(e.Name)] {
		if slices.Contains(e.Known, meant) {
			return "did you mean " + meant + "?"
		}
	}
	if meant := answer.Nearest(e.Name, e.Known); meant != "" {
		return "did you mean " + meant + "?"
	}
	for _, known := range e.Known {
		if strings.HasSuffix(known, "_"+e.Name) { // name for identity_name
			return "did you mean " + known + "?"
		}
	}
	return "leave it out"
}

// meantTool is the end of a sentence about a tool that there is not.
func meantTool(name string, all []*tool) string {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Name
	}
	if meant := answer.Nearest(name, names); meant != "" {
		return ": did you mean " + meant + "?"
	}
	return ": there are " + strings.Join(names, ", ")
}

// hintFor says what to do about what AWS answered.
func hintFor(e *collect.Error) string {
	switch {
	case errors.Is(e, collect.ErrAccessDenied):
		return "the credentials need the permission " + e.Operation
	case strings.Contains(e.Code, "ExpiredToken"):
		return "the credentials have expired: sign in again (aws sso login, aws login) or renew them"
	case errors.Is(e, collect.ErrCredentials):
		return "name a profile that works, or give the server other credentials"
	case errors.Is(e, collect.ErrThrottled):
		return "AWS asks to slow down: wait a minute and call again"
	case e.Code == "NoSuchEntity":
		return "look for its name with list_users, list_roles, list_groups or list_policies"
	case e.Code == collect.CodeNoAnswer:
		return "AWS could not be reached from the server: look at its network and AWS_ENDPOINT_URL"
	}
	return hintForChange(e)
}
