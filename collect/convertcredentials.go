package collect

import (
	"cmp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

func accessKey(k types.AccessKeyMetadata) nhiscan.AccessKey {
	return nhiscan.AccessKey{
		ID:         aws.ToString(k.AccessKeyId),
		Active:     k.Status == types.StatusTypeActive,
		CreateDate: utc(k.CreateDate),
	}
}

// keyLastUsed: AWS says "N/A" for the service and region of a key that was never used.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html
func keyLastUsed(u types.AccessKeyLastUsed) nhiscan.LastUse {
	use := nhiscan.LastUse{Known: true, At: utc(u.LastUsedDate)}
	if !use.At.IsZero() {
		use.Service, use.Region = available(u.ServiceName), available(u.Region)
	}
	return use
}

func available(s *string) string {
	if aws.ToString(s) == "N/A" {
		return ""
	}
	return aws.ToString(s)
}

func mfaDevice(serial *string, enabled *time.Time) nhiscan.MFADevice {
	d := nhiscan.MFADevice{SerialNumber: aws.ToString(serial), EnableDate: utc(enabled)}
	d.Kind = mfaKind(d.SerialNumber)
	return d
}

func assignedDevice(d types.MFADevice) nhiscan.MFADevice {
	return mfaDevice(d.SerialNumber, d.EnableDate)
}

// mfaKind tells the kind from the serial number: an ARN for devices that IAM
// makes, the maker's number for a hardware token.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_checking-status.html
func mfaKind(serial string) nhiscan.MFAKind {
	switch {
	case serial == "":
		return ""
	case !strings.HasPrefix(serial, "arn:"):
		return nhiscan.MFAHardware
	case strings.Contains(serial, ":u2f/"):
		return nhiscan.MFAFIDO2
	case strings.Contains(serial, ":sms-mfa/"):
		return nhiscan.MFASMS
	case strings.Contains(serial, ":mfa/"):
		return nhiscan.MFAVirtual
	}
	return nhiscan.MFAHardware
}

func signingCertificate(c types.SigningCertificate) nhiscan.SigningCertificate {
	return nhiscan.SigningCertificate{
		ID:         aws.ToString(c.CertificateId),
		Active:     c.Status == types.StatusTypeActive,
		UploadDate: utc(c.UploadDate),
	}
}

func sshPublicKey(k types.SSHPublicKeyMetadata) nhiscan.SSHPublicKey {
	return nhiscan.SSHPublicKey{
		ID:         aws.ToString(k.SSHPublicKeyId),
		Active:     k.Status == types.StatusTypeActive,
		UploadDate: utc(k.UploadDate),
	}
}

// serviceSpecificCredential: what has no user name of its own, such as a Bedrock
// API key, has an alias.
func serviceSpecificCredential(c types.ServiceSpecificCredentialMetadata) nhiscan.ServiceSpecificCredential {
	return nhiscan.ServiceSpecificCredential{
		ID:             aws.ToString(c.ServiceSpecificCredentialId),
		Service:        aws.ToString(c.ServiceName),
		UserName:       cmp.Or(aws.ToString(c.ServiceUserName), aws.ToString(c.ServiceCredentialAlias)),
		Active:         c.Status == types.StatusTypeActive,
		CreateDate:     utc(c.CreateDate),
		ExpirationDate: utc(c.ExpirationDate),
	}
}
