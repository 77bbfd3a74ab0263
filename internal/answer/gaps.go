package answer

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// aboutCredentials are the operations that tell how identities sign in and what
// they are called, which nothing about their permissions depends on.
var aboutCredentials = []string{
	"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetLoginProfile", "iam:ListAccessKeys",
	"iam:GetAccessKeyLastUsed", "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:GetMFADevice",
	"iam:ListSSHPublicKeys", "iam:ListSigningCertificates", "iam:ListServiceSpecificCredentials", "iam:ListAccountAliases",
}

// PolicyGaps are the gaps that matter for who may do what.
func PolicyGaps(gaps []nhiscan.Gap) []nhiscan.Gap {
	var out []nhiscan.Gap
	for _, g := range gaps {
		if !slices.Contains(aboutCredentials, g.Operation) {
			out = append(out, g)
		}
	}
	return out
}

// Without returns those of more that are not in known.
func Without(more, known []nhiscan.Gap) []nhiscan.Gap {
	seen := make(map[nhiscan.Gap]bool, len(known))
	for _, g := range known {
		seen[g] = true
	}
	var out []nhiscan.Gap
	for _, g := range more {
		if !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	return out
}

// Concerns reports whether the gap may hide something of the identity: one that
// names it, or a list of the account that is not whole.
func Concerns(gap nhiscan.Gap, id *nhi.Identity) bool {
	if gap.Resource == "*" || gap.Resource == "" {
		return !isReport(gap) || id.Type == nhi.TypeUser
	}
	return gap.Resource == id.ARN || strings.EqualFold(gap.Resource, id.Name)
}

// isReport reports whether the gap is that of the credential report, which tells of users only.
func isReport(gap nhiscan.Gap) bool {
	return strings.HasSuffix(gap.Operation, "CredentialReport")
}
