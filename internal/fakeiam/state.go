package fakeiam

import (
	"slices"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
)

// What IAM knows of each kind of thing.
const (
	userFacts = nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies |
		nhiscan.FactPermissionsBoundary | nhiscan.FactPassword | nhiscan.FactPasswordLastUsed | nhiscan.FactAccessKeys |
		nhiscan.FactMFADevices | nhiscan.FactSigningCertificates | nhiscan.FactSSHPublicKeys | nhiscan.FactServiceSpecificCredentials
	groupFacts = nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies
	roleFacts  = nhiscan.FactTags | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary |
		nhiscan.FactTrustPolicy | nhiscan.FactInstanceProfiles | nhiscan.FactRoleLastUsed | nhiscan.FactRoleSettings
)

// Now sets the clock that dates what is created; the default is [time.Now]. IAM
// keeps whole seconds.
func (s *Server) Now(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// Account returns a copy of the account as it is now: sorted, every fact known,
// without gaps, the members of groups filled in.
func (s *Server) Account() *nhiscan.Account {
	ix := s.current.Load().counted()
	a := cloneAccount(ix.account)
	a.ID, a.Partition, a.Gaps = ix.id, ix.partition, nil
	for i := range a.Users {
		u := &a.Users[i]
		u.Known = userFacts
		u.Password.LastUsed.Known = u.Password.LastUsed.Known || u.Password.Enabled
		for j := range u.AccessKeys {
			u.AccessKeys[j].LastUsed.Known = true
		}
	}
	for i := range a.Groups {
		g := &a.Groups[i]
		g.Known, g.Members = groupFacts, nil
		for _, u := range ix.membersOf[g.Name] {
			g.Members = append(g.Members, u.Name)
		}
	}
	for i := range a.Roles {
		role := &a.Roles[i]
		role.Known, role.LastUsed.Known = roleFacts, true
		role.MaxSessionDuration = maxSessionDuration(role)
	}
	for i := range a.Policies {
		a.Policies[i].Known = nhiscan.FactTags
	}
	a.Sort()
	return a
}

// InstanceProfiles returns the instance profiles without a role as they are now,
// by ARN: an Account holds the others with their roles.
func (s *Server) InstanceProfiles() []nhiscan.InstanceProfile {
	return slices.SortedFunc(slices.Values(s.current.Load().beside.profiles), func(a, b nhiscan.InstanceProfile) int {
		return strings.Compare(a.ARN, b.ARN)
	})
}

// UnassignedMFADevices returns the virtual MFA devices that nobody has as they are
// now, by ARN: an Account holds the others with their users.
func (s *Server) UnassignedMFADevices() []nhiscan.MFADevice {
	return slices.SortedFunc(slices.Values(s.current.Load().beside.devices), func(a, b nhiscan.MFADevice) int {
		return strings.Compare(a.SerialNumber, b.SerialNumber)
	})
}

// offeredDocument stands for the text of an AWS managed policy of which only the
// ARN is known. It permits nothing.
const offeredDocument = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"none:null","Resource":"*"}]}`

// ManagedPolicies adds AWS managed policies, by ARN, to those that the Account
// has, so that they can be attached. ListPolicies and GetPolicy tell of them too,
// with a document that permits nothing; the Account has one from its first use on.
func (s *Server) ManagedPolicies(arns ...string) {
	s.changing.Lock()
	defer s.changing.Unlock()
	next := s.current.Load().clone()
	for _, arn := range slices.Compact(slices.Sorted(slices.Values(arns))) {
		if _, ok := next.policyByARN[arn]; ok {
			continue
		}
		next.beside.offered = append(next.beside.offered, nhiscan.ManagedPolicy{
			Name: nameOf(arn), ID: next.beside.issue("ANPA"), ARN: arn, Path: policyPath(arn), DefaultVersionID: "v1", Attachable: true,
			Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true, Document: nhiscan.NewPolicyDocument(offeredDocument)}},
		})
	}
	s.current.Store(newIndex(next.account, next.beside))
}
