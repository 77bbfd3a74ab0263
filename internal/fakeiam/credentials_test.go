package fakeiam_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestCredentialReads(t *testing.T) {
	t.Parallel()
	alice := aws.String("alice")
	checkReads(t, []read{
		{"ListAccessKeys", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListAccessKeysPaginator(c, &iam.ListAccessKeysInput{UserName: alice}),
				func(o *iam.ListAccessKeysOutput) []types.AccessKeyMetadata { return o.AccessKeyMetadata })
		}, []types.AccessKeyMetadata{
			{UserName: alice, AccessKeyId: aws.String("AKIAALICE00000000001"), Status: "Active", CreateDate: aws.Time(day(5))},
			{UserName: alice, AccessKeyId: aws.String("AKIAALICE00000000002"), Status: "Inactive", CreateDate: aws.Time(day(6))},
		}},
		{"GetAccessKeyLastUsed", func(t *testing.T, c *iam.Client) any { return keyLastUsed(t, c, "AKIAALICE00000000001") },
			types.AccessKeyLastUsed{LastUsedDate: aws.Time(day(21)), ServiceName: aws.String("s3"), Region: aws.String("eu-west-1")}},
		{"GetAccessKeyLastUsed of a key never used", func(t *testing.T, c *iam.Client) any { return keyLastUsed(t, c, "AKIAALICE00000000002") },
			types.AccessKeyLastUsed{ServiceName: aws.String("N/A"), Region: aws.String("N/A")}},
		{"GetLoginProfile", func(t *testing.T, c *iam.Client) any {
			out, err := c.GetLoginProfile(t.Context(), &iam.GetLoginProfileInput{UserName: alice})
			require.NoError(t, err)
			return *out.LoginProfile
		}, types.LoginProfile{UserName: alice, CreateDate: aws.Time(day(4))}},
		{"ListSigningCertificates", func(t *testing.T, c *iam.Client) any {
			var found []string
			for _, cert := range all(t, iam.NewListSigningCertificatesPaginator(c, &iam.ListSigningCertificatesInput{UserName: alice}),
				func(o *iam.ListSigningCertificatesOutput) []types.SigningCertificate { return o.Certificates }) {
				found = append(found, *cert.CertificateId+" "+string(cert.Status)+" "+cert.UploadDate.Format("01-02"))
			}
			return found
		}, []string{"CERTALICE0000000000000001 Active 03-10", "CERTALICE0000000000000002 Inactive 03-11"}},
		{"ListSSHPublicKeys", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListSSHPublicKeysPaginator(c, &iam.ListSSHPublicKeysInput{UserName: alice}),
				func(o *iam.ListSSHPublicKeysOutput) []types.SSHPublicKeyMetadata { return o.SSHPublicKeys })
		}, []types.SSHPublicKeyMetadata{
			{UserName: alice, SSHPublicKeyId: aws.String("APKAALICE00000000001"), Status: "Active", UploadDate: aws.Time(day(12))},
			{UserName: alice, SSHPublicKeyId: aws.String("APKAALICE00000000002"), Status: "Inactive", UploadDate: aws.Time(day(13))},
		}},
		{"ListServiceSpecificCredentials", func(t *testing.T, c *iam.Client) any {
			return serviceCredentials(t, c, iam.ListServiceSpecificCredentialsInput{UserName: alice})
		}, []types.ServiceSpecificCredentialMetadata{
			{UserName: alice, Status: "Active", ServiceName: aws.String("codecommit.amazonaws.com"), ServiceUserName: aws.String("alice-at-" + accountID),
				ServiceSpecificCredentialId: aws.String("ACCAALICE00000000001"), CreateDate: aws.Time(day(14))},
			{UserName: alice, Status: "Inactive", ServiceName: aws.String("bedrock.amazonaws.com"),
				ServiceSpecificCredentialId: aws.String("ACCAALICE00000000002"), CreateDate: aws.Time(day(15)), ExpirationDate: aws.Time(day(29))},
		}},
		{"ListServiceSpecificCredentials of a service for everybody", func(t *testing.T, c *iam.Client) any {
			in := iam.ListServiceSpecificCredentialsInput{AllUsers: aws.Bool(true), ServiceName: aws.String("bedrock.amazonaws.com")}
			return len(serviceCredentials(t, c, in))
		}, 1},
	})
}

func keyLastUsed(t *testing.T, c *iam.Client, id string) types.AccessKeyLastUsed {
	out, err := c.GetAccessKeyLastUsed(t.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: aws.String(id)})
	require.NoError(t, err)
	require.Equal(t, "alice", *out.UserName)
	return *out.AccessKeyLastUsed
}

// serviceCredentials follows the Marker by hand: the SDK has no paginator here.
func serviceCredentials(t *testing.T, c *iam.Client, in iam.ListServiceSpecificCredentialsInput) []types.ServiceSpecificCredentialMetadata {
	var found []types.ServiceSpecificCredentialMetadata
	for {
		out, err := c.ListServiceSpecificCredentials(t.Context(), &in)
		require.NoError(t, err)
		found = append(found, out.ServiceSpecificCredentials...)
		if !out.IsTruncated {
			return found
		}
		in.Marker = out.Marker
	}
}

