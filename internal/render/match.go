package render

import (
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/permissions"
)

// A LineFunc returns the line of its policy document on which a statement begins,
// from 1, and 0 where the text is not at hand. Nil knows none.
type LineFunc func(permissions.Match) int

func (f LineFunc) of(m permissions.Match) int {
	if f == nil {
		return 0
	}
	return f(m)
}

// sourceOf is where the statement's policy is.
func sourceOf(m permissions.Match) permissions.Source {
	if m.Policy == nil {
		return permissions.Source{}
	}
	return m.Policy.Source
}

// sidOf is the statement's Sid; empty for none.
func sidOf(m permissions.Match) string {
	if m.Policy == nil {
		return ""
	}
	statements := m.Policy.Document().Statements
	if m.Statement < 1 || m.Statement > len(statements) {
		return ""
	}
	return statements[m.Statement-1].SID
}

// matchText says in printable words which statement it is, such as "inline policy
// push, statement 2 (AllowPush), line 14". A policy that hangs on another entity
// than holder, such as a group, names it.
func matchText(m permissions.Match, holder string, line LineFunc) string {
	text := policyText(sourceOf(m), holder) + statementText(m.Statement, sidOf(m))
	if n := line.of(m); n > 0 {
		text += fmt.Sprintf(", line %d", n)
	}
	return text
}

func statementText(number int, sid string) string {
	if sid == "" {
		return fmt.Sprintf(", statement %d", number)
	}
	return sprintf(", statement %d (%s)", number, sid)
}

// policyText names a policy in printable words.
func policyText(s permissions.Source, holder string) string {
	switch s.Type {
	case permissions.PermissionsBoundary:
		return sprintf("permissions boundary %s", s.Name)
	case permissions.SessionPolicy:
		return sprintf("session policy%s", suffixed(" ", s.Name))
	case permissions.ServiceControlPolicy:
		return sprintf("SCP %s%s", orName(s.Name, s.ARN), suffixed(" of ", s.Target))
	case permissions.ResourceControlPolicy:
		return sprintf("RCP %s%s", orName(s.Name, s.ARN), suffixed(" of ", s.Target))
	case permissions.TrustPolicy:
		return sprintf("trust policy of role %s", s.Name)
	case permissions.ResourcePolicy:
		return sprintf("resource policy%s", suffixed(" ", orName(s.Name, s.ARN)))
	}
	kind := "policy"
	switch {
	case s.AWSManaged:
		kind = "AWS managed policy"
	case s.ARN == "":
		kind = "inline policy"
	}
	text := sprintf("%s %s", kind, s.Name)
	if s.Holder != "" && holder != "" && s.Holder != holder {
		text += " of " + entityText(s.Holder)
	}
	return text
}

func orName(name, arn string) string {
	if name != "" {
		return name
	}
	return arn
}

// entityText is "user ada" for the ARN of a user, role, group or policy of IAM,
// and the ARN itself for anything else.
func entityText(arn string) string {
	_, resource, ok := strings.Cut(arn, ":iam::")
	if !ok {
		return Printable(arn)
	}
	_, resource, _ = strings.Cut(resource, ":")
	kind, rest, ok := strings.Cut(resource, "/")
	switch {
	case !ok:
	case kind == "user" || kind == "role" || kind == "group" || kind == "policy":
		return sprintf("%s %s", kind, rest[strings.LastIndexByte(rest, '/')+1:])
	}
	return Printable(arn)
}

// missingText says which kind of policy would have to allow it.
func missingText(m permissions.Missing) string {
	switch m.Type {
	case permissions.IdentityPolicy:
		return "no policy of the principal allows it"
	case permissions.PermissionsBoundary:
		return "the permissions boundary does not allow it"
	case permissions.SessionPolicy:
		return "the session policy does not allow it"
	case permissions.ServiceControlPolicy:
		return sprintf("no SCP%s allows it", suffixed(" of ", m.Target))
	case permissions.ResourceControlPolicy:
		return sprintf("no RCP%s allows it", suffixed(" of ", m.Target))
	case permissions.TrustPolicy:
		return "the role's trust policy does not allow it"
	case permissions.ResourcePolicy:
		return "the resource's policy does not allow it"
	}
	return sprintf("no policy of type %s allows it", string(m.Type))
}
