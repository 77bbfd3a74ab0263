package e2e_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
)

// A round is one change and what IAM says afterwards.
type round struct {
	args    string // words; %x is a document
	actions string // the calls, in words without iam:
	// again is what the same command ends as when it is given once more: unchanged, or
	// AWS's code of an error. Empty: it is not given again.
	again string
	look  func(c *changer) string
	has   string
	lacks string
}

var documents = map[string]string{"%books": readBooks, "%mail": sendMail, "%everything": everything, "%lambda": trustLambda, "%ec2": trustEC2, "%anyone": trustAnyone}

// words are the arguments of a command; its documents are there, or in files.
func (c *changer) words(text string) []string {
	c.Helper()
	args := strings.Fields(text)
	for i, word := range args {
		if document, ok := documents[word]; ok {
			args[i] = document
			if len(text)%2 == 0 {
				args[i] = c.file(document)
			}
		}
	}
	return args
}

func (c *changer) round(r round) {
	c.Helper()
	args := c.words(r.args)
	var d changeDocument
	asked := c.aws.during(func() { d = c.done(args...) })
	actions := strings.Fields(r.actions)
	require.Equal(c, actions, asked, "exactly these were asked of AWS")
	for i, action := range d.actions(c.T, "done") {
		require.Equal(c, "iam:"+actions[i], action)
	}
	now := r.look(c)
	if r.has != "" {
		require.Contains(c, now, r.has)
	}
	if r.lacks != "" {
		require.NotContains(c, now, r.lacks)
	}
	if r.again == "" {
		return
	}
	require.Empty(c, c.aws.during(func() {
		d, out := c.manage(append(args, "--yes")...)
		if r.again == "unchanged" {
			require.Equal(c, 0, out.status, out.stderr)
			require.Equal(c, r.again, d.Status)
			return
		}
		require.Equal(c, 3, out.status)
		require.Contains(c, out.stderr, r.again)
	}))
}

func user(name string) func(*changer) string {
	return func(c *changer) string { return c.identity(name) }
}

func groupsOf(name string) func(*changer) string {
	return func(c *changer) string {
		return get(c, c.iam.ListGroupsForUser, &iam.ListGroupsForUserInput{UserName: &name})
	}
}

func profile(name string) func(*changer) string {
	return func(c *changer) string {
		return get(c, c.iam.GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: &name})
	}
}

func attachedToGroup(name string) func(*changer) string {
	return func(c *changer) string {
		return get(c, c.iam.ListAttachedGroupPolicies, &iam.ListAttachedGroupPoliciesInput{GroupName: &name})
	}
}

func inlineOfGroup(name string) func(*changer) string {
	return func(c *changer) string {
		return get(c, c.iam.ListGroupPolicies, &iam.ListGroupPoliciesInput{GroupName: &name})
	}
}

func versions(arn string) func(*changer) string {
	return func(c *changer) string {
		return get(c, c.iam.ListPolicyVersions, &iam.ListPolicyVersionsInput{PolicyArn: &arn})
	}
}

// gone is for what should not be there any more.
func gone(ask func(*changer) error) func(*changer) string {
	return func(c *changer) string {
		require.ErrorContains(c, ask(c), "NoSuchEntity")
		return ""
	}
}

func userGone(name string) func(*changer) string {
	return gone(func(c *changer) error {
		_, err := c.iam.GetUser(c.Context(), &iam.GetUserInput{UserName: &name})
		return err
	})
}

func roleGone(name string) func(*changer) string {
	return gone(func(c *changer) error {
		_, err := c.iam.GetRole(c.Context(), &iam.GetRoleInput{RoleName: &name})
		return err
	})
}

func groupGone(name string) func(*changer) string {
	return gone(func(c *changer) error {
		_, err := c.iam.GetGroup(c.Context(), &iam.GetGroupInput{GroupName: &name})
		return err
	})
}

func policyGone(arn string) func(*changer) string {
	return gone(func(c *changer) error {
		_, err := c.iam.GetPolicy(c.Context(), &iam.GetPolicyInput{PolicyArn: &arn})
		return err
	})
}

func profileGone(name string) func(*changer) string {
	return gone(func(c *changer) error {
		_, err := c.iam.GetInstanceProfile(c.Context(), &iam.GetInstanceProfileInput{InstanceProfileName: &name})
		return err
	})
}

// keyed are the kinds that keysOfOneUser tries.
var keyed = []string{"create_access_key", "update_access_key", "delete_access_key", "rotate_access_key"}

const mailPolicy = accountARN + "policy/team/mail"

