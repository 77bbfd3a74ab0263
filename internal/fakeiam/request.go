package fakeiam

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// The versions of the two APIs; a request names the one that it speaks.
const (
	versionIAM = "2010-05-08"
	versionSTS = "2011-06-15"
)

// A request is one call as the server sees it.
type request struct {
	operation   string
	op          operation // zero when the server does not know it
	version     string
	form        url.Values
	accessKeyID string
	token       string

	// The rest is filled in when the server accepts the request.
	id       string
	caller   string
	pageSize int
	// index is the account that the request sees; a write sees a copy of its own.
	index *index
	// time is when a write happens.
	time time.Time
	// shape is the fault that the answer must have.
	shape FaultShape
}

// newRequest reads a call from its headers and its form-encoded body.
func newRequest(header http.Header, form url.Values) *request {
	return &request{
		operation:   form.Get("Action"),
		op:          operations()[form.Get("Action")],
		version:     form.Get("Version"),
		form:        form,
		accessKeyID: accessKeyID(header.Get("Authorization")),
		token:       header.Get("X-Amz-Security-Token"),
	}
}

// accessKeyID returns the access key id of an Authorization header, which has
// the form "AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …".
// The signature is not checked.
func accessKeyID(authorization string) string {
	_, scope, found := strings.Cut(authorization, "Credential=")
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(scope, "/")
	return id
}

func (r *request) param(name string) string { return r.form.Get(name) }

// required returns a parameter that the operation cannot do without.
func (r *request) required(name string) (string, *apiError) {
	if v := r.form.Get(name); v != "" {
		return v, nil
	}
	return "", errValidation("Value null at '" + lowerFirst(name) + "' failed to satisfy constraint: Member must not be null")
}

// list returns a parameter that holds several values, in the order in which they
// are numbered: NAME.member.1, NAME.member.2, ….
func (r *request) list(name string) []string {
	var values []string
	for i := 1; ; i++ {
		v, ok := r.form[name+".member."+strconv.Itoa(i)]
		if !ok {
			return values
		}
		values = append(values, v...)
	}
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
