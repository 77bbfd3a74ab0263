package fakeiam_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// A refusal is a request that IAM refuses.
type refusal struct {
	name    string
	prepare []call
	call    call
	code    string
	status  int
	message string
}

// checkRefusals expects each call to be refused and to leave everything as it was.
func checkRefusals(t *testing.T, tests []refusal) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			c := iamClient(server)
			run(t, c, tt.prepare...)
			before := server.Account()
			done := len(server.Mutations())
			err := tt.call(t.Context(), c)
			requireAPIError(t, err, tt.code, tt.status)
			require.ErrorContains(t, err, tt.code+": "+tt.message)
			require.Equal(t, before, server.Account())
			require.Len(t, server.Mutations(), done)
		})
	}
}

// times returns n calls, each made from its number.
func times(n int, one func(i int) call) []call {
	calls := make([]call, n)
	for i := range calls {
		calls[i] = one(i)
	}
	return calls
}

func TestDeleteConflicts(t *testing.T) {
	t.Parallel()
	const reader = readerARN
	user := func(name, must string, prepare ...call) refusal {
		return refusal{"user: " + name, prepare, deleteUser("u"), "DeleteConflict", 409, "Cannot delete entity, must " + must + " first."}
	}
	conflict := func(name string, call call, message string, prepare ...call) refusal {
		return refusal{name, prepare, call, "DeleteConflict", 409, message}
	}
	deleteGroup := do((*iam.Client).DeleteGroup, &iam.DeleteGroupInput{GroupName: str("g")})
	deleteRole := do((*iam.Client).DeleteRole, &iam.DeleteRoleInput{RoleName: str("r")})
	deletePolicy := do((*iam.Client).DeletePolicy, &iam.DeletePolicyInput{PolicyArn: str(arnPrefix + "policy/p")})
	checkRefusals(t, []refusal{
		user("attached", "detach all policies", createUser("u"), attachUser("u", reader)),
		user("inline", "delete policies", createUser("u"), do((*iam.Client).PutUserPolicy, &iam.PutUserPolicyInput{UserName: str("u"), PolicyName: str("p"), PolicyDocument: str(allowRead12)})),
		user("group", "remove users from group", createUser("u"), addToGroup("u", "admins")),
		user("login profile", "delete login profile", createUser("u"), do((*iam.Client).CreateLoginProfile, &iam.CreateLoginProfileInput{UserName: str("u"), Password: str("correct horse")})),
		user("access key", "delete access keys", createUser("u"), createKey("u")),
		conflict("group: users", deleteGroup, "Cannot delete entity, must remove users from group first.", createGroup("g"), addToGroup("Bob", "g")),
		conflict("group: attached", deleteGroup, "Cannot delete entity, must detach all policies first.", createGroup("g"),
			do((*iam.Client).AttachGroupPolicy, &iam.AttachGroupPolicyInput{GroupName: str("g"), PolicyArn: str(reader)})),
		conflict("group: inline", deleteGroup, "Cannot delete entity, must delete policies first.", createGroup("g"),
			do((*iam.Client).PutGroupPolicy, &iam.PutGroupPolicyInput{GroupName: str("g"), PolicyName: str("p"), PolicyDocument: str(allowRead12)})),
		conflict("role: instance profile", deleteRole, "Cannot delete entity, must remove roles from instance profile first.", createRole("r"), createProfile("i"), addToProfile("r", "i")),
		conflict("role: attached", deleteRole, "Cannot delete entity, must detach all policies first.", createRole("r"),
			do((*iam.Client).AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: str("r"), PolicyArn: str(reader)})),
		conflict("role: inline", deleteRole, "Cannot delete entity, must delete policies first.", createRole("r"),
			do((*iam.Client).PutRolePolicy, &iam.PutRolePolicyInput{RoleName: str("r"), PolicyName: str("p"), PolicyDocument: str(allowRead12)})),
		conflict("policy: attached", deletePolicy, "Cannot delete a policy attached to entities.", createPolicy("p"), attachUser("Bob", arnPrefix+"policy/p")),
		conflict("policy: a boundary", deletePolicy, "Cannot delete a policy attached to entities.", createPolicy("p"),
			do((*iam.Client).PutUserPermissionsBoundary, &iam.PutUserPermissionsBoundaryInput{UserName: str("Bob"), PermissionsBoundary: str(arnPrefix + "policy/p")})),
		conflict("policy: versions", deletePolicy, "This policy has more than one version.", createPolicy("p"), createVersion(arnPrefix+"policy/p", true)),
		conflict("policy version: the default", do((*iam.Client).DeletePolicyVersion, &iam.DeletePolicyVersionInput{PolicyArn: str(reader), VersionId: str("v2")}), "Cannot delete the default version of a policy."),
		conflict("instance profile: a role", do((*iam.Client).DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: str("deploy")}), "Cannot delete entity, must remove roles from instance profile first."),
		conflict("virtual MFA device: assigned", do((*iam.Client).DeleteVirtualMFADevice, &iam.DeleteVirtualMFADeviceInput{SerialNumber: str(arnPrefix + "mfa/alice-phone")}), "MFA VirtualDevice in use. Must deactivate first."),
	})
}

