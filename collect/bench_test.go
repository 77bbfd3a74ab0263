package collect_test

import (
	"context"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// quotaServer serves an account at its quotas, with all pages made.
var quotaServer = sync.OnceValue(func() *fakeiam.Server {
	s := newServer(synth.Account(synth.Quota, 1))
	_, err := collect.Account(context.Background(), iamAPI(s), nil)
	if err != nil {
		panic(err)
	}
	return s
})

// BenchmarkAccount reads 10,000 identities, 500 groups and 10,000 policies.
func BenchmarkAccount(b *testing.B) {
	s := quotaServer()
	s.Reset()
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		a, err := collect.Account(context.Background(), iamAPI(s), nil)
		require.NoError(b, err)
		require.Empty(b, a.Gaps)
		require.Len(b, a.Users, synth.Quota.Users)
		n++
	}
	b.ReportMetric(float64(s.Total())/float64(n), "calls/op")
}

// BenchmarkIdentityByIdentity reads the same account as a scanner must that asks
// for each identity by itself: its keys, MFA devices, groups, tags and policies.
func BenchmarkIdentityByIdentity(b *testing.B) {
	s := newServer(synth.Account(synth.Quota, 1))
	s.Deny("GetAccountAuthorizationDetails", "GenerateCredentialReport", "GetCredentialReport")
	n := 0
	for b.Loop() {
		a, err := collect.Account(context.Background(), iamAPI(s), &collect.Options{Detail: true})
		require.NoError(b, err)
		require.Len(b, a.Users, synth.Quota.Users)
		n++
	}
	b.ReportMetric(float64(s.Total())/float64(n), "calls/op")
}

// BenchmarkSDKAlone has the SDK page through and parse the same answers, at the
// same time as collect does, and throws them away.
func BenchmarkSDKAlone(b *testing.B) {
	s := quotaServer()
	b.ReportAllocs()
	for b.Loop() {
		readWithSDK(b, iamAPI(s))
	}
}

func readWithSDK(b *testing.B, api *iam.Client) {
	ctx := context.Background()
	size := int32(1000)
	details := func(kinds ...types.EntityType) func() error {
		return func() error {
			p := iam.NewGetAccountAuthorizationDetailsPaginator(api, &iam.GetAccountAuthorizationDetailsInput{Filter: kinds, MaxItems: &size})
			return turn(p.HasMorePages, func() error { _, err := p.NextPage(ctx); return err })
		}
	}
	users := iam.NewListUsersPaginator(api, &iam.ListUsersInput{MaxItems: &size})
	roles := iam.NewListRolesPaginator(api, &iam.ListRolesInput{MaxItems: &size})
	devices := iam.NewListVirtualMFADevicesPaginator(api, &iam.ListVirtualMFADevicesInput{MaxItems: &size, AssignmentStatus: types.AssignmentStatusTypeAssigned})
	streams := []func() error{
		details(types.EntityTypeUser, types.EntityTypeGroup),
		details(types.EntityTypeRole),
		details(types.EntityTypeLocalManagedPolicy),
		func() error {
			return turn(users.HasMorePages, func() error { _, err := users.NextPage(ctx); return err })
		},
		func() error {
			return turn(roles.HasMorePages, func() error { _, err := roles.NextPage(ctx); return err })
		},
		func() error {
			return turn(devices.HasMorePages, func() error { _, err := devices.NextPage(ctx); return err })
		},
		func() error { _, err := api.GetCredentialReport(ctx, &iam.GetCredentialReportInput{}); return err },
	}
	var wg sync.WaitGroup
	for _, read := range streams {
		wg.Go(func() {
			if err := read(); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
}

func turn(more func() bool, next func() error) error {
	for more() {
		if err := next(); err != nil {
			return err
		}
	}
	return nil
}
