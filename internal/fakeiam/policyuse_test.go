package fakeiam_test

import (
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestListEntitiesForPolicy(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   iam.ListEntitiesForPolicyInput
		want []string
	}{
		{"all", iam.ListEntitiesForPolicyInput{PolicyArn: str(readerARN)}, []string{"user alice", "group admins", "role deploy"}},
		{"attached and a boundary", iam.ListEntitiesForPolicyInput{PolicyArn: str(boundaryARN)}, []string{"user alice", "role deploy"}},
		{"attached", iam.ListEntitiesForPolicyInput{PolicyArn: str(boundaryARN), PolicyUsageFilter: types.PolicyUsageTypePermissionsPolicy}, []string{"user alice"}},
		{"a boundary", iam.ListEntitiesForPolicyInput{PolicyArn: str(boundaryARN), PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary}, []string{"user alice", "role deploy"}},
		{"groups", iam.ListEntitiesForPolicyInput{PolicyArn: str(readerARN), EntityFilter: types.EntityTypeGroup}, []string{"group admins"}},
		{"under a path", iam.ListEntitiesForPolicyInput{PolicyArn: str(readerARN), PathPrefix: str("/people/")}, []string{"user alice", "group admins"}},
		{"AWS's policy", iam.ListEntitiesForPolicyInput{PolicyArn: str(readOnlyARN)}, []string{"user alice", "group admins"}},
	}
	for _, size := range pageSizes {
		for _, tt := range tests {
			t.Run(tt.name+"/page size "+strconv.Itoa(size), func(t *testing.T) {
				t.Parallel()
				server := fakeiam.New(account())
				server.PageSize(size)
				var got []string
				pages := iam.NewListEntitiesForPolicyPaginator(iamClient(server), &tt.in)
				for pages.HasMorePages() {
					page, err := pages.NextPage(t.Context())
					require.NoError(t, err)
					got = append(got, entities(page)...)
				}
				require.Equal(t, tt.want, got)
			})
		}
	}
	checkRefusals(t, []refusal{
		{"unknown policy", nil, do((*iam.Client).ListEntitiesForPolicy, &iam.ListEntitiesForPolicyInput{PolicyArn: str(arnPrefix + "policy/none")}), "NoSuchEntity", 404, "Policy " + arnPrefix + "policy/none was not found."},
		{"unknown filter", nil, do((*iam.Client).ListEntitiesForPolicy, &iam.ListEntitiesForPolicyInput{PolicyArn: str(readerARN), EntityFilter: "Alien"}), "ValidationError", 400, "1 validation error detected: Value at 'entityFilter'"},
	})
}

func entities(page *iam.ListEntitiesForPolicyOutput) []string {
	var names []string
	for _, u := range page.PolicyUsers {
		names = append(names, "user "+*u.UserName)
	}
	for _, g := range page.PolicyGroups {
		names = append(names, "group "+*g.GroupName)
	}
	for _, role := range page.PolicyRoles {
		names = append(names, "role "+*role.RoleName)
	}
	return names
}
