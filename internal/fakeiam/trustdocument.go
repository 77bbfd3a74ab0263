package fakeiam

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

const maxTrustPolicySize = 2048

// trustAction is what a trust policy may permit.
var trustAction = regexp.MustCompile(`(?i)^sts:(\*|assumerole.*|tagsession|setsourceidentity|setcontext)$`)

// trustPolicy returns the document of a trust policy that a request gives.
func (r *request) trustPolicy(parameter string) (nhiscan.PolicyDocument, *apiError) {
	text, err := r.document(parameter)
	if err != nil {
		return nhiscan.PolicyDocument{}, err
	}
	if !json.Valid([]byte(text)) {
		return nhiscan.PolicyDocument{}, errMalformed("This policy contains invalid Json")
	}
	p, ok := parsePolicy(text)
	if !ok {
		return nhiscan.PolicyDocument{}, errMalformed("Missing required field Statement")
	}
	for _, st := range p.statements {
		if problem := r.index.trustProblem(st); problem != "" {
			return nhiscan.PolicyDocument{}, errMalformed(problem)
		}
	}
	document := nhiscan.NewPolicyDocument(text)
	if sizeOf(document) > maxTrustPolicySize {
		return nhiscan.PolicyDocument{}, errQuota("ACLSizePerRole", maxTrustPolicySize)
	}
	return document, nil
}

// trustProblem returns what is wrong with a statement of a trust policy in AWS's
// words, empty for nothing.
func (ix *index) trustProblem(st statement) string {
	for _, field := range []string{"Resource", "NotResource"} {
		if st.has(field) {
			return "Has prohibited field " + field
		}
	}
	switch {
	case !st.has("Effect"):
		return "Missing required field Effect"
	case !st.has("Action") && !st.has("NotAction"):
		return "Missing required field Action"
	case !st.has("Principal") && !st.has("NotPrincipal"):
		return "Missing required field Principal"
	}
	for _, action := range st.texts("Action") {
		if !trustAction.MatchString(action) {
			return "AssumeRole policy may only specify STS AssumeRole actions."
		}
	}
	for _, field := range []string{"Principal", "NotPrincipal"} {
		if problem := ix.principalProblem(st[field]); problem != "" {
			return problem
		}
	}
	return ""
}

func (ix *index) principalProblem(raw json.RawMessage) string {
	if raw == nil || string(raw) == `"*"` {
		return ""
	}
	var principals map[string]json.RawMessage
	if json.Unmarshal(raw, &principals) != nil || len(principals) == 0 {
		return "Invalid principal in policy"
	}
	for _, kind := range slices.Sorted(maps.Keys(principals)) {
		for _, name := range texts(principals[kind]) {
			if !ix.principalExists(kind, name) {
				return fmt.Sprintf("Invalid principal in policy: %q:%q", kind, name)
			}
		}
	}
	return ""
}

// principalExists goes by what the server can know: the users and roles of its own
// account, and the unique ids that AWS puts in place of those that are gone,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
func (ix *index) principalExists(kind, name string) bool {
	switch kind {
	case "Service", "Federated", "CanonicalUser":
		return name != ""
	case "AWS":
	default:
		return false
	}
	resource, own := strings.CutPrefix(name, ix.arn(""))
	switch {
	case own && resource == "root":
		return true
	case own:
		return (strings.HasPrefix(resource, "user/") || strings.HasPrefix(resource, "role/")) && ix.has(name)
	case strings.HasPrefix(name, "AIDA"):
		return slices.ContainsFunc(ix.users, func(u *nhiscan.User) bool { return u.ID == name })
	case strings.HasPrefix(name, "AROA"):
		return slices.ContainsFunc(ix.roles, func(role *nhiscan.Role) bool { return role.ID == name })
	}
	return name == "*" || validARN.MatchString(name) && !strings.HasSuffix(name, "*") || accountID.MatchString(name)
}

var accountID = regexp.MustCompile(`^\d{12}$`)
