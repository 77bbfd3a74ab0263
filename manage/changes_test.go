package manage_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

// TestChanges has what each change says, asks of AWS and leaves behind.
func TestChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		change    manage.Change
		target    string
		summary   string
		mutations []string
		check     func(t *testing.T, a *nhiscan.Account, r *manage.Result)
	}{
		{manage.CreateUser{UserName: "new", Path: "/robots/", PermissionsBoundary: bound, Tags: map[string]string{"b": "2", "a": "1"}}, prefix + "user/robots/new",
			"create user new, bounded by " + bound,
			[]string{"CreateUser Path=/robots/ PermissionsBoundary=" + bound + " Tags.member.1.Key=a Tags.member.1.Value=1 Tags.member.2.Key=b Tags.member.2.Value=2 UserName=new"},
			func(t *testing.T, a *nhiscan.Account, r *manage.Result) {
				u, ok := a.User("new")
				require.True(t, ok)
				require.Equal(t, []string{u.ARN, u.ID}, []string{r.ARN, r.ID})
				require.NotEmpty(t, r.ID)
			}},
		{manage.DeleteUser{UserName: prefix + "user/robots/ci", Force: true}, prefix + "user/robots/ci",
			"delete user ci with its console password, 2 access keys, 1 signing certificate, 1 SSH public key, 1 service-specific credential, 2 MFA devices, 2 group memberships, 2 inline policies and 1 attached policy",
			[]string{
				"DeleteLoginProfile UserName=ci", "DeleteAccessKey AccessKeyId=AKIACI00000000000001 UserName=ci", "DeleteAccessKey AccessKeyId=AKIACI00000000000002 UserName=ci",
				"DeleteSigningCertificate CertificateId=CERTCI00000000000000000001 UserName=ci", "DeleteSSHPublicKey SSHPublicKeyId=APKACI00000000000001 UserName=ci",
				"DeleteServiceSpecificCredential ServiceSpecificCredentialId=ACCACI00000000000001 UserName=ci",
				"DeactivateMFADevice SerialNumber=GAHT12345678 UserName=ci", "DeactivateMFADevice SerialNumber=" + prefix + "mfa/ci UserName=ci", "DeleteVirtualMFADevice SerialNumber=" + prefix + "mfa/ci",
				"DeleteUserPolicy PolicyName=queue UserName=ci", "DeleteUserPolicy PolicyName=queue-old UserName=ci", "DetachUserPolicy PolicyArn=" + readLogs + " UserName=ci",
				"RemoveUserFromGroup GroupName=devs UserName=ci", "RemoveUserFromGroup GroupName=readers UserName=ci", "DeleteUser UserName=ci",
			}, gone("user", "ci")},
		{manage.CreateGroup{GroupName: "new"}, prefix + "group/new", "create group new", []string{"CreateGroup GroupName=new Path=/"},
			func(t *testing.T, a *nhiscan.Account, r *manage.Result) {
				g, ok := a.Group("new")
				require.True(t, ok)
				require.Equal(t, []string{g.ARN, g.ID}, []string{r.ARN, r.ID})
			}},
		{manage.DeleteGroup{GroupName: "devs", Force: true}, prefix + "group/devs", "delete group devs with 2 members, 2 inline policies and 1 attached policy",
			[]string{"RemoveUserFromGroup GroupName=devs UserName=bob", "RemoveUserFromGroup GroupName=devs UserName=ci", "DetachGroupPolicy GroupName=devs PolicyArn=" + readLogs,
				"DeleteGroupPolicy GroupName=devs PolicyName=queue", "DeleteGroupPolicy GroupName=devs PolicyName=queue-old", "DeleteGroup GroupName=devs"}, gone("group", "devs")},
		{manage.DeleteGroup{GroupName: "nobodies"}, prefix + "group/nobodies", "delete group nobodies", []string{"DeleteGroup GroupName=nobodies"}, gone("group", "nobodies")},
		{manage.AddUserToGroup{GroupName: "readers", UserName: "bob"}, prefix + "group/readers", "add user bob to group readers", []string{"AddUserToGroup GroupName=readers UserName=bob"}, nil},
		{manage.RemoveUserFromGroup{GroupName: "devs", UserName: "bob"}, prefix + "group/devs", "remove user bob from group devs", []string{"RemoveUserFromGroup GroupName=devs UserName=bob"}, nil},
		{manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: trustLambda, Description: "made"}, prefix + "role/new", "create role new",
			[]string{"CreateRole Description=made MaxSessionDuration=3600 Path=/ RoleName=new"},
			func(t *testing.T, a *nhiscan.Account, r *manage.Result) {
				role, ok := a.Role("new")
				require.True(t, ok)
				require.Equal(t, []string{role.ARN, role.ID}, []string{r.ARN, r.ID})
				require.JSONEq(t, trustLambda, role.TrustPolicy.Text())
			}},
		{manage.DeleteRole{RoleName: "worker", Force: true}, prefix + "role/worker", "delete role worker with 2 instance profiles, 2 inline policies and 1 attached policy",
			[]string{"RemoveRoleFromInstanceProfile InstanceProfileName=web RoleName=worker", "RemoveRoleFromInstanceProfile InstanceProfileName=web-old RoleName=worker",
				"DetachRolePolicy PolicyArn=" + readLogs + " RoleName=worker", "DeleteRolePolicy PolicyName=queue RoleName=worker",
				"DeleteRolePolicy PolicyName=queue-old RoleName=worker", "DeleteRole RoleName=worker"}, gone("role", "worker")},
		{manage.UpdateAssumeRolePolicy{RoleName: "worker", PolicyDocument: trustLambda}, prefix + "role/worker", "replace the trust policy of role worker", []string{"UpdateAssumeRolePolicy RoleName=worker"},
			func(t *testing.T, a *nhiscan.Account, _ *manage.Result) {
				role, _ := a.Role("worker")
				require.JSONEq(t, trustLambda, role.TrustPolicy.Text())
			}},
		{manage.CreateInstanceProfile{InstanceProfileName: "new", Path: "/web/"}, prefix + "instance-profile/web/new", "create instance profile new", []string{"CreateInstanceProfile InstanceProfileName=new Path=/web/"},
			func(t *testing.T, _ *nhiscan.Account, r *manage.Result) {
				require.Equal(t, prefix+"instance-profile/web/new", r.ARN)
				require.NotEmpty(t, r.ID)
			}},
		{manage.DeleteInstanceProfile{InstanceProfileName: "vacant"}, prefix + "instance-profile/vacant", "delete instance profile vacant", []string{"DeleteInstanceProfile InstanceProfileName=vacant"}, nil},
		{manage.AddRoleToInstanceProfile{InstanceProfileName: "vacant", RoleName: "idle"}, prefix + "instance-profile/vacant", "add role idle to instance profile vacant", []string{"AddRoleToInstanceProfile InstanceProfileName=vacant RoleName=idle"}, nil},
		{manage.RemoveRoleFromInstanceProfile{InstanceProfileName: "web", RoleName: "worker"}, prefix + "instance-profile/web", "remove role worker from instance profile web", []string{"RemoveRoleFromInstanceProfile InstanceProfileName=web RoleName=worker"}, nil},
		{manage.AttachUserPolicy{UserName: "bob", PolicyARN: awsDenyAll}, prefix + "user/bob", "attach policy " + awsDenyAll + " to user bob", []string{"AttachUserPolicy PolicyArn=" + awsDenyAll + " UserName=bob"}, nil},
		{manage.DetachUserPolicy{UserName: "ci", PolicyARN: readLogs}, prefix + "user/robots/ci", "detach policy " + readLogs + " from user ci", []string{"DetachUserPolicy PolicyArn=" + readLogs + " UserName=ci"}, nil},
		{manage.AttachGroupPolicy{GroupName: "devs", PolicyARN: spare}, prefix + "group/devs", "attach policy " + spare + " to group devs", []string{"AttachGroupPolicy GroupName=devs PolicyArn=" + spare}, nil},
		{manage.DetachGroupPolicy{GroupName: "devs", PolicyARN: readLogs}, prefix + "group/devs", "detach policy " + readLogs + " from group devs", []string{"DetachGroupPolicy GroupName=devs PolicyArn=" + readLogs}, nil},
		{manage.AttachRolePolicy{RoleName: "idle", PolicyARN: spare}, prefix + "role/idle", "attach policy " + spare + " to role idle", []string{"AttachRolePolicy PolicyArn=" + spare + " RoleName=idle"}, nil},
		{manage.DetachRolePolicy{RoleName: "worker", PolicyARN: readLogs}, prefix + "role/worker", "detach policy " + readLogs + " from role worker", []string{"DetachRolePolicy PolicyArn=" + readLogs + " RoleName=worker"}, nil},
		{manage.PutUserPolicy{UserName: "ci", PolicyName: "bucket", PolicyDocument: readBucket}, prefix + "user/robots/ci", "create inline policy bucket of user ci", []string{"PutUserPolicy PolicyName=bucket UserName=ci"}, nil},
		{manage.PutUserPolicy{UserName: "ci", PolicyName: "queue", PolicyDocument: readBucket}, prefix + "user/robots/ci", "replace inline policy queue of user ci", []string{"PutUserPolicy PolicyName=queue UserName=ci"},
			func(t *testing.T, a *nhiscan.Account, _ *manage.Result) {
				u, _ := a.User("ci")
				require.Len(t, u.InlinePolicies, 2)
				require.JSONEq(t, readBucket, u.InlinePolicies[0].Document.Text())
			}},
		{manage.DeleteUserPolicy{UserName: "ci", PolicyName: "queue"}, prefix + "user/robots/ci", "delete inline policy queue of user ci", []string{"DeleteUserPolicy PolicyName=queue UserName=ci"}, nil},
		{manage.PutGroupPolicy{GroupName: "devs", PolicyName: "bucket", PolicyDocument: readBucket}, prefix + "group/devs", "create inline policy bucket of group devs", []string{"PutGroupPolicy GroupName=devs PolicyName=bucket"}, nil},
		{manage.DeleteGroupPolicy{GroupName: "devs", PolicyName: "queue"}, prefix + "group/devs", "delete inline policy queue of group devs", []string{"DeleteGroupPolicy GroupName=devs PolicyName=queue"}, nil},
		{manage.PutRolePolicy{RoleName: "worker", PolicyName: "queue", PolicyDocument: readBucket}, prefix + "role/worker", "replace inline policy queue of role worker", []string{"PutRolePolicy PolicyName=queue RoleName=worker"}, nil},
		{manage.DeleteRolePolicy{RoleName: "worker", PolicyName: "queue"}, prefix + "role/worker", "delete inline policy queue of role worker", []string{"DeleteRolePolicy PolicyName=queue RoleName=worker"}, nil},
		{manage.CreatePolicy{PolicyName: "New", PolicyDocument: readBucket, Path: "/team/"}, prefix + "policy/team/New", "create policy New", []string{"CreatePolicy Path=/team/ PolicyName=New"},
			func(t *testing.T, a *nhiscan.Account, r *manage.Result) {
				p, ok := a.Policy(prefix + "policy/team/New")
				require.True(t, ok)
				require.Equal(t, []string{p.ARN, p.ID, "v1"}, []string{r.ARN, r.ID, r.VersionID})
			}},
		{manage.DeletePolicy{PolicyARN: readLogs, Force: true}, readLogs, "delete policy ReadLogs with 1 attached user, 1 attached group, 1 attached role and 1 other version",
			[]string{"DetachUserPolicy PolicyArn=" + readLogs + " UserName=ci", "DetachGroupPolicy GroupName=devs PolicyArn=" + readLogs, "DetachRolePolicy PolicyArn=" + readLogs + " RoleName=worker",
				"DeletePolicyVersion PolicyArn=" + readLogs + " VersionId=v1", "DeletePolicy PolicyArn=" + readLogs}, nil},
		{manage.DeletePolicy{PolicyARN: spare}, spare, "delete policy Spare", []string{"DeletePolicy PolicyArn=" + spare}, nil},
		{manage.CreatePolicyVersion{PolicyARN: readLogs, PolicyDocument: readQueue}, readLogs, "add a version to policy ReadLogs", []string{"CreatePolicyVersion PolicyArn=" + readLogs},
			func(t *testing.T, a *nhiscan.Account, r *manage.Result) {
				p, _ := a.Policy(readLogs)
				require.Equal(t, "v2", p.DefaultVersionID)
				require.Equal(t, []string{readLogs, "v3"}, []string{r.ARN, r.VersionID})
			}},
		{manage.CreatePolicyVersion{PolicyARN: fullUp, PolicyDocument: readQueue, SetAsDefault: true, RemoveOldest: true}, fullUp, "add a version to policy FullUp, in force in the place of v4; version v2, the oldest, is deleted",
			[]string{"DeletePolicyVersion PolicyArn=" + fullUp + " VersionId=v2", "CreatePolicyVersion PolicyArn=" + fullUp + " SetAsDefault=true"},
			func(t *testing.T, a *nhiscan.Account, r *manage.Result) {
				p, _ := a.Policy(fullUp)
				require.Equal(t, "v7", p.DefaultVersionID)
				require.Equal(t, "v7", r.VersionID)
			}},
		{manage.SetDefaultPolicyVersion{PolicyARN: readLogs, VersionID: "v1"}, readLogs, "put version v1 of policy ReadLogs in force, in the place of v2", []string{"SetDefaultPolicyVersion PolicyArn=" + readLogs + " VersionId=v1"}, nil},
		{manage.DeletePolicyVersion{PolicyARN: fullUp, VersionID: "v6"}, fullUp, "delete version v6 of policy FullUp", []string{"DeletePolicyVersion PolicyArn=" + fullUp + " VersionId=v6"}, nil},
		{manage.SetPermissionsBoundary{IdentityName: "bob", PolicyARN: bound}, prefix + "user/bob", "bound user bob by " + bound, []string{"PutUserPermissionsBoundary PermissionsBoundary=" + bound + " UserName=bob"}, nil},
		{manage.SetPermissionsBoundary{IdentityName: prefix + "role/worker", PolicyARN: spare}, prefix + "role/worker", "bound role worker by " + spare + ", no longer by " + bound, []string{"PutRolePermissionsBoundary PermissionsBoundary=" + spare + " RoleName=worker"}, nil},
		{manage.DeletePermissionsBoundary{IdentityName: "ci"}, prefix + "user/robots/ci", "remove the permissions boundary of user ci, " + bound, []string{"DeleteUserPermissionsBoundary UserName=ci"}, nil},
		{manage.TagIdentity{IdentityName: "ci", Tags: map[string]string{"team": "data", "stage": "prod"}}, prefix + "user/robots/ci", "tag user ci with team=data", []string{"TagUser Tags.member.1.Key=team Tags.member.1.Value=data UserName=ci"},
			func(t *testing.T, a *nhiscan.Account, _ *manage.Result) {
				u, _ := a.User("ci")
				require.Len(t, u.Tags, 2)
			}},
		{manage.UntagIdentity{IdentityName: "worker", IdentityType: "role", TagKeys: []string{"team", "other"}}, prefix + "role/worker", "remove tags Team of role worker", []string{"UntagRole RoleName=worker TagKeys.member.1=Team"}, nil},
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		seen[tt.change.Kind()] = true
		t.Run(tt.change.Kind()+" "+tt.summary, func(t *testing.T) {
			t.Parallel()
			s := newServer()
			p := planOf(t, s, tt.change)
			require.Equal(t, tt.summary, p.Summary)
			require.Equal(t, tt.target, p.Target)
			kind, _ := manage.KindOf(tt.change.Kind())
			require.Subset(t, kind.Actions, actionsOf(p))
			require.Equal(t, kind.Destructive || len(p.Steps) == 2 && kind.Name == "create_policy_version", p.Destructive)
			r, err := p.Apply(context.Background(), apiOf(s))
			require.NoError(t, err)
			require.Equal(t, tt.mutations, mutations(s))
			if tt.check != nil {
				tt.check(t, s.Account(), r)
			}
		})
	}
	for kind := range mineOnly() {
		require.True(t, seen[kind], kind)
	}
}

