package render

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan"
)

// wireWholeIdentity is an identity of a scan and everything else that IAM tells of it.
type wireWholeIdentity struct {
	wireIdentity
	Description               string                `json:"description"`
	MaxSessionDurationSeconds int64                 `json:"max_session_duration_seconds"`
	Groups                    []string              `json:"groups"`
	AttachedPolicies          []wireAttachedPolicy  `json:"attached_policies"`
	InlinePolicies            []wireInlinePolicy    `json:"inline_policies"`
	PermissionsBoundary       string                `json:"permissions_boundary"`
	InstanceProfiles          []wireInstanceProfile `json:"instance_profiles"`
	TrustPolicy               wireDocument          `json:"trust_policy"`
}

type wireAttachedPolicy struct {
	Name string `json:"name"`
	ARN  string `json:"arn"`
}

type wireInlinePolicy struct {
	Name     string       `json:"name"`
	Document wireDocument `json:"document"`
}

type wireInstanceProfile struct {
	Name string `json:"name"`
	ARN  string `json:"arn"`
}

// A wireDocument is a policy document as an object; null when it was not read,
// and a string when it is not JSON.
type wireDocument nhiscan.PolicyDocument

func (d wireDocument) MarshalJSONTo(enc *jsontext.Encoder) error {
	text := nhiscan.PolicyDocument(d).Text()
	switch value := jsontext.Value(text); {
	case text == "":
		return enc.WriteToken(jsontext.Null)
	case value.IsValid():
		return enc.WriteValue(value)
	}
	return enc.WriteToken(jsontext.String(text))
}

func newWireWholeIdentity(whole *Identity) *wireWholeIdentity {
	id := whole.Identity
	w := &wireWholeIdentity{wireIdentity: newWireIdentity(id, whole.Threshold)}
	w.Permissions = newWirePermissions(whole.Permissions)
	switch {
	case id.User != nil:
		w.Groups = id.User.Groups
		w.PermissionsBoundary = id.User.PermissionsBoundary
		w.addPolicies(id.User.AttachedPolicies, id.User.InlinePolicies)
	case id.Role != nil:
		w.Description = id.Role.Description
		w.MaxSessionDurationSeconds = seconds(id.Role.MaxSessionDuration)
		w.PermissionsBoundary = id.Role.PermissionsBoundary
		w.TrustPolicy = wireDocument(id.Role.TrustPolicy)
		w.addPolicies(id.Role.AttachedPolicies, id.Role.InlinePolicies)
		for _, p := range id.Role.InstanceProfiles {
			w.InstanceProfiles = append(w.InstanceProfiles, wireInstanceProfile{p.Name, p.ARN})
		}
	}
	return w
}

func (w *wireWholeIdentity) addPolicies(attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy) {
	for _, p := range attached {
		w.AttachedPolicies = append(w.AttachedPolicies, wireAttachedPolicy(p))
	}
	for _, p := range inline {
		w.InlinePolicies = append(w.InlinePolicies, wireInlinePolicy{p.Name, wireDocument(p.Document)})
	}
}
