package mcpserver_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

const (
	adminARN   = "arn:aws:iam::aws:policy/AdministratorAccess"
	readerARN  = "arn:aws:iam::123456789012:policy/Reader"
	spareARN   = "arn:aws:iam::123456789012:policy/Spare"
	readBucket = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::reports/*"}]}`
	readOther  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"}]}`
	allowAll   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	trustEC2   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	trustBatch = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"batch.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	trustAll   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}`
)

type arguments = map[string]any

// A changeCase is what is tried with one tool that changes IAM.
type changeCase struct {
	tool string
	// arguments are those of a change that succeeds, and operations what it does.
	arguments  arguments
	operations []string
	// again is what the same call comes to a second time: an error code, or a status.
	again string
	// missing names something that is not there; nil where nothing has to be there.
	missing arguments
	// bad has a value that cannot be, of the argument badly.
	bad   arguments
	badly string
	// refused is a change that a guard refuses; nil where there is none.
	refused arguments
	// twice says that the change can be made by two at once.
	twice bool
}

// changeCases has a case for each tool. $KEY is the id of ci's only access key, and
// $IDLE of idle's only one, which is inactive.
var changeCases = []changeCase{
	{tool: "create_user", arguments: arguments{"user_name": "fresh", "path": "/bots/", "tags": arguments{"team": "a"}}, operations: []string{"CreateUser"},
		again: "EntityAlreadyExists", bad: arguments{"user_name": "no good"}, badly: "user_name"},
	{tool: "delete_user", arguments: arguments{"user_name": "ci", "force": true},
		operations: []string{"DeleteLoginProfile", "DeleteAccessKey", "DeleteUserPolicy", "DetachUserPolicy", "RemoveUserFromGroup", "DeleteUser"},
		again:      "NoSuchEntity", missing: arguments{"user_name": "nobody"}, bad: arguments{"user_name": ""}, badly: "user_name", refused: arguments{"user_name": "operator", "force": true}},
	{tool: "update_access_key", arguments: arguments{"user_name": "ci", "access_key_id": "$KEY", "status": "Inactive"}, operations: []string{"UpdateAccessKey"},
		again: "unchanged", missing: arguments{"user_name": "ci", "access_key_id": "AKIA0000000000000000", "status": "Inactive"}, bad: arguments{"user_name": "ci", "access_key_id": "$KEY", "status": "Off"}, badly: "status"},
	{tool: "delete_access_key", arguments: arguments{"user_name": "ci", "access_key_id": "$KEY"}, operations: []string{"DeleteAccessKey"},
		again: "NoSuchEntity", missing: arguments{"user_name": "nobody", "access_key_id": "$KEY"}, bad: arguments{"user_name": "ci", "access_key_id": "no key"}, badly: "access_key_id"},
	{tool: "create_access_key", arguments: arguments{"user_name": "ci"}, operations: []string{"CreateAccessKey"},
		again: "LimitExceeded", missing: arguments{"user_name": "nobody"}, bad: arguments{"user_name": "arn:aws:iam::123456789012:role/ci"}, badly: "user_name"},
	{tool: "rotate_access_key", arguments: arguments{"user_name": "ci"}, operations: []string{"CreateAccessKey"},
		again: "LimitExceeded", missing: arguments{"user_name": "nobody"}, bad: arguments{"user_name": "ci", "step": "swap"}, badly: "step"},
	{tool: "delete_login_profile", arguments: arguments{"user_name": "ci"}, operations: []string{"DeleteLoginProfile"},
		again: "unchanged", missing: arguments{"user_name": "nobody"}, bad: arguments{"user_name": "a/b"}, badly: "user_name"},

	{tool: "create_group", arguments: arguments{"group_name": "fresh"}, operations: []string{"CreateGroup"},
		again: "EntityAlreadyExists", bad: arguments{"group_name": "fresh", "path": "bots"}, badly: "path"},
	{tool: "delete_group", arguments: arguments{"group_name": "devs", "force": true}, operations: []string{"RemoveUserFromGroup", "DetachGroupPolicy", "DeleteGroupPolicy", "DeleteGroup"},
		again: "NoSuchEntity", missing: arguments{"group_name": "nobody"}, bad: arguments{"group_name": strings.Repeat("g", 129)}, badly: "group_name"},
	{tool: "add_user_to_group", arguments: arguments{"group_name": "idlers", "user_name": "idle"}, operations: []string{"AddUserToGroup"},
		again: "unchanged", missing: arguments{"group_name": "nobody", "user_name": "idle"}, bad: arguments{"group_name": "idlers", "user_name": "x y"}, badly: "user_name", refused: arguments{"group_name": "admins", "user_name": "idle"}},
	{tool: "remove_user_from_group", arguments: arguments{"group_name": "devs", "user_name": "ci"}, operations: []string{"RemoveUserFromGroup"},
		again: "unchanged", missing: arguments{"group_name": "devs", "user_name": "nobody"}, bad: arguments{"group_name": "", "user_name": "ci"}, badly: "group_name"},

	{tool: "create_role", arguments: arguments{"role_name": "fresh", "assume_role_policy_document": arguments{"Version": "2012-10-17", "Statement": []any{arguments{
		"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": arguments{"Service": "ec2.amazonaws.com"}}}}}, operations: []string{"CreateRole"},
		again: "EntityAlreadyExists", bad: arguments{"role_name": "fresh", "assume_role_policy_document": `{"Statement": [}`}, badly: "assume_role_policy_document",
		refused: arguments{"role_name": "fresh", "assume_role_policy_document": trustAll}},
	{tool: "delete_role", arguments: arguments{"role_name": "worker", "force": true}, operations: []string{"RemoveRoleFromInstanceProfile", "DetachRolePolicy", "DeleteRolePolicy", "DeleteRole"},
		again: "NoSuchEntity", missing: arguments{"role_name": "nobody"}, bad: arguments{"role_name": "arn:aws:iam::999999999999:role/worker"}, badly: "role_name", refused: arguments{"role_name": "nhiscan"}},
	{tool: "update_assume_role_policy", arguments: arguments{"role_name": "spare", "policy_document": trustBatch}, operations: []string{"UpdateAssumeRolePolicy"},
		again: "unchanged", missing: arguments{"role_name": "nobody", "policy_document": trustEC2}, bad: arguments{"role_name": "spare", "policy_document": "no JSON"}, badly: "policy_document",
		refused: arguments{"role_name": "spare", "policy_document": trustAll}},
	{tool: "create_instance_profile", arguments: arguments{"instance_profile_name": "fresh"}, operations: []string{"CreateInstanceProfile"},
		again: "EntityAlreadyExists", bad: arguments{"instance_profile_name": "a b"}, badly: "instance_profile_name"},
	{tool: "delete_instance_profile", arguments: arguments{"instance_profile_name": "bare"}, operations: []string{"DeleteInstanceProfile"},
		again: "NoSuchEntity", missing: arguments{"instance_profile_name": "nobody"}, bad: arguments{"instance_profile_name": ""}, badly: "instance_profile_name"},
	{tool: "add_role_to_instance_profile", arguments: arguments{"instance_profile_name": "bare", "role_name": "spare"}, operations: []string{"AddRoleToInstanceProfile"},
		again: "unchanged", missing: arguments{"instance_profile_name": "bare", "role_name": "nobody"}, bad: arguments{"instance_profile_name": "bare", "role_name": "x y"}, badly: "role_name"},
	{tool: "remove_role_from_instance_profile", arguments: arguments{"instance_profile_name": "web", "role_name": "worker"}, operations: []string{"RemoveRoleFromInstanceProfile"},
		again: "unchanged", missing: arguments{"instance_profile_name": "nobody", "role_name": "worker"}, bad: arguments{"instance_profile_name": "web", "role_name": ""}, badly: "role_name"},

	{tool: "attach_user_policy", arguments: arguments{"user_name": "idle", "policy_arn": readerARN}, operations: []string{"AttachUserPolicy"},
		again: "unchanged", missing: arguments{"user_name": "idle", "policy_arn": readerARN + "X"}, bad: arguments{"user_name": "idle", "policy_arn": "Reader"}, badly: "policy_arn", refused: arguments{"user_name": "idle", "policy_arn": adminARN}},
	{tool: "detach_user_policy", arguments: arguments{"user_name": "ci", "policy_arn": readerARN}, operations: []string{"DetachUserPolicy"},
		again: "unchanged", missing: arguments{"user_name": "nobody", "policy_arn": readerARN}, bad: arguments{"user_name": "ci", "policy_arn": "x"}, badly: "policy_arn"},
	{tool: "attach_group_policy", arguments: arguments{"group_name": "idlers", "policy_arn": readerARN}, operations: []string{"AttachGroupPolicy"},
		again: "unchanged", missing: arguments{"group_name": "nobody", "policy_arn": readerARN}, bad: arguments{"group_name": "idlers", "policy_arn": "x"}, badly: "policy_arn", refused: arguments{"group_name": "devs", "policy_arn": adminARN}},
	{tool: "detach_group_policy", arguments: arguments{"group_name": "devs", "policy_arn": readerARN}, operations: []string{"DetachGroupPolicy"},
		again: "unchanged", missing: arguments{"group_name": "nobody", "policy_arn": readerARN}, bad: arguments{"group_name": "devs", "policy_arn": ""}, badly: "policy_arn"},
	{tool: "attach_role_policy", arguments: arguments{"role_name": "spare", "policy_arn": readerARN}, operations: []string{"AttachRolePolicy"},
		again: "unchanged", missing: arguments{"role_name": "nobody", "policy_arn": readerARN}, bad: arguments{"role_name": "spare", "policy_arn": "x"}, badly: "policy_arn", refused: arguments{"role_name": "spare", "policy_arn": adminARN}},
	{tool: "detach_role_policy", arguments: arguments{"role_name": "worker", "policy_arn": readerARN}, operations: []string{"DetachRolePolicy"},
		again: "unchanged", missing: arguments{"role_name": "nobody", "policy_arn": readerARN}, bad: arguments{"role_name": "worker", "policy_arn": "x"}, badly: "policy_arn"},

	{tool: "put_user_policy", arguments: arguments{"user_name": "idle", "policy_name": "own", "policy_document": readBucket}, operations: []string{"PutUserPolicy"},
		again: "unchanged", missing: arguments{"user_name": "nobody", "policy_name": "own", "policy_document": readBucket}, bad: arguments{"user_name": "idle", "policy_name": "own", "policy_document": "{"}, badly: "policy_document",
		refused: arguments{"user_name": "idle", "policy_name": "own", "policy_document": allowAll}},
	{tool: "delete_user_policy", arguments: arguments{"user_name": "ci", "policy_name": "own"}, operations: []string{"DeleteUserPolicy"},
		again: "NoSuchEntity", missing: arguments{"user_name": "nobody", "policy_name": "own"}, bad: arguments{"user_name": "ci", "policy_name": "a b"}, badly: "policy_name"},
	{tool: "put_group_policy", arguments: arguments{"group_name": "idlers", "policy_name": "own", "policy_document": readBucket}, operations: []string{"PutGroupPolicy"},
		again: "unchanged", missing: arguments{"group_name": "nobody", "policy_name": "own", "policy_document": readBucket}, bad: arguments{"group_name": "idlers", "policy_name": "own", "policy_document": "{}"}, badly: "policy_document",
		refused: arguments{"group_name": "devs", "policy_name": "own", "policy_document": allowAll}},
	{tool: "delete_group_policy", arguments: arguments{"group_name": "devs", "policy_name": "own"}, operations: []string{"DeleteGroupPolicy"},
		again: "NoSuchEntity", missing: arguments{"group_name": "nobody", "policy_name": "own"}, bad: arguments{"group_name": "devs", "policy_name": ""}, badly: "policy_name"},
	{tool: "put_role_policy", arguments: arguments{"role_name": "spare", "policy_name": "own", "policy_document": readBucket}, operations: []string{"PutRolePolicy"},
		again: "unchanged", missing: arguments{"role_name": "nobody", "policy_name": "own", "policy_document": readBucket}, bad: arguments{"role_name": "spare", "policy_name": "own", "policy_document": trustEC2}, badly: "policy_document",
		refused: arguments{"role_name": "spare", "policy_name": "own", "policy_document": allowAll}},
	{tool: "delete_role_policy", arguments: arguments{"role_name": "worker", "policy_name": "own"}, operations: []string{"DeleteRolePolicy"},
		again: "NoSuchEntity", missing: arguments{"role_name": "worker", "policy_name": "none"}, bad: arguments{"role_name": "", "policy_name": "own"}, badly: "role_name"},

	{tool: "create_policy", arguments: arguments{"policy_name": "Fresh", "policy_document": readBucket}, operations: []string{"CreatePolicy"},
		again: "EntityAlreadyExists", bad: arguments{"policy_name": "Fresh", "policy_document": "[]"}, badly: "policy_document"},
	{tool: "delete_policy", arguments: arguments{"policy_arn": spareARN, "force": true}, operations: []string{"DetachUserPolicy", "DeletePolicyVersion", "DeletePolicy"},
		again: "NoSuchEntity", missing: arguments{"policy_arn": spareARN + "X"}, bad: arguments{"policy_arn": adminARN}, badly: "policy_arn"},
	{tool: "create_policy_version", arguments: arguments{"policy_arn": readerARN, "policy_document": readOther, "set_as_default": true}, operations: []string{"CreatePolicyVersion"},
		again: "done", twice: true, missing: arguments{"policy_arn": readerARN + "X", "policy_document": readOther}, bad: arguments{"policy_arn": adminARN, "policy_document": readOther}, badly: "policy_arn",
		refused: arguments{"policy_arn": readerARN, "policy_document": allowAll, "set_as_default": true}},
	{tool: "set_default_policy_version", arguments: arguments{"policy_arn": spareARN, "version_id": "v2"}, operations: []string{"SetDefaultPolicyVersion"},
		again: "unchanged", missing: arguments{"policy_arn": spareARN, "version_id": "v7"}, bad: arguments{"policy_arn": spareARN, "version_id": "two"}, badly: "version_id"},
	{tool: "delete_policy_version", arguments: arguments{"policy_arn": spareARN, "version_id": "v2"}, operations: []string{"DeletePolicyVersion"},
		again: "NoSuchEntity", missing: arguments{"policy_arn": spareARN, "version_id": "v9"}, bad: arguments{"policy_arn": "Spare", "version_id": "v2"}, badly: "policy_arn"},

	{tool: "set_permissions_boundary", arguments: arguments{"identity_name": "idle", "policy_arn": readerARN}, operations: []string{"PutUserPermissionsBoundary"},
		again: "unchanged", missing: arguments{"identity_name": "idle", "identity_type": "role", "policy_arn": readerARN}, bad: arguments{"identity_name": "idle", "identity_type": "group", "policy_arn": readerARN}, badly: "identity_type"},
	{tool: "delete_permissions_boundary", arguments: arguments{"identity_name": "bounded"}, operations: []string{"DeleteUserPermissionsBoundary"},
		again: "unchanged", missing: arguments{"identity_name": "nobody"}, bad: arguments{"identity_name": ""}, badly: "identity_name", refused: arguments{"identity_name": "boundadmin"}},
	{tool: "tag_identity", arguments: arguments{"identity_name": "worker", "identity_type": "role", "tags": arguments{"team": "a"}}, operations: []string{"TagRole"},
		again: "unchanged", missing: arguments{"identity_name": "nobody", "tags": arguments{"team": "a"}}, bad: arguments{"identity_name": "ci", "tags": arguments{"aws:x": "a"}}, badly: "tags"},
	{tool: "untag_identity", arguments: arguments{"identity_name": "ci", "tag_keys": []any{"team"}}, operations: []string{"UntagUser"},
		again: "unchanged", missing: arguments{"identity_name": "nobody", "tag_keys": []any{"team"}}, bad: arguments{"identity_name": "ci", "tag_keys": []any{}}, badly: "tag_keys"},
}

// changeableAWS is an AWS in which each of the cases can be made. It returns what
// the placeholders in the cases' arguments stand for.
func changeableAWS(t *testing.T) (*fakeiam.Server, *strings.Replacer) {
	t.Helper()
	fake := fakeiam.New(&nhiscan.Account{ID: "123456789012", Partition: "aws"})
	fake.ReportPolls(0)
	fake.CallerARN(changeCaller)
	fake.ManagedPolicies(adminARN)
	c, ctx := directly(t, fake), t.Context()
	must := func(_ any, err error) { t.Helper(); require.NoError(t, err) }
	s := aws.String
	for _, name := range []string{"Reader", "Spare"} {
		must(c.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: s(name), PolicyDocument: s(readBucket)}))
	}
	must(c.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: s(spareARN), PolicyDocument: s(readOther)}))
	for _, name := range []string{"ci", "idle", "bounded", "boundadmin", "holder", "operator"} {
		must(c.CreateUser(ctx, &iam.CreateUserInput{UserName: s(name)}))
	}
	for _, name := range []string{"devs", "idlers", "admins"} {
		must(c.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: s(name)}))
	}
	for _, name := range []string{"worker", "spare", "nhiscan"} {
		must(c.CreateRole(ctx, &iam.CreateRoleInput{RoleName: s(name), AssumeRolePolicyDocument: s(trustEC2)}))
	}
	for _, name := range []string{"web", "bare"} {
		must(c.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: s(name)}))
	}
	must(c.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: s("web"), RoleName: s("worker")}))
	key, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: s("ci")})
	require.NoError(t, err)
	must(c.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: s("ci"), Password: s("Correct-Horse-1")}))
	must(c.TagUser(ctx, &iam.TagUserInput{UserName: s("ci"), Tags: tagged("team", "a")}))
	must(c.AddUserToGroup(ctx, &iam.AddUserToGroupInput{UserName: s("ci"), GroupName: s("devs")}))
	must(c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: s("ci"), PolicyName: s("own"), PolicyDocument: s(readBucket)}))
	must(c.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: s("devs"), PolicyName: s("own"), PolicyDocument: s(readBucket)}))
	must(c.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: s("worker"), PolicyName: s("own"), PolicyDocument: s(readBucket)}))
	must(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: s("ci"), PolicyArn: s(readerARN)}))
	must(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: s("holder"), PolicyArn: s(spareARN)}))
	must(c.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: s("boundadmin"), PolicyArn: s(adminARN)}))
	must(c.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: s("devs"), PolicyArn: s(readerARN)}))
	must(c.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: s("admins"), PolicyArn: s(adminARN)}))
	must(c.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: s("worker"), PolicyArn: s(readerARN)}))
	for _, name := range []string{"bounded", "boundadmin"} {
		must(c.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: s(name), PermissionsBoundary: s(readerARN)}))
	}
	return fake, strings.NewReplacer("$KEY", *key.AccessKey.AccessKeyId)
}

// filled is the arguments with the placeholders replaced.
func filled(r *strings.Replacer, in arguments) arguments {
	out := arguments{}
	for name, value := range in {
		if text, ok := value.(string); ok {
			value = r.Replace(text)
		}
		out[name] = value
	}
	return out
}
