package manage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/manage"
)

// TestMissing has changes of what does not exist: the error names it.
func TestMissing(t *testing.T) {
	t.Parallel()
	nobody, nothing := "ghost", prefix+"policy/Ghost"
	changes := []manage.Change{
		manage.DeleteUser{UserName: nobody, Force: true},
		manage.DeleteGroup{GroupName: nobody},
		manage.AddUserToGroup{GroupName: nobody, UserName: "bob"}, manage.AddUserToGroup{GroupName: "devs", UserName: nobody},
		manage.RemoveUserFromGroup{GroupName: nobody, UserName: "bob"}, manage.RemoveUserFromGroup{GroupName: "devs", UserName: nobody},
		manage.DeleteRole{RoleName: nobody}, manage.UpdateAssumeRolePolicy{RoleName: nobody, PolicyDocument: trustEC2},
		manage.DeleteInstanceProfile{InstanceProfileName: nobody},
		manage.AddRoleToInstanceProfile{InstanceProfileName: nobody, RoleName: "idle"}, manage.AddRoleToInstanceProfile{InstanceProfileName: "vacant", RoleName: nobody},
		manage.RemoveRoleFromInstanceProfile{InstanceProfileName: nobody, RoleName: "idle"}, manage.RemoveRoleFromInstanceProfile{InstanceProfileName: "web", RoleName: nobody},
		manage.AttachUserPolicy{UserName: nobody, PolicyARN: spare}, manage.AttachUserPolicy{UserName: "bob", PolicyARN: nothing},
		manage.AttachGroupPolicy{GroupName: nobody, PolicyARN: spare}, manage.AttachGroupPolicy{GroupName: "devs", PolicyARN: nothing},
		manage.AttachRolePolicy{RoleName: nobody, PolicyARN: spare}, manage.AttachRolePolicy{RoleName: "idle", PolicyARN: nothing},
		manage.DetachUserPolicy{UserName: nobody, PolicyARN: spare}, manage.DetachUserPolicy{UserName: "bob", PolicyARN: nothing},
		manage.DetachGroupPolicy{GroupName: nobody, PolicyARN: spare}, manage.DetachGroupPolicy{GroupName: "devs", PolicyARN: nothing},
		manage.DetachRolePolicy{RoleName: nobody, PolicyARN: spare}, manage.DetachRolePolicy{RoleName: "idle", PolicyARN: nothing},
		manage.PutUserPolicy{UserName: nobody, PolicyName: "p", PolicyDocument: readBucket},
		manage.PutGroupPolicy{GroupName: nobody, PolicyName: "p", PolicyDocument: readBucket},
		manage.PutRolePolicy{RoleName: nobody, PolicyName: "p", PolicyDocument: readBucket},
		manage.DeleteUserPolicy{UserName: nobody, PolicyName: "p"}, manage.DeleteUserPolicy{UserName: "ci", PolicyName: nobody},
		manage.DeleteGroupPolicy{GroupName: nobody, PolicyName: "p"}, manage.DeleteGroupPolicy{GroupName: "devs", PolicyName: nobody},
		manage.DeleteRolePolicy{RoleName: nobody, PolicyName: "p"}, manage.DeleteRolePolicy{RoleName: "worker", PolicyName: nobody},
		manage.DeletePolicy{PolicyARN: nothing}, manage.CreatePolicyVersion{PolicyARN: nothing, PolicyDocument: readBucket},
		manage.SetDefaultPolicyVersion{PolicyARN: nothing, VersionID: "v1"}, manage.SetDefaultPolicyVersion{PolicyARN: readLogs, VersionID: "v9"},
		manage.DeletePolicyVersion{PolicyARN: nothing, VersionID: "v1"}, manage.DeletePolicyVersion{PolicyARN: readLogs, VersionID: "v9"},
		manage.SetPermissionsBoundary{IdentityName: nobody, PolicyARN: spare}, manage.SetPermissionsBoundary{IdentityName: "bob", PolicyARN: nothing},
		manage.SetPermissionsBoundary{IdentityName: nobody, IdentityType: "role", PolicyARN: spare},
		manage.SetPermissionsBoundary{IdentityName: "worker", IdentityType: "user", PolicyARN: spare}, // a role of that name is no user
		manage.DeletePermissionsBoundary{IdentityName: nobody}, manage.DeletePermissionsBoundary{IdentityName: nobody, IdentityType: "role"},
		manage.TagIdentity{IdentityName: nobody, Tags: map[string]string{"a": "b"}}, manage.UntagIdentity{IdentityName: nobody, TagKeys: []string{"a"}},
		manage.CreateUser{UserName: "new", PermissionsBoundary: nothing}, manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: trustEC2, PermissionsBoundary: nothing},
	}
	seen := map[string]bool{}
	for _, c := range changes {
		seen[c.Kind()] = true
		t.Run(fmt.Sprintf("%s %+v", c.Kind(), c), func(t *testing.T) {
			t.Parallel()
			s := newServer()
			_, err := manage.NewPlan(context.Background(), apiOf(s), c, caller())
			require.ErrorIs(t, err, collect.ErrNotFound)
			var e *collect.Error
			require.ErrorAs(t, err, &e)
			require.Regexp(t, `(?i)ghost|v9|worker`, e.Error())
			require.True(t, strings.HasPrefix(e.Operation, "iam:"), e.Operation)
			require.Empty(t, s.Mutations())
		})
	}
	for kind := range mineOnly() {
		if !strings.HasPrefix(kind, "create_") {
			require.True(t, seen[kind], "%s: nothing is missing", kind)
		}
	}
}

