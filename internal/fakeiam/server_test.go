package fakeiam_test

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func Example() {
	server := fakeiam.New(&nhiscan.Account{
		ID:    "123456789012",
		Users: []nhiscan.User{{Name: "alice", Path: "/", ARN: "arn:aws:iam::123456789012:user/alice"}},
	})

	client := iam.New(iam.Options{
		Region:      "us-east-1",
		Credentials: credentials.NewStaticCredentialsProvider("AKIATEST000000000000", "secret", ""),
		HTTPClient:  server.HTTPClient(),
	})
	out, err := client.ListUsers(context.Background(), &iam.ListUsersInput{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*out.Users[0].Arn)
	fmt.Println(server.Calls())
	// Output:
	// arn:aws:iam::123456789012:user/alice
	// map[ListUsers:1]
}

func TestAccountReads(t *testing.T) {
	t.Parallel()
	checkReads(t, []read{
		{"ListAccountAliases", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListAccountAliasesPaginator(c, &iam.ListAccountAliasesInput{}),
				func(o *iam.ListAccountAliasesOutput) []string { return o.AccountAliases })
		}, []string{"acme-prod"}},
		{"GetAccountSummary", func(t *testing.T, c *iam.Client) any {
			out, err := c.GetAccountSummary(t.Context(), &iam.GetAccountSummaryInput{})
			require.NoError(t, err)
			m := out.SummaryMap
			return []int32{m["Users"], m["Groups"], m["Roles"], m["Policies"], m["MFADevices"], m["AccountMFAEnabled"], m["AccountAccessKeysPresent"], m["UsersQuota"]}
		}, []int32{2, 2, 2, 2, 4, 1, 0, 5000}},
	})
}

func TestCallsAreCounted(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	server.Deny("GetRole")
	c := iamClient(server)
	for range 2 {
		getUser(t, c, "alice")
	}
	_, err := c.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("deploy")})
	require.Error(t, err)
	require.Equal(t, map[string]int{"GetUser": 2, "GetRole": 1}, server.Calls())
	require.Equal(t, 3, server.Total())
	require.Equal(t, "deploy", server.LastRequest("GetRole").Get("RoleName"))
	server.Reset()
	require.Empty(t, server.Calls())
	require.Nil(t, server.LastRequest("GetRole"))
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		prepare func(*fakeiam.Server)
		call    func(*testing.T, *iam.Client) error
		want    string // nothing for a call that is permitted
	}{
		{"everything by default", func(*fakeiam.Server) {}, listUsersOnce, ""},
		{"allowed by name", func(s *fakeiam.Server) { s.Allow("ListUsers") }, listUsersOnce, ""},
		{"allowed by action", func(s *fakeiam.Server) { s.Allow("iam:ListUsers") }, listUsersOnce, ""},
		{"not among the allowed", func(s *fakeiam.Server) { s.Allow("ListRoles") }, listUsersOnce,
			"is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::123456789012:user/ because no identity-based policy allows the iam:ListUsers action"},
		{"denied though allowed", func(s *fakeiam.Server) { s.Allow("ListUsers"); s.Deny("ListUsers") }, listUsersOnce,
			"iam:ListUsers on resource: arn:aws:iam::123456789012:user/ with an explicit deny in an identity-based policy"},
		{"an identity", func(s *fakeiam.Server) { s.Allow() }, func(t *testing.T, c *iam.Client) error {
			_, err := c.ListAttachedRolePolicies(t.Context(), &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("deploy")})
			return err
		}, "iam:ListAttachedRolePolicies on resource: role deploy because"},
		{"a policy", func(s *fakeiam.Server) { s.Allow() }, func(t *testing.T, c *iam.Client) error {
			_, err := c.GetPolicy(t.Context(), &iam.GetPolicyInput{PolicyArn: aws.String(readerARN)})
			return err
		}, "iam:GetPolicy on resource: policy " + readerARN + " because"},
		{"the policies", func(s *fakeiam.Server) { s.Allow() }, func(t *testing.T, c *iam.Client) error {
			_, err := c.ListPolicies(t.Context(), &iam.ListPoliciesInput{})
			return err
		}, "iam:ListPolicies on resource: policy path / because"},
		{"the caller", func(s *fakeiam.Server) { s.Allow() }, func(t *testing.T, c *iam.Client) error {
			_, err := c.GetUser(t.Context(), &iam.GetUserInput{})
			return err
		}, "iam:GetUser on resource: user scanner because"},
		{"the account", func(s *fakeiam.Server) { s.Allow() }, func(t *testing.T, c *iam.Client) error {
			_, err := c.GetAccountAuthorizationDetails(t.Context(), &iam.GetAccountAuthorizationDetailsInput{})
			return err
		}, "iam:GetAccountAuthorizationDetails on resource: * because"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			tt.prepare(server)
			err := tt.call(t, iamClient(server))
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			requireAPIError(t, err, "AccessDenied", 403)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func listUsersOnce(t *testing.T, c *iam.Client) error {
	_, err := c.ListUsers(t.Context(), &iam.ListUsersInput{})
	return err
}

func TestPages(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(manyRoles(1234))
	c := iamClient(server)
	tests := []struct {
		name     string
		pageSize int
		maxItems *int32
		want     int // items on the first page
	}{
		{"a hundred by default", 0, nil, 100},
		{"what is asked for", 0, aws.Int32(7), 7},
		{"a thousand at most", 0, aws.Int32(1000), 1000},
		{"fewer than asked for", 300, aws.Int32(1000), 300},
		{"not more than asked for", 300, aws.Int32(20), 20},
	}
	for _, tt := range tests {
		server.PageSize(tt.pageSize)
		out, err := c.ListRoles(t.Context(), &iam.ListRolesInput{MaxItems: tt.maxItems})
		require.NoError(t, err, tt.name)
		require.Len(t, out.Roles, tt.want, tt.name)
		require.True(t, out.IsTruncated, tt.name)
	}
	server.PageSize(0)
	for _, n := range []int32{0, -1, 1001} {
		_, err := c.ListRoles(t.Context(), &iam.ListRolesInput{MaxItems: aws.Int32(n)})
		requireAPIError(t, err, "ValidationError", 400)
	}
}

func TestMarkersOfOtherLists(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	out, err := c.ListUsers(t.Context(), &iam.ListUsersInput{MaxItems: aws.Int32(1)})
	require.NoError(t, err)
	for name, marker := range map[string]*string{"another operation's": out.Marker, "invented": aws.String("AAAA"), "not base64": aws.String("?")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.ListRoles(t.Context(), &iam.ListRolesInput{Marker: marker})
			requireAPIError(t, err, "ValidationError", 400)
			require.ErrorContains(t, err, "Invalid Marker.")
		})
	}
	_, err = c.ListUsers(t.Context(), &iam.ListUsersInput{Marker: out.Marker, PathPrefix: aws.String("/people/")})
	require.ErrorContains(t, err, "Invalid Marker.")
}

