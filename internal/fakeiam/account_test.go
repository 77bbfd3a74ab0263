package fakeiam_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

const (
	accountID   = "123456789012"
	arnPrefix   = "arn:aws:iam::" + accountID + ":"
	trustEC2    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	allowRead   = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::a+b c/%41/${aws:username}/ü*"}}`
	denyAll     = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}]}`
	boundaryARN = arnPrefix + "policy/limits/edge"
	readerARN   = arnPrefix + "policy/reader"
	readOnlyARN = "arn:aws:iam::aws:policy/ReadOnlyAccess"
)

func day(n int) time.Time { return time.Date(2026, 3, n, 4, 5, 6, 0, time.UTC) }

func document(text string) nhiscan.PolicyDocument { return nhiscan.NewPolicyDocument(text) }

// account returns an account that has everything that the server tells.
func account() *nhiscan.Account {
	return &nhiscan.Account{
		ID:          accountID,
		Partition:   "aws",
		Aliases:     []string{"acme-prod"},
		CollectedAt: day(30),
		Root: &nhiscan.RootUser{
			ARN:        arnPrefix + "root",
			CreateDate: day(1),
			Credentials: nhiscan.Credentials{
				Password:   nhiscan.Password{Enabled: true, LastUsed: nhiscan.LastUse{Known: true, At: day(9)}, LastChanged: day(1)},
				MFADevices: []nhiscan.MFADevice{{SerialNumber: arnPrefix + "mfa/root-account-mfa-device", Kind: nhiscan.MFAVirtual, EnableDate: day(2)}},
			},
		},
		Users:    []nhiscan.User{alice(), bob()},
		Groups:   groups(),
		Roles:    roles(),
		Policies: policies(),
	}
}

func alice() nhiscan.User {
	return nhiscan.User{
		Name: "alice", ID: "AIDAALICE00000000000", ARN: arnPrefix + "user/people/alice", Path: "/people/", CreateDate: day(3),
		Tags:                []nhiscan.Tag{{Key: "team", Value: "R&D <core>"}, {Key: "größe", Value: ""}, {Key: "note", Value: "line\nbreak \"quoted\""}},
		Groups:              []string{"admins", "developers"},
		AttachedPolicies:    []nhiscan.AttachedPolicy{{Name: "ReadOnlyAccess", ARN: readOnlyARN}, {Name: "reader", ARN: readerARN}, {Name: "edge", ARN: boundaryARN}},
		InlinePolicies:      []nhiscan.InlinePolicy{{Name: "one", Document: document(allowRead)}, {Name: "two", Document: document(denyAll)}},
		PermissionsBoundary: boundaryARN,
		Credentials: nhiscan.Credentials{
			Password: nhiscan.Password{Enabled: true, LastUsed: nhiscan.LastUse{Known: true, At: day(20)}, LastChanged: day(4), NextRotation: day(28)},
			AccessKeys: []nhiscan.AccessKey{
				{ID: "AKIAALICE00000000001", Active: true, CreateDate: day(5), LastUsed: nhiscan.LastUse{Known: true, At: day(21), Service: "s3", Region: "eu-west-1"}},
				{ID: "AKIAALICE00000000002", CreateDate: day(6), LastUsed: nhiscan.LastUse{Known: true}},
			},
			MFADevices: []nhiscan.MFADevice{
				{SerialNumber: arnPrefix + "mfa/alice-phone", EnableDate: day(7)},
				{SerialNumber: arnPrefix + "u2f/user/alice/key-1", Kind: nhiscan.MFAFIDO2, EnableDate: day(8)},
				{SerialNumber: "GAHT12345678", Kind: nhiscan.MFAHardware, EnableDate: day(9)},
			},
			SigningCertificates: []nhiscan.SigningCertificate{{ID: "CERTALICE0000000000000001", Active: true, UploadDate: day(10)}, {ID: "CERTALICE0000000000000002", UploadDate: day(11)}},
			SSHPublicKeys:       []nhiscan.SSHPublicKey{{ID: "APKAALICE00000000001", Active: true, UploadDate: day(12)}, {ID: "APKAALICE00000000002", UploadDate: day(13)}},
			ServiceSpecificCredentials: []nhiscan.ServiceSpecificCredential{
				{ID: "ACCAALICE00000000001", Service: "codecommit.amazonaws.com", UserName: "alice-at-" + accountID, Active: true, CreateDate: day(14)},
				{ID: "ACCAALICE00000000002", Service: "bedrock.amazonaws.com", CreateDate: day(15), ExpirationDate: day(29)},
			},
		},
	}
}

// bob is a user of whom nothing but his names is told.
func bob() nhiscan.User {
	return nhiscan.User{Name: "Bob", ID: "AIDABOB0000000000000", ARN: arnPrefix + "user/Bob", Path: "/", CreateDate: day(4), Groups: []string{"developers"}}
}

func groups() []nhiscan.Group {
	return []nhiscan.Group{
		{
			Name: "admins", ID: "AGPAADMINS0000000000", ARN: arnPrefix + "group/people/admins", Path: "/people/", CreateDate: day(2),
			AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "reader", ARN: readerARN}, {Name: "ReadOnlyAccess", ARN: readOnlyARN}},
			InlinePolicies:   []nhiscan.InlinePolicy{{Name: "guard", Document: document(denyAll)}},
		},
		{Name: "developers", ID: "AGPADEVELOPERS000000", ARN: arnPrefix + "group/developers", CreateDate: day(2)},
	}
}

func roles() []nhiscan.Role {
	return []nhiscan.Role{
		{
			Name: "deploy", ID: "AROADEPLOY0000000000", ARN: arnPrefix + "role/ci/deploy", Path: "/ci/", CreateDate: day(6),
			Description: "Deploys <everything> & more", MaxSessionDuration: 2 * time.Hour, TrustPolicy: document(trustEC2),
			InstanceProfiles: []nhiscan.InstanceProfile{
				{Name: "deploy", ID: "AIPADEPLOY0000000000", ARN: arnPrefix + "instance-profile/deploy", Path: "/", CreateDate: day(7)},
				{Name: "deploy-2", ID: "AIPADEPLOY0000000002", ARN: arnPrefix + "instance-profile/deploy-2", Path: "/", CreateDate: day(8)},
			},
			Tags:                []nhiscan.Tag{{Key: "owner", Value: "platform"}, {Key: "tier", Value: "1"}},
			AttachedPolicies:    []nhiscan.AttachedPolicy{{Name: "reader", ARN: readerARN}},
			InlinePolicies:      []nhiscan.InlinePolicy{{Name: "inline", Document: document(allowRead)}},
			PermissionsBoundary: boundaryARN,
			LastUsed:            nhiscan.LastUse{Known: true, At: day(22), Region: "us-east-1"},
		},
		{Name: "idle", ID: "AROAIDLE000000000000", ARN: arnPrefix + "role/idle", Path: "/", CreateDate: day(7), TrustPolicy: document(trustEC2), LastUsed: nhiscan.LastUse{Known: true}},
	}
}

func policies() []nhiscan.ManagedPolicy {
	return []nhiscan.ManagedPolicy{
		{
			Name: "ReadOnlyAccess", ID: "ANPAREADONLY00000000", ARN: readOnlyARN, Path: "/", Description: "Reads", DefaultVersionID: "v7",
			AttachmentCount: 2, Attachable: true, CreateDate: day(1), UpdateDate: day(2),
			Versions: []nhiscan.PolicyVersion{{ID: "v7", Default: true, CreateDate: day(2), Document: document(allowRead)}},
		},
		{
			Name: "edge", ID: "ANPAEDGE000000000000", ARN: boundaryARN, Path: "/limits/", DefaultVersionID: "v1",
			BoundaryUsageCount: 2, Attachable: true, CreateDate: day(1), UpdateDate: day(1),
			Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true, CreateDate: day(1), Document: document(denyAll)}},
		},
		{
			Name: "reader", ID: "ANPAREADER0000000000", ARN: readerARN, Path: "/", Description: "Reads a bucket", DefaultVersionID: "v2",
			AttachmentCount: 3, Attachable: true, CreateDate: day(1), UpdateDate: day(3),
			Versions: []nhiscan.PolicyVersion{{ID: "v2", Default: true, CreateDate: day(3), Document: document(allowRead)}, {ID: "v1", CreateDate: day(1), Document: document(denyAll)}},
			Tags:     []nhiscan.Tag{{Key: "managed-by", Value: "terraform"}, {Key: "env", Value: "prod"}},
		},
	}
}

func config(server *fakeiam.Server) aws.Config {
	return aws.Config{
		Region:           "us-east-1",
		HTTPClient:       server.HTTPClient(),
		Credentials:      credentials.NewStaticCredentialsProvider("AKIATEST000000000000", "secret", ""),
		RetryMaxAttempts: 1,
	}
}

func iamClient(server *fakeiam.Server) *iam.Client { return iam.NewFromConfig(config(server)) }

func stsClient(server *fakeiam.Server) *sts.Client { return sts.NewFromConfig(config(server)) }

// A paginator is any of the SDK's for IAM.
type paginator[Output any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*iam.Options)) (Output, error)
}

// all returns the items of all pages.
func all[Output, Item any](t *testing.T, pages paginator[Output], items func(Output) []Item) []Item {
	t.Helper()
	var found []Item
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		found = append(found, items(page)...)
	}
	return found
}