// gone checks that there is no such entity.
func gone(kind, name string) func(*testing.T, *nhiscan.Account, *manage.Result) {
	return func(t *testing.T, a *nhiscan.Account, _ *manage.Result) {
		found := map[string]bool{}
		_, found["user"] = a.User(name)
		_, found["group"] = a.Group(name)
		_, found["role"] = a.Role(name)
		require.False(t, found[kind])
	}
}

// TestNothingToDo has changes of what is so already.
func TestNothingToDo(t *testing.T) {
	t.Parallel()
	spaced := "{\n  \"Statement\": [{\"Resource\": [\"arn:aws:sqs:us-east-1:123456789012:jobs\"], \"Action\": [\"sqs:ReceiveMessage\"], \"Effect\": \"Allow\"}],\n  \"Version\": \"2012-10-17\"}\n"
	for _, tt := range []struct {
		change manage.Change
		note   string
	}{
		{manage.AddUserToGroup{GroupName: "devs", UserName: "bob"}, "user bob is in group devs already"},
		{manage.RemoveUserFromGroup{GroupName: "readers", UserName: "bob"}, "user bob is not in group readers"},
		{manage.UpdateAssumeRolePolicy{RoleName: "worker", PolicyDocument: " " + trustEC2 + "\n"}, "role worker has this trust policy already"},
		{manage.AddRoleToInstanceProfile{InstanceProfileName: "web", RoleName: "worker"}, "role worker is in instance profile web already"},
		{manage.RemoveRoleFromInstanceProfile{InstanceProfileName: "web", RoleName: "idle"}, "role idle is not in instance profile web"},
		{manage.AttachUserPolicy{UserName: "ci", PolicyARN: readLogs}, "policy " + readLogs + " is attached to user ci already"},
		{manage.AttachGroupPolicy{GroupName: "devs", PolicyARN: readLogs}, "policy " + readLogs + " is attached to group devs already"},
		{manage.AttachRolePolicy{RoleName: "worker", PolicyARN: readLogs}, "policy " + readLogs + " is attached to role worker already"},
		{manage.DetachUserPolicy{UserName: "bob", PolicyARN: readLogs}, "policy " + readLogs + " is not attached to user bob"},
		{manage.DetachGroupPolicy{GroupName: "devs", PolicyARN: spare}, "policy " + spare + " is not attached to group devs"},
		{manage.DetachRolePolicy{RoleName: "idle", PolicyARN: spare}, "policy " + spare + " is not attached to role idle"},
		{manage.PutUserPolicy{UserName: "ci", PolicyName: "queue", PolicyDocument: readQueue}, "user ci has inline policy queue with this document already"},
		{manage.PutGroupPolicy{GroupName: "devs", PolicyName: "queue", PolicyDocument: readQueue}, "group devs has inline policy queue with this document already"},
		{manage.PutRolePolicy{RoleName: "worker", PolicyName: "queue", PolicyDocument: spaced}, "role worker has inline policy queue with this document already"},
		{manage.SetDefaultPolicyVersion{PolicyARN: readLogs, VersionID: "v2"}, "version v2 of policy ReadLogs is in force already"},
		{manage.SetPermissionsBoundary{IdentityName: "ci", PolicyARN: bound}, "user ci is bounded by " + bound + " already"},
		{manage.DeletePermissionsBoundary{IdentityName: "bob"}, "user bob has no permissions boundary"},
		{manage.TagIdentity{IdentityName: "ci", Tags: map[string]string{"Team": "web"}}, "user ci has these tags already"},
		{manage.UntagIdentity{IdentityName: "worker", IdentityType: "role", TagKeys: []string{"stage"}}, "role worker has none of these tags"},
	} {
		t.Run(fmt.Sprintf("%s %s", tt.change.Kind(), tt.note), func(t *testing.T) {
			t.Parallel()
			s := newServer()
			s.ForbidWrites()
			p := planOf(t, s, tt.change)
			require.Empty(t, p.Steps)
			require.Equal(t, []string{tt.note}, p.Notes)
			require.NotEmpty(t, p.Summary)
			r, err := p.Apply(context.Background(), apiOf(s))
			require.NoError(t, err)
			require.Empty(t, r.Steps)
			require.Zero(t, s.RefusedWrites())
		})
	}
}