// rounds build on one another, and end with an account as it was.
var rounds = []round{
	{"create-user ci --path /robots/ --tag team=build --permissions-boundary " + boundPolicy, "CreateUser", "EntityAlreadyExists", user("ci"), boundPolicy, ""},
	{"create-group testers --path /team/", "CreateGroup", "EntityAlreadyExists", groupsOf("ci"), "", "testers"},
	{"create-role job %lambda --description x --max-session-duration 7200 --tag team=build", "CreateRole", "EntityAlreadyExists", user("job"), "lambda.amazonaws.com", ""},
	{"create-policy mail %mail --path /team/ --tag team=build", "CreatePolicy", "EntityAlreadyExists", versions(mailPolicy), `"v1"`, `"v2"`},
	{"create-instance-profile box", "CreateInstanceProfile", "EntityAlreadyExists", profile("box"), `"Roles":[]`, ""},

	{"add-user-to-group --group-name testers --user-name ci", "AddUserToGroup", "unchanged", groupsOf("ci"), "testers", ""},
	{"attach-group-policy testers " + mailPolicy, "AttachGroupPolicy", "unchanged", attachedToGroup("testers"), mailPolicy, ""},
	{"put-group-policy testers p %mail", "PutGroupPolicy", "unchanged", inlineOfGroup("testers"), `"p"`, ""},
	{"attach-user-policy ci " + booksPolicy, "AttachUserPolicy", "unchanged", user("ci"), booksPolicy, ""},
	{"put-user-policy ci p %mail", "PutUserPolicy", "unchanged", user("ci"), "ses:SendEmail", "s3:GetObject"},
	{"put-user-policy ci p %books", "PutUserPolicy", "unchanged", user("ci"), "s3:GetObject", "ses:SendEmail"},
	{"attach-role-policy job " + mailPolicy, "AttachRolePolicy", "unchanged", user("job"), mailPolicy, ""},
	{"put-role-policy job p %books", "PutRolePolicy", "unchanged", user("job"), "s3:GetObject", ""},
	{"set-permissions-boundary job " + boundPolicy + " --identity-type role", "PutRolePermissionsBoundary", "unchanged", user("job"), boundPolicy, ""},
	{"set-permissions-boundary ci " + booksPolicy, "PutUserPermissionsBoundary", "unchanged", user("ci"), booksPolicy, boundPolicy},
	{"tag-identity ci --tag team=test --tag owner=web", "TagUser", "unchanged", user("ci"), `"owner"`, "build"},
	{"untag-identity ci --tag-key owner", "UntagUser", "unchanged", user("ci"), `"team"`, `"owner"`},
	{"tag-identity job --identity-type role --tag owner=web", "TagRole", "unchanged", user("job"), `"owner"`, ""},
	{"untag-identity job --identity-type role --tag-key owner", "UntagRole", "unchanged", user("job"), `"team"`, `"owner"`},
	{"update-assume-role-policy job %ec2", "UpdateAssumeRolePolicy", "unchanged", user("job"), "ec2.amazonaws.com", "lambda.amazonaws.com"},
	{"add-role-to-instance-profile --instance-profile-name box --role-name job", "AddRoleToInstanceProfile", "unchanged", profile("box"), `"job"`, ""},

	{"create-policy-version " + mailPolicy + " %books --set-as-default", "CreatePolicyVersion", "", versions(mailPolicy), `"v2"`, ""},
	{"set-default-policy-version " + mailPolicy + " v1", "SetDefaultPolicyVersion", "unchanged", versions(mailPolicy), `"v2"`, ""},
	{"create-policy-version " + mailPolicy + " %books", "CreatePolicyVersion", "", versions(mailPolicy), `"v3"`, ""},
	{"create-policy-version " + mailPolicy + " %books", "CreatePolicyVersion", "", versions(mailPolicy), `"v4"`, ""},
	{"create-policy-version " + mailPolicy + " %books", "CreatePolicyVersion", "LimitExceeded", versions(mailPolicy), `"v5"`, ""},
	{"create-policy-version " + mailPolicy + " %mail --remove-oldest", "DeletePolicyVersion CreatePolicyVersion", "", versions(mailPolicy), `"v1"`, `"v2"`},
	{"delete-policy-version " + mailPolicy + " v4", "DeletePolicyVersion", "NoSuchEntity", versions(mailPolicy), `"v6"`, `"v4"`},

	{"delete-permissions-boundary ci", "DeleteUserPermissionsBoundary", "unchanged", user("ci"), "", "permissions_boundary\":\"arn"},
	{"delete-permissions-boundary job --identity-type role", "DeleteRolePermissionsBoundary", "unchanged", user("job"), "", boundPolicy},
	{"remove-role-from-instance-profile --instance-profile-name box --role-name job", "RemoveRoleFromInstanceProfile", "unchanged", profile("box"), `"Roles":[]`, ""},
	{"delete-role-policy job p", "DeleteRolePolicy", "NoSuchEntity", user("job"), "", "s3:GetObject"},
	{"detach-role-policy job " + mailPolicy, "DetachRolePolicy", "unchanged", user("job"), "", mailPolicy},
	{"delete-user-policy ci p", "DeleteUserPolicy", "NoSuchEntity", user("ci"), "", `"p"`},
	{"detach-user-policy ci " + booksPolicy, "DetachUserPolicy", "unchanged", user("ci"), "", booksPolicy},
	{"delete-group-policy testers p", "DeleteGroupPolicy", "NoSuchEntity", inlineOfGroup("testers"), "", `"p"`},
	{"detach-group-policy testers " + mailPolicy, "DetachGroupPolicy", "unchanged", attachedToGroup("testers"), "", mailPolicy},
	{"remove-user-from-group --group-name testers --user-name ci", "RemoveUserFromGroup", "unchanged", groupsOf("ci"), "", "testers"},

	{"delete-instance-profile box", "DeleteInstanceProfile", "NoSuchEntity", profileGone("box"), "", ""},
	{"delete-policy " + mailPolicy + " --force", "DeletePolicyVersion DeletePolicyVersion DeletePolicyVersion DeletePolicy", "NoSuchEntity", policyGone(mailPolicy), "", ""},
	{"delete-role job", "DeleteRole", "NoSuchEntity", roleGone("job"), "", ""},
	{"delete-group testers", "DeleteGroup", "NoSuchEntity", groupGone("testers"), "", ""},
	{"delete-login-profile maria.lopez00000", "DeleteLoginProfile", "unchanged", user("maria.lopez00000"), "", ""},
	{"delete-user ci", "DeleteUser", "NoSuchEntity", userGone("ci"), "", ""},
}

