package fakeiam_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestWritesLeaveTheGivenAccountAlone(t *testing.T) {
	t.Parallel()
	given := account()
	server := fakeiam.New(given)
	run(t, iamClient(server), everyWrite()...)
	require.Equal(t, account(), given)
}

// userNames asks in every way in which AWS lists users.
func userNames(t *testing.T, server *fakeiam.Server) (list, details, report []string) {
	c := iamClient(server)
	for _, u := range get(t, c, (*iam.Client).ListUsers, &iam.ListUsersInput{}).Users {
		list = append(list, *u.UserName)
	}
	for _, u := range authorizationDetails(t, c).UserDetailList {
		details = append(details, *u.UserName)
	}
	server.ReportPolls(0)
	server.ExpireReport()
	get(t, c, (*iam.Client).GenerateCredentialReport, &iam.GenerateCredentialReportInput{})
	rows, err := csv.NewReader(strings.NewReader(string(get(t, c, (*iam.Client).GetCredentialReport, &iam.GetCredentialReportInput{}).Content))).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[2:] {
		report = append(report, row[0])
	}
	return list, details, report
}

func TestReadsFollowWrites(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	check := func(want ...string) {
		t.Helper()
		list, details, report := userNames(t, server)
		require.Equal(t, want, list)
		require.Equal(t, want, details)
		require.ElementsMatch(t, want, report)
	}
	check("alice", "Bob")
	run(t, c, createUser("carol"))
	check("alice", "Bob", "carol")
	run(t, c, removeFromGroup("Bob", "developers"), deleteUser("Bob"))
	check("alice", "carol")
	require.Len(t, get(t, c, (*iam.Client).GetGroup, &iam.GetGroupInput{GroupName: str("developers")}).Users, 1)
	require.EqualValues(t, 2, get(t, c, (*iam.Client).GetAccountSummary, &iam.GetAccountSummaryInput{}).SummaryMap["Users"])
}

// TestReportsAreOfTheirTime shows that a credential report does not follow what is
// written after it was made, as AWS keeps one for four hours.
func TestReportsAreOfTheirTime(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	server.ReportPolls(0)
	c := iamClient(server)
	get(t, c, (*iam.Client).GenerateCredentialReport, &iam.GenerateCredentialReportInput{})
	run(t, c, createUser("carol"))
	get(t, c, (*iam.Client).GenerateCredentialReport, &iam.GenerateCredentialReportInput{})
	require.NotContains(t, string(get(t, c, (*iam.Client).GetCredentialReport, &iam.GetCredentialReportInput{}).Content), "carol")
	_, _, report := userNames(t, server)
	require.Contains(t, report, "carol")
}

func TestWhatWasSoAlreadyIsNoMutation(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	run(t, iamClient(server),
		attachUser("alice", readerARN), addToGroup("Bob", "developers"), removeFromGroup("Bob", "admins"),
		do((*iam.Client).TagRole, &iam.TagRoleInput{RoleName: str("deploy"), Tags: []types.Tag{{Key: str("owner"), Value: str("platform")}}}),
		do((*iam.Client).UntagUser, &iam.UntagUserInput{UserName: str("Bob"), TagKeys: []string{"none"}}),
		do((*iam.Client).DeleteUserPermissionsBoundary, &iam.DeleteUserPermissionsBoundaryInput{UserName: str("Bob")}),
		do((*iam.Client).SetDefaultPolicyVersion, &iam.SetDefaultPolicyVersionInput{PolicyArn: str(readerARN), VersionId: str("v2")}),
		do((*iam.Client).UpdateAccessKey, &iam.UpdateAccessKeyInput{UserName: str("alice"), AccessKeyId: str("AKIAALICE00000000001"), Status: types.StatusTypeActive}),
		do((*iam.Client).UpdateRole, &iam.UpdateRoleInput{RoleName: str("idle")}),
		do((*iam.Client).PutUserPolicy, &iam.PutUserPolicyInput{UserName: str("alice"), PolicyName: str("one"), PolicyDocument: str(allowRead)}),
	)
	require.Empty(t, server.Mutations())
}

func TestMutations(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	run(t, c, detachUser("alice", readerARN), do((*iam.Client).CreateLoginProfile, &iam.CreateLoginProfileInput{UserName: str("Bob"), Password: str("correct horse")}),
		createPolicy("p"))
	require.Error(t, deleteUser("alice")(t.Context(), c))
	require.Equal(t, []string{
		"DetachUserPolicy PolicyArn=" + readerARN + " UserName=alice",
		"CreateLoginProfile Password=*** UserName=Bob",
		"CreatePolicy PolicyName=p",
	}, mutations(server))
	require.Equal(t, allowRead12, server.Mutations()[2].Parameters["PolicyDocument"])
	server.Reset()
	require.Empty(t, server.Mutations())
}

