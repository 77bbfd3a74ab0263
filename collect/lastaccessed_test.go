package collect_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

var usedAt = time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)

// used serves a role that used S3 and never used DynamoDB.
func used(t *testing.T) (s *fakeiam.Server, role string) {
	t.Helper()
	a := synth.Account(tiny, 1)
	s, role = newServer(a), a.Roles[0].ARN
	s.ServicesLastAccessed(role,
		fakeiam.ServiceUse{Namespace: "s3", Name: "Amazon S3", At: usedAt, By: role, Region: "eu-west-1", Entities: 1,
			Actions: []fakeiam.ActionUse{{Name: "GetObject", At: usedAt, By: role, Region: "eu-west-1"}, {Name: "PutObject"}}},
		fakeiam.ServiceUse{Namespace: "dynamodb", Name: "Amazon DynamoDB"},
		fakeiam.ServiceUse{Namespace: "ec2", Name: "Amazon EC2"})
	return s, role
}

func TestServiceLastAccessed(t *testing.T) {
	t.Parallel()
	s, role := used(t)
	s.PageSize(1)
	use := nhiscan.LastUse{Known: true, At: usedAt, Region: "eu-west-1"}
	never := nhiscan.LastUse{Known: true}
	for granularity, actions := range map[collect.Granularity][]collect.ActionAccess{
		"": nil, collect.GranularityService: nil,
		collect.GranularityAction: {{Name: "GetObject", LastUsed: use, By: role}, {Name: "PutObject", LastUsed: never}},
	} {
		got, err := collect.ServiceLastAccessed(context.Background(), iamAPI(s), role, granularity, nil)
		require.NoError(t, err)
		require.False(t, got.GeneratedAt.IsZero())
		require.Equal(t, role, got.ARN)
		require.Equal(t, []collect.ServiceAccess{
			{Namespace: "s3", Name: "Amazon S3", LastUsed: use, By: role, Principals: 1, Actions: actions},
			{Namespace: "dynamodb", Name: "Amazon DynamoDB", LastUsed: never},
			{Namespace: "ec2", Name: "Amazon EC2", LastUsed: never},
		}, got.Services)
		require.True(t, got.Services[1].LastUsed.Never())
	}
}

func TestServiceLastAccessedWaits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		polls   int
		wait    time.Duration
		timeout time.Duration // of the context
		code    string        // empty: it is read
		longest time.Duration
	}{
		"until it is done":            {polls: 5, longest: 20 * time.Second},
		"not for ever":                {polls: 1000, wait: 11 * time.Second, code: collect.CodeJobInProgress, longest: 11 * time.Second},
		"not after the context's end": {polls: 1000, timeout: 3 * time.Second, code: nhiscan.GapInterrupted, longest: 3 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, role := used(t)
				s.JobPolls(tt.polls)
				ctx := context.Background()
				if tt.timeout > 0 {
					limited, cancel := context.WithTimeout(ctx, tt.timeout)
					defer cancel()
					ctx = limited
				}
				start := time.Now()
				got, err := collect.ServiceLastAccessed(ctx, iamAPI(s), role, "", &collect.Options{ReportWait: tt.wait})
				require.LessOrEqual(t, time.Since(start), tt.longest)
				if tt.code == "" {
					require.NoError(t, err)
					require.Len(t, got.Services, 3)
					return
				}
				require.Nil(t, got)
				require.Equal(t, tt.longest, time.Since(start))
				var e *collect.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, tt.code, e.Code)
				require.Equal(t, tt.code == collect.CodeJobInProgress, e.Retryable())
			})
		})
	}
}

func TestServiceLastAccessedFails(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"ServiceFailure": "ServiceFailure", "": collect.CodeJobFailed} {
		s, role := used(t)
		s.FailJobs(code, "it went wrong")
		_, err := collect.ServiceLastAccessed(context.Background(), iamAPI(s), role, "", nil)
		var e *collect.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, want, e.Code)
		require.Equal(t, "iam:GetServiceLastAccessedDetails", e.Operation)
		require.Equal(t, role, e.Resource)
		require.Contains(t, e.Message, "it went wrong")
	}
	s, _ := used(t)
	_, err := collect.ServiceLastAccessed(context.Background(), iamAPI(s), "arn:aws:iam::123456789012:role/none", "", nil)
	require.ErrorIs(t, err, collect.ErrNotFound)
}
