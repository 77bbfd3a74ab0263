package manage_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/permissions"
)

func TestGuardGrants(t *testing.T) {
	statement := func(body string) string { return `{"Version":"2012-10-17","Statement":[` + body + `]}` }
	runGuardCases(t, []guardCase{
		{"administrator access", "attach_user_policy", attachUser("bob", "AWS/AdministratorAccess"), admin, "user bob becomes an administrator: policy AdministratorAccess", nil},
		{"IAM full access", "attach_user_policy", attachUser("bob", "AWS/IAMFullAccess"), admin, "", nil},
		{"power user", "attach_user_policy", attachUser("passer", "AWS/PowerUserAccess"), escalate, "user passer", nil},
		{"power user of who has nothing", "attach_user_policy", attachUser("bob", "AWS/PowerUserAccess"), escalate, "user bob", nil},
		{"a policy of the account", "attach_user_policy", attachUser("bob", "ACCOUNTpolicy/admin"), admin, "policy admin", nil},
		{"to a role", "attach_role_policy", `{"role_name":"app","policy_arn":"AWS/AdministratorAccess"}`, []manage.RiskCode{manage.RiskAdmin, manage.RiskEscalation}, "role app", nil},
		{"to an empty group", "attach_group_policy", `{"group_name":"empty","policy_arn":"AWS/AdministratorAccess"}`, admin, "a member of group empty", nil},
		{"a member of an admin group", "add_user_to_group", `{"group_name":"admins","user_name":"bob"}`, admin, "user bob", nil},
		{"inline for an empty group", "put_group_policy", `{"group_name":"empty","policy_name":"p","policy_document":` + quoted(guardAll) + `}`, admin, "", nil},

		{"a star", "put_user_policy", putUser("bob", guardAll), admin, "inline policy p of user bob", nil},
		{"stars", "put_user_policy", putUser("bob", allow(`"*:*"`, `"*"`)), admin, "", nil},
		{"iam", "put_user_policy", putUser("bob", allow(`"iam:*"`, `"*"`)), admin, "", nil},
		{"in other case", "put_user_policy", putUser("bob", allow(`"IAM:putuserPOLICY"`, `"*"`)), admin, "", nil},
		{"by pattern", "put_user_policy", putUser("bob", allow(`"i?m:Put*Pol??y"`, `"*"`)), admin, "", nil},
		{"NotAction", "put_user_policy", putUser("bob", statement(`{"Effect":"Allow","NotAction":"s3:DeleteBucket","Resource":"*"}`)), admin, "", nil},
		{"NotResource", "put_user_policy", putUser("bob", statement(`{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::x"}`)), admin, "", nil},
		{"white space", "put_user_policy", putUser("bob", "\n\t "+strings.ReplaceAll(guardAll, ",", " ,\n ")+" \r\n"), admin, "", nil},
		{"twice", "put_user_policy", putUser("bob", statement(`{"Effect":"Allow","Action":"s3:Get*","Resource":"*"},{"Effect":"Allow","Action":["*","*"],"Resource":["*","*"]},{"Effect":"Allow","Action":"*","Resource":"*"}`)), admin, "", nil},
		{"a condition that always holds", "put_user_policy", putUser("bob", statement(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:username":"*"}}}`)), admin, "", nil},
		{"a condition on oneself", "put_user_policy", putUser("bob", statement(`{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"arn:aws:iam::*:user/${aws:username}"}`)), admin, "", nil},
		{"under conditions", "put_user_policy", putUser("bob", statement(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}`)), admin, "under conditions on aws:SourceIp", nil},
		{"other conditions than before", "put_user_policy", `{"user_name":"mfa","policy_name":"mfa","policy_document":` + quoted(statement(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`)) + `}`, admin, "under others", nil},
		{"no conditions any more", "put_user_policy", putUser("mfa", guardAll), admin, "without the conditions", nil},
		{"its own policies, for who is an administrator with MFA", "put_user_policy", putUser("mfa", allow(`"iam:PutUserPolicy"`, `"`+guardIAM+`user/mfa"`)), admin, "while they do not hold", nil},
		{"an administrator's keys, for the same", "put_user_policy", putUser("mfa", allow(`"iam:CreateAccessKey"`, `"`+guardIAM+`user/alice"`)), escalate, "user mfa", nil},
		{"percent-encoded", "put_user_policy", putUser("bob", strings.NewReplacer(`{`, "%7B", `}`, "%7D", `"`, "%22").Replace(guardAll)), admin, "", nil},
		{"keys of an administrator", "put_user_policy", putUser("bob", allow(`"iam:CreateAccessKey"`, `"`+guardIAM+`user/alice"`)), escalate, "alice", nil},
		{"what two policies make together", "put_user_policy", putUser("runner", allow(`["iam:PassRole","glue:CreateDevEndpoint","glue:GetDevEndpoint"]`, `"*"`)), escalate, "role nobody", nil},
		{"half of a pair", "put_user_policy", putUser("bob", allow(`"iam:PassRole"`, `"`+guardIAM+`role/app"`)), nil, "", nil},

		{"a bucket", "put_user_policy", putUser("bob", guardRead), nil, "", nil},
		{"reading", "attach_user_policy", attachUser("bob", "AWS/AmazonS3ReadOnlyAccess"), nil, "", nil},
		{"a bucket for a group", "put_group_policy", `{"group_name":"empty","policy_name":"p","policy_document":` + quoted(guardRead) + `}`, nil, "", nil},
		{"an administrator stays one", "put_user_policy", putUser("alice", guardAll), nil, "", nil},
		{"an administrator joins", "add_user_to_group", `{"group_name":"admins","user_name":"alice"}`, nil, "", nil},
		{"a bucket for the conditional administrator", "put_user_policy", putUser("mfa", guardRead), nil, "", nil},
	})
}

func TestGuardWhatLimits(t *testing.T) {
	runGuardCases(t, []guardCase{
		{"a deny goes", "detach_user_policy", attachUser("denied", "ACCOUNTpolicy/no-iam"), admin, "user denied", nil},
		{"a boundary goes", "delete_permissions_boundary", `{"identity_name":"dave"}`, escalate, "user dave", nil},
		{"a deny goes under a boundary", "detach_user_policy", attachUser("dave", "ACCOUNTpolicy/no-iam"), nil, "", nil},
		{"a wider boundary", "set_permissions_boundary", `{"identity_name":"dave","policy_arn":"AWS/AdministratorAccess"}`, escalate, "user dave", nil},
		{"a group with a deny is left", "remove_user_from_group", `{"group_name":"denying","user_name":"grouped"}`, admin, "user grouped", nil},
		{"such a group is deleted", "delete_group", `{"group_name":"denying","force":true}`, admin, "user grouped", nil},
		{"a deny leaves the group", "detach_group_policy", `{"group_name":"denying","policy_arn":"ACCOUNTpolicy/no-iam"}`, admin, "user grouped", nil},
		{"a deny is deleted", "delete_policy", `{"policy_arn":"ACCOUNTpolicy/no-iam","force":true}`, admin, "user denied", nil},
		{"a tag that a condition asks for", "tag_identity", `{"identity_name":"tagged","tags":{"team":"ops"}}`, admin, "user tagged", nil},
		{"another tag", "tag_identity", `{"identity_name":"tagged","tags":{"color":"blue"}}`, nil, "", nil},
		{"a deny comes", "put_user_policy", putUser("bob", deny(`"s3:*"`)), nil, "", nil},
		{"a deny for an administrator", "attach_user_policy", attachUser("alice", "ACCOUNTpolicy/no-iam"), nil, "", nil},
		{"a deny for who may pass roles", "put_user_policy", putUser("passer", deny(`"s3:*"`)), nil, "", nil},
		{"a boundary comes", "set_permissions_boundary", `{"identity_name":"alice","policy_arn":"ACCOUNTpolicy/bound"}`, nil, "", nil},
		{"a policy goes", "detach_user_policy", attachUser("alice", "AWS/AdministratorAccess"), nil, "", nil},
	})
}

func TestGuardPolicies(t *testing.T) {
	version := func(name, document string, more ...string) string {
		return `{"policy_arn":"ACCOUNTpolicy/` + name + `","policy_document":` + quoted(document) + strings.Join(more, "") + `}`
	}
	runGuardCases(t, []guardCase{
		{"a policy that nobody has", "create_policy", `{"policy_name":"new","policy_document":` + quoted(guardAll) + `}`, nil, "", []manage.RiskCode{manage.RiskPolicy}},
		{"one that somebody may attach to herself", "create_policy_version", version("attachable", guardAll, `,"set_as_default":true`), admin, "user carol", []manage.RiskCode{manage.RiskPolicy}},
		{"a version in force", "create_policy_version", version("versions", guardAll, `,"set_as_default":true`), admin, "user bob", nil},
		{"a version in store", "create_policy_version", version("versions", guardAll), nil, "", []manage.RiskCode{manage.RiskPolicy}},
		{"a version of what nobody has", "create_policy_version", version("free", guardAll, `,"set_as_default":true`), nil, "", nil},
		{"another in force", "set_default_policy_version", `{"policy_arn":"ACCOUNTpolicy/versions","version_id":"v2"}`, admin, "user bob", nil},
		{"a boundary that is rewritten", "create_policy_version", version("bound", guardAll, `,"set_as_default":true`), escalate, "user dave", nil},
	})
}

// Somebody could get everything by a sequence of changes none of which gives it: the
// last is refused.
func TestGuardSequences(t *testing.T) {
	t.Parallel()
	for name, sequence := range map[string][][2]string{
		"a policy is made and attached": {
			{"create_policy", `{"policy_name":"new","policy_document":` + quoted(guardAll) + `}`},
			{"attach_user_policy", attachUser("bob", "ACCOUNTpolicy/new")},
		},
		"a role is made and given everything": {
			{"create_role", `{"role_name":"new","assume_role_policy_document":` + quoted(trusts(`{"AWS":"`+guardIAM+`user/bob"}`)) + `}`},
			{"attach_role_policy", `{"role_name":"new","policy_arn":"AWS/AdministratorAccess"}`},
		},
		"a group is joined and then filled": {
			{"add_user_to_group", `{"group_name":"empty","user_name":"bob"}`},
			{"attach_group_policy", `{"group_name":"empty","policy_arn":"AWS/IAMFullAccess"}`},
		},
		"an attached policy is rewritten": {
			{"attach_user_policy", attachUser("bob", "ACCOUNTpolicy/free")},
			{"create_policy_version", `{"policy_arn":"ACCOUNTpolicy/free","policy_document":` + quoted(guardAll) + `,"set_as_default":true}`},
		},
		"half a pair and the other half": {
			{"put_user_policy", putUser("bob", allow(`"iam:PassRole"`, `"*"`))},
			{"put_user_policy", strings.Replace(putUser("bob", allow(`["glue:CreateDevEndpoint","glue:GetDevEndpoint"]`, `"*"`)), `"p"`, `"q"`, 1)},
		},
		"a version in store and the permission to put it in force": {
			{"create_policy_version", `{"policy_arn":"ACCOUNTpolicy/runs","policy_document":` + quoted(guardAll) + `}`},
			{"put_user_policy", putUser("runner", allow(`"iam:SetDefaultPolicyVersion"`, `"`+guardIAM+`policy/runs"`))},
		},
		"and the other way round": {
			{"put_user_policy", putUser("runner", allow(`"iam:SetDefaultPolicyVersion"`, `"`+guardIAM+`policy/runs"`))},
			{"create_policy_version", `{"policy_arn":"ACCOUNTpolicy/runs","policy_document":` + quoted(guardAll) + `}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := guardServer(guardedAccount())
			api := guardAPI(s)
			for i, step := range sequence {
				p, err := manage.NewPlan(context.Background(), api, decode(t, step[0], step[1]), &manage.Options{CallerARN: guardCaller})
				require.NoError(t, err)
				require.Equal(t, i == len(sequence)-1, p.Refused(), "%s: %v", step[0], p.Refusals)
				if !p.Refused() {
					_, err = p.Apply(context.Background(), api)
					require.NoError(t, err)
				}
			}
		})
	}
}

func TestGuardEffects(t *testing.T) {
	t.Parallel()
	p := planned(t, guardedAccount(), decode(t, "attach_user_policy", attachUser("bob", "AWS/AdministratorAccess")), manage.Options{})
	require.Len(t, p.Effects, 1)
	e := p.Effects[0]
	require.Equal(t, guardIAM+"user/bob", e.ARN)
	require.Equal(t, permissions.AdminNo, e.Before.Admin)
	require.Equal(t, permissions.AdminDirect, e.After.Admin)
	require.Greater(t, e.After.Actions, e.Before.Actions)
	require.NotNil(t, e.Before.Escalations)

	again := planned(t, guardedAccount(), decode(t, "attach_user_policy", attachUser("bob", "AWS/AdministratorAccess")), manage.Options{})
	require.Equal(t, p.Digest(), again.Digest())
}

// A change that concerns very many tells some of them, and counts the rest.
func TestGuardManyEffects(t *testing.T) {
	t.Parallel()
	a := guardedAccount()
	for i := range 50 {
		a.Users = append(a.Users, guardUser(fmt.Sprintf("member%02d", i), func(u *nhiscan.User) { u.Groups = []string{"empty"} }))
	}
	a.Sort()
	p := planned(t, a, decode(t, "attach_group_policy", `{"group_name":"empty","policy_arn":"AWS/AdministratorAccess"}`), manage.Options{})
	require.Len(t, p.Effects, 20)
	require.True(t, slices.IsSortedFunc(p.Effects, func(a, b manage.Effect) int { return strings.Compare(a.ARN, b.ARN) }))
	require.Contains(t, p.Notes, "what 30 more users and roles can do changes too")
	require.Len(t, p.Refusals, 11)
	require.Contains(t, p.Refusals[10].Message, "40 more")
}

// What keeps a way closed for a while only, such as a full list, does not count: when
// it opens, nobody is asked.
func TestGuardClosedForAWhile(t *testing.T) {
	t.Parallel()
	a := guardedAccount()
	full := guardPolicy("full", guardRead, guardRead, guardRead, guardRead, guardRead)
	a.Policies = append(a.Policies, full)
	a.Users = append(a.Users, guardUser("owner", func(u *nhiscan.User) { u.AttachedPolicies = attachedTo(full.ARN) }),
		guardUser("versioner", func(u *nhiscan.User) {
			u.AttachedPolicies, u.InlinePolicies = attachedTo(full.ARN), inline("versions", allow(`"iam:CreatePolicyVersion"`, `"`+full.ARN+`"`))
		}))
	a.Roles = append(a.Roles, guardRole("machine", trusts(`{"Service":"ec2.amazonaws.com"}`), func(r *nhiscan.Role) { r.AttachedPolicies = attachedTo(awsPolicy + "AdministratorAccess") }))
	a.Sort()
	alice, _ := a.User("alice")
	alice.AccessKeys = []nhiscan.AccessKey{{ID: "AKIAALICE00000000001", Active: true}, {ID: "AKIAALICE00000000002", Active: true}}
	for name, c := range map[string]struct {
		change manage.Change
		want   []manage.RiskCode
	}{
		"two keys":            {manage.PutUserPolicy{UserName: "bob", PolicyName: "p", PolicyDocument: allow(`"iam:CreateAccessKey"`, `"`+alice.ARN+`"`)}, escalate},
		"five versions":       {manage.PutUserPolicy{UserName: "owner", PolicyName: "p", PolicyDocument: allow(`"iam:CreatePolicyVersion"`, `"`+full.ARN+`"`)}, admin},
		"no instance profile": {manage.PutUserPolicy{UserName: "bob", PolicyName: "p", PolicyDocument: allow(`["iam:PassRole","ec2:RunInstances"]`, `"*"`)}, escalate},
		"it opens":            {manage.DeletePolicyVersion{PolicyARN: full.ARN, VersionID: "v2"}, admin},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := planned(t, a, c.change, manage.Options{})
			require.Equal(t, c.want, codesOf(p.Refusals), "%v", p.Refusals)
		})
	}
}
