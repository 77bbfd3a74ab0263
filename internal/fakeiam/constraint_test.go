package fakeiam_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestConstraints(t *testing.T) {
	t.Parallel()
	invalid := func(name string, call call, message string) refusal {
		return refusal{name, nil, call, "ValidationError", 400, message}
	}
	const one = "1 validation error detected: Value at "
	const characters = " is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"
	path := func(path string) call {
		return do((*iam.Client).CreateUser, &iam.CreateUserInput{UserName: str("u"), Path: str(path)})
	}
	session := func(seconds int32) call {
		return do((*iam.Client).UpdateRole, &iam.UpdateRoleInput{RoleName: str("idle"), MaxSessionDuration: aws.Int32(seconds)})
	}
	tag := func(key, value string) call { return tagUser("Bob", types.Tag{Key: str(key), Value: str(value)}) }
	checkRefusals(t, []refusal{
		invalid("user name too long", createUser(strings.Repeat("u", 65)), one+"'userName' failed to satisfy constraint: Member must have length less than or equal to 64"),
		invalid("role name too long", createRole(strings.Repeat("r", 65)), one+"'roleName'"),
		invalid("group name too long", createGroup(strings.Repeat("g", 129)), one+"'groupName' failed to satisfy constraint: Member must have length less than or equal to 128"),
		invalid("characters of a user", createUser("a b"), "The specified value for userName"+characters),
		invalid("characters of a policy", createPolicy("a/b"), "The specified value for policyName"+characters),
		invalid("characters of an instance profile", createProfile("ä"), "The specified value for instanceProfileName"+characters),
		invalid("path without a beginning", path("team/"), "The specified value for path is invalid. It must begin and end with /"),
		invalid("path without an end", path("/team"), "The specified value for path is invalid."),
		invalid("path too long", path("/"+strings.Repeat("p", 511)+"/"), one+"'path' failed to satisfy constraint: Member must have length less than or equal to 512"),
		invalid("session too short", session(3599), one+"'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600"),
		invalid("session too long", session(43201), one+"'maxSessionDuration' failed to satisfy constraint: Member must have value less than or equal to 43200"),
		invalid("description", do((*iam.Client).UpdateRole, &iam.UpdateRoleInput{RoleName: str("idle"), Description: str(strings.Repeat("d", 1001))}), one+"'description'"),
		invalid("no ARN", attachUser("Bob", "longpolicynamebutnoarn"), "ARN longpolicynamebutnoarn is not valid."),
		invalid("short ARN", attachUser("Bob", "reader"), one+"'policyArn' failed to satisfy constraint: Member must have length greater than or equal to 20"),
		invalid("version", do((*iam.Client).SetDefaultPolicyVersion, &iam.SetDefaultPolicyVersionInput{PolicyArn: str(readerARN), VersionId: str("1")}), one+"'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*"),
		invalid("status", do((*iam.Client).UpdateAccessKey, &iam.UpdateAccessKeyInput{UserName: str("alice"), AccessKeyId: str("AKIAALICE00000000001"), Status: "Off"}), one+"'status' failed to satisfy constraint: Member must satisfy enum value set"),
		invalid("too many tags", tagUser("Bob", manyTags(51, "k")...), one+"'tags' failed to satisfy constraint: Member must have length less than or equal to 50"),
		invalid("tag key too long", tag(strings.Repeat("k", 129), ""), one+"'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128"),
		invalid("tag value too long", tag("k", strings.Repeat("v", 257)), one+"'tags.1.member.value'"),
		invalid("tag characters", tag("k!", ""), one+`'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+`),
		invalid("document too long", do((*iam.Client).PutUserPolicy, &iam.PutUserPolicyInput{UserName: str("Bob"), PolicyName: str("p"), PolicyDocument: str(strings.Repeat(" ", 131073))}), one+"'policyDocument'"),
		invalid("document characters", do((*iam.Client).PutUserPolicy, &iam.PutUserPolicyInput{UserName: str("Bob"), PolicyName: str("p"), PolicyDocument: str("€")}), one+"'policyDocument'"),
		{"password", nil, do((*iam.Client).CreateLoginProfile, &iam.CreateLoginProfileInput{UserName: str("Bob"), Password: str("short")}), "PasswordPolicyViolation", 400, ""},
		{"tags twice", nil, tagUser("Bob", types.Tag{Key: str("k"), Value: str("1")}, types.Tag{Key: str("K"), Value: str("2")}), "InvalidInput", 400, "Duplicate tag keys found. Please note that Tag keys are case insensitive."},
	})
}

