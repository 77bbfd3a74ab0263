package answer

import (
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/permissions"
)

// Lines finds the lines on which statements begin in the texts of their policies.
// Given are those that are not in the account, such as a file's, by source.
func Lines(account *nhiscan.Account, given map[permissions.Source]string) render.LineFunc {
	return func(m permissions.Match) int {
		if m.Policy == nil {
			return 0
		}
		statements := m.Policy.Document().Statements
		if m.Statement < 1 || m.Statement > len(statements) {
			return 0
		}
		text, ok := given[m.Policy.Source]
		if !ok {
			text = documentText(account, m.Policy.Source)
		}
		offset := statements[m.Statement-1].Offset
		if text == "" || offset > len(text) {
			return 0
		}
		return 1 + strings.Count(text[:offset], "\n")
	}
}

// documentText is the text of a policy of the account; empty when it is not there.
func documentText(a *nhiscan.Account, s permissions.Source) string {
	switch s.Type {
	case permissions.TrustPolicy:
		if role, ok := a.Role(s.ARN); ok {
			return role.TrustPolicy.Text()
		}
	case permissions.IdentityPolicy, permissions.PermissionsBoundary:
		if s.ARN == "" {
			return inlineText(a, s)
		}
		if policy, ok := a.Policy(s.ARN); ok {
			if version, ok := policy.Default(); ok && !version.Document.IsZero() {
				return version.Document.Text()
			}
		}
		text, _, _ := awsmanaged.Document(s.ARN)
		return text
	}
	return ""
}

func inlineText(a *nhiscan.Account, s permissions.Source) string {
	var inline []nhiscan.InlinePolicy
	if user, ok := a.User(s.Holder); ok {
		inline = user.InlinePolicies
	} else if role, ok := a.Role(s.Holder); ok {
		inline = role.InlinePolicies
	} else if group, ok := a.Group(s.Holder); ok {
		inline = group.InlinePolicies
	}
	for i := range inline {
		if inline[i].Name == s.Name {
			return inline[i].Document.Text()
		}
	}
	return ""
}