// mineOnly are the kinds that this file and changes_test.go tell of.
func mineOnly() map[string][]example {
	all := map[string][]example{}
	for _, list := range []map[string][]example{userExamples(), groupExamples(), roleExamples(), policyExamples(), identityExamples()} {
		for kind, e := range list {
			all[kind] = e
		}
	}
	return all
}

// TestDuplicate creates what is there, at whatever path.
func TestDuplicate(t *testing.T) {
	t.Parallel()
	for _, c := range []manage.Change{
		manage.CreateUser{UserName: "ci"}, manage.CreateUser{UserName: "ci", Path: "/other/"},
		manage.CreateGroup{GroupName: "devs"}, manage.CreateGroup{GroupName: "nobodies"},
		manage.CreateRole{RoleName: "worker", AssumeRolePolicyDocument: trustEC2},
		manage.CreateInstanceProfile{InstanceProfileName: "web"}, manage.CreateInstanceProfile{InstanceProfileName: "vacant"},
		manage.CreatePolicy{PolicyName: "ReadLogs", PolicyDocument: readBucket}, manage.CreatePolicy{PolicyName: "readlogs", Path: "/x/", PolicyDocument: readBucket},
	} {
		t.Run(fmt.Sprintf("%s %+v", c.Kind(), c), func(t *testing.T) {
			t.Parallel()
			s := newServer()
			s.PageSize(1)
			_, err := manage.NewPlan(context.Background(), apiOf(s), c, caller())
			require.Equal(t, "EntityAlreadyExists", errorCode(err), "%v", err)
			require.Empty(t, s.Mutations())
		})
	}
}

// TestCreatedMeanwhile has another person create it between plan and apply.
func TestCreatedMeanwhile(t *testing.T) {
	t.Parallel()
	for kind, list := range mineOnly() {
		c := list[0].change
		if !strings.HasPrefix(kind, "create_") || kind == "create_policy_version" {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := newServer()
			p := planOf(t, s, c)
			apply(t, s, c)
			r, err := p.Apply(context.Background(), apiOf(s))
			require.Equal(t, "EntityAlreadyExists", errorCode(err))
			require.Equal(t, manage.StepFailed, r.Failed().Status)
			require.Empty(t, r.ARN)
			require.Len(t, s.Mutations(), 1)
		})
	}
}

// TestVanishedMeanwhile has what a change is about deleted between plan and apply:
// a removal has nothing left to do, and anything else fails.
func TestVanishedMeanwhile(t *testing.T) {
	t.Parallel()
	removes := []manage.Change{
		manage.DeleteUser{UserName: "ci", Force: true}, manage.DeleteGroup{GroupName: "devs", Force: true},
		manage.DeleteRole{RoleName: "worker", Force: true}, manage.DeletePolicy{PolicyARN: readLogs, Force: true},
		manage.DeleteUser{UserName: "bob", Force: true}, manage.DeletePolicy{PolicyARN: spare, Force: true},
		manage.DeleteInstanceProfile{InstanceProfileName: "vacant"}, manage.DeleteRole{RoleName: "idle", Force: true},
	}
	for kind, list := range mineOnly() {
		for i, e := range list {
			if e.noSteps || strings.HasPrefix(kind, "create_") && kind != "create_policy_version" {
				continue
			}
			t.Run(fmt.Sprintf("%s %d", kind, i), func(t *testing.T) {
				t.Parallel()
				s := e.server()
				p := planOf(t, s, e.change)
				for _, c := range removes {
					if other, err := manage.NewPlan(context.Background(), apiOf(s), c, caller()); err == nil && len(other.Refusals) == 0 {
						_, err := other.Apply(context.Background(), apiOf(s))
						require.NoError(t, err)
					}
				}
				before := len(s.Mutations())
				r, err := p.Apply(context.Background(), apiOf(s))
				if strings.HasPrefix(kind, "delete_") || strings.HasPrefix(kind, "detach_") || strings.HasPrefix(kind, "remove_") || strings.HasPrefix(kind, "untag_") {
					require.NoError(t, err)
					require.Equal(t, len(r.Steps), r.Count(manage.StepSkipped)+r.Count(manage.StepDone))
					return
				}
				if err == nil {
					return // it was about what is still there
				}
				require.ErrorIs(t, err, collect.ErrNotFound)
				require.Equal(t, manage.StepFailed, r.Failed().Status)
				require.Len(t, s.Mutations(), before+r.Count(manage.StepDone))
			})
		}
	}
}

