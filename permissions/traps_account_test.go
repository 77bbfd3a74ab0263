package permissions_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// trapAccount has identities that policy readers are known to misjudge; each user is
// named after its trap.
const trapAccount = `{
  "UserDetailList": [
    {"UserName": "group-admin", "Path": "/", "UserId": "AIDA1", "Arn": "arn:aws:iam::111111111111:user/group-admin", "GroupList": ["admins"], "AttachedManagedPolicies": []},
    {"UserName": "bounded", "Path": "/", "UserId": "AIDA2", "Arn": "arn:aws:iam::111111111111:user/bounded", "GroupList": ["admins"], "AttachedManagedPolicies": [],
      "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111111111111:policy/boundary"}},
    {"UserName": "only-bounded", "Path": "/", "UserId": "AIDA3", "Arn": "arn:aws:iam::111111111111:user/only-bounded", "GroupList": [], "AttachedManagedPolicies": [],
      "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": "arn:aws:iam::111111111111:policy/everything"}},
    {"UserName": "two-policies", "Path": "/", "UserId": "AIDA4", "Arn": "arn:aws:iam::111111111111:user/two-policies", "GroupList": [], "AttachedManagedPolicies": [],
      "UserPolicyList": [
        {"PolicyName": "pass", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}},
        {"PolicyName": "lambda", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}}}]},
    {"UserName": "pass-only", "Path": "/", "UserId": "AIDA5", "Arn": "arn:aws:iam::111111111111:user/pass-only", "GroupList": [], "AttachedManagedPolicies": [],
      "UserPolicyList": [{"PolicyName": "pass", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}}}]},
    {"UserName": "not-action", "Path": "/", "UserId": "AIDA6", "Arn": "arn:aws:iam::111111111111:user/not-action", "GroupList": [], "AttachedManagedPolicies": [],
      "UserPolicyList": [{"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": "gamelist:Play", "Resource": "*"}}}]},
    {"UserName": "assume", "Path": "/", "UserId": "AIDA7", "Arn": "arn:aws:iam::111111111111:user/assume", "GroupList": [], "AttachedManagedPolicies": [],
      "UserPolicyList": [{"PolicyName": "assume", "PolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}}]}
  ],
  "GroupDetailList": [
    {"GroupName": "admins", "Path": "/teams/", "GroupId": "AGPA1", "Arn": "arn:aws:iam::111111111111:group/teams/admins", "GroupPolicyList": [],
      "AttachedManagedPolicies": [{"PolicyName": "everything", "PolicyArn": "arn:aws:iam::111111111111:policy/everything"}]}
  ],
  "RoleDetailList": [
    {"RoleName": "lambda-admin", "Path": "/", "RoleId": "AROA1", "Arn": "arn:aws:iam::111111111111:role/lambda-admin", "InstanceProfileList": [], "RolePolicyList": [],
      "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}},
      "AttachedManagedPolicies": [{"PolicyName": "everything", "PolicyArn": "arn:aws:iam::111111111111:policy/everything"}]}
  ],
  "Policies": [
    {"PolicyName": "everything", "PolicyId": "ANPA1", "Arn": "arn:aws:iam::111111111111:policy/everything", "Path": "/", "DefaultVersionId": "v1", "AttachmentCount": 2, "IsAttachable": true,
      "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}]},
    {"PolicyName": "boundary", "PolicyId": "ANPA2", "Arn": "arn:aws:iam::111111111111:policy/boundary", "Path": "/", "DefaultVersionId": "v1", "AttachmentCount": 0, "IsAttachable": true,
      "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": true, "Document": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["s3:*", "ec2:*"], "Resource": "*"}}}]}
  ]
}`

func TestTrapsOfAnAccount(t *testing.T) {
	t.Parallel()
	account, err := nhiscan.Read(strings.NewReader(trapAccount))
	require.NoError(t, err)
	analysis := permissions.New(account, nil)
	for _, c := range []struct {
		user string
		// admin is directly, without an escalation; actions says that it may do anything at all.
		admin, actions bool
		escalation     []string // actions of a path that it has
	}{
		{user: "group-admin", admin: true, actions: true},
		{user: "bounded", actions: true},
		{user: "only-bounded"},
		{user: "two-policies", actions: true, escalation: []string{"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"}},
		{user: "pass-only", actions: true},
		{user: "not-action", admin: true, actions: true},
		{user: "assume", actions: true},
	} {
		t.Run(c.user, func(t *testing.T) {
			t.Parallel()
			p, ok := analysis.Identity("arn:aws:iam::111111111111:user/" + c.user)
			require.True(t, ok)
			require.Equal(t, c.admin, p.Admin.Kind == permissions.AdminDirect)
			require.Equal(t, c.actions, p.Access.Actions > 0)
			var found []string
			for _, e := range p.Escalations {
				if found = e.Path.Actions; len(e.Path.Actions) == len(c.escalation) && e.Path.Service == "lambda.amazonaws.com" {
					require.ElementsMatch(t, c.escalation, found)
					require.Contains(t, e.Targets, "arn:aws:iam::111111111111:role/lambda-admin")
					require.True(t, e.Admin)
				}
			}
			if !c.admin {
				require.Equal(t, c.escalation == nil, found == nil, "%v", found)
			}
		})
	}
}

// sts:AssumeRole is for the trust policy to decide too, and that of a service's role
// lets no user in.
func TestTrapAssumeRoleAgainstTheTrustPolicy(t *testing.T) {
	t.Parallel()
	account, err := nhiscan.Read(strings.NewReader(trapAccount))
	require.NoError(t, err)
	decision, err := permissions.New(account, nil).Can(trapRequest(t,
		"arn:aws:iam::111111111111:user/assume", "sts:AssumeRole", "arn:aws:iam::111111111111:role/lambda-admin", nil))
	require.NoError(t, err)
	require.Equal(t, permissions.Denied, decision.Outcome)
	require.Equal(t, permissions.TrustPolicy, decision.Missing[0].Type)
}
