package fakeiam_test

import (
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

const newARN = arnPrefix + "policy/team/p"

// everyWrite makes one request of each kind that changes something, on what
// account returns.
func everyWrite() []call {
	p, alice := str, str("alice")
	tags, keys := manyTags(2, "k"), []string{"k0"}
	return []call{
		do((*iam.Client).CreateUser, &iam.CreateUserInput{UserName: p("u"), Path: p("/team/"), Tags: manyTags(1, "t"), PermissionsBoundary: p(boundaryARN)}),
		do((*iam.Client).CreateGroup, &iam.CreateGroupInput{GroupName: p("g"), Path: p("/team/")}),
		do((*iam.Client).CreateRole, &iam.CreateRoleInput{RoleName: p("r"), AssumeRolePolicyDocument: p(trustEC2), Description: p("made"), MaxSessionDuration: aws.Int32(7200)}),
		do((*iam.Client).CreatePolicy, &iam.CreatePolicyInput{PolicyName: p("p"), Path: p("/team/"), PolicyDocument: p(allowRead12), Description: p("made")}),
		createProfile("i"), addToGroup("u", "g"), attachUser("u", newARN), addToProfile("r", "i"),
		do((*iam.Client).AttachGroupPolicy, &iam.AttachGroupPolicyInput{GroupName: p("g"), PolicyArn: p(newARN)}),
		do((*iam.Client).AttachRolePolicy, &iam.AttachRolePolicyInput{RoleName: p("r"), PolicyArn: p(newARN)}),
		do((*iam.Client).PutUserPolicy, &iam.PutUserPolicyInput{UserName: p("u"), PolicyName: p("in"), PolicyDocument: p(allowRead12)}),
		do((*iam.Client).PutGroupPolicy, &iam.PutGroupPolicyInput{GroupName: p("g"), PolicyName: p("in"), PolicyDocument: p(allowRead12)}),
		do((*iam.Client).PutRolePolicy, &iam.PutRolePolicyInput{RoleName: p("r"), PolicyName: p("in"), PolicyDocument: p(allowRead12)}),
		do((*iam.Client).UpdateRole, &iam.UpdateRoleInput{RoleName: p("r"), Description: p("changed")}),
		do((*iam.Client).UpdateAssumeRolePolicy, &iam.UpdateAssumeRolePolicyInput{RoleName: p("r"), PolicyDocument: p(trusting(`"*"`))}),
		do((*iam.Client).DeleteUserPermissionsBoundary, &iam.DeleteUserPermissionsBoundaryInput{UserName: p("u")}),
		do((*iam.Client).PutUserPermissionsBoundary, &iam.PutUserPermissionsBoundaryInput{UserName: p("u"), PermissionsBoundary: p(newARN)}),
		do((*iam.Client).PutRolePermissionsBoundary, &iam.PutRolePermissionsBoundaryInput{RoleName: p("r"), PermissionsBoundary: p(newARN)}),
		do((*iam.Client).DeleteRolePermissionsBoundary, &iam.DeleteRolePermissionsBoundaryInput{RoleName: p("r")}),
		do((*iam.Client).TagUser, &iam.TagUserInput{UserName: p("u"), Tags: tags}), do((*iam.Client).UntagUser, &iam.UntagUserInput{UserName: p("u"), TagKeys: keys}),
		do((*iam.Client).TagRole, &iam.TagRoleInput{RoleName: p("r"), Tags: tags}), do((*iam.Client).UntagRole, &iam.UntagRoleInput{RoleName: p("r"), TagKeys: keys}),
		do((*iam.Client).TagPolicy, &iam.TagPolicyInput{PolicyArn: p(newARN), Tags: tags}), do((*iam.Client).UntagPolicy, &iam.UntagPolicyInput{PolicyArn: p(newARN), TagKeys: keys}),
		createVersion(newARN, false),
		do((*iam.Client).SetDefaultPolicyVersion, &iam.SetDefaultPolicyVersionInput{PolicyArn: p(newARN), VersionId: p("v2")}),
		do((*iam.Client).DeletePolicyVersion, &iam.DeletePolicyVersionInput{PolicyArn: p(newARN), VersionId: p("v1")}),
		createKey("u"), do((*iam.Client).CreateLoginProfile, &iam.CreateLoginProfileInput{UserName: p("u"), Password: p("correct horse")}),
		do((*iam.Client).UpdateLoginProfile, &iam.UpdateLoginProfileInput{UserName: p("u"), PasswordResetRequired: aws.Bool(true)}),
		do((*iam.Client).DeleteLoginProfile, &iam.DeleteLoginProfileInput{UserName: p("u")}),
		do((*iam.Client).UpdateAccessKey, &iam.UpdateAccessKeyInput{UserName: alice, AccessKeyId: p("AKIAALICE00000000001"), Status: types.StatusTypeInactive}),
		do((*iam.Client).DeleteAccessKey, &iam.DeleteAccessKeyInput{UserName: alice, AccessKeyId: p("AKIAALICE00000000002")}),
		do((*iam.Client).UpdateSigningCertificate, &iam.UpdateSigningCertificateInput{UserName: alice, CertificateId: p("CERTALICE0000000000000001"), Status: types.StatusTypeInactive}),
		do((*iam.Client).DeleteSigningCertificate, &iam.DeleteSigningCertificateInput{UserName: alice, CertificateId: p("CERTALICE0000000000000002")}),
		do((*iam.Client).UpdateSSHPublicKey, &iam.UpdateSSHPublicKeyInput{UserName: alice, SSHPublicKeyId: p("APKAALICE00000000001"), Status: types.StatusTypeInactive}),
		do((*iam.Client).DeleteSSHPublicKey, &iam.DeleteSSHPublicKeyInput{UserName: alice, SSHPublicKeyId: p("APKAALICE00000000002")}),
		do((*iam.Client).UpdateServiceSpecificCredential, &iam.UpdateServiceSpecificCredentialInput{UserName: alice, ServiceSpecificCredentialId: p("ACCAALICE00000000001"), Status: types.StatusTypeInactive}),
		do((*iam.Client).DeleteServiceSpecificCredential, &iam.DeleteServiceSpecificCredentialInput{UserName: alice, ServiceSpecificCredentialId: p("ACCAALICE00000000002")}),
		do((*iam.Client).DeactivateMFADevice, &iam.DeactivateMFADeviceInput{UserName: alice, SerialNumber: p(arnPrefix + "mfa/alice-phone")}),
		do((*iam.Client).DeleteVirtualMFADevice, &iam.DeleteVirtualMFADeviceInput{SerialNumber: p(arnPrefix + "mfa/alice-phone")}),
	}
}

// undo takes away what everyWrite made.
func undo(t *testing.T, server *fakeiam.Server) []call {
	p := str
	u, ok := server.Account().User("u")
	require.True(t, ok)
	return []call{
		removeFromGroup("u", "g"), detachUser("u", newARN), removeFromProfile("r", "i"),
		do((*iam.Client).DeleteInstanceProfile, &iam.DeleteInstanceProfileInput{InstanceProfileName: p("i")}),
		do((*iam.Client).DetachGroupPolicy, &iam.DetachGroupPolicyInput{GroupName: p("g"), PolicyArn: p(newARN)}),
		do((*iam.Client).DetachRolePolicy, &iam.DetachRolePolicyInput{RoleName: p("r"), PolicyArn: p(newARN)}),
		do((*iam.Client).DeleteUserPolicy, &iam.DeleteUserPolicyInput{UserName: p("u"), PolicyName: p("in")}),
		do((*iam.Client).DeleteGroupPolicy, &iam.DeleteGroupPolicyInput{GroupName: p("g"), PolicyName: p("in")}),
		do((*iam.Client).DeleteRolePolicy, &iam.DeleteRolePolicyInput{RoleName: p("r"), PolicyName: p("in")}),
		do((*iam.Client).DeleteAccessKey, &iam.DeleteAccessKeyInput{UserName: p("u"), AccessKeyId: p(u.AccessKeys[0].ID)}),
		deleteUser("u"), do((*iam.Client).DeleteGroup, &iam.DeleteGroupInput{GroupName: p("g")}), do((*iam.Client).DeleteRole, &iam.DeleteRoleInput{RoleName: p("r")}),
		do((*iam.Client).DeletePolicy, &iam.DeletePolicyInput{PolicyArn: p(newARN)}),
	}
}

// TestEveryWrite carries out each write that the server claims to know, and takes
// all of it away again.
func TestEveryWrite(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	calls := everyWrite()
	run(t, c, calls...)
	require.Len(t, server.Mutations(), len(calls), "each changed something")
	after := undo(t, server)
	run(t, c, after...)
	require.Len(t, server.Mutations(), len(calls)+len(after))
	made := map[string]bool{}
	for _, m := range server.Mutations() {
		made[m.Operation] = true
	}
	for _, name := range claimed(t) {
		if !regexp.MustCompile(`^(Get|List|Generate|Simulate)`).MatchString(name) {
			require.True(t, made[name], name)
		}
	}

	before := account()
	left := server.Account()
	require.Len(t, left.Users, 2)
	require.Equal(t, fakeiam.New(before).Account().Groups, left.Groups)
	require.Equal(t, fakeiam.New(before).Account().Roles, left.Roles)
	require.Equal(t, fakeiam.New(before).Account().Policies, left.Policies)
	require.Empty(t, server.InstanceProfiles())
	require.Empty(t, server.UnassignedMFADevices())
	alice, _ := left.User("alice")
	require.Len(t, alice.AccessKeys, 1)
	require.False(t, alice.AccessKeys[0].Active)
	require.Len(t, alice.MFADevices, 2)
}

// claimed returns the operations of the SDK that the server knows.
func claimed(t *testing.T) []string {
	server := fakeiam.New(account())
	var names []string
	for method := range reflect.TypeFor[*iam.Client]().Methods() {
		answer := post(t, server, url.Values{"Action": {method.Name}, "Version": {"2010-05-08"}}.Encode())
		if !strings.Contains(answer, "<Code>InvalidAction</Code>") {
			names = append(names, method.Name)
		}
	}
	require.Greater(t, len(names), 80)
	return names
}

// TestAnswersOfCreation looks at the answers of the operations that have one.
func TestAnswersOfCreation(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	server.Now(func() time.Time { return day(31).Add(time.Millisecond) })
	c := iamClient(server)
	at := aws.Time(day(31))

	u := get(t, c, (*iam.Client).CreateUser, &iam.CreateUserInput{UserName: str("u"), Path: str("/team/"), PermissionsBoundary: str(boundaryARN), Tags: manyTags(1, "k")}).User
	require.Regexp(t, `^AIDA[A-Z2-7]{17}$`, *u.UserId)
	require.Equal(t, &types.User{
		UserName: str("u"), Path: str("/team/"), Arn: str(arnPrefix + "user/team/u"), UserId: u.UserId, CreateDate: at,
		PermissionsBoundary: boundaryDetail(), Tags: manyTags(1, "k"),
	}, u)
	require.Equal(t, u, get(t, c, (*iam.Client).GetUser, &iam.GetUserInput{UserName: str("u")}).User)

	g := get(t, c, (*iam.Client).CreateGroup, &iam.CreateGroupInput{GroupName: str("g")}).Group
	require.Regexp(t, `^AGPA[A-Z2-7]{17}$`, *g.GroupId)
	require.Equal(t, arnPrefix+"group/g", *g.Arn)

	r := get(t, c, (*iam.Client).CreateRole, &iam.CreateRoleInput{RoleName: str("r"), AssumeRolePolicyDocument: str(trustEC2), MaxSessionDuration: aws.Int32(7200)}).Role
	require.Regexp(t, `^AROA[A-Z2-7]{17}$`, *r.RoleId)
	require.Equal(t, encode(trustEC2), *r.AssumeRolePolicyDocument)
	require.Nil(t, r.MaxSessionDuration, "told by GetRole only")
	require.EqualValues(t, 7200, *get(t, c, (*iam.Client).GetRole, &iam.GetRoleInput{RoleName: str("r")}).Role.MaxSessionDuration)

	p := get(t, c, (*iam.Client).CreatePolicy, &iam.CreatePolicyInput{PolicyName: str("p"), PolicyDocument: str(allowRead12), Description: str("d")}).Policy
	require.Regexp(t, `^ANPA[A-Z2-7]{17}$`, *p.PolicyId)
	require.Equal(t, []any{"v1", true, int32(0), (*string)(nil)}, []any{*p.DefaultVersionId, p.IsAttachable, *p.AttachmentCount, p.Description})
	v := get(t, c, (*iam.Client).CreatePolicyVersion, &iam.CreatePolicyVersionInput{PolicyArn: p.Arn, PolicyDocument: str(allowRead12), SetAsDefault: true}).PolicyVersion
	require.Equal(t, &types.PolicyVersion{VersionId: str("v2"), IsDefaultVersion: true, CreateDate: at}, v)

	i := get(t, c, (*iam.Client).CreateInstanceProfile, &iam.CreateInstanceProfileInput{InstanceProfileName: str("i")}).InstanceProfile
	require.Regexp(t, `^AIPA[A-Z2-7]{17}$`, *i.InstanceProfileId)
	require.Empty(t, i.Roles)

	k := get(t, c, (*iam.Client).CreateAccessKey, &iam.CreateAccessKeyInput{UserName: str("u")}).AccessKey
	require.Regexp(t, `^AKIA[A-Z2-7]{16}$`, *k.AccessKeyId)
	require.Regexp(t, `^[A-Za-z0-9+/]{40}$`, *k.SecretAccessKey)
	require.Equal(t, []any{"u", types.StatusTypeActive, at}, []any{*k.UserName, k.Status, k.CreateDate})

	l := get(t, c, (*iam.Client).CreateLoginProfile, &iam.CreateLoginProfileInput{UserName: str("u"), Password: str("correct horse"), PasswordResetRequired: true}).LoginProfile
	require.Equal(t, &types.LoginProfile{UserName: str("u"), CreateDate: at, PasswordResetRequired: true}, l)
	require.Equal(t, l, get(t, c, (*iam.Client).GetLoginProfile, &iam.GetLoginProfileInput{UserName: str("u")}).LoginProfile)
}