// TestArguments has arguments that cannot be: AWS is not asked.
func TestArguments(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 65)
	longer := strings.Repeat("x", 129)
	many := map[string]string{}
	for i := range 51 {
		many[fmt.Sprintf("k%d", i)] = "v"
	}
	tests := []struct {
		change             manage.Change
		argument, contains string
	}{
		{manage.CreateUser{}, "user_name", "empty"},
		{manage.CreateUser{UserName: "a b"}, "user_name", "cannot be a name"},
		{manage.CreateUser{UserName: long}, "user_name", "at most 64"},
		{manage.CreateUser{UserName: "arn:aws:iam::123456789012:user/other/a"}, "user_name", "is an ARN"},
		{manage.CreateUser{UserName: "a", Path: "team"}, "path", "slash"},
		{manage.CreateUser{UserName: "a", Tags: many}, "tags", "at most 50"},
		{manage.CreateUser{UserName: "a", Tags: map[string]string{"": "v"}}, "tags", "key"},
		{manage.CreateUser{UserName: "a", Tags: map[string]string{"aws:x": "v"}}, "tags", "AWS's own"},
		{manage.CreateUser{UserName: "a", Tags: map[string]string{"Team": "v", "team": "w"}}, "tags", "same key"},
		{manage.CreateUser{UserName: "a", Tags: map[string]string{"k": strings.Repeat("x", 257)}}, "tags", "256"},
		{manage.CreateUser{UserName: "a", PermissionsBoundary: "AdministratorAccess"}, "permissions_boundary", "not the ARN of a managed policy"},
		{manage.DeleteUser{UserName: "arn:aws:iam::123456789012:role/ci"}, "user_name", "not the ARN of a user"},
		{manage.DeleteUser{UserName: "arn:aws:iam::999999999999:user/ci"}, "user_name", "account 999999999999"},
		{manage.DeleteUser{UserName: "arn:aws-cn:iam::123456789012:user/ci"}, "user_name", "partition aws-cn"},
		{manage.CreateGroup{GroupName: longer}, "group_name", "at most 128"},
		{manage.DeleteGroup{}, "group_name", "empty"},
		{manage.AddUserToGroup{UserName: "bob"}, "group_name", "empty"},
		{manage.CreateRole{RoleName: long, AssumeRolePolicyDocument: trustEC2}, "role_name", "at most 64"},
		{manage.CreateRole{RoleName: "a"}, "assume_role_policy_document", ""},
		{manage.CreateRole{RoleName: "a", AssumeRolePolicyDocument: "{"}, "assume_role_policy_document", ""},
		{manage.CreateRole{RoleName: "a", AssumeRolePolicyDocument: readBucket}, "assume_role_policy_document", ""},
		{manage.CreateRole{RoleName: "a", AssumeRolePolicyDocument: trustEC2, MaxSessionDuration: 3599}, "max_session_duration", "3600 to 43200"},
		{manage.CreateRole{RoleName: "a", AssumeRolePolicyDocument: trustEC2, MaxSessionDuration: 43201}, "max_session_duration", "3600 to 43200"},
		{manage.CreateRole{RoleName: "a", AssumeRolePolicyDocument: trustEC2, MaxSessionDuration: -1}, "max_session_duration", "3600 to 43200"},
		{manage.CreateRole{RoleName: "a", AssumeRolePolicyDocument: trustEC2, Description: strings.Repeat("x", 1001)}, "description", "at most 1000"},
		{manage.UpdateAssumeRolePolicy{RoleName: "worker", PolicyDocument: "nonsense"}, "policy_document", ""},
		{manage.CreateInstanceProfile{InstanceProfileName: "a/b"}, "instance_profile_name", "cannot be a name"},
		{manage.AddRoleToInstanceProfile{InstanceProfileName: prefix + "role/web", RoleName: "idle"}, "instance_profile_name", "not the ARN of a instance-profile"},
		{manage.AttachUserPolicy{UserName: "bob"}, "policy_arn", "empty"},
		{manage.AttachUserPolicy{UserName: "bob", PolicyARN: "ReadLogs"}, "policy_arn", "not the ARN of a managed policy"},
		{manage.AttachGroupPolicy{GroupName: "devs", PolicyARN: prefix + "user/ci"}, "policy_arn", "not the ARN of a managed policy"},
		{manage.AttachRolePolicy{RoleName: "idle", PolicyARN: "arn:aws:iam::999999999999:policy/P"}, "policy_arn", "account 999999999999"},
		{manage.DetachUserPolicy{UserName: "bob", PolicyARN: "arn:aws-cn:iam::aws:policy/P"}, "policy_arn", "partition aws-cn"},
		{manage.DetachRolePolicy{RoleName: "idle", PolicyARN: prefix + "policy/"}, "policy_arn", "not the ARN of a managed policy"},
		{manage.PutUserPolicy{UserName: "bob", PolicyDocument: readBucket}, "policy_name", "empty"},
		{manage.PutUserPolicy{UserName: "bob", PolicyName: "p", PolicyDocument: trustEC2}, "policy_document", ""},
		{manage.PutGroupPolicy{GroupName: "devs", PolicyName: "p", PolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Alow"}]}`}, "policy_document", ""},
		{manage.PutRolePolicy{RoleName: "idle", PolicyName: "p/q", PolicyDocument: readBucket}, "policy_name", "cannot be a name"},
		{manage.DeleteUserPolicy{UserName: "ci"}, "policy_name", "empty"},
		{manage.CreatePolicy{PolicyName: "", PolicyDocument: readBucket}, "policy_name", "empty"},
		{manage.CreatePolicy{PolicyName: "p", PolicyDocument: readBucket, Path: "/a"}, "path", "slash"},
		{manage.CreatePolicy{PolicyName: "p", PolicyDocument: "[]"}, "policy_document", ""},
		{manage.CreatePolicyVersion{PolicyARN: awsDenyAll, PolicyDocument: readBucket}, "policy_arn", "managed by AWS"},
		{manage.SetDefaultPolicyVersion{PolicyARN: awsDenyAll, VersionID: "v1"}, "policy_arn", "managed by AWS"},
		{manage.SetDefaultPolicyVersion{PolicyARN: readLogs, VersionID: "1"}, "version_id", "not a version"},
		{manage.SetDefaultPolicyVersion{PolicyARN: readLogs, VersionID: "v0"}, "version_id", "not a version"},
		{manage.DeletePolicyVersion{PolicyARN: awsDenyAll, VersionID: "v1"}, "policy_arn", "managed by AWS"},
		{manage.DeletePolicyVersion{PolicyARN: readLogs, VersionID: "v-1"}, "version_id", "not a version"},
		{manage.DeletePolicy{PolicyARN: awsDenyAll, Force: true}, "policy_arn", "managed by AWS"},
		{manage.SetPermissionsBoundary{IdentityName: "ci", PolicyARN: "Bound"}, "policy_arn", "not the ARN of a managed policy"},
		{manage.SetPermissionsBoundary{IdentityName: "devs", IdentityType: "group", PolicyARN: bound}, "identity_type", "neither user nor role"},
		{manage.DeletePermissionsBoundary{IdentityName: prefix + "role/worker", IdentityType: "user"}, "identity_name", "not the ARN of a user"},
		{manage.TagIdentity{IdentityName: "ci"}, "tags", "none"},
		{manage.UntagIdentity{IdentityName: "ci"}, "tag_keys", "none"},
		{manage.UntagIdentity{IdentityName: "ci", TagKeys: []string{"aws:x"}}, "tag_keys", "AWS's own"},
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		seen[tt.change.Kind()] = true
		t.Run(fmt.Sprintf("%s %s %s", tt.change.Kind(), tt.argument, tt.contains), func(t *testing.T) {
			t.Parallel()
			s := newServer()
			_, err := manage.NewPlan(context.Background(), apiOf(s), tt.change, caller())
			var e *manage.ArgumentError
			require.ErrorAs(t, err, &e)
			require.Equal(t, tt.change.Kind(), e.Change)
			require.Equal(t, tt.argument, e.Argument)
			require.ErrorContains(t, err, tt.contains)
			require.Zero(t, s.Total(), "AWS was asked")
		})
	}
	for kind := range mineOnly() {
		if kind != "remove_user_from_group" && kind != "delete_role" && kind != "delete_instance_profile" && kind != "remove_role_from_instance_profile" &&
			kind != "detach_group_policy" && kind != "delete_group_policy" && kind != "delete_role_policy" {
			require.True(t, seen[kind], "%s: no wrong argument", kind)
		}
	}
}

// TestConflicts has changes that what is there forbids.
func TestConflicts(t *testing.T) {
	t.Parallel()
	full := func(a *nhiscan.Account) {
		for i := range 50 {
			u, _ := a.User("bob")
			u.Tags = append(u.Tags, nhiscan.Tag{Key: fmt.Sprintf("k%02d", i), Value: "v"})
		}
	}
	unattachable := func(a *nhiscan.Account) {
		p, _ := a.Policy("Spare")
		p.Attachable = false
	}
	tests := []struct {
		change         manage.Change
		account        func(*nhiscan.Account)
		code, contains string
	}{
		{manage.DeleteUser{UserName: "ci"}, nil, "DeleteConflict",
			"user ci has its console password, 2 access keys, 1 signing certificate, 1 SSH public key, 1 service-specific credential, 2 MFA devices, 2 group memberships, 2 inline policies and 1 attached policy: with force"},
		{manage.DeleteGroup{GroupName: "devs"}, nil, "DeleteConflict", "group devs has 2 members, 2 inline policies and 1 attached policy: with force"},
		{manage.DeleteRole{RoleName: "worker"}, nil, "DeleteConflict", "role worker has 2 instance profiles, 2 inline policies and 1 attached policy: with force"},
		{manage.DeleteInstanceProfile{InstanceProfileName: "web"}, nil, "DeleteConflict", "instance profile web has role worker: remove that from it first"},
		{manage.AddRoleToInstanceProfile{InstanceProfileName: "web", RoleName: "idle"}, nil, "LimitExceeded", "instance profile web has role worker"},
		{manage.DeletePolicy{PolicyARN: readLogs}, nil, "DeleteConflict", "policy ReadLogs has 1 attached user, 1 attached group, 1 attached role and 1 other version: with force"},
		{manage.DeletePolicy{PolicyARN: bound}, nil, "DeleteConflict", "permissions boundary of user ci and role worker"},
		{manage.DeletePolicy{PolicyARN: bound, Force: true}, nil, "DeleteConflict", "permissions boundary of user ci and role worker"},
		{manage.DeletePolicyVersion{PolicyARN: fullUp, VersionID: "v4"}, nil, "DeleteConflict", "in force"},
		{manage.CreatePolicyVersion{PolicyARN: fullUp, PolicyDocument: readBucket}, nil, "LimitExceeded", "remove_oldest would delete v2"},
		{manage.TagIdentity{IdentityName: "bob", Tags: map[string]string{"K00": "w", "new": "v"}}, full, "LimitExceeded", "would have 51 tags"},
		{manage.AttachUserPolicy{UserName: "bob", PolicyARN: spare}, unattachable, "", "cannot be attached"},
		{manage.SetPermissionsBoundary{IdentityName: "bob", PolicyARN: spare}, unattachable, "", "cannot be attached"},
		{manage.CreateUser{UserName: "new", PermissionsBoundary: spare}, unattachable, "", "cannot be attached"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %s", tt.change.Kind(), tt.contains), func(t *testing.T) {
			t.Parallel()
			s := example{account: tt.account}.server()
			s.PageSize(1)
			_, err := manage.NewPlan(context.Background(), apiOf(s), tt.change, caller())
			require.Equal(t, tt.code, errorCode(err), "%v", err)
			require.ErrorContains(t, err, tt.contains)
			if tt.code == "" {
				var e *manage.ArgumentError
				require.ErrorAs(t, err, &e)
			}
			require.Empty(t, s.Mutations())
		})
	}
}

// TestOwnIdentity refuses to change the caller, and what it has.
func TestOwnIdentity(t *testing.T) {
	t.Parallel()
	for _, c := range []manage.Change{
		manage.DeleteUser{UserName: "ci", Force: true}, manage.DeleteGroup{GroupName: "devs", Force: true}, manage.DeletePolicy{PolicyARN: readLogs, Force: true},
		manage.AddUserToGroup{GroupName: "nobodies", UserName: "ci"}, manage.RemoveUserFromGroup{GroupName: "devs", UserName: "ci"},
		manage.AttachUserPolicy{UserName: "ci", PolicyARN: spare}, manage.DetachUserPolicy{UserName: "ci", PolicyARN: readLogs},
		manage.AttachGroupPolicy{GroupName: "devs", PolicyARN: spare}, manage.DetachGroupPolicy{GroupName: "devs", PolicyARN: readLogs},
		manage.PutUserPolicy{UserName: "ci", PolicyName: "p", PolicyDocument: readBucket}, manage.DeleteUserPolicy{UserName: "ci", PolicyName: "queue"},
		manage.PutGroupPolicy{GroupName: "devs", PolicyName: "p", PolicyDocument: readBucket}, manage.DeleteGroupPolicy{GroupName: "devs", PolicyName: "queue"},
		manage.SetPermissionsBoundary{IdentityName: "ci", PolicyARN: spare}, manage.DeletePermissionsBoundary{IdentityName: "ci"},
		manage.TagIdentity{IdentityName: "ci", Tags: map[string]string{"a": "b"}}, manage.UntagIdentity{IdentityName: "ci", TagKeys: []string{"team"}},
		manage.CreatePolicyVersion{PolicyARN: readLogs, PolicyDocument: readBucket}, manage.SetDefaultPolicyVersion{PolicyARN: readLogs, VersionID: "v1"},
		manage.DeletePolicyVersion{PolicyARN: readLogs, VersionID: "v1"}, manage.CreatePolicyVersion{PolicyARN: bound, PolicyDocument: readBucket},
	} {
		requireSelf(t, c, prefix+"user/robots/ci")
	}
	for _, c := range []manage.Change{
		manage.DeleteRole{RoleName: "worker", Force: true}, manage.UpdateAssumeRolePolicy{RoleName: "worker", PolicyDocument: trustLambda},
		manage.AddRoleToInstanceProfile{InstanceProfileName: "vacant", RoleName: "worker"}, manage.RemoveRoleFromInstanceProfile{InstanceProfileName: "web", RoleName: "worker"},
		manage.AttachRolePolicy{RoleName: "worker", PolicyARN: spare}, manage.DetachRolePolicy{RoleName: "worker", PolicyARN: readLogs},
		manage.PutRolePolicy{RoleName: "worker", PolicyName: "p", PolicyDocument: readBucket}, manage.DeleteRolePolicy{RoleName: "worker", PolicyName: "queue"},
		manage.SetPermissionsBoundary{IdentityName: "worker", IdentityType: "role", PolicyARN: spare},
		manage.DeletePermissionsBoundary{IdentityName: "worker", IdentityType: "role"},
		manage.TagIdentity{IdentityName: "worker", IdentityType: "role", Tags: map[string]string{"a": "b"}}, manage.DeletePolicy{PolicyARN: readLogs, Force: true},
	} {
		requireSelf(t, c, "arn:aws:sts::"+accountID+":assumed-role/worker/session")
	}
}

