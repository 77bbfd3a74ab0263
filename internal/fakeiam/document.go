package fakeiam

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

const maxManagedPolicySize = 6144

// A statement is one of a policy document, of which IAM's own checks need to know
// little. The server reads documents for itself, so that it can be wrong about
// none in the way in which the code under test is.
type statement map[string]json.RawMessage

// A policy is a document that IAM could parse.
type policy struct {
	version    string
	statements []statement
}

// parsePolicy reports false for text that is no policy.
func parsePolicy(text string) (policy, bool) {
	var document struct {
		Version, ID string
		Statement   json.RawMessage
	}
	if json.Unmarshal([]byte(text), &document) != nil {
		return policy{}, false
	}
	p := policy{version: document.Version}
	var one statement
	if json.Unmarshal(document.Statement, &one) == nil {
		p.statements = []statement{one}
	} else if json.Unmarshal(document.Statement, &p.statements) != nil {
		return policy{}, false
	}
	return p, len(p.statements) > 0 && !slices.ContainsFunc(p.statements, func(st statement) bool { return st == nil })
}

func (st statement) has(element string) bool { return st[element] != nil }

// texts returns an element that is a string or a list of strings.
func (st statement) texts(element string) []string { return texts(st[element]) }

func texts(raw json.RawMessage) []string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}
	}
	var many []string
	if json.Unmarshal(raw, &many) != nil {
		return nil
	}
	return many
}

func (st statement) text(element string) string {
	var text string
	_ = json.Unmarshal(st[element], &text) // what is no text is empty
	return text
}

// document returns the text of a policy document that a request gives.
func (r *request) document(parameter string) (string, *apiError) {
	text, err := r.required(parameter)
	switch {
	case err != nil:
		return "", err
	case !validDocument.MatchString(text):
		return "", errConstraint(parameter, "Member must satisfy regular expression pattern: "+documentPattern)
	}
	return text, r.tooLong(parameter, maxDocumentText)
}

// identityPolicy returns the document of an inline policy or, with stricter rules,
// of a managed policy.
func (r *request) identityPolicy(managed bool) (nhiscan.PolicyDocument, *apiError) {
	text, err := r.document("PolicyDocument")
	if err != nil {
		return nhiscan.PolicyDocument{}, err
	}
	p, ok := parsePolicy(text)
	switch {
	case !ok:
		return nhiscan.PolicyDocument{}, errMalformed("Syntax errors in policy.")
	case managed && p.version != "2012-10-17":
		return nhiscan.PolicyDocument{}, errMalformed("Policy document must be version 2012-10-17 or greater.")
	}
	if problem := p.identityProblem(); problem != "" {
		return nhiscan.PolicyDocument{}, errMalformed(problem)
	}
	document := nhiscan.NewPolicyDocument(text)
	if managed && sizeOf(document) > maxManagedPolicySize {
		return nhiscan.PolicyDocument{}, errQuota("PolicySize", maxManagedPolicySize)
	}
	return document, nil
}

// identityProblem returns what is wrong with an identity-based policy in AWS's
// words, empty for nothing.
func (p policy) identityProblem() string {
	var ids []string
	for _, st := range p.statements {
		if problem := st.identityProblem(); problem != "" {
			return problem
		}
		if id := st.text("Sid"); id != "" {
			if slices.Contains(ids, id) {
				return "Statement IDs (SID) in a single policy must be unique."
			}
			ids = append(ids, id)
		}
	}
	return ""
}

func (st statement) identityProblem() string {
	actions := append(st.texts("Action"), st.texts("NotAction")...)
	resources := append(st.texts("Resource"), st.texts("NotResource")...)
	effect := st.text("Effect")
	switch {
	case effect != "Allow" && effect != "Deny", st.has("Action") && st.has("NotAction"), st.has("Resource") && st.has("NotResource"):
		return "Syntax errors in policy."
	case st.has("Principal"), st.has("NotPrincipal"):
		return "Policy document should not specify a principal."
	case len(actions) == 0:
		return "Policy statement must contain actions."
	case len(resources) == 0:
		return "Policy statement must contain resources."
	}
	for _, action := range actions {
		if action != "*" && !strings.Contains(action, ":") {
			return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
		}
	}
	for _, resource := range resources {
		if resource != "*" && !strings.Contains(resource, ":") {
			return "Resource " + resource + ` must be in ARN format or "*".`
		}
	}
	return ""
}