// TestMissingParameters goes round the SDK, which does not send such requests.
func TestMissingParameters(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	for operation, parameter := range map[string]string{
		"CreateUser": "userName", "CreateRole": "roleName", "CreatePolicy": "policyName", "DeleteUser": "userName",
		"AttachUserPolicy": "userName", "DeletePolicy": "policyArn", "DeleteVirtualMFADevice": "serialNumber",
	} {
		answer := post(t, server, url.Values{"Action": {operation}, "Version": {"2010-05-08"}}.Encode())
		require.Contains(t, answer, "<Code>ValidationError</Code>", operation)
		require.Contains(t, answer, "Value null at &#39;"+parameter+"&#39; failed to satisfy constraint: Member must not be null", operation)
	}
}

func TestAbsentEntities(t *testing.T) {
	t.Parallel()
	absent := func(name string, call call, message string) refusal {
		return refusal{name, nil, call, "NoSuchEntity", 404, message}
	}
	const nowhere = arnPrefix + "policy/nowhere"
	const deviceARN = arnPrefix + "mfa/nobodys"
	checkRefusals(t, []refusal{
		absent("user", deleteUser("nobody"), "The user with name nobody cannot be found."),
		absent("user before the group", removeFromGroup("nobody", "none"), "The user with name nobody cannot be found."),
		absent("group", addToGroup("Bob", "none"), "The group with name none cannot be found."),
		absent("role", do((*iam.Client).DeleteRole, &iam.DeleteRoleInput{RoleName: str("none")}), "The role with name none cannot be found."),
		absent("policy to attach", attachUser("Bob", nowhere), "Policy "+nowhere+" does not exist or is not attachable."),
		absent("AWS managed policy to attach", attachUser("Bob", "arn:aws:iam::aws:policy/Nothing"), "Policy arn:aws:iam::aws:policy/Nothing does not exist or is not attachable."),
		absent("attachment", detachUser("Bob", readerARN), "Policy "+readerARN+" was not found."),
		absent("policy", createVersion(nowhere, true), "Policy "+nowhere+" was not found."),
		absent("policy version", do((*iam.Client).DeletePolicyVersion, &iam.DeletePolicyVersionInput{PolicyArn: str(readerARN), VersionId: str("v9")}), "Policy "+readerARN+" version v9 does not exist or is not attachable."),
		absent("policy of the version", do((*iam.Client).SetDefaultPolicyVersion, &iam.SetDefaultPolicyVersionInput{PolicyArn: str(nowhere), VersionId: str("v1")}), "Policy "+nowhere+" version v1 does not exist or is not attachable."),
		absent("inline policy", do((*iam.Client).DeleteRolePolicy, &iam.DeleteRolePolicyInput{RoleName: str("idle"), PolicyName: str("none")}), "The role policy with name none cannot be found."),
		absent("boundary", do((*iam.Client).PutRolePermissionsBoundary, &iam.PutRolePermissionsBoundaryInput{RoleName: str("idle"), PermissionsBoundary: str(nowhere)}), "Scope ARN: "+nowhere+" does not exist or is not attachable."),
		absent("instance profile", addToProfile("idle", "none"), "Instance Profile none cannot be found."),
		absent("role in the instance profile", removeFromProfile("idle", "deploy"), "Role idle in Instance Profile deploy cannot be found."),
		absent("access key", do((*iam.Client).DeleteAccessKey, &iam.DeleteAccessKeyInput{UserName: str("Bob"), AccessKeyId: str("AKIAALICE00000000001")}), "The Access Key with id AKIAALICE00000000001 cannot be found."),
		absent("login profile", do((*iam.Client).DeleteLoginProfile, &iam.DeleteLoginProfileInput{UserName: str("Bob")}), "Login Profile for User Bob cannot be found."),
		absent("certificate", do((*iam.Client).DeleteSigningCertificate, &iam.DeleteSigningCertificateInput{UserName: str("Bob"), CertificateId: str("CERTALICE0000000000000001")}), "The Certificate with id CERTALICE0000000000000001 cannot be found."),
		absent("SSH key", do((*iam.Client).DeleteSSHPublicKey, &iam.DeleteSSHPublicKeyInput{UserName: str("Bob"), SSHPublicKeyId: str("APKAALICE00000000001")}), "The Public Key with id APKAALICE00000000001 cannot be found."),
		absent("MFA device", do((*iam.Client).DeactivateMFADevice, &iam.DeactivateMFADeviceInput{UserName: str("Bob"), SerialNumber: str(deviceARN)}), "MFA Device with serial number "+deviceARN+" does not exist."),
		absent("virtual MFA device", do((*iam.Client).DeleteVirtualMFADevice, &iam.DeleteVirtualMFADeviceInput{SerialNumber: str(deviceARN)}), "MFA Device with serial number "+deviceARN+" does not exist."),
	})
}
