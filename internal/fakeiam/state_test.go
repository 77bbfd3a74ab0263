package fakeiam_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestAccountNow(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	run(t, iamClient(server), createUser("aaron"), addToGroup("aaron", "admins"))
	a := server.Account()
	require.Empty(t, a.Gaps)
	require.Equal(t, "aaron", a.Users[1].Name, "sorted by ARN: Bob, aaron, people/alice")
	g, _ := a.Group("admins")
	require.Equal(t, []string{"aaron", "alice"}, g.Members)
	require.True(t, a.Users[1].Known.Has(nhiscan.FactAccessKeys|nhiscan.FactPassword))
	a.Users[1].Groups[0] = "changed"
	a.Users[1].Name = "changed"
	u, ok := server.Account().User("aaron")
	require.True(t, ok, "a copy")
	require.Equal(t, []string{"admins"}, u.Groups)
}

func TestInstanceProfilesWithoutRole(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	names := func() []string {
		var names []string
		for _, p := range get(t, c, (*iam.Client).ListInstanceProfiles, &iam.ListInstanceProfilesInput{}).InstanceProfiles {
			name := *p.InstanceProfileName
			for _, role := range p.Roles {
				name += " of " + *role.RoleName
			}
			names = append(names, name)
		}
		return names
	}
	run(t, c, createProfile("i"))
	require.Equal(t, []string{"deploy of deploy", "deploy-2 of deploy", "i"}, names())
	require.Equal(t, "i", server.InstanceProfiles()[0].Name)
	run(t, c, addToProfile("idle", "i"), removeFromProfile("deploy", "deploy-2"))
	require.Equal(t, []string{"deploy of deploy", "i of idle", "deploy-2"}, names())
	require.Equal(t, "deploy-2", server.InstanceProfiles()[0].Name)
	role := get(t, c, (*iam.Client).GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: str("i")}).InstanceProfile.Roles[0]
	require.Equal(t, "idle", *role.RoleName)
}

func TestDeactivatedDevices(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	count := func(status types.AssignmentStatusType) int {
		return len(get(t, c, (*iam.Client).ListVirtualMFADevices, &iam.ListVirtualMFADevicesInput{AssignmentStatus: status}).VirtualMFADevices)
	}
	phone, token := arnPrefix+"mfa/alice-phone", "GAHT12345678"
	for _, serial := range []string{phone, token} {
		run(t, c, do((*iam.Client).DeactivateMFADevice, &iam.DeactivateMFADeviceInput{UserName: str("alice"), SerialNumber: str(serial)}))
	}
	require.Equal(t, []int{1, 1, 2}, []int{count("Unassigned"), count("Assigned"), count("Any")})
	require.Equal(t, []nhiscan.MFADevice{{SerialNumber: phone, Kind: nhiscan.MFAVirtual}}, server.UnassignedMFADevices(), "a hardware token is no more IAM's")
	run(t, c, do((*iam.Client).DeleteVirtualMFADevice, &iam.DeleteVirtualMFADeviceInput{SerialNumber: str(phone)}))
	require.Equal(t, 1, count("Any"))
}

func TestManagedPoliciesOnOffer(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:iam::aws:policy/job-function/Billing"
	server := fakeiam.New(account())
	server.ManagedPolicies(arn, readOnlyARN, arn)
	c := iamClient(server)
	require.Equal(t, "/job-function/", *get(t, c, (*iam.Client).GetPolicy, &iam.GetPolicyInput{PolicyArn: str(arn)}).Policy.Path)
	require.Len(t, get(t, c, (*iam.Client).ListPolicies, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws}).Policies, 2)
	require.Len(t, server.Account().Policies, 3)
	run(t, c, attachUser("Bob", arn))
	p, ok := server.Account().Policy(arn)
	require.True(t, ok)
	require.Equal(t, 1, p.AttachmentCount)
	require.Len(t, get(t, c, (*iam.Client).ListPolicies, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws}).Policies, 2)
	require.Error(t, createVersion(arn, true)(t.Context(), c))
}

// TestServersAreAlike carries out the same requests on two servers.
func TestServersAreAlike(t *testing.T) {
	t.Parallel()
	var states []*nhiscan.Account
	for range 2 {
		server := fakeiam.New(account())
		server.Now(account().CollectedAt.Local)
		run(t, iamClient(server), everyWrite()...)
		states = append(states, server.Account())
	}
	require.Equal(t, states[0], states[1])
}
