package fakeiam_test

import (
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// pageSizes are those with which every operation must give the same items; 0 is
// the client's own.
var pageSizes = []int{0, 1, 2}

// A read calls an operation and returns what it answered.
type read struct {
	name string
	got  func(*testing.T, *iam.Client) any
	want any
}

// checkReads runs the reads with every page size against the account.
func checkReads(t *testing.T, reads []read) {
	t.Helper()
	for _, size := range pageSizes {
		for _, tt := range reads {
			t.Run(tt.name+"/page size "+strconv.Itoa(size), func(t *testing.T) {
				t.Parallel()
				server := fakeiam.New(account())
				server.PageSize(size)
				require.Equal(t, tt.want, tt.got(t, iamClient(server)))
			})
		}
	}
}

func TestUserReads(t *testing.T) {
	t.Parallel()
	alice := types.User{
		Path: aws.String("/people/"), UserName: aws.String("alice"), UserId: aws.String("AIDAALICE00000000000"),
		Arn: aws.String(arnPrefix + "user/people/alice"), CreateDate: aws.Time(day(3)), PasswordLastUsed: aws.Time(day(20)),
	}
	bob := types.User{
		Path: aws.String("/"), UserName: aws.String("Bob"), UserId: aws.String("AIDABOB0000000000000"),
		Arn: aws.String(arnPrefix + "user/Bob"), CreateDate: aws.Time(day(4)),
	}
	tags := []types.Tag{
		{Key: aws.String("team"), Value: aws.String("R&D <core>")},
		{Key: aws.String("größe"), Value: aws.String("")},
		{Key: aws.String("note"), Value: aws.String("line\nbreak \"quoted\"")},
	}
	whole := alice
	whole.Tags = tags
	whole.PermissionsBoundary = &types.AttachedPermissionsBoundary{
		PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: aws.String(boundaryARN),
	}
	checkReads(t, []read{
		{"ListUsers tells no tags and no boundary", func(t *testing.T, c *iam.Client) any { return listUsers(t, c, nil) }, []types.User{alice, bob}},
		{"ListUsers under a path", func(t *testing.T, c *iam.Client) any { return listUsers(t, c, aws.String("/people/")) }, []types.User{alice}},
		{"GetUser tells everything", func(t *testing.T, c *iam.Client) any { return getUser(t, c, "alice") }, whole},
		{"GetUser of a user without anything", func(t *testing.T, c *iam.Client) any { return getUser(t, c, "Bob") }, bob},
		{"ListUserTags", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListUserTagsPaginator(c, &iam.ListUserTagsInput{UserName: aws.String("alice")}),
				func(o *iam.ListUserTagsOutput) []types.Tag { return o.Tags })
		}, tags},
		{"ListGroupsForUser", func(t *testing.T, c *iam.Client) any {
			var names []string
			for _, g := range all(t, iam.NewListGroupsForUserPaginator(c, &iam.ListGroupsForUserInput{UserName: aws.String("alice")}),
				func(o *iam.ListGroupsForUserOutput) []types.Group { return o.Groups }) {
				names = append(names, *g.GroupName)
			}
			return names
		}, []string{"admins", "developers"}},
	})
}

func listUsers(t *testing.T, c *iam.Client, prefix *string) []types.User {
	return all(t, iam.NewListUsersPaginator(c, &iam.ListUsersInput{PathPrefix: prefix}),
		func(o *iam.ListUsersOutput) []types.User { return o.Users })
}

func getUser(t *testing.T, c *iam.Client, name string) types.User {
	out, err := c.GetUser(t.Context(), &iam.GetUserInput{UserName: aws.String(name)})
	require.NoError(t, err)
	return *out.User
}

