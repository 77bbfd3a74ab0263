package answer

import (
	"strings"

	"github.com/nhiscan/nhiscan"
)

// CheckResource refuses what cannot be a resource of a request, by an [*InputError].
func CheckResource(resource string) error {
	if _, ok := nhiscan.ParseARN(resource); !ok && resource != "*" {
		return inputf("%q is not a resource: give an ARN, such as arn:aws:s3:::bucket/key, or *", resource)
	}
	return nil
}

// Absent warns of a resource that is a user or role which the account does not
// have; empty for every other. The account must have been read whole.
func (s *Subject) Absent(resource string) (warning string) {
	arn, ok := nhiscan.ParseARN(resource)
	if !ok || arn.Service != "iam" || arn.Account != s.account.ID || strings.ContainsAny(resource, "*?") {
		return ""
	}
	var candidates []string
	kind, _, _ := strings.Cut(arn.Resource, "/")
	switch kind {
	case "role":
		if _, found := s.account.Role(resource); found {
			return ""
		}
		for i := range s.account.Roles {
			candidates = append(candidates, s.account.Roles[i].ARN)
		}
	case "user":
		if _, found := s.account.User(resource); found {
			return ""
		}
		for i := range s.account.Users {
			candidates = append(candidates, s.account.Users[i].ARN)
		}
	default:
		return ""
	}
	missing := &NotFoundError{Subject: kind + " " + resource, Meant: Nearest(resource, candidates)}
	return missing.Error()
}
