package permissions_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
)

// notAction writes an Allow of all but some actions on every resource.
func notAction(actions string) string {
	return statementOf("Allow", "NotAction", actions, "Resource", "*", nil)
}

func TestAdmin(t *testing.T) {
	t.Parallel()
	all := allow("*", "*")
	fewLeft := statementOf("Deny", "NotAction", "iam:* s3:*", "Resource", "*", nil)
	for _, c := range []struct {
		accessCase
		kind permissions.AdminKind
		keys string
		// limits are parts of the sentences, one for each.
		limits []string
	}{
		{accessCase{name: "everything", own: []string{all}}, "direct", "", nil},
		{accessCase{name: "stars of all sorts", own: []string{allow("**", "**")}}, "direct", "", nil},
		{accessCase{name: "through a group", group: []string{all}}, "direct", "", nil},
		{accessCase{name: "NotAction of nothing real", own: []string{notAction("nosuch:Thing")}}, "direct", "", nil},
		{accessCase{name: "two halves", own: []string{notAction("iam:*")}, group: []string{allow("iam:*", "*")}}, "direct", "", nil},
		{accessCase{name: "NotAction of a few services", own: []string{notAction("organizations:* account:*")}}, "direct", "",
			[]string{"identity policies do not allow"}},
		{accessCase{name: "all of PowerUserAccess and of IAM but for users' keys", own: []string{notAction("iam:* organizations:* account:*"), notAction("ec2:* iam:CreateAccessKey organizations:*")}}, "direct", "",
			[]string{"identity policies do not allow"}},
		{accessCase{name: "all but IAM", own: []string{notAction("iam:* organizations:* account:*")}}, "", "", nil},
		{accessCase{name: "all but what grants", own: []string{notAction("iam:Attach* iam:Put* iam:CreatePolicyVersion iam:SetDefaultPolicyVersion iam:AddUserToGroup iam:UpdateAssumeRolePolicy iam:*Key* iam:*LoginProfile iam:PassRole")}}, "", "", nil},
		{accessCase{name: "IAM alone", own: []string{allow("iam:*", "*")}}, "changes-itself", "", nil},
		{accessCase{name: "everything of one service's resources", own: []string{allow("*", "arn:aws:s3:::*")}}, "", "", nil},
		{accessCase{name: "every ARN", own: []string{allow("*", "arn:aws:*")}}, "changes-itself", "", nil},
		{accessCase{name: "in its own 2012 variable", own: []string{allow("iam:PutUserPolicy", "arn:aws:iam::*:user/${aws:username}")}}, "changes-itself", "", nil},

		{accessCase{name: "with MFA", own: []string{allow("*", "*", mfa)}}, "direct", "aws:MultiFactorAuthPresent", nil},
		{accessCase{name: "Deny without MFA", own: []string{all, deny("*", "*", noMFA)}}, "direct", "aws:MultiFactorAuthPresent",
			[]string{"depending on aws:MultiFactorAuthPresent"}},
		{accessCase{name: "Deny of all but IAM without MFA", own: []string{all, statementOf("Deny", "NotAction", "iam:*", "Resource", "*", []string{noMFA})}}, "direct", "",
			[]string{"depending on aws:MultiFactorAuthPresent"}},
		{accessCase{name: "half with MFA", own: []string{notAction("iam:*"), allow("iam:*", "*", mfa)}}, "direct", "aws:MultiFactorAuthPresent", nil},
		{accessCase{name: "another's name", own: []string{allow("*", "*", equals("aws:username", "bob"))}}, "", "", nil},
		{accessCase{name: "her tag", own: []string{allow("*", "*", equals("aws:PrincipalTag/Team", "red"))}}, "direct", "", nil},

		{accessCase{name: "Deny of one action", own: []string{all, deny("organizations:LeaveOrganization", "*")}}, "direct", "",
			[]string{"denies organizations:LeaveOrganization"}},
		{accessCase{name: "Deny on one bucket", own: []string{all, deny("s3:*", bucket+" "+objects)}}, "direct", "", []string{"actions of s3"}},
		{accessCase{name: "Deny of IAM", own: []string{all, deny("iam:*", "*")}}, "", "", nil},
		{accessCase{name: "Deny of IAM in a group", own: []string{all}, group: []string{deny("iam:*", "*")}}, "", "", nil},
		{accessCase{name: "Deny of nearly everything, which she can shed", own: []string{all}, group: []string{fewLeft}}, "changes-itself", "", nil},
		{accessCase{name: "SCP that denies nearly everything", own: []string{all}, scps: [][]string{{all, fewLeft}}}, "", "", nil},
		{accessCase{name: "Deny of all but one bucket", own: []string{all}, group: []string{statementOf("Deny", "Action", "*", "NotResource", objects, nil)}}, "", "", nil},
		{accessCase{name: "Deny that exempts her", own: []string{all}, group: []string{deny("*", "*", differs("aws:username", "alice"))}}, "direct", "", nil},
		{accessCase{name: "Deny on herself alone", own: []string{all}, group: []string{deny("iam:*", aliceARN)}}, "direct", "", []string{"denies"}},

		{accessCase{name: "boundary of everything", own: []string{all}, boundary: []string{all}}, "direct", "", nil},
		{accessCase{name: "boundary with a small Deny", own: []string{all}, boundary: []string{all, deny("organizations:LeaveOrganization", "*")}}, "direct", "",
			[]string{"denies organizations:LeaveOrganization"}},
		{accessCase{name: "boundary of NotAction", own: []string{all}, boundary: []string{notAction("organizations:LeaveOrganization")}}, "direct", "",
			[]string{"permissions boundary dev do not allow organizations:LeaveOrganization"}},
		{accessCase{name: "boundary without IAM", own: []string{all}, boundary: []string{notAction("iam:*")}}, "", "", nil},
		{accessCase{name: "boundary of S3", own: []string{all}, boundary: []string{allow("s3:*", "*")}}, "", "", nil},
		{accessCase{name: "boundary with MFA", own: []string{all}, boundary: []string{allow("*", "*", mfa)}}, "direct", "aws:MultiFactorAuthPresent", nil},
		{accessCase{name: "boundary alone", boundary: []string{all}}, "", "", nil},

		{accessCase{name: "SCP of everything", own: []string{all}, scps: [][]string{{all}, {all}}}, "direct", "", nil},
		{accessCase{name: "SCP of S3", own: []string{all}, scps: [][]string{{allow("s3:*", "*")}}}, "", "", nil},
		{accessCase{name: "SCP of S3 and IAM", own: []string{all}, scps: [][]string{{allow("s3:* iam:*", "*")}}}, "", "", nil},
		{accessCase{name: "SCP of S3 and IAM for one with IAM", own: []string{allow("iam:*", "*")}, scps: [][]string{{allow("s3:* iam:*", "*")}}}, "", "", nil},
		{accessCase{name: "SCP that denies IAM", own: []string{all}, scps: [][]string{{all, deny("iam:*", "*")}}}, "", "", nil},
		{accessCase{name: "SCP that denies little", own: []string{all}, scps: [][]string{{all}, {all, deny("organizations:LeaveOrganization", "*")}}}, "direct", "",
			[]string{"denies organizations:LeaveOrganization"}},
		{accessCase{name: "SCP of all but a service", own: []string{all}, scps: [][]string{{notAction("ec2:*")}}}, "direct", "",
			[]string{"service control policies of ou-ab12-12345670 do not allow"}},
		{accessCase{name: "SCP region lock", own: []string{all}, scps: [][]string{{all, statementOf("Deny", "NotAction", "iam:* organizations:* sts:*", "Resource", "*", []string{elsewhere})}}}, "direct", "",
			[]string{"depending on aws:RequestedRegion"}},
		{accessCase{name: "SCP allows with a condition", own: []string{all}, scps: [][]string{{allow("*", "*", mfa)}}}, "direct", "aws:MultiFactorAuthPresent", nil},
		{accessCase{name: "SCP level without an Allow", own: []string{all}, scps: [][]string{{all}, {deny("s3:*", "*")}}}, "", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, _ := c.analysis().Identity(aliceARN)
			require.Equal(t, c.kind, p.Admin.Kind)
			require.Equal(t, c.keys, strings.Join(p.Admin.Keys, " "))
			require.Equal(t, c.kind != "", p.Admin.Is())
			require.Equal(t, c.kind != "", len(p.Admin.Grants) > 0)
			require.Equal(t, c.kind == permissions.AdminSelf, p.Admin.Escalation != nil)
			require.Len(t, p.Admin.Limits, len(c.limits), "%q", p.Admin.Limits)
			for i, part := range c.limits {
				require.Contains(t, p.Admin.Limits[i], part)
			}
		})
	}
}