// TestChangeHasNames has a plan's change name what it found, not how it was asked.
func TestChangeHasNames(t *testing.T) {
	t.Parallel()
	s := newServer()
	for _, tt := range [][2]manage.Change{
		{manage.DeleteUser{UserName: prefix + "user/robots/ci", Force: true}, manage.DeleteUser{UserName: "ci", Force: true}},
		{&manage.DeleteGroup{GroupName: prefix + "group/devs", Force: true}, manage.DeleteGroup{GroupName: "devs", Force: true}},
		{manage.CreateGroup{GroupName: "new"}, manage.CreateGroup{GroupName: "new"}},
		{manage.AttachRolePolicy{RoleName: prefix + "role/idle", PolicyARN: spare}, manage.AttachRolePolicy{RoleName: "idle", PolicyARN: spare}},
		{manage.TagIdentity{IdentityName: prefix + "role/idle", Tags: map[string]string{"a": "b"}}, manage.TagIdentity{IdentityName: "idle", IdentityType: "role", Tags: map[string]string{"a": "b"}}},
	} {
		require.Equal(t, tt[1], planOf(t, s, tt[0]).Change)
	}
}

// TestProfileTakenMeanwhile has another role be put into the instance profile between
// plan and apply: that is not taken for a lost answer.
func TestProfileTakenMeanwhile(t *testing.T) {
	t.Parallel()
	s := newServer()
	p := planOf(t, s, manage.AddRoleToInstanceProfile{InstanceProfileName: "vacant", RoleName: "idle"})
	other, vacant := "worker", "vacant"
	_, err := apiOf(s).AddRoleToInstanceProfile(context.Background(), &iam.AddRoleToInstanceProfileInput{InstanceProfileName: &vacant, RoleName: &other})
	require.NoError(t, err)
	r, err := p.Apply(context.Background(), apiOf(s))
	require.Equal(t, "LimitExceeded", errorCode(err))
	require.Equal(t, manage.StepFailed, r.Failed().Status)
}

// TestDeleteConflictLater has something new stand in the way at the end: planning again finds it.
func TestDeleteConflictLater(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	s := newServer()
	p := planOf(t, s, manage.DeleteGroup{GroupName: "nobodies"})
	apply(t, s, manage.AddUserToGroup{GroupName: "nobodies", UserName: "bob"})
	cancelAt(s, "DeleteGroup", cancel)
	_, err := p.Apply(ctx, apiOf(s))
	require.Equal(t, "DeleteConflict", errorCode(err))
	apply(t, s, manage.DeleteGroup{GroupName: "nobodies", Force: true})
	gone("group", "nobodies")(t, s.Account(), nil)
}

// cancelAt calls cancel when the operation is asked for.
func cancelAt(s *fakeiam.Server, operation string, cancel func()) {
	s.OnRequest(func(name string, _ url.Values) {
		if name == operation {
			cancel()
		}
	})
}