// TestCacheKeepsRequestsApart asks twice, and expects the same answer under
// another request id.
func TestCacheKeepsRequestsApart(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	form := url.Values{"Action": {"ListUsers"}, "Version": {"2010-05-08"}}.Encode()
	first, second := post(t, server, form), post(t, server, form)
	id := requestID(t, first)
	require.NotEqual(t, id, requestID(t, second))
	require.Equal(t, strings.ReplaceAll(first, id, ""), strings.ReplaceAll(second, requestID(t, second), ""))
	server.PageSize(1)
	require.NotContains(t, post(t, server, form), "Bob")
}

func requestID(t *testing.T, answer string) string {
	_, rest, found := strings.Cut(answer, "<RequestId>")
	require.True(t, found)
	id, _, _ := strings.Cut(rest, "<")
	return id
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, form, want string }{
		{"no such operation", "Action=MakeTea&Version=2010-05-08", "Could not find operation MakeTea for version 2010-05-08"},
		{"an operation of the other service", "Action=ListUsers&Version=2011-06-15", "<Code>InvalidAction</Code>"},
		{"a parameter missing", "Action=GetRole&Version=2010-05-08", "Value null at &#39;roleName&#39; failed to satisfy constraint"},
		{"an unknown scope", "Action=ListPolicies&Version=2010-05-08&Scope=Mine", "<Code>ValidationError</Code>"},
		{"an unknown assignment", "Action=ListVirtualMFADevices&Version=2010-05-08&AssignmentStatus=Lost", "<Code>ValidationError</Code>"},
		{"one user and all users", "Action=ListServiceSpecificCredentials&Version=2010-05-08&AllUsers=true&UserName=alice", "<Code>ValidationError</Code>"},
		{"not a form", "%zz", "invalid URL escape"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, post(t, fakeiam.New(account()), tt.form), tt.want)
		})
	}
	t.Run("not signed", func(t *testing.T) {
		t.Parallel()
		recorder := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("Action=ListUsers&Version=2010-05-08"))
		fakeiam.New(account()).ServeHTTP(recorder, request)
		require.Equal(t, http.StatusForbidden, recorder.Code)
		require.Contains(t, recorder.Body.String(), "<Code>MissingAuthenticationToken</Code>")
	})
}

