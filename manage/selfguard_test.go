package manage_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
)

func TestSelfGuard(t *testing.T) {
	t.Parallel()
	account := func() *nhiscan.Account {
		a := guardedAccount()
		a.Roles = append(a.Roles, guardRole("runner", guardLambda, func(r *nhiscan.Role) {
			r.ARN, r.Path = guardIAM+"role/team/runner", "/team/"
			r.AttachedPolicies = attachedTo(guardIAM + "policy/runs")
			r.PermissionsBoundary = guardIAM + "policy/free"
			r.InstanceProfiles = []nhiscan.InstanceProfile{{Name: "runs", ARN: guardIAM + "instance-profile/runs", ID: "AIPARUNS", Path: "/"}}
		}))
		a.Sort()
		return a
	}
	const session = "arn:aws:sts::" + guardAccount + ":assumed-role/runner/session"
	const root = guardIAM + "root"
	self := []manage.RiskCode{manage.RiskSelf}
	for _, c := range []struct {
		name, caller, kind, arguments string
		want                          []manage.RiskCode
	}{
		{"the user itself", guardCaller, "put_user_policy", putUser("operator", guardRead), self},
		{"its deletion", guardCaller, "delete_user", `{"user_name":"operator","force":true}`, self},
		{"its group", guardCaller, "put_group_policy", `{"group_name":"ops","policy_name":"p","policy_document":` + quoted(guardRead) + `}`, self},
		{"a member of its group", guardCaller, "add_user_to_group", `{"group_name":"ops","user_name":"bob"}`, nil},
		{"the policy of its group", guardCaller, "create_policy_version", `{"policy_arn":"ACCOUNTpolicy/ops","policy_document":` + quoted(guardRead) + `}`, self},
		{"another's policy", guardCaller, "create_policy_version", `{"policy_arn":"ACCOUNTpolicy/free","policy_document":` + quoted(guardRead) + `}`, nil},
		{"the role of a session", session, "put_role_policy", `{"role_name":"runner","policy_name":"p","policy_document":` + quoted(guardRead) + `}`, self},
		{"its tags", session, "tag_identity", `{"identity_name":"runner","identity_type":"role","tags":{"a":"b"}}`, self},
		{"its policy", session, "create_policy_version", `{"policy_arn":"ACCOUNTpolicy/runs","policy_document":` + quoted(guardRead) + `}`, self},
		{"its boundary", session, "create_policy_version", `{"policy_arn":"ACCOUNTpolicy/free","policy_document":` + quoted(guardRead) + `}`, self},
		{"its instance profile", session, "remove_role_from_instance_profile", `{"instance_profile_name":"runs","role_name":"runner"}`, self},
		{"a user of the same name", session, "put_user_policy", putUser("runner", guardRead), nil},
		{"the root user changes a user", root, "put_user_policy", putUser("bob", guardRead), nil},
		{"a service's role", guardCaller, "put_role_policy", `{"role_name":"AWSServiceRoleForX","policy_name":"p","policy_document":` + quoted(guardRead) + `}`, []manage.RiskCode{manage.RiskServiceLinked}},
		{"a service's role deleted", guardCaller, "delete_role", `{"role_name":"AWSServiceRoleForX","force":true}`, []manage.RiskCode{manage.RiskServiceLinked}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := planned(t, account(), decode(t, c.kind, c.arguments), manage.Options{CallerARN: c.caller})
			require.Equal(t, c.want, codesOf(p.Refusals), "%v", p.Refusals)
		})
	}
}

// What the account holds that could not be read is not taken for harmless.
func TestGuardUnjudged(t *testing.T) {
	t.Parallel()
	unjudged := []manage.RiskCode{manage.RiskUnjudged}
	for _, c := range []struct {
		name, kind, arguments string
		want                  []manage.RiskCode
	}{
		{"a grant", "put_user_policy", putUser("bob", guardRead), unjudged},
		{"a trust policy", "update_assume_role_policy", `{"role_name":"app","policy_document":` + quoted(trusts(`{"Service":"ec2.amazonaws.com"}`)) + `}`, unjudged},
		{"a group", "add_user_to_group", `{"group_name":"empty","user_name":"bob"}`, unjudged},
		{"the caller itself", "put_user_policy", putUser("operator", guardRead), []manage.RiskCode{manage.RiskSelf, manage.RiskUnjudged}},
		{"a deletion that bears on nothing", "delete_user", `{"user_name":"bob","force":true}`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := guardServer(guardedAccount())
			s.Deny("GetAccountAuthorizationDetails")
			p, err := manage.NewPlan(context.Background(), guardAPI(s), decode(t, c.kind, c.arguments), &manage.Options{CallerARN: guardCaller})
			require.NoError(t, err)
			require.Equal(t, c.want, codesOf(p.Refusals), "%v", p.Refusals)
			for _, r := range p.Refusals {
				if r.Code == manage.RiskUnjudged {
					require.Contains(t, r.Message, "iam:GetAccountAuthorizationDetails")
				}
			}
		})
	}
}

// A guard asks for nothing but the authorization details.
func TestGuardReadsOnce(t *testing.T) {
	t.Parallel()
	s := guardServer(guardedAccount())
	s.Allow("GetAccountAuthorizationDetails", "GetUser", "GetUserPolicy", "ListUserPolicies")
	p, err := manage.NewPlan(context.Background(), guardAPI(s), decode(t, "put_user_policy", putUser("bob", guardRead)), &manage.Options{CallerARN: guardCaller})
	require.NoError(t, err)
	require.Empty(t, p.Refusals)
	require.Equal(t, 3, s.Calls()["GetAccountAuthorizationDetails"], "users and groups, roles, policies")
	require.Zero(t, s.Calls()["GenerateCredentialReport"]+s.Calls()["ListUsers"]+s.Calls()["ListAccessKeys"])
}

func TestGuardCredential(t *testing.T) {
	t.Parallel()
	a := guardedAccount()
	a.Roles = append(a.Roles, guardRole("worker", guardLambda, func(r *nhiscan.Role) { r.AttachedPolicies = attachedTo(awsPolicy + "AdministratorAccess") }))
	a.Sort()
	for user, want := range map[string]bool{"alice": true, "passer": true, "bob": false} {
		p := planned(t, a, decode(t, "create_access_key", `{"user_name":"`+user+`"}`), manage.Options{})
		require.Empty(t, p.Refusals)
		require.Equal(t, want, len(p.Risks) > 0 && p.Risks[0].Code == manage.RiskCredential, "%s: %v", user, p.Risks)
	}
}

// A policy of AWS's that is newer than this program is read; when that is denied, who
// has it cannot be judged.
func TestGuardNewPolicies(t *testing.T) {
	t.Parallel()
	a := guardedAccount()
	brandNew := guardPolicy("BrandNew", guardAll)
	brandNew.ARN = awsPolicy + "BrandNew"
	a.Policies = append(a.Policies, brandNew)
	a.Sort()
	change := decode(t, "attach_user_policy", attachUser("bob", "AWS/BrandNew"))
	require.Equal(t, admin, codesOf(planned(t, a, change, manage.Options{}).Refusals))

	s := guardServer(a)
	s.Deny("GetPolicyVersion")
	p, err := manage.NewPlan(context.Background(), guardAPI(s), change, &manage.Options{CallerARN: guardCaller})
	require.NoError(t, err)
	require.Equal(t, []manage.RiskCode{manage.RiskUnjudged}, codesOf(p.Refusals))
	require.Contains(t, p.Refusals[0].Message, "BrandNew")
	require.Contains(t, p.Refusals[0].Message, "iam:GetPolicyVersion")
}
