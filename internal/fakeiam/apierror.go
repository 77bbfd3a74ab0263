package fakeiam

import (
	"fmt"
	"net/http"
)

// An apiError is an error as AWS answers it. It is not a Go error: it is a value
// that becomes a response.
type apiError struct {
	code    string
	message string
	status  int
}

// knownErrors are the statuses and messages of errors that faults ask for by code.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
func knownErrors() map[string]apiError {
	return map[string]apiError{
		"AccessDenied":                  {status: http.StatusForbidden},
		"AccessDeniedException":         {status: http.StatusForbidden},
		"ConcurrentModification":        {status: http.StatusConflict, message: "The request was rejected because multiple requests to change this object were submitted simultaneously."},
		"DeleteConflict":                {status: http.StatusConflict, message: "Cannot delete entity, must detach all policies first."},
		"EntityAlreadyExists":           {status: http.StatusConflict, message: "The request was rejected because it attempted to create a resource that already exists."},
		"EntityTemporarilyUnmodifiable": {status: http.StatusConflict, message: "The entity is temporarily unmodifiable."},
		"ExpiredToken":                  {status: http.StatusForbidden, message: "The security token included in the request is expired"},
		"IncompleteSignature":           {status: http.StatusBadRequest, message: "The request signature does not conform to AWS standards."},
		"InternalFailure":               {status: http.StatusInternalServerError, message: "The request processing has failed because of an unknown error, exception or failure."},
		"InvalidClientTokenId":          {status: http.StatusForbidden, message: "The security token included in the request is invalid."},
		"InvalidInput":                  {status: http.StatusBadRequest, message: "The request was rejected because an invalid or out-of-range value was supplied for an input parameter."},
		"LimitExceeded":                 {status: http.StatusConflict, message: "The request was rejected because it attempted to create resources beyond the current AWS account limits."},
		"MalformedPolicyDocument":       {status: http.StatusBadRequest, message: "Syntax errors in policy."},
		"MissingAuthenticationToken":    {status: http.StatusForbidden, message: "Request is missing Authentication Token"},
		"NoSuchEntity":                  {status: http.StatusNotFound, message: "The requested entity cannot be found."},
		"OptInRequired":                 {status: http.StatusForbidden, message: "The AWS Access Key Id needs a subscription for the service"},
		"PasswordPolicyViolation":       {status: http.StatusBadRequest, message: "Password does not conform to the account password policy."},
		"PolicyNotAttachable":           {status: http.StatusBadRequest, message: "Cannot attach a Service Role Policy to a Customer Role."},
		"ReportExpired":                 {status: http.StatusGone, message: "The most recent credential report has expired."},
		"ReportInProgress":              {status: http.StatusNotFound, message: "Unknown"},
		"ReportNotPresent":              {status: http.StatusGone, message: "Unknown"},
		"RequestExpired":                {status: http.StatusBadRequest, message: "Request has expired."},
		"ServiceFailure":                {status: http.StatusInternalServerError, message: "The request processing has failed because of an unknown error, exception or failure."},
		"ServiceUnavailable":            {status: http.StatusServiceUnavailable, message: "Service is unavailable. Please try again shortly."},
		"SignatureDoesNotMatch":         {status: http.StatusForbidden, message: "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."},
		"Throttling":                    {status: http.StatusBadRequest, message: "Rate exceeded"},
		"ThrottlingException":           {status: http.StatusBadRequest, message: "Rate exceeded"},
		"UnmodifiableEntity":            {status: http.StatusBadRequest, message: "The request was rejected because service-linked roles are protected AWS resources."},
		"ValidationError":               {status: http.StatusBadRequest, message: "The input fails to satisfy the constraints specified by an AWS service."},
	}
}

// errKnown returns an error with AWS's own message and status.
func errKnown(code string) *apiError {
	e := knownErrors()[code]
	e.code = code
	return &e
}

func errNoSuchEntity(format string, args ...any) *apiError {
	return &apiError{"NoSuchEntity", fmt.Sprintf(format, args...), http.StatusNotFound}
}

func errAlreadyExists(format string, args ...any) *apiError {
	return &apiError{"EntityAlreadyExists", fmt.Sprintf(format, args...), http.StatusConflict}
}

func errDeleteConflict(message string) *apiError {
	return &apiError{"DeleteConflict", message, http.StatusConflict}
}

// errQuota is the answer to a request for one more than a quota of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
func errQuota(name string, most int) *apiError {
	return &apiError{"LimitExceeded", fmt.Sprintf("Cannot exceed quota for %s: %d", name, most), http.StatusConflict}
}

// errTooLarge is the answer to more text in the inline policies of a user, group or
// role than there may be.
func errTooLarge(kind, name string, most int) *apiError {
	return &apiError{"LimitExceeded", fmt.Sprintf("Maximum policy size of %d bytes exceeded for %s %s", most, kind, name), http.StatusConflict}
}

func errMalformed(message string) *apiError {
	return &apiError{"MalformedPolicyDocument", message, http.StatusBadRequest}
}

// errProtected is the answer to a change of a role that only AWS may change.
func errProtected(role string) *apiError {
	return &apiError{"UnmodifiableEntity", "Cannot perform the operation on the protected role '" + role + "' - this role is only modifiable by AWS", http.StatusBadRequest}
}

// errConstraint is the answer to a parameter that breaks a constraint, told
// without the value.
func errConstraint(parameter, constraint string) *apiError {
	return errValidation("Value at '" + lowerFirst(parameter) + "' failed to satisfy constraint: " + constraint)
}

// errValidation is the answer to one parameter that breaks one constraint.
func errValidation(problem string) *apiError {
	return errValidationMessage("1 validation error detected: " + problem)
}

func errValidationMessage(message string) *apiError {
	return &apiError{"ValidationError", message, http.StatusBadRequest}
}

func errAccessDenied(message string) *apiError {
	return &apiError{"AccessDenied", message, http.StatusForbidden}
}

func errInvalidAction(r *request) *apiError {
	return &apiError{"InvalidAction", fmt.Sprintf("Could not find operation %s for version %s", r.operation, r.version), http.StatusBadRequest}
}

// response renders the error. Sender is AWS's word for a fault of the client.
func (e *apiError) response(r *request) response {
	x := &xmlWriter{}
	x.raw(`<ErrorResponse xmlns="` + namespace(r.version) + `">`)
	x.open("Error")
	x.text("Type", e.party())
	x.text("Code", e.code)
	x.text("Message", e.message)
	x.close("Error")
	x.text("RequestId", r.id)
	x.close("ErrorResponse")
	return response{status: e.status, id: r.id, contentType: contentTypeXML, body: x.bytes}
}

func (e *apiError) party() string {
	if e.status >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}