// TestDeleteUserNamesEachCredential takes from a user one thing after the other.
func TestDeleteUserNamesEachCredential(t *testing.T) {
	t.Parallel()
	tests := []struct {
		credentials nhiscan.Credentials
		must        string
	}{
		{nhiscan.Credentials{MFADevices: []nhiscan.MFADevice{{SerialNumber: "GAHT1", Kind: nhiscan.MFAHardware}}}, "delete MFA device"},
		{nhiscan.Credentials{SigningCertificates: []nhiscan.SigningCertificate{{ID: "CERT"}}}, "delete signing certificates"},
		{nhiscan.Credentials{SSHPublicKeys: []nhiscan.SSHPublicKey{{ID: "APKA"}}}, "delete SSH public keys"},
		{nhiscan.Credentials{ServiceSpecificCredentials: []nhiscan.ServiceSpecificCredential{{ID: "ACCA"}}}, "remove service specific credentials"},
	}
	for _, tt := range tests {
		server := fakeiam.New(&nhiscan.Account{Users: []nhiscan.User{{Name: "u", Credentials: tt.credentials}}})
		err := deleteUser("u")(t.Context(), iamClient(server))
		requireAPIError(t, err, "DeleteConflict", 409)
		require.ErrorContains(t, err, "Cannot delete entity, must "+tt.must+" first.")
	}
}

func TestNamesAreTakenInAnyCase(t *testing.T) {
	t.Parallel()
	exists := func(name string, call call, message string, prepare ...call) refusal {
		return refusal{name, prepare, call, "EntityAlreadyExists", 409, message}
	}
	checkRefusals(t, []refusal{
		exists("user", createUser("ALICE"), "User with name ALICE already exists."),
		exists("group", createGroup("Admins"), "Group with name Admins already exists."),
		exists("role", createRole("Deploy"), "Role with name Deploy already exists."),
		exists("policy", createPolicy("Reader"), "A policy called Reader already exists. Duplicate names are not allowed."),
		exists("policy under another path", createPolicy("EDGE"), "A policy called EDGE already exists."),
		exists("instance profile", createProfile("DEPLOY"), "Instance Profile DEPLOY already exists."),
		exists("instance profile without a role", createProfile("I"), "Instance Profile I already exists.", createProfile("i")),
		exists("login profile", do((*iam.Client).CreateLoginProfile, &iam.CreateLoginProfileInput{UserName: str("alice"), Password: str("correct horse")}), "Login Profile for user alice already exists."),
	})
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	long := func(size int) *string {
		return str(strings.Replace(allowRead12, "s3:GetObject", "s3:"+strings.Repeat("G", size), 1))
	}
	limit := func(name string, call call, message string, prepare ...call) refusal {
		return refusal{name, prepare, call, "LimitExceeded", 409, message}
	}
	policies := times(11, func(i int) call { return createPolicy(fmt.Sprint("p", i)) })
	attachments := times(10, func(i int) call { return attachUser("Bob", fmt.Sprint(arnPrefix, "policy/p", i)) })
	groups := times(11, func(i int) call { return createGroup(fmt.Sprint("g", i)) })
	memberships := times(9, func(i int) call { return addToGroup("Bob", fmt.Sprint("g", i)) })
	checkRefusals(t, []refusal{
		limit("access keys", createKey("alice"), "Cannot exceed quota for AccessKeysPerUser: 2"),
		limit("policy versions", createVersion(readerARN, false), "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
			createVersion(readerARN, false), createVersion(readerARN, true), createVersion(readerARN, false)),
		limit("attached policies", attachUser("Bob", arnPrefix+"policy/p10"), "Cannot exceed quota for PoliciesPerUser: 10", append(policies, attachments...)...),
		limit("groups", addToGroup("Bob", "g10"), "Cannot exceed quota for GroupsPerUser: 10", append(groups, memberships...)...),
		limit("roles of an instance profile", addToProfile("idle", "deploy"), "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1"),
		limit("tags", tagUser("Bob", manyTags(50, "b")...), "The number of tags has reached the maximum limit.", tagUser("Bob", manyTags(1, "a")...)),
		limit("managed policy", do((*iam.Client).CreatePolicy, &iam.CreatePolicyInput{PolicyName: str("p"), PolicyDocument: long(6144)}), "Cannot exceed quota for PolicySize: 6144"),
		limit("inline policies of a user", do((*iam.Client).PutUserPolicy, &iam.PutUserPolicyInput{UserName: str("Bob"), PolicyName: str("b"), PolicyDocument: long(1000)}), "Maximum policy size of 2048 bytes exceeded for user Bob",
			do((*iam.Client).PutUserPolicy, &iam.PutUserPolicyInput{UserName: str("Bob"), PolicyName: str("a"), PolicyDocument: long(1000)})),
		limit("trust policy", do((*iam.Client).UpdateAssumeRolePolicy, &iam.UpdateAssumeRolePolicyInput{RoleName: str("idle"), PolicyDocument: str(strings.Replace(trustEC2, "ec2", strings.Repeat("e", 2048), 1))}), "Cannot exceed quota for ACLSizePerRole: 2048"),
	})
}

