package collect

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

// readPassword asks for the login profile, which a user without a console
// password has not.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html
func (r *reader) readPassword(ctx context.Context, u *nhiscan.User) error {
	_, err := call(ctx, r, "GetLoginProfile", u.Name, func() (*types.LoginProfile, error) {
		out, err := r.api.GetLoginProfile(ctx, &iam.GetLoginProfileInput{UserName: &u.Name})
		if err == nil && out.LoginProfile == nil {
			err = errEmptyAnswer
		}
		if err != nil {
			return nil, err
		}
		return out.LoginProfile, nil
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	u.Password.Enabled = err == nil
	u.Known |= nhiscan.FactPassword
	return nil
}

// readAccessKeys reads the user's keys and when each was last used. A key whose
// last use could not be read has it from the credential report, or unknown.
func (r *reader) readAccessKeys(ctx context.Context, u *nhiscan.User) error {
	list, err := all(ctx, r, "ListAccessKeys", u.Name, func(marker *string) ([]types.AccessKeyMetadata, position, error) {
		out, err := r.api.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &u.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.AccessKeyMetadata, position{out.IsTruncated, out.Marker}, nil
	})
	if err != nil {
		return err
	}
	var keys []nhiscan.AccessKey
	for _, key := range convert(list, accessKey) {
		var use AccessKeyUse
		use, err = r.accessKeyUse(ctx, u.Name, key.ID)
		key.LastUsed = use.LastUsed
		switch {
		case errors.Is(err, ErrNotFound):
			continue // deleted since it was listed
		case err != nil:
			r.miss(err)
			key.LastUsed = reportedUse(u.AccessKeys, key)
		}
		keys = append(keys, key)
	}
	u.AccessKeys = keys
	u.Known |= nhiscan.FactAccessKeys
	return nil
}

// reportedUse returns the last use that a credential report told of the key: it
// has no ids, so the key is known by the time of its creation.
func reportedUse(reported []nhiscan.AccessKey, key nhiscan.AccessKey) nhiscan.LastUse {
	for _, k := range reported {
		if k.CreateDate.Equal(key.CreateDate) {
			return k.LastUsed
		}
	}
	return nhiscan.LastUse{}
}

// An AccessKeyUse is when an access key was last used.
type AccessKeyUse struct {
	ID string
	// UserName is whose key it is.
	UserName string
	// LastUsed has Never when the key was not used since 2015-04-22.
	LastUsed nhiscan.LastUse
}

// AccessKeyLastUsed tells whose the key with the id (AKIA…) is, and when it was
// last used.
//
// The error is an [*Error]: [ErrNotFound], or [ErrAccessDenied] too, when there is
// no such key in the account.
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html.
func AccessKeyLastUsed(ctx context.Context, api CredentialAPI, id string) (AccessKeyUse, error) {
	if id == "" {
		return AccessKeyUse{}, invalid("AccessKeyLastUsed", "", "the id of the access key is missing")
	}
	r, ctx := newReader(ctx, parts{CredentialAPI: api}, nil)
	defer r.abort(nil)
	return r.accessKeyUse(ctx, id, id)
}

func (r *reader) accessKeyUse(ctx context.Context, resource, id string) (AccessKeyUse, error) {
	return call(ctx, r, "GetAccessKeyLastUsed", resource, func() (AccessKeyUse, error) {
		out, err := r.api.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: &id})
		if err == nil && out.AccessKeyLastUsed == nil {
			err = errEmptyAnswer
		}
		if err != nil {
			return AccessKeyUse{}, err
		}
		return AccessKeyUse{ID: id, UserName: aws.ToString(out.UserName), LastUsed: keyLastUsed(*out.AccessKeyLastUsed)}, nil
	})
}

func (r *reader) readMFADevices(ctx context.Context, u *nhiscan.User) error {
	return readList(ctx, r, "ListMFADevices", u.Name, func(marker *string) ([]types.MFADevice, position, error) {
		out, err := r.api.ListMFADevices(ctx, &iam.ListMFADevicesInput{UserName: &u.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.MFADevices, position{out.IsTruncated, out.Marker}, nil
	}, assignedDevice, &u.MFADevices, &u.Known, nhiscan.FactMFADevices)
}

func (r *reader) readSigningCertificates(ctx context.Context, u *nhiscan.User) error {
	return readList(ctx, r, "ListSigningCertificates", u.Name, func(marker *string) ([]types.SigningCertificate, position, error) {
		out, err := r.api.ListSigningCertificates(ctx, &iam.ListSigningCertificatesInput{UserName: &u.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Certificates, position{out.IsTruncated, out.Marker}, nil
	}, signingCertificate, &u.SigningCertificates, &u.Known, nhiscan.FactSigningCertificates)
}

func (r *reader) readSSHPublicKeys(ctx context.Context, u *nhiscan.User) error {
	return readList(ctx, r, "ListSSHPublicKeys", u.Name, func(marker *string) ([]types.SSHPublicKeyMetadata, position, error) {
		out, err := r.api.ListSSHPublicKeys(ctx, &iam.ListSSHPublicKeysInput{UserName: &u.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.SSHPublicKeys, position{out.IsTruncated, out.Marker}, nil
	}, sshPublicKey, &u.SSHPublicKeys, &u.Known, nhiscan.FactSSHPublicKeys)
}

func (r *reader) readServiceSpecificCredentials(ctx context.Context, u *nhiscan.User) error {
	return readList(ctx, r, "ListServiceSpecificCredentials", u.Name, func(marker *string) ([]types.ServiceSpecificCredentialMetadata, position, error) {
		out, err := r.api.ListServiceSpecificCredentials(ctx, &iam.ListServiceSpecificCredentialsInput{UserName: &u.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.ServiceSpecificCredentials, position{out.IsTruncated, out.Marker}, nil
	}, serviceSpecificCredential, &u.ServiceSpecificCredentials, &u.Known, nhiscan.FactServiceSpecificCredentials)
}