// Roles are administrators by the actions that give policies to roles.
func TestAdminOfRoles(t *testing.T) {
	t.Parallel()
	trust := policyOf(`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`)
	for _, c := range []struct {
		name, path string
		own        []string
		scp        []string
		kind       permissions.AdminKind
	}{
		{"everything", "", []string{allow("*", "*")}, nil, "direct"},
		{"no policies for roles", "", []string{allow("*", "*"), deny("iam:*Role*", "*")}, nil, ""},
		{"no policies for users", "", []string{allow("*", "*"), deny("iam:*User*", "*")}, nil, "direct"},
		{"an SCP that exempts it", "", []string{allow("*", "*")}, []string{allow("*", "*"), deny("*", "*", `"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy"}`)}, "direct"},
		{"an SCP that exempts another", "", []string{allow("*", "*")}, []string{allow("*", "*"), deny("*", "*", `"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/other"}`)}, ""},
		{"SCPs do not apply to service-linked roles", "aws-service-role/ec2.amazonaws.com/", []string{allow("*", "*")}, []string{allow("s3:*", "*")}, "direct"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := accountOf()
			arn := "arn:aws:iam::123456789012:role/" + c.path + "deploy"
			a.Roles = append(a.Roles, roleOf(arn, trust, c.own...))
			options := &permissions.Options{}
			if c.scp != nil {
				options.Organization = controlled(c.scp...)
			}
			p, ok := permissions.New(a, options).Identity(arn)
			require.True(t, ok)
			require.Equal(t, c.kind, p.Admin.Kind)
		})
	}
}

// SCPs do not restrict the management account.
func TestManagementAccount(t *testing.T) {
	t.Parallel()
	a := accountOf(allow("*", "*"))
	o := controlled(allow("s3:*", "*"))
	for management, kind := range map[bool]permissions.AdminKind{false: "", true: "direct"} {
		x := permissions.New(a, &permissions.Options{Organization: o, ManagementAccount: management})
		p, _ := x.Identity(aliceARN)
		require.Equal(t, kind, p.Admin.Kind)
		d, err := x.Can(&permissions.Request{Principal: permissions.Principal{ARN: aliceARN}, Action: "iam:ListUsers", Resource: "*"})
		require.NoError(t, err)
		require.Equal(t, management, d.Outcome == permissions.Allowed)
		require.Equal(t, management, len(x.WhoCan("iam:ListUsers", "", nil)) == 1)
	}
}
