package fakeiam

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The patterns that AWS names in
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html.
const (
	tagPattern      = `[\p{L}\p{Z}\p{N}_.:/=+\-@]+`
	versionPattern  = `v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`
	documentPattern = `[\u0009\u000A\u000D\u0020-\u00FF]+`
)

var (
	validName     = regexp.MustCompile(`^[\w+=,.@-]+$`)
	validPath     = regexp.MustCompile(`^(/|/[\x21-\x7e]+/)$`)
	validTag      = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$`)
	validVersion  = regexp.MustCompile(`^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$`)
	validDocument = regexp.MustCompile(`^[\t\n\r\x{20}-\x{ff}]+$`)
	validARN      = regexp.MustCompile(`^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$`)
)

// The longest names, paths and texts, in characters.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
const (
	maxUserName     = 64
	maxRoleName     = 64
	maxGroupName    = 128
	maxProfileName  = 128
	maxPolicyName   = 128
	maxPath         = 512
	maxDescription  = 1000
	maxDocumentText = 131072
)

// tooLong refuses a parameter with too many characters.
func (r *request) tooLong(parameter string, most int) *apiError {
	if utf8.RuneCountInString(r.param(parameter)) > most {
		return errConstraint(parameter, fmt.Sprintf("Member must have length less than or equal to %d", most))
	}
	return nil
}

// name returns the name that something new is to have.
func (r *request) name(parameter string, most int) (string, *apiError) {
	name, err := r.required(parameter)
	if err != nil {
		return "", err
	}
	if err := r.tooLong(parameter, most); err != nil {
		return "", err
	}
	if !validName.MatchString(name) {
		return "", errValidationMessage("The specified value for " + lowerFirst(parameter) + " is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
	}
	return name, nil
}

// path returns the path that something new is to have.
func (r *request) path() (string, *apiError) {
	if err := r.tooLong("Path", maxPath); err != nil {
		return "", err
	}
	path := pathOr(r.param("Path"))
	if !validPath.MatchString(path) {
		return "", errValidationMessage("The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	return path, nil
}

// nameAndPath returns what the ARN of something new is made of.
func (r *request) nameAndPath(parameter string, most int) (name, path string, err *apiError) {
	if name, err = r.name(parameter, most); err != nil {
		return "", "", err
	}
	path, err = r.path()
	return name, path, err
}

// policyARN returns the managed policy that the request names.
func (r *request) policyARN(parameter string) (string, *apiError) {
	arn, err := r.required(parameter)
	switch {
	case err != nil:
		return "", err
	case len(arn) < 20:
		return "", errConstraint(parameter, "Member must have length greater than or equal to 20")
	case !validARN.MatchString(arn):
		return "", errValidationMessage("ARN " + arn + " is not valid.")
	}
	return arn, nil
}

// versionID returns the version of a policy that the request names.
func (r *request) versionID() (string, *apiError) {
	id, err := r.required("VersionId")
	if err == nil && !validVersion.MatchString(id) {
		err = errConstraint("VersionId", "Member must satisfy regular expression pattern: "+versionPattern)
	}
	return id, err
}

// active returns whether the status that something is to have is Active.
func (r *request) active() (bool, *apiError) {
	switch status, err := r.required("Status"); {
	case err != nil:
		return false, err
	case status == "Active":
		return true, nil
	case status == "Inactive":
		return false, nil
	}
	return false, errConstraint("Status", "Member must satisfy enum value set: [Active, Inactive, Expired]")
}

// number returns a parameter that is a number within bounds.
func (r *request) number(parameter string, least, most int) (int, *apiError) {
	n, err := strconv.Atoi(r.param(parameter))
	switch {
	case err != nil:
		return 0, &apiError{"MalformedInput", parameter + " is not a number.", http.StatusBadRequest}
	case n < least:
		return 0, errConstraint(parameter, fmt.Sprintf("Member must have value greater than or equal to %d", least))
	case n > most:
		return 0, errConstraint(parameter, fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
	return n, nil
}

// sameName reports whether IAM takes two names for one: it keeps the case of names
// and does not tell them apart by it,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }
