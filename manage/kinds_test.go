package manage_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

// An example is a change that succeeds on the server of newServer.
type example struct {
	change manage.Change
	// account changes the account first. Nil: it is testAccount.
	account func(*nhiscan.Account)
	// options are those of the plan; the caller is added. Nil: no others. They are
	// made anew for each plan.
	options func(*testing.T) *manage.Options
	// noSteps says that there is nothing to do.
	noSteps bool

	name string // see goal
}

func (e example) server() *fakeiam.Server {
	if e.account == nil {
		return newServer()
	}
	return newServer(e.account)
}

func (e example) plan(t *testing.T, s *fakeiam.Server) (*manage.Plan, error) {
	opts := caller()
	if e.options != nil {
		opts = e.options(t)
		opts.CallerARN = callerARN
	}
	return manage.NewPlan(context.Background(), apiOf(s), e.change, opts)
}

// succeed plans and applies the change; the error is that of a plan that is refused, too.
func (e example) succeed(t *testing.T, s *fakeiam.Server) (*manage.Result, error) {
	p, err := e.plan(t, s)
	if err != nil {
		return nil, err
	}
	return p.Apply(context.Background(), apiOf(s))
}

// examples are changes of every kind. Together they need all of the kind's Actions.
func examples() map[string][]example {
	all := map[string][]example{}
	for _, list := range []map[string][]example{userExamples(), groupExamples(), roleExamples(), policyExamples(), identityExamples(), credentialExamples()} {
		maps.Copy(all, list)
	}
	return all
}

// unneeded says of actions of kinds why nothing fails in tests without them. The kind
// * is every kind.
func unneeded() map[string]map[string]string {
	const (
		listed   = "collect.User reads it, for what the risks say; the deletion does without"
		newText  = "guards read AWS's managed policies that are newer than those built in"
		judged   = "it is for a risk, and one says so where it could not be read"
		askedAWS = "AWS asks for it beside the action itself, and internal/fakeiam does not"
	)
	return map[string]map[string]string{
		"*":           {"iam:GetPolicy": newText, "iam:GetPolicyVersion": newText},
		"create_user": {"iam:TagUser": askedAWS},
		"delete_user": {
			"iam:GetAccessKeyLastUsed": listed, "iam:GetGroupPolicy": listed, "iam:GetPolicy": listed, "iam:GetPolicyVersion": listed,
			"iam:ListAttachedGroupPolicies": listed, "iam:ListGroupPolicies": listed, "iam:ListPolicyVersions": listed,
		},
		"rotate_access_key": {"iam:GetAccountAuthorizationDetails": judged},
		"update_access_key": {"iam:GetAccountAuthorizationDetails": judged},
		"create_access_key": {
			"iam:GetAccountAuthorizationDetails": judged,
			"iam:GetAccessKeyLastUsed":           "it is for the words of the error about too many keys",
			"iam:DeleteAccessKey":                "it is for a key whose secret could not be kept",
		},
		"create_role":                  {"iam:TagRole": askedAWS},
		"create_policy":                {"iam:TagPolicy": askedAWS},
		"add_role_to_instance_profile": {"iam:PassRole": askedAWS},
	}
}

func userExamples() map[string][]example {
	return map[string][]example{
		"create_user": {{change: manage.CreateUser{UserName: "new", Path: "/robots/", PermissionsBoundary: bound, Tags: map[string]string{"Team": "web"}}}},
		"delete_user": {{change: manage.DeleteUser{UserName: "ci", Force: true}}},
	}
}

func groupExamples() map[string][]example {
	return map[string][]example{
		"create_group":           {{change: manage.CreateGroup{GroupName: "new", Path: "/team/"}}},
		"delete_group":           {{change: manage.DeleteGroup{GroupName: "devs", Force: true}}},
		"add_user_to_group":      {{change: manage.AddUserToGroup{GroupName: "readers", UserName: "bob"}}},
		"remove_user_from_group": {{change: manage.RemoveUserFromGroup{GroupName: "devs", UserName: "bob"}}},
	}
}

func roleExamples() map[string][]example {
	return map[string][]example{
		"create_role": {{change: manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: trustLambda, Path: "/service/", Description: "made by a test",
			MaxSessionDuration: 7200, PermissionsBoundary: bound, Tags: map[string]string{"Team": "web"}}}},
		"delete_role":                       {{change: manage.DeleteRole{RoleName: "worker", Force: true}}},
		"update_assume_role_policy":         {{change: manage.UpdateAssumeRolePolicy{RoleName: "worker", PolicyDocument: trustLambda}}},
		"create_instance_profile":           {{change: manage.CreateInstanceProfile{InstanceProfileName: "new", Path: "/web/"}}},
		"delete_instance_profile":           {{change: manage.DeleteInstanceProfile{InstanceProfileName: "vacant"}}},
		"add_role_to_instance_profile":      {{change: manage.AddRoleToInstanceProfile{InstanceProfileName: "vacant", RoleName: "idle"}}},
		"remove_role_from_instance_profile": {{change: manage.RemoveRoleFromInstanceProfile{InstanceProfileName: "web", RoleName: "worker"}}},
	}
}

func policyExamples() map[string][]example {
	return map[string][]example{
		"create_policy": {{change: manage.CreatePolicy{PolicyName: "New", PolicyDocument: readBucket, Path: "/team/", Description: "made by a test", Tags: map[string]string{"Team": "web"}}}},
		"delete_policy": {{change: manage.DeletePolicy{PolicyARN: readLogs, Force: true}}},
		"create_policy_version": {
			{change: manage.CreatePolicyVersion{PolicyARN: readLogs, PolicyDocument: readQueue, SetAsDefault: true}},
			{change: manage.CreatePolicyVersion{PolicyARN: fullUp, PolicyDocument: readQueue, RemoveOldest: true}},
		},
		"set_default_policy_version": {{change: manage.SetDefaultPolicyVersion{PolicyARN: readLogs, VersionID: "v1"}}},
		"delete_policy_version": {
			{change: manage.DeletePolicyVersion{PolicyARN: fullUp, VersionID: "v3"}},
			{change: manage.DeletePolicyVersion{PolicyARN: readLogs, VersionID: "v1"}},
		},
	}
}

func identityExamples() map[string][]example {
	return map[string][]example{
		"attach_user_policy":  {{change: manage.AttachUserPolicy{UserName: "bob", PolicyARN: spare}}},
		"detach_user_policy":  {{change: manage.DetachUserPolicy{UserName: "ci", PolicyARN: readLogs}}, {change: manage.DetachUserPolicy{UserName: "ci", PolicyARN: spare}, noSteps: true}},
		"attach_group_policy": {{change: manage.AttachGroupPolicy{GroupName: "devs", PolicyARN: spare}}},
		"detach_group_policy": {{change: manage.DetachGroupPolicy{GroupName: "devs", PolicyARN: readLogs}}, {change: manage.DetachGroupPolicy{GroupName: "devs", PolicyARN: spare}, noSteps: true}},
		"attach_role_policy":  {{change: manage.AttachRolePolicy{RoleName: "worker", PolicyARN: spare}}},
		"detach_role_policy":  {{change: manage.DetachRolePolicy{RoleName: "worker", PolicyARN: readLogs}}, {change: manage.DetachRolePolicy{RoleName: "worker", PolicyARN: spare}, noSteps: true}},
		"put_user_policy":     {{change: manage.PutUserPolicy{UserName: "ci", PolicyName: "bucket", PolicyDocument: readBucket}}, {change: manage.PutUserPolicy{UserName: "ci", PolicyName: "queue", PolicyDocument: readBucket}}},
		"delete_user_policy":  {{change: manage.DeleteUserPolicy{UserName: "ci", PolicyName: "queue"}}},
		"put_group_policy":    {{change: manage.PutGroupPolicy{GroupName: "devs", PolicyName: "bucket", PolicyDocument: readBucket}}},
		"delete_group_policy": {{change: manage.DeleteGroupPolicy{GroupName: "devs", PolicyName: "queue"}}},
		"put_role_policy":     {{change: manage.PutRolePolicy{RoleName: "worker", PolicyName: "bucket", PolicyDocument: readBucket}}},
		"delete_role_policy":  {{change: manage.DeleteRolePolicy{RoleName: "worker", PolicyName: "queue"}}},
		"set_permissions_boundary": {
			{change: manage.SetPermissionsBoundary{IdentityName: "ci", PolicyARN: spare}},
			{change: manage.SetPermissionsBoundary{IdentityName: "idle", IdentityType: "role", PolicyARN: spare}},
		},
		"delete_permissions_boundary": {
			{change: manage.DeletePermissionsBoundary{IdentityName: "ci"}},
			{change: manage.DeletePermissionsBoundary{IdentityName: "worker", IdentityType: "role"}},
		},
		"tag_identity": {
			{change: manage.TagIdentity{IdentityName: "ci", Tags: map[string]string{"team": "data", "stage": "prod", "cost": "7"}}},
			{change: manage.TagIdentity{IdentityName: "worker", IdentityType: "role", Tags: map[string]string{"stage": "test"}}},
		},
		"untag_identity": {
			{change: manage.UntagIdentity{IdentityName: "ci", TagKeys: []string{"team", "other"}}},
			{change: manage.UntagIdentity{IdentityName: "worker", IdentityType: "role", TagKeys: []string{"Team"}}},
		},
	}
}

// TestKindsAreComplete has an example and a description of every kind.
func TestKindsAreComplete(t *testing.T) {
	t.Parallel()
	all := examples()
	for _, k := range manage.Kinds() {
		require.NotEmpty(t, all[k.Name], "%s has no example", k.Name)
		require.NotEmpty(t, k.Title, k.Name)
		require.NotEmpty(t, k.Description, k.Name)
		require.True(t, slices.IsSorted(k.Actions), k.Name)
		for _, e := range all[k.Name] {
			require.Equal(t, k.Name, e.change.Kind())
			require.Equal(t, k.Type(), reflect.TypeOf(e.change), k.Name)
		}
		delete(all, k.Name)
	}
	require.Empty(t, all, "examples of no kind")
}

// TestActions has the server permit a kind's Actions alone, and all of them but one.
func TestActions(t *testing.T) {
	t.Parallel()
	for _, k := range manage.Kinds() {
		for i, e := range examples()[k.Name] {
			t.Run(fmt.Sprintf("%s %d", k.Name, i), func(t *testing.T) {
				t.Parallel()
				s := e.server()
				s.Allow(k.Actions...)
				r, err := e.succeed(t, s)
				require.NoError(t, err)
				require.Equal(t, e.noSteps, len(r.Steps) == 0)
				require.Equal(t, e.noSteps, len(s.Mutations()) == 0)
				require.Equal(t, len(r.Steps), r.Count(manage.StepDone))
			})
		}
		if len(examples()[k.Name]) == 0 {
			continue // TestKindsAreComplete fails
		}
		for _, action := range k.Actions {
			t.Run(k.Name+" without "+action, func(t *testing.T) {
				t.Parallel()
				var failures []error
				for _, e := range examples()[k.Name] {
					s := e.server()
					s.Allow(k.Actions...)
					s.Deny(action)
					if _, err := e.succeed(t, s); err != nil {
						require.ErrorContains(t, err, action)
						failures = append(failures, err)
					}
				}
				why := unneeded()[k.Name][action]
				if why == "" && len(failures) == 0 {
					why = unneeded()["*"][action]
				}
				require.Equal(t, why == "", len(failures) > 0, "%s: needed by %v", why, failures)
			})
		}
	}
}

// TestDecode has arguments that the kind does not have, and more than one object.
func TestDecode(t *testing.T) {
	t.Parallel()
	kind, ok := manage.KindOf("delete_user")
	require.True(t, ok)
	change, err := kind.Decode([]byte(`{"user_name":"ci","force":true} `))
	require.NoError(t, err)
	require.Equal(t, manage.DeleteUser{UserName: "ci", Force: true}, change)
	for _, wrong := range []string{`{"user":"ci"}`, `{"user_name":1}`, `["ci"]`, ``, `{"user_name":"ci"}{"force":true}`, `{"user_name":"ci"} x`} {
		_, err := kind.Decode([]byte(wrong))
		var argument *manage.ArgumentError
		require.ErrorAs(t, err, &argument, wrong)
		require.Equal(t, "delete_user", argument.Change)
	}
}