func manyTags(n int, prefix string) []types.Tag {
	tags := make([]types.Tag, n)
	for i := range tags {
		tags[i] = types.Tag{Key: str(fmt.Sprint(prefix, i)), Value: str("")}
	}
	return tags
}

func tagUser(name string, tags ...types.Tag) call {
	return do((*iam.Client).TagUser, &iam.TagUserInput{UserName: str(name), Tags: tags})
}

func TestUnmodifiableRoles(t *testing.T) {
	t.Parallel()
	in := account()
	in.Roles[1].Path = "/aws-service-role/ec2.amazonaws.com/"
	server := fakeiam.New(in)
	c := iamClient(server)
	role := str("idle")
	for name, call := range map[string]call{
		"delete":        do((*iam.Client).DeleteRole, &iam.DeleteRoleInput{RoleName: role}),
		"update":        do((*iam.Client).UpdateRole, &iam.UpdateRoleInput{RoleName: role, Description: str("mine")}),
		"trust":         do((*iam.Client).UpdateAssumeRolePolicy, &iam.UpdateAssumeRolePolicyInput{RoleName: role, PolicyDocument: str(trustEC2)}),
		"attach":        do((*iam.Client).AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: role, PolicyArn: str(readerARN)}),
		"detach":        do((*iam.Client).DetachRolePolicy, &iam.DetachRolePolicyInput{RoleName: role, PolicyArn: str(readerARN)}),
		"put":           do((*iam.Client).PutRolePolicy, &iam.PutRolePolicyInput{RoleName: role, PolicyName: str("p"), PolicyDocument: str(allowRead12)}),
		"delete inline": do((*iam.Client).DeleteRolePolicy, &iam.DeleteRolePolicyInput{RoleName: role, PolicyName: str("p")}),
		"boundary":      do((*iam.Client).PutRolePermissionsBoundary, &iam.PutRolePermissionsBoundaryInput{RoleName: role, PermissionsBoundary: str(readerARN)}),
		"profile":       addToProfile("idle", "deploy"),
	} {
		err := call(t.Context(), c)
		requireAPIError(t, err, "UnmodifiableEntity", 400)
		require.ErrorContains(t, err, "Cannot perform the operation on the protected role 'idle' - this role is only modifiable by AWS", name)
	}
	require.Empty(t, server.Mutations())
	run(t, c, do((*iam.Client).TagRole, &iam.TagRoleInput{RoleName: role, Tags: manyTags(1, "k")}))
}
