package fakeiam_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// authorizationDetails returns all pages as one.
func authorizationDetails(t *testing.T, c *iam.Client, filter ...types.EntityType) iam.GetAccountAuthorizationDetailsOutput {
	var whole iam.GetAccountAuthorizationDetailsOutput
	pages := iam.NewGetAccountAuthorizationDetailsPaginator(c, &iam.GetAccountAuthorizationDetailsInput{Filter: filter})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		whole.UserDetailList = append(whole.UserDetailList, page.UserDetailList...)
		whole.GroupDetailList = append(whole.GroupDetailList, page.GroupDetailList...)
		whole.RoleDetailList = append(whole.RoleDetailList, page.RoleDetailList...)
		whole.Policies = append(whole.Policies, page.Policies...)
	}
	return whole
}

func TestAuthorizationDetailsTellsEverythingButCredentials(t *testing.T) {
	t.Parallel()
	for size := range 10 {
		t.Run("page size "+strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			server.PageSize(size)
			got := authorizationDetails(t, iamClient(server))
			require.Equal(t, []types.UserDetail{aliceDetail(), bobDetail()}, got.UserDetailList)
			require.Len(t, got.GroupDetailList, 2)
			require.Equal(t, []types.PolicyDetail{{PolicyName: aws.String("guard"), PolicyDocument: aws.String(encode(denyAll))}}, got.GroupDetailList[0].GroupPolicyList)
			require.Len(t, got.GroupDetailList[0].AttachedManagedPolicies, 2)
			require.Equal(t, deployDetail(), got.RoleDetailList[0])
			require.Equal(t, &types.RoleLastUsed{}, got.RoleDetailList[1].RoleLastUsed)
			require.Equal(t, []string{"edge", "reader", "ReadOnlyAccess"}, policyNames(got.Policies))
			require.Equal(t, []types.PolicyVersion{
				{VersionId: aws.String("v2"), IsDefaultVersion: true, CreateDate: aws.Time(day(3)), Document: aws.String(encode(allowRead))},
				{VersionId: aws.String("v1"), CreateDate: aws.Time(day(1)), Document: aws.String(encode(denyAll))},
			}, got.Policies[1].PolicyVersionList)
		})
	}
}

func boundaryDetail() *types.AttachedPermissionsBoundary {
	return &types.AttachedPermissionsBoundary{PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: aws.String(boundaryARN)}
}

func aliceDetail() types.UserDetail {
	return types.UserDetail{
		Path: aws.String("/people/"), UserName: aws.String("alice"), UserId: aws.String("AIDAALICE00000000000"),
		Arn: aws.String(arnPrefix + "user/people/alice"), CreateDate: aws.Time(day(3)),
		UserPolicyList: []types.PolicyDetail{
			{PolicyName: aws.String("one"), PolicyDocument: aws.String(encode(allowRead))},
			{PolicyName: aws.String("two"), PolicyDocument: aws.String(encode(denyAll))},
		},
		GroupList: []string{"admins", "developers"},
		AttachedManagedPolicies: []types.AttachedPolicy{
			{PolicyName: aws.String("ReadOnlyAccess"), PolicyArn: aws.String(readOnlyARN)},
			{PolicyName: aws.String("reader"), PolicyArn: aws.String(readerARN)},
			{PolicyName: aws.String("edge"), PolicyArn: aws.String(boundaryARN)},
		},
		PermissionsBoundary: boundaryDetail(),
		Tags: []types.Tag{
			{Key: aws.String("team"), Value: aws.String("R&D <core>")},
			{Key: aws.String("größe"), Value: aws.String("")},
			{Key: aws.String("note"), Value: aws.String("line\nbreak \"quoted\"")},
		},
	}
}

func bobDetail() types.UserDetail {
	return types.UserDetail{
		Path: aws.String("/"), UserName: aws.String("Bob"), UserId: aws.String("AIDABOB0000000000000"), Arn: aws.String(arnPrefix + "user/Bob"),
		CreateDate: aws.Time(day(4)), GroupList: []string{"developers"},
		UserPolicyList: []types.PolicyDetail{}, AttachedManagedPolicies: []types.AttachedPolicy{}, Tags: []types.Tag{},
	}
}