// TestNamesAreNeededAndLookedUp asks every operation that is about one thing for
// nothing, and for something that does not exist.
func TestNamesAreNeededAndLookedUp(t *testing.T) {
	t.Parallel()
	about := map[string][]string{
		"UserName": {
			"ListUserPolicies", "GetUserPolicy", "ListAttachedUserPolicies", "ListGroupsForUser", "ListUserTags",
			"GetUser", "GetLoginProfile", "ListAccessKeys", "ListMFADevices", "ListSigningCertificates", "ListSSHPublicKeys",
			"ListServiceSpecificCredentials",
		},
		"RoleName": {
			"GetRole", "ListRolePolicies", "GetRolePolicy", "ListAttachedRolePolicies", "ListRoleTags", "ListInstanceProfilesForRole",
		},
		"GroupName":    {"GetGroup", "ListGroupPolicies", "GetGroupPolicy", "ListAttachedGroupPolicies"},
		"PolicyArn":    {"GetPolicy", "GetPolicyVersion", "ListPolicyVersions", "ListPolicyTags"},
		"AccessKeyId":  {"GetAccessKeyLastUsed"},
		"SerialNumber": {"GetMFADevice"},
	}
	server := fakeiam.New(account())
	server.CallerARN("arn:aws:sts::123456789012:assumed-role/deploy/build-1") // who has no user name
	for parameter, operations := range about {
		for _, operation := range operations {
			t.Run(operation, func(t *testing.T) {
				t.Parallel()
				form := url.Values{"Action": {operation}, "Version": {"2010-05-08"}}
				require.Contains(t, post(t, server, form.Encode()), "<Code>ValidationError</Code>")
				form.Set(parameter, "none")
				require.Contains(t, post(t, server, form.Encode()), "<Code>NoSuchEntity</Code>")
			})
		}
	}
}

// post sends a signed form and returns the answer.
func post(tb testing.TB, server *fakeiam.Server, form string) string {
	tb.Helper()
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form))
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIATEST000000000000/20260301/us-east-1/iam/aws4_request, Signature=0")
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	return recorder.Body.String()
}

// drain reads every page of the authorization details without parsing them, and
// returns how many there were.
func drain(tb testing.TB, server *fakeiam.Server) int {
	tb.Helper()
	form := url.Values{"Action": {"GetAccountAuthorizationDetails"}, "Version": {"2010-05-08"}, "MaxItems": {"1000"}}
	for pages := 1; ; pages++ {
		request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, "https://iam.amazonaws.com/", strings.NewReader(form.Encode()))
		require.NoError(tb, err)
		request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIATEST000000000000/x")
		response, err := server.HTTPClient().Do(request)
		require.NoError(tb, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(tb, err)
		require.NoError(tb, response.Body.Close())
		end := string(body[max(0, len(body)-1000):])
		_, marker, found := strings.Cut(end, "<Marker>")
		if !found {
			return pages
		}
		marker, _, _ = strings.Cut(marker, "<")
		form.Set("Marker", marker)
	}
}

func TestManyCallersAtOnce(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			server.PageSize(i % 3)
			_ = authorizationDetails(t, iamClient(server))
			server.Inject(fakeiam.Fault{Operation: "Nothing"})
			server.Calls()
		})
	}
	wg.Wait()
	require.GreaterOrEqual(t, server.Total(), 8)
}

// FuzzRequest checks that whatever comes in, an answer of well-formed XML goes out.
func FuzzRequest(f *testing.F) {
	for _, form := range []string{
		"Action=ListUsers&Version=2010-05-08", "Action=GetUser&Version=2010-05-08&UserName=alice",
		"Action=GetAccountAuthorizationDetails&Version=2010-05-08&Filter.member.1=Role&MaxItems=1",
		"Action=ListRoles&Version=2010-05-08&Marker=QUFB", "Action=%3C%26%00&Version=2010-05-08", "",
		"Action=AssumeRole&Version=2011-06-15&RoleArn=a&RoleSessionName=b&DurationSeconds=99999999999999999999",
		"Action=GetUser&Version=2010-05-08&UserName=%1b%5B31m%FF",
	} {
		f.Add(form)
	}
	server := fakeiam.New(account())
	f.Fuzz(func(t *testing.T, form string) {
		if _, err := url.ParseQuery(form); err != nil {
			return
		}
		decoder := xml.NewDecoder(strings.NewReader(post(t, server, form)))
		for {
			_, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			require.NoError(t, err)
		}
	})
}