func requireSelf(t *testing.T, c manage.Change, callerARN string) {
	t.Helper()
	p, err := manage.NewPlan(context.Background(), apiOf(newServer()), c, &manage.Options{CallerARN: callerARN})
	require.NoError(t, err)
	var codes []manage.RiskCode
	for _, r := range p.Refusals {
		codes = append(codes, r.Code)
	}
	require.Contains(t, codes, manage.RiskSelf, "%s %+v", c.Kind(), c)
}

// TestMissingReading names the reading that a deletion cannot do without, among
// others that were denied too.
func TestMissingReading(t *testing.T) {
	t.Parallel()
	for _, needed := range []string{"GetLoginProfile", "ListAccessKeys", "ListSigningCertificates", "ListSSHPublicKeys", "ListServiceSpecificCredentials",
		"ListMFADevices", "ListUserPolicies", "ListAttachedUserPolicies", "ListGroupsForUser"} {
		s := newServer()
		s.Deny("GetAccessKeyLastUsed", "GetPolicy", "ListGroupPolicies", needed)
		_, err := manage.NewPlan(context.Background(), apiOf(s), manage.DeleteUser{UserName: "ci", Force: true}, caller())
		require.ErrorIs(t, err, collect.ErrAccessDenied, needed)
		var e *collect.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, "iam:"+needed, e.Operation)
	}
}