func TestManageRounds(t *testing.T) {
	t.Parallel()
	c := newChanger(t)
	kinds := map[string]bool{}
	for _, r := range rounds {
		name, _, _ := strings.Cut(r.args, " ")
		kinds[strings.ReplaceAll(name, "-", "_")] = true
		if !t.Run(r.args, func(t *testing.T) { c.in(t).round(r) }) {
			break // the rest builds on it
		}
	}
	for _, kind := range keyed {
		kinds[kind] = true
	}
	for _, kind := range manage.Kinds() {
		require.True(t, kinds[kind.Name], "%s is not tried", kind.Name)
	}
}

// TestManageCrowded deletes what has everything that stands in the way.
func TestManageCrowded(t *testing.T) {
	t.Parallel()
	c := newChanger(t)
	for _, args := range []string{"delete-user crowded", "delete-role busy", "delete-group crowd", "delete-policy " + booksPolicy, "delete-instance-profile web"} {
		require.Empty(t, c.aws.during(func() {
			_, r := c.manage(append(c.words(args), "--yes")...)
			require.Equal(t, 3, r.status, args)
			require.Contains(t, r.stderr, "DeleteConflict", args)
		}))
	}
	for _, r := range []round{
		{"delete-user crowded --force", `DeleteLoginProfile DeleteAccessKey DeleteAccessKey DeleteSigningCertificate DeleteSSHPublicKey
			DeleteServiceSpecificCredential DeactivateMFADevice DeleteVirtualMFADevice DeleteUserPolicy DetachUserPolicy
			RemoveUserFromGroup RemoveUserFromGroup DeleteUser`, "NoSuchEntity", userGone("crowded"), "", ""},
		{"delete-policy " + boundPolicy, "DeletePolicy", "NoSuchEntity", policyGone(boundPolicy), "", ""},
		{"delete-role busy --force", "RemoveRoleFromInstanceProfile DetachRolePolicy DeleteRolePolicy DeleteRole", "NoSuchEntity", roleGone("busy"), "", ""},
		{"delete-policy " + booksPolicy + " --force", "DetachGroupPolicy DeletePolicyVersion DeletePolicy", "NoSuchEntity", policyGone(booksPolicy), "", ""},
		{"delete-group crowd --force", "RemoveUserFromGroup DeleteGroupPolicy DeleteGroup", "NoSuchEntity", groupGone("crowd"), "", ""},
	} {
		t.Run(r.args, func(t *testing.T) { c.in(t).round(r) })
	}
	require.NotContains(t, get(c, c.iam.ListVirtualMFADevices, &iam.ListVirtualMFADevicesInput{}), "crowded")
	require.Contains(t, get(c, c.iam.GetInstanceProfile, &iam.GetInstanceProfileInput{InstanceProfileName: aws.String("web")}), `"Roles":[]`)
	require.Contains(t, get(c, c.iam.GetUser, &iam.GetUserInput{UserName: aws.String("member")}), "member", "members stay")
}
