package main

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

// aboutCredentials are the operations that tell how identities sign in and what
// they are called, which nothing about their permissions depends on.
var aboutCredentials = []string{
	"iam:GenerateCredentialReport", "iam:GetCredentialReport", "iam:GetLoginProfile", "iam:ListAccessKeys",
	"iam:GetAccessKeyLastUsed", "iam:ListMFADevices", "iam:ListVirtualMFADevices", "iam:GetMFADevice",
	"iam:ListSSHPublicKeys", "iam:ListSigningCertificates", "iam:ListServiceSpecificCredentials", "iam:ListAccountAliases",
}

// policyGaps are the gaps that matter for who may do what.
func policyGaps(gaps []nhiscan.Gap) []nhiscan.Gap {
	var out []nhiscan.Gap
	for _, g := range gaps {
		if !slices.Contains(aboutCredentials, g.Operation) {
			out = append(out, g)
		}
	}
	return out
}

// without returns those of more that are not in known.
func without(more, known []nhiscan.Gap) []nhiscan.Gap {
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
