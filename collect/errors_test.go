package collect_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/synth"
)

func TestErrorKinds(t *testing.T) {
	t.Parallel()
	kinds := []error{collect.ErrNotFound, collect.ErrAccessDenied, collect.ErrCredentials, collect.ErrThrottled, collect.ErrRefused, collect.ErrInvalid}
	tests := map[string]struct {
		kind error
		hint string
	}{
		"NoSuchEntity":              {collect.ErrNotFound, ""},
		"AccessDenied":              {collect.ErrAccessDenied, "allow iam:GetRole for these credentials"},
		"AccessDeniedException":     {collect.ErrAccessDenied, "allow iam:GetRole for these credentials"},
		"Throttling":                {collect.ErrThrottled, "try again later, or with fewer calls at once"},
		"ExpiredToken":              {collect.ErrCredentials, "renew the credentials, for example with aws sso login, or check the clock"},
		"SignatureDoesNotMatch":     {collect.ErrCredentials, "check the secret access key and the clock"},
		"InvalidClientTokenId":      {collect.ErrCredentials, "check that the access key exists and is active, and that it belongs to this partition"},
		collect.CodeNoCredentials:   {collect.ErrCredentials, "configure credentials (aws configure, aws sso login or AWS_* variables) or name a profile"},
		collect.CodeNoAnswer:        {nil, "check the network, the proxy and the region"},
		collect.CodeRefused:         {collect.ErrRefused, "AWS was not asked: let the program call iam:GetRole"},
		"ServiceFailure":            {nil, ""},
		"ValidationError":           {collect.ErrInvalid, ""},
		"InvalidInput":              {collect.ErrInvalid, ""},
		collect.CodeInvalidArgument: {collect.ErrInvalid, ""},
		"EntityTemporarilyModified": {nil, ""},
	}
	for code, tt := range tests {
		e := &collect.Error{Operation: "iam:GetRole", Resource: "deploy", Code: code, Message: "it went wrong"}
		require.Equal(t, "iam:GetRole deploy: "+code+": it went wrong", e.Error())
		require.Equal(t, tt.hint, e.Hint(), code)
		for _, kind := range kinds {
			require.Equal(t, tt.kind == kind, errors.Is(e, kind), "%s is %v", code, kind)
		}
	}
}

func TestErrorRetryable(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"Throttling": true, "ThrottlingException": true, "ServiceFailure": true, "HTTP503": true, "ConcurrentModification": true,
		"EntityTemporarilyUnmodifiable": true, "ReportInProgress": true, collect.CodeNoAnswer: true, collect.CodeEmptyAnswer: true,
		collect.CodeJobInProgress: true, nhiscan.GapMalformed: true,
		"": false, "AccessDenied": false, "NoSuchEntity": false, "ExpiredToken": false, "LimitExceeded": false, "HTTP403": false,
		"ValidationError": false, collect.CodeInvalidArgument: false, collect.CodeNoCredentials: false, collect.CodeRefused: false, nhiscan.GapInterrupted: false,
	} {
		require.Equal(t, want, (&collect.Error{Code: code}).Retryable(), code)
	}
}

// TestNoCredentials has the ways in which the SDK finds out that it has none.
func TestNoCredentials(t *testing.T) {
	t.Parallel()
	failing := func(err error) aws.CredentialsProvider {
		return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return aws.Credentials{}, err })
	}
	tests := map[string]aws.CredentialsProvider{
		"none can be found": failing(errors.New("no provider in the chain")),
		"role not assumed":  failing(stsDenied(t)),
		"cached":            aws.NewCredentialsCache(failing(errors.New("no provider in the chain"))),
	}
	for name, provider := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(synth.Account(tiny, 1))
			cfg := config(s)
			cfg.Credentials = provider
			a, err := collect.Account(context.Background(), iam.NewFromConfig(cfg), nil)
			require.Nil(t, a)
			require.ErrorIs(t, err, collect.ErrCredentials)
			require.NotErrorIs(t, err, collect.ErrAccessDenied)
			require.Zero(t, s.Total())
		})
	}
}

// stsDenied is an error of AWS from the call that was to get the credentials.
func stsDenied(t *testing.T) error {
	t.Helper()
	s := newServer(synth.Account(tiny, 1))
	s.Deny("GetUser")
	_, err := iamAPI(s).GetUser(context.Background(), &iam.GetUserInput{UserName: aws.String("anna")})
	require.Error(t, err)
	return err
}

func TestOptionsOutOfRange(t *testing.T) {
	t.Parallel()
	for _, opts := range []*collect.Options{nil, {}, {Concurrency: -1, PageSize: -1}, {PageSize: 5000}, {Concurrency: 1}} {
		s := newServer(synth.Account(tiny, 1))
		a := readAccount(t, s, opts)
		require.Empty(t, a.Gaps)
		require.Equal(t, "1000", s.LastRequest("ListUsers").Get("MaxItems"))
	}
}