func TestMFAReads(t *testing.T) {
	t.Parallel()
	alice := aws.String("alice")
	virtual := func(status types.AssignmentStatusType) func(*testing.T, *iam.Client) any {
		return func(t *testing.T, c *iam.Client) any {
			var found []string
			for _, d := range all(t, iam.NewListVirtualMFADevicesPaginator(c, &iam.ListVirtualMFADevicesInput{AssignmentStatus: status}),
				func(o *iam.ListVirtualMFADevicesOutput) []types.VirtualMFADevice { return o.VirtualMFADevices }) {
				found = append(found, *d.SerialNumber+" "+*d.User.Arn)
			}
			return found
		}
	}
	assigned := []string{
		arnPrefix + "mfa/root-account-mfa-device " + arnPrefix + "root",
		arnPrefix + "mfa/alice-phone " + arnPrefix + "user/people/alice",
	}
	checkReads(t, []read{
		{"ListMFADevices", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListMFADevicesPaginator(c, &iam.ListMFADevicesInput{UserName: alice}),
				func(o *iam.ListMFADevicesOutput) []types.MFADevice { return o.MFADevices })
		}, []types.MFADevice{
			{UserName: alice, SerialNumber: aws.String(arnPrefix + "mfa/alice-phone"), EnableDate: aws.Time(day(7))},
			{UserName: alice, SerialNumber: aws.String(arnPrefix + "u2f/user/alice/key-1"), EnableDate: aws.Time(day(8))},
			{UserName: alice, SerialNumber: aws.String("GAHT12345678"), EnableDate: aws.Time(day(9))},
		}},
		{"ListVirtualMFADevices", virtual(""), assigned},
		{"ListVirtualMFADevices assigned", virtual("Assigned"), assigned},
		{"ListVirtualMFADevices unassigned", virtual("Unassigned"), []string(nil)},
		{"GetMFADevice of a security key", func(t *testing.T, c *iam.Client) any {
			out, err := c.GetMFADevice(t.Context(), &iam.GetMFADeviceInput{SerialNumber: aws.String(arnPrefix + "u2f/user/alice/key-1")})
			require.NoError(t, err)
			return *out.UserName + " " + out.EnableDate.Format("01-02")
		}, "alice 03-08"},
	})
}

func TestCallerReads(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, caller string
		want         string
	}{
		{"a user reads itself", arnPrefix + "user/people/alice", arnPrefix + "user/people/alice with 2 keys"},
		{"the root user has no name", arnPrefix + "root", arnPrefix + "root with 0 keys"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			server.CallerARN(tt.caller)
			user, err := iamClient(server).GetUser(t.Context(), &iam.GetUserInput{})
			require.NoError(t, err)
			keys, err := iamClient(server).ListAccessKeys(t.Context(), &iam.ListAccessKeysInput{})
			require.NoError(t, err)
			require.Equal(t, tt.want, *user.User.Arn+" with "+string(rune('0'+len(keys.AccessKeyMetadata)))+" keys")
		})
	}
}

func TestNoSuchEntity(t *testing.T) {
	t.Parallel()
	nobody := aws.String("nobody")
	tests := []struct {
		name string
		call func(*testing.T, *iam.Client) error
		want string
	}{
		{"user", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetUser(t.Context(), &iam.GetUserInput{UserName: nobody})
			return err
		}, "The user with name nobody cannot be found."},
		{"role", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: nobody})
			return err
		}, "The role with name nobody cannot be found."},
		{"group", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetGroup(t.Context(), &iam.GetGroupInput{GroupName: nobody})
			return err
		}, "The group with name nobody cannot be found."},
		{"policy", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetPolicy(t.Context(), &iam.GetPolicyInput{PolicyArn: aws.String(arnPrefix + "policy/none")})
			return err
		}, "Policy " + arnPrefix + "policy/none was not found."},
		{"policy version", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetPolicyVersion(t.Context(), &iam.GetPolicyVersionInput{PolicyArn: aws.String(readerARN), VersionId: aws.String("v9")})
			return err
		}, "Policy " + readerARN + " version v9 does not exist or is not attachable."},
		{"inline policy", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: aws.String("deploy"), PolicyName: nobody})
			return err
		}, "The role policy with name nobody cannot be found."},
		{"password", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetLoginProfile(t.Context(), &iam.GetLoginProfileInput{UserName: aws.String("Bob")})
			return err
		}, "Login Profile for User Bob cannot be found."},
		{"access key", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetAccessKeyLastUsed(t.Context(), &iam.GetAccessKeyLastUsedInput{AccessKeyId: aws.String("AKIANOBODY0000000000")})
			return err
		}, "The Access Key with id AKIANOBODY0000000000 cannot be found."},
		{"security key", func(t *testing.T, c *iam.Client) error {
			_, err := c.GetMFADevice(t.Context(), &iam.GetMFADeviceInput{SerialNumber: aws.String("GAHT12345678")})
			return err
		}, "MFA Device with serial number GAHT12345678 does not exist."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := tt.call(t, iamClient(fakeiam.New(account())))
			requireAPIError(t, err, "NoSuchEntity", 404)
			require.ErrorContains(t, err, tt.want)
		})
	}
}
