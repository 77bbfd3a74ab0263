package fakeiam_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

const simulatedRole = "arn:aws:iam::123456789012:role/deploy"

func newSimulator() (*fakeiam.Server, *iam.Client) {
	s := fakeiam.New(&nhiscan.Account{Roles: []nhiscan.Role{{Name: "deploy", ARN: simulatedRole}}})
	return s, iam.New(iam.Options{Region: "us-east-1", HTTPClient: s.HTTPClient(), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIATEST000000000000", "secret", "")})
}

func TestSimulation(t *testing.T) {
	t.Parallel()
	s, c := newSimulator()
	in := &iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String(simulatedRole), ActionNames: []string{"s3:GetObject"}, ResourceArns: []string{"a", "b"}}
	out, err := c.SimulatePrincipalPolicy(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, types.PolicyEvaluationDecisionTypeImplicitDeny, out.EvaluationResults[0].EvalDecision, "nothing is evaluated")

	s.Simulate(func(call fakeiam.SimulatedCall) fakeiam.SimulatedDecision {
		require.Equal(t, simulatedRole, call.PolicySourceARN)
		if call.Resource == "a" {
			return fakeiam.SimulatedDecision{Decision: "allowed"}
		}
		return fakeiam.SimulatedDecision{Decision: "explicitDeny"}
	})
	out, err = c.SimulatePrincipalPolicy(t.Context(), in)
	require.NoError(t, err)
	result := out.EvaluationResults[0]
	require.Equal(t, types.PolicyEvaluationDecisionTypeExplicitDeny, result.EvalDecision, "the most restrictive")
	require.Equal(t, types.PolicyEvaluationDecisionTypeAllowed, result.ResourceSpecificResults[0].EvalResourceDecision)
}

func TestSimulationAndLastAccessedRefuse(t *testing.T) {
	t.Parallel()
	_, c := newSimulator()
	tests := map[string]struct {
		code string
		call func() error
	}{
		"an unknown principal": {"NoSuchEntity", func() error {
			_, err := c.SimulatePrincipalPolicy(t.Context(), &iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String("arn:aws:iam::123456789012:role/none"), ActionNames: []string{"s3:GetObject"}})
			return err
		}},
		"a wildcard": {"InvalidInput", func() error {
			_, err := c.SimulatePrincipalPolicy(t.Context(), &iam.SimulatePrincipalPolicyInput{PolicySourceArn: aws.String(simulatedRole), ActionNames: []string{"s3:*"}})
			return err
		}},
		"no policy": {"ValidationError", func() error {
			_, err := c.SimulateCustomPolicy(t.Context(), &iam.SimulateCustomPolicyInput{PolicyInputList: []string{}, ActionNames: []string{"s3:GetObject"}})
			return err
		}},
		"an unknown ARN": {"NoSuchEntity", func() error {
			_, err := c.GenerateServiceLastAccessedDetails(t.Context(), &iam.GenerateServiceLastAccessedDetailsInput{Arn: aws.String("arn:aws:iam::123456789012:role/none")})
			return err
		}},
		"an unknown granularity": {"ValidationError", func() error {
			_, err := c.GenerateServiceLastAccessedDetails(t.Context(), &iam.GenerateServiceLastAccessedDetailsInput{Arn: aws.String(simulatedRole), Granularity: "FINE"})
			return err
		}},
		"an unknown job": {"NoSuchEntity", func() error {
			_, err := c.GetServiceLastAccessedDetails(t.Context(), &iam.GetServiceLastAccessedDetailsInput{JobId: aws.String("none")})
			return err
		}},
	}
	for name, tt := range tests {
		var e smithy.APIError
		require.True(t, errors.As(tt.call(), &e), name)
		require.Equal(t, tt.code, e.ErrorCode(), name)
	}
}

func TestLastAccessedJob(t *testing.T) {
	t.Parallel()
	s, c := newSimulator()
	s.JobPolls(1)
	s.ServicesLastAccessed(simulatedRole, fakeiam.ServiceUse{Namespace: "s3", Name: "Amazon S3", Actions: []fakeiam.ActionUse{{Name: "GetObject"}}})
	for granularity, actions := range map[types.AccessAdvisorUsageGranularityType]int{"": 0, "SERVICE_LEVEL": 0, "ACTION_LEVEL": 1} {
		job, err := c.GenerateServiceLastAccessedDetails(t.Context(), &iam.GenerateServiceLastAccessedDetailsInput{Arn: aws.String(simulatedRole), Granularity: granularity})
		require.NoError(t, err)
		in := &iam.GetServiceLastAccessedDetailsInput{JobId: job.JobId}
		out, err := c.GetServiceLastAccessedDetails(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, types.JobStatusTypeInProgress, out.JobStatus)
		out, err = c.GetServiceLastAccessedDetails(t.Context(), in)
		require.NoError(t, err)
		require.Equal(t, types.JobStatusTypeCompleted, out.JobStatus)
		require.Len(t, out.ServicesLastAccessed[0].TrackedActionsLastAccessed, actions)
		require.Nil(t, out.ServicesLastAccessed[0].LastAuthenticated)
	}
}
