package manage

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// readings are the operations that tell a fact of a user.
var readings = []struct {
	fact       nhiscan.Facts
	operations []string
}{
	{nhiscan.FactPassword, []string{"iam:GetLoginProfile"}},
	{nhiscan.FactAccessKeys, []string{"iam:ListAccessKeys"}},
	{nhiscan.FactSigningCertificates, []string{"iam:ListSigningCertificates"}},
	{nhiscan.FactSSHPublicKeys, []string{"iam:ListSSHPublicKeys"}},
	{nhiscan.FactServiceSpecificCredentials, []string{"iam:ListServiceSpecificCredentials"}},
	{nhiscan.FactMFADevices, []string{"iam:ListMFADevices"}},
	{nhiscan.FactInlinePolicies, []string{"iam:ListUserPolicies", "iam:GetUserPolicy"}},
	{nhiscan.FactAttachedPolicies, []string{"iam:ListAttachedUserPolicies"}},
	{nhiscan.FactGroups, []string{"iam:ListGroupsForUser"}},
}

// missing fails when a reading of a user left out what a plan cannot do without, with
// the gap that says why.
func missing(a *nhiscan.Account, known, want nhiscan.Facts) error {
	lacks := want &^ known
	if lacks == 0 {
		return nil
	}
	e := &collect.Error{Operation: "iam:*", Resource: "*", Code: nhiscan.GapTruncated,
		Message: "not all of it could be read: " + strings.Join(lacks.Names(), ", ")}
	for _, r := range readings {
		if lacks&r.fact == 0 {
			continue
		}
		for _, g := range a.Gaps {
			if slices.Contains(r.operations, g.Operation) {
				return &collect.Error{Operation: g.Operation, Resource: g.Resource, Code: g.Code, Message: g.Message}
			}
		}
		e.Operation = r.operations[0]
	}
	for _, g := range a.Gaps {
		if g.Code == nhiscan.GapInterrupted {
			return &collect.Error{Operation: g.Operation, Resource: g.Resource, Code: g.Code, Message: g.Message}
		}
	}
	return e
}