func TestRoleReads(t *testing.T) {
	t.Parallel()
	deploy := types.Role{
		Path: aws.String("/ci/"), RoleName: aws.String("deploy"), RoleId: aws.String("AROADEPLOY0000000000"), Arn: aws.String(arnPrefix + "role/ci/deploy"),
		CreateDate: aws.Time(day(6)), AssumeRolePolicyDocument: aws.String(encode(trustEC2)),
		Description: aws.String("Deploys <everything> & more"), MaxSessionDuration: aws.Int32(7200),
	}
	idle := types.Role{
		Path: aws.String("/"), RoleName: aws.String("idle"), RoleId: aws.String("AROAIDLE000000000000"), Arn: aws.String(arnPrefix + "role/idle"),
		CreateDate: aws.Time(day(7)), AssumeRolePolicyDocument: aws.String(encode(trustEC2)), MaxSessionDuration: aws.Int32(3600),
	}
	tags := []types.Tag{{Key: aws.String("owner"), Value: aws.String("platform")}, {Key: aws.String("tier"), Value: aws.String("1")}}
	whole := deploy
	whole.Tags = tags
	whole.PermissionsBoundary = &types.AttachedPermissionsBoundary{
		PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: aws.String(boundaryARN),
	}
	whole.RoleLastUsed = &types.RoleLastUsed{LastUsedDate: aws.Time(day(22)), Region: aws.String("us-east-1")}
	neverUsed := idle
	neverUsed.RoleLastUsed = &types.RoleLastUsed{}
	checkReads(t, []read{
		{"ListRoles tells no tags, boundary or last use", func(t *testing.T, c *iam.Client) any { return listRoles(t, c, nil) }, []types.Role{deploy, idle}},
		{"ListRoles under a path", func(t *testing.T, c *iam.Client) any { return listRoles(t, c, aws.String("/ci/")) }, []types.Role{deploy}},
		{"GetRole tells everything", func(t *testing.T, c *iam.Client) any { return getRole(t, c, "deploy") }, whole},
		{"GetRole of a role never used", func(t *testing.T, c *iam.Client) any { return getRole(t, c, "idle") }, neverUsed},
		{"ListRoleTags", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListRoleTagsPaginator(c, &iam.ListRoleTagsInput{RoleName: aws.String("deploy")}),
				func(o *iam.ListRoleTagsOutput) []types.Tag { return o.Tags })
		}, tags},
		{"ListInstanceProfilesForRole", func(t *testing.T, c *iam.Client) any {
			var names []string
			for _, p := range all(t, iam.NewListInstanceProfilesForRolePaginator(c, &iam.ListInstanceProfilesForRoleInput{RoleName: aws.String("deploy")}),
				func(o *iam.ListInstanceProfilesForRoleOutput) []types.InstanceProfile { return o.InstanceProfiles }) {
				names = append(names, *p.Arn+" of "+*p.Roles[0].Arn)
			}
			return names
		}, []string{
			arnPrefix + "instance-profile/deploy of " + arnPrefix + "role/ci/deploy",
			arnPrefix + "instance-profile/deploy-2 of " + arnPrefix + "role/ci/deploy",
		}},
	})
}

func listRoles(t *testing.T, c *iam.Client, prefix *string) []types.Role {
	return all(t, iam.NewListRolesPaginator(c, &iam.ListRolesInput{PathPrefix: prefix}),
		func(o *iam.ListRolesOutput) []types.Role { return o.Roles })
}

func getRole(t *testing.T, c *iam.Client, name string) types.Role {
	out, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(name)})
	require.NoError(t, err)
	return *out.Role
}

func TestGroupReads(t *testing.T) {
	t.Parallel()
	checkReads(t, []read{
		{"ListGroups", func(t *testing.T, c *iam.Client) any { return listGroups(t, c, nil) }, []string{"/people/admins", "/developers"}},
		{"ListGroups under a path", func(t *testing.T, c *iam.Client) any { return listGroups(t, c, aws.String("/people/")) }, []string{"/people/admins"}},
		{"GetGroup tells the members", func(t *testing.T, c *iam.Client) any {
			var names []string
			pages := iam.NewGetGroupPaginator(c, &iam.GetGroupInput{GroupName: aws.String("developers")})
			for _, u := range all(t, pages, func(o *iam.GetGroupOutput) []types.User {
				require.Equal(t, arnPrefix+"group/developers", *o.Group.Arn)
				return o.Users
			}) {
				names = append(names, *u.UserName)
			}
			return names
		}, []string{"alice", "Bob"}},
	})
}

func listGroups(t *testing.T, c *iam.Client, prefix *string) []string {
	var names []string
	for _, g := range all(t, iam.NewListGroupsPaginator(c, &iam.ListGroupsInput{PathPrefix: prefix}),
		func(o *iam.ListGroupsOutput) []types.Group { return o.Groups }) {
		names = append(names, *g.Path+*g.GroupName)
	}
	return names
}