func deployDetail() types.RoleDetail {
	role := types.Role{
		Path: aws.String("/ci/"), RoleName: aws.String("deploy"), RoleId: aws.String("AROADEPLOY0000000000"), Arn: aws.String(arnPrefix + "role/ci/deploy"),
		CreateDate: aws.Time(day(6)), AssumeRolePolicyDocument: aws.String(encode(trustEC2)),
	}
	profile := func(name, id string, n int) types.InstanceProfile {
		return types.InstanceProfile{
			InstanceProfileName: aws.String(name), InstanceProfileId: aws.String(id), Arn: aws.String(arnPrefix + "instance-profile/" + name),
			Path: aws.String("/"), CreateDate: aws.Time(day(n)), Roles: []types.Role{role},
		}
	}
	return types.RoleDetail{
		Path: role.Path, RoleName: role.RoleName, RoleId: role.RoleId, Arn: role.Arn, CreateDate: role.CreateDate,
		AssumeRolePolicyDocument: role.AssumeRolePolicyDocument,
		InstanceProfileList:      []types.InstanceProfile{profile("deploy", "AIPADEPLOY0000000000", 7), profile("deploy-2", "AIPADEPLOY0000000002", 8)},
		RolePolicyList:           []types.PolicyDetail{{PolicyName: aws.String("inline"), PolicyDocument: aws.String(encode(allowRead))}},
		AttachedManagedPolicies:  []types.AttachedPolicy{{PolicyName: aws.String("reader"), PolicyArn: aws.String(readerARN)}},
		PermissionsBoundary:      boundaryDetail(),
		Tags:                     []types.Tag{{Key: aws.String("owner"), Value: aws.String("platform")}, {Key: aws.String("tier"), Value: aws.String("1")}},
		RoleLastUsed:             &types.RoleLastUsed{LastUsedDate: aws.Time(day(22)), Region: aws.String("us-east-1")},
	}
}

func policyNames(policies []types.ManagedPolicyDetail) []string {
	var names []string
	for _, p := range policies {
		names = append(names, *p.PolicyName)
	}
	return names
}

func TestAuthorizationDetailsFilter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		filter []types.EntityType
		want   [4]int // users, groups, roles, policies
	}{
		{"none", nil, [4]int{2, 2, 2, 3}},
		{"users", []types.EntityType{"User"}, [4]int{2, 0, 0, 0}},
		{"users and groups", []types.EntityType{"Group", "User"}, [4]int{2, 2, 0, 0}},
		{"roles", []types.EntityType{"Role"}, [4]int{0, 0, 2, 0}},
		{"customer policies", []types.EntityType{"LocalManagedPolicy"}, [4]int{0, 0, 0, 2}},
		{"AWS policies", []types.EntityType{"AWSManagedPolicy"}, [4]int{0, 0, 0, 1}},
		{"roles and AWS policies", []types.EntityType{"Role", "AWSManagedPolicy"}, [4]int{0, 0, 2, 1}},
	}
	for _, tt := range tests {
		for _, size := range pageSizes {
			t.Run(tt.name+"/page size "+strconv.Itoa(size), func(t *testing.T) {
				t.Parallel()
				server := fakeiam.New(account())
				server.PageSize(size)
				got := authorizationDetails(t, iamClient(server), tt.filter...)
				require.Equal(t, tt.want, [4]int{len(got.UserDetailList), len(got.GroupDetailList), len(got.RoleDetailList), len(got.Policies)})
			})
		}
	}
	t.Run("unknown", func(t *testing.T) {
		t.Parallel()
		_, err := iamClient(fakeiam.New(account())).GetAccountAuthorizationDetails(t.Context(),
			&iam.GetAccountAuthorizationDetailsInput{Filter: []types.EntityType{"Robot"}})
		requireAPIError(t, err, "ValidationError", 400)
	})
}

func manyRoles(n int) *nhiscan.Account {
	a := &nhiscan.Account{ID: accountID, Roles: make([]nhiscan.Role, n)}
	for i := range a.Roles {
		role := roles()[0]
		role.Name = fmt.Sprintf("role-%05d", i)
		role.ARN = arnPrefix + "role/" + role.Name
		a.Roles[i] = role
	}
	return a
}

// BenchmarkAuthorizationDetails serves the 10 pages of 10,000 roles: rendered for
// the first time, from the cache, and parsed by the SDK, which dwarfs both.
func BenchmarkAuthorizationDetails(b *testing.B) {
	a := manyRoles(10_000)
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			require.Equal(b, 10, drain(b, fakeiam.New(a)))
		}
	})
	b.Run("cached", func(b *testing.B) {
		server := fakeiam.New(a)
		drain(b, server)
		for b.Loop() {
			require.Equal(b, 10, drain(b, server))
		}
	})
	b.Run("SDK", func(b *testing.B) {
		server := fakeiam.New(a)
		for b.Loop() {
			pages := iam.NewGetAccountAuthorizationDetailsPaginator(iamClient(server), &iam.GetAccountAuthorizationDetailsInput{MaxItems: aws.Int32(1000)})
			for pages.HasMorePages() {
				_, err := pages.NextPage(b.Context())
				require.NoError(b, err)
			}
		}
	})
}
