package fakeiam_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

const deployARN = arnPrefix + "role/ci/deploy"

func TestGetCallerIdentity(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, caller, wantARN, wantID string }{
		{"by default", "", arnPrefix + "user/scanner", "AIDAEXAMPLEEXAMPLE000"},
		{"user", arnPrefix + "user/people/alice", arnPrefix + "user/people/alice", "AIDAALICE00000000000"},
		{"root user", arnPrefix + "root", arnPrefix + "root", accountID},
		{"role session", "arn:aws:sts::123456789012:assumed-role/deploy/build-1", "arn:aws:sts::123456789012:assumed-role/deploy/build-1", "AROADEPLOY0000000000:build-1"},
		{"session of an unknown role", "arn:aws:sts::123456789012:assumed-role/x/y", "arn:aws:sts::123456789012:assumed-role/x/y", "AROAEXAMPLEEXAMPLE000:y"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			server.Allow() // nothing: GetCallerIdentity needs no permission
			if tt.caller != "" {
				server.CallerARN(tt.caller)
			}
			out, err := stsClient(server).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
			require.NoError(t, err)
			require.Equal(t, []string{tt.wantARN, tt.wantID, accountID}, []string{*out.Arn, *out.UserId, *out.Account})
		})
	}
}

func TestAssumeRoleMakesAnotherCaller(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	provider := stscreds.NewAssumeRoleProvider(stsClient(server), deployARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = "build-1"
		o.Duration = 90 * time.Minute
		o.ExternalID = aws.String("shared-secret")
	})
	session, err := provider.Retrieve(t.Context())
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(90*time.Minute), session.Expires, time.Minute)
	require.Equal(t, "shared-secret", server.LastRequest("AssumeRole").Get("ExternalId"))

	whoAmI := func(token string) (*sts.GetCallerIdentityOutput, error) {
		cfg := config(server)
		cfg.Credentials = credentials.NewStaticCredentialsProvider(session.AccessKeyID, session.SecretAccessKey, token)
		return sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	}
	out, err := whoAmI(session.SessionToken)
	require.NoError(t, err)
	require.Equal(t, "arn:aws:sts::123456789012:assumed-role/deploy/build-1", *out.Arn)
	require.Equal(t, "AROADEPLOY0000000000:build-1", *out.UserId)

	_, err = whoAmI("forged")
	requireAPIError(t, err, "InvalidClientTokenId", 403)
}

func TestAssumeRoleRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		in       sts.AssumeRoleInput
		prepare  func(*fakeiam.Server)
		wantCode string
		want     string
	}{
		{"a role that does not exist", sts.AssumeRoleInput{RoleArn: aws.String(arnPrefix + "role/none")}, nil, "AccessDenied",
			"User: " + arnPrefix + "user/scanner is not authorized to perform: sts:AssumeRole on resource: " + arnPrefix + "role/none"},
		{"a caller without the permission", sts.AssumeRoleInput{RoleArn: aws.String(deployARN)}, func(s *fakeiam.Server) { s.Deny("sts:AssumeRole") },
			"AccessDenied", "with an explicit deny in an identity-based policy"},
		{"too short a session", sts.AssumeRoleInput{RoleArn: aws.String(deployARN), DurationSeconds: aws.Int32(60)}, nil, "ValidationError", "greater than or equal to 900"},
		{"too long a session", sts.AssumeRoleInput{RoleArn: aws.String(deployARN), DurationSeconds: aws.Int32(7201)}, nil, "ValidationError", "MaxSessionDuration"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			if tt.prepare != nil {
				tt.prepare(server)
			}
			tt.in.RoleSessionName = aws.String("s")
			_, err := stsClient(server).AssumeRole(t.Context(), &tt.in)
			require.Equal(t, tt.wantCode, errorCode(t, err))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestSessionsHaveNoUser(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	server.CallerARN("arn:aws:sts::123456789012:assumed-role/deploy/build-1")
	_, err := iamClient(server).GetUser(t.Context(), &iam.GetUserInput{})
	requireAPIError(t, err, "ValidationError", 400)
	require.ErrorContains(t, err, "Must specify userName when calling with non-User credentials")
}

func TestOtherPartition(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(&nhiscan.Account{ID: "111122223333", Partition: "aws-us-gov"})
	out, err := stsClient(server).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	require.NoError(t, err)
	require.Equal(t, "arn:aws-us-gov:iam::111122223333:user/scanner", *out.Arn)
}
