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
		"EntityTemporarilyUnmodifiable": {status: http.StatusConflict, message: "The entity is temporarily unmodifiable."},
		"ExpiredToken":                  {status: http.StatusForbidden, message: "The security token included in the request is expired"},
		"IncompleteSignature":           {status: http.StatusBadRequest, message: "The request signature does not conform to AWS standards."},
		"InternalFailure":               {status: http.StatusInternalServerError, message: "The request processing has failed because of an unknown error, exception or failure."},
		"InvalidClientTokenId":          {status: http.StatusForbidden, message: "The security token included in the request is invalid."},
		"LimitExceeded":                 {status: http.StatusConflict, message: "The request was rejected because it attempted to create resources beyond the current AWS account limits."},
		"MalformedPolicyDocument":       {status: http.StatusBadRequest, message: "Syntax errors in policy."},
		"MissingAuthenticationToken":    {status: http.StatusForbidden, message: "Request is missing Authentication Token"},
		"NoSuchEntity":                  {status: http.StatusNotFound, message: "The requested entity cannot be found."},
		"OptInRequired":                 {status: http.StatusForbidden, message: "The AWS Access Key Id needs a subscription for the service"},
		"ReportExpired":                 {status: http.StatusGone, message: "The most recent credential report has expired."},
		"ReportInProgress":              {status: http.StatusNotFound, message: "Unknown"},
		"ReportNotPresent":              {status: http.StatusGone, message: "Unknown"},
		"RequestExpired":                {status: http.StatusBadRequest, message: "Request has expired."},
		"ServiceFailure":                {status: http.StatusInternalServerError, message: "The request processing has failed because of an unknown error, exception or failure."},
		"ServiceUnavailable":            {status: http.StatusServiceUnavailable, message: "Service is unavailable. Please try again shortly."},
		"SignatureDoesNotMatch":         {status: http.StatusForbidden, message: "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."},
		"Throttling":                    {status: http.StatusBadRequest, message: "Rate exceeded"},
		"ThrottlingException":           {status: http.StatusBadRequest, message: "Rate exceeded"},
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