func TestUseCountsFollow(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	counts := func() []int32 {
		p := get(t, c, (*iam.Client).GetPolicy, &iam.GetPolicyInput{PolicyArn: str(boundaryARN)}).Policy
		return []int32{*p.AttachmentCount, *p.PermissionsBoundaryUsageCount}
	}
	run(t, c, attachUser("Bob", boundaryARN))
	require.Equal(t, []int32{2, 2}, counts())
	run(t, c, detachUser("Bob", boundaryARN), detachUser("alice", boundaryARN), do((*iam.Client).DeleteUserPermissionsBoundary, &iam.DeleteUserPermissionsBoundaryInput{UserName: str("alice")}))
	require.Equal(t, []int32{0, 1}, counts())
}

// TestVersionsAreNotNumberedAnew deletes the newest version and makes another.
func TestVersionsAreNotNumberedAnew(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	run(t, c, createVersion(readerARN, false), do((*iam.Client).DeletePolicyVersion, &iam.DeletePolicyVersionInput{PolicyArn: str(readerARN), VersionId: str("v3")}), createVersion(readerARN, true))
	var versions []string
	for _, v := range get(t, c, (*iam.Client).ListPolicyVersions, &iam.ListPolicyVersionsInput{PolicyArn: str(readerARN)}).Versions {
		versions = append(versions, fmt.Sprint(*v.VersionId, " ", v.IsDefaultVersion))
	}
	require.Equal(t, []string{"v4 true", "v2 false", "v1 false"}, versions)
}

func TestTagKeys(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	run(t, c, tagUser("alice", types.Tag{Key: str("TEAM"), Value: str("new")}),
		do((*iam.Client).TagPolicy, &iam.TagPolicyInput{PolicyArn: str(readerARN), Tags: []types.Tag{{Key: str("ENV"), Value: str("dev")}}}),
		do((*iam.Client).UntagUser, &iam.UntagUserInput{UserName: str("alice"), TagKeys: []string{"NOTE"}}))
	require.Equal(t, []types.Tag{{Key: str("TEAM"), Value: str("new")}, {Key: str("größe"), Value: str("")}},
		get(t, c, (*iam.Client).ListUserTags, &iam.ListUserTagsInput{UserName: str("alice")}).Tags)
	require.Len(t, get(t, c, (*iam.Client).ListPolicyTags, &iam.ListPolicyTagsInput{PolicyArn: str(readerARN)}).Tags, 3)
}

// TestReadsSeeOneMoment reads groups and their members while others write.
func TestReadsSeeOneMoment(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	var writers sync.WaitGroup
	for i := range 4 {
		writers.Go(func() {
			name := fmt.Sprint("u", i)
			for range 10 {
				for _, call := range []call{createUser(name), addToGroup(name, "admins"), removeFromGroup(name, "admins"), deleteUser(name)} {
					if err := call(t.Context(), c); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	for range 40 {
		details := authorizationDetails(t, c)
		for _, u := range details.UserDetailList {
			require.NotEmpty(t, aws.ToString(u.Arn))
		}
		server.Account()
	}
	writers.Wait()
	require.Len(t, server.Mutations(), 160)
	require.Len(t, server.Account().Users, 2)
}

func TestPagesGoOnWhenEntitiesVanish(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		gone []string // while the first page of two, of six, is read
		want []string
	}{
		{"nobody", nil, []string{"u2", "u3"}},
		{"the last of the page", []string{"u1"}, []string{"u2", "u3"}},
		{"the whole page", []string{"u0", "u1"}, []string{"u2", "u3"}},
		{"the next", []string{"u2"}, []string{"u3", "u4"}},
		{"both neighbours", []string{"u1", "u2"}, []string{"u0", "u3"}},
		{"everybody after", []string{"u2", "u3", "u4", "u5"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			c := iamClient(server)
			run(t, c, removeFromGroup("Bob", "developers"), deleteUser("Bob"))
			run(t, c, times(6, func(i int) call {
				return do((*iam.Client).CreateUser, &iam.CreateUserInput{UserName: str(fmt.Sprint("u", i)), Path: str("/many/")})
			})...)
			in := &iam.ListUsersInput{PathPrefix: str("/many/"), MaxItems: aws.Int32(2)}
			in.Marker = get(t, c, (*iam.Client).ListUsers, in).Marker
			for _, name := range tt.gone {
				run(t, c, deleteUser(name))
			}
			var names []string
			for _, u := range get(t, c, (*iam.Client).ListUsers, in).Users {
				names = append(names, *u.UserName)
			}
			require.Equal(t, tt.want, names)
		})
	}
}
