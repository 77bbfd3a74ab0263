package fakeiam_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// encode percent-encodes by way of the standard library: what a query escapes is
// what RFC 3986 escapes, but for the space.
func encode(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

func TestPolicyReads(t *testing.T) {
	t.Parallel()
	list := func(in iam.ListPoliciesInput) func(*testing.T, *iam.Client) any {
		return func(t *testing.T, c *iam.Client) any {
			input := in
			var names []string
			for _, p := range all(t, iam.NewListPoliciesPaginator(c, &input),
				func(o *iam.ListPoliciesOutput) []types.Policy { return o.Policies }) {
				require.Nil(t, p.Description)
				require.Nil(t, p.Tags)
				names = append(names, *p.PolicyName)
			}
			return names
		}
	}
	checkReads(t, []read{
		{"ListPolicies", list(iam.ListPoliciesInput{}), []string{"ReadOnlyAccess", "edge", "reader"}},
		{"ListPolicies of AWS", list(iam.ListPoliciesInput{Scope: "AWS"}), []string{"ReadOnlyAccess"}},
		{"ListPolicies of the customer", list(iam.ListPoliciesInput{Scope: "Local"}), []string{"edge", "reader"}},
		{"ListPolicies attached", list(iam.ListPoliciesInput{OnlyAttached: true}), []string{"ReadOnlyAccess", "reader"}},
		{"ListPolicies used as a boundary", list(iam.ListPoliciesInput{PolicyUsageFilter: "PermissionsBoundary"}), []string{"edge"}},
		{"ListPolicies used for permissions", list(iam.ListPoliciesInput{Scope: "Local", PolicyUsageFilter: "PermissionsPolicy"}), []string{"reader"}},
		{"ListPolicies under a path", list(iam.ListPoliciesInput{PathPrefix: aws.String("/limits/")}), []string{"edge"}},
		{"GetPolicy", getPolicy, types.Policy{
			PolicyName: aws.String("reader"), PolicyId: aws.String("ANPAREADER0000000000"), Arn: aws.String(readerARN), Path: aws.String("/"),
			Description: aws.String("Reads a bucket"), DefaultVersionId: aws.String("v2"), AttachmentCount: aws.Int32(3),
			PermissionsBoundaryUsageCount: aws.Int32(0), IsAttachable: true, CreateDate: aws.Time(day(1)), UpdateDate: aws.Time(day(3)),
			Tags: []types.Tag{{Key: aws.String("managed-by"), Value: aws.String("terraform")}, {Key: aws.String("env"), Value: aws.String("prod")}},
		}},
		{"ListPolicyTags", func(t *testing.T, c *iam.Client) any {
			return len(all(t, iam.NewListPolicyTagsPaginator(c, &iam.ListPolicyTagsInput{PolicyArn: aws.String(readerARN)}),
				func(o *iam.ListPolicyTagsOutput) []types.Tag { return o.Tags }))
		}, 2},
		{"ListPolicyVersions tells no documents", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListPolicyVersionsPaginator(c, &iam.ListPolicyVersionsInput{PolicyArn: aws.String(readerARN)}),
				func(o *iam.ListPolicyVersionsOutput) []types.PolicyVersion { return o.Versions })
		}, []types.PolicyVersion{
			{VersionId: aws.String("v2"), IsDefaultVersion: true, CreateDate: aws.Time(day(3))},
			{VersionId: aws.String("v1"), CreateDate: aws.Time(day(1))},
		}},
		{"GetPolicyVersion", func(t *testing.T, c *iam.Client) any {
			out, err := c.GetPolicyVersion(t.Context(), &iam.GetPolicyVersionInput{PolicyArn: aws.String(readerARN), VersionId: aws.String("v2")})
			require.NoError(t, err)
			return *out.PolicyVersion
		}, types.PolicyVersion{VersionId: aws.String("v2"), IsDefaultVersion: true, CreateDate: aws.Time(day(3)), Document: aws.String(encode(allowRead))}},
	})
}

func getPolicy(t *testing.T, c *iam.Client) any {
	out, err := c.GetPolicy(t.Context(), &iam.GetPolicyInput{PolicyArn: aws.String(readerARN)})
	require.NoError(t, err)
	return *out.Policy
}

func TestIdentityPolicyReads(t *testing.T) {
	t.Parallel()
	name := aws.String
	names := func(attached []types.AttachedPolicy) []string {
		var found []string
		for _, p := range attached {
			found = append(found, *p.PolicyName+" "+*p.PolicyArn)
		}
		return found
	}
	checkReads(t, []read{
		{"ListUserPolicies", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListUserPoliciesPaginator(c, &iam.ListUserPoliciesInput{UserName: name("alice")}),
				func(o *iam.ListUserPoliciesOutput) []string { return o.PolicyNames })
		}, []string{"one", "two"}},
		{"ListRolePolicies", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListRolePoliciesPaginator(c, &iam.ListRolePoliciesInput{RoleName: name("deploy")}),
				func(o *iam.ListRolePoliciesOutput) []string { return o.PolicyNames })
		}, []string{"inline"}},
		{"ListGroupPolicies", func(t *testing.T, c *iam.Client) any {
			return all(t, iam.NewListGroupPoliciesPaginator(c, &iam.ListGroupPoliciesInput{GroupName: name("admins")}),
				func(o *iam.ListGroupPoliciesOutput) []string { return o.PolicyNames })
		}, []string{"guard"}},
		{"GetUserPolicy", func(t *testing.T, c *iam.Client) any {
			out, err := c.GetUserPolicy(t.Context(), &iam.GetUserPolicyInput{UserName: name("alice"), PolicyName: name("one")})
			require.NoError(t, err)
			return []string{*out.UserName, *out.PolicyName, *out.PolicyDocument}
		}, []string{"alice", "one", encode(allowRead)}},
		{"GetRolePolicy", func(t *testing.T, c *iam.Client) any {
			out, err := c.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: name("deploy"), PolicyName: name("inline")})
			require.NoError(t, err)
			return []string{*out.RoleName, *out.PolicyName, *out.PolicyDocument}
		}, []string{"deploy", "inline", encode(allowRead)}},
		{"GetGroupPolicy", func(t *testing.T, c *iam.Client) any {
			out, err := c.GetGroupPolicy(t.Context(), &iam.GetGroupPolicyInput{GroupName: name("admins"), PolicyName: name("guard")})
			require.NoError(t, err)
			return []string{*out.GroupName, *out.PolicyName, *out.PolicyDocument}
		}, []string{"admins", "guard", encode(denyAll)}},
		{"ListAttachedUserPolicies", func(t *testing.T, c *iam.Client) any {
			return names(all(t, iam.NewListAttachedUserPoliciesPaginator(c, &iam.ListAttachedUserPoliciesInput{UserName: name("alice")}),
				func(o *iam.ListAttachedUserPoliciesOutput) []types.AttachedPolicy { return o.AttachedPolicies }))
		}, []string{"ReadOnlyAccess " + readOnlyARN, "reader " + readerARN, "edge " + boundaryARN}},
		{"ListAttachedUserPolicies under a path", func(t *testing.T, c *iam.Client) any {
			in := &iam.ListAttachedUserPoliciesInput{UserName: name("alice"), PathPrefix: name("/limits/")}
			return names(all(t, iam.NewListAttachedUserPoliciesPaginator(c, in),
				func(o *iam.ListAttachedUserPoliciesOutput) []types.AttachedPolicy { return o.AttachedPolicies }))
		}, []string{"edge " + boundaryARN}},
		{"ListAttachedRolePolicies", func(t *testing.T, c *iam.Client) any {
			return names(all(t, iam.NewListAttachedRolePoliciesPaginator(c, &iam.ListAttachedRolePoliciesInput{RoleName: name("deploy")}),
				func(o *iam.ListAttachedRolePoliciesOutput) []types.AttachedPolicy { return o.AttachedPolicies }))
		}, []string{"reader " + readerARN}},
		{"ListAttachedGroupPolicies", func(t *testing.T, c *iam.Client) any {
			return names(all(t, iam.NewListAttachedGroupPoliciesPaginator(c, &iam.ListAttachedGroupPoliciesInput{GroupName: name("admins")}),
				func(o *iam.ListAttachedGroupPoliciesOutput) []types.AttachedPolicy { return o.AttachedPolicies }))
		}, []string{"reader " + readerARN, "ReadOnlyAccess " + readOnlyARN}},
	})
}

// FuzzDocument checks that every document comes back as it went in.
func FuzzDocument(f *testing.F) {
	for _, text := range []string{allowRead, denyAll, "{}", " ", "%", "100%25", "a+b", "\x00\xff", "日本語", "<&>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = document(text).Text()
		a := &nhiscan.Account{Users: []nhiscan.User{{Name: "u", InlinePolicies: []nhiscan.InlinePolicy{{Name: "p", Document: document(text)}}}}}
		out, err := iamClient(fakeiam.New(a)).GetUserPolicy(t.Context(), &iam.GetUserPolicyInput{UserName: aws.String("u"), PolicyName: aws.String("p")})
		require.NoError(t, err)
		decoded, err := url.PathUnescape(aws.ToString(out.PolicyDocument))
		require.NoError(t, err)
		require.Equal(t, text, decoded)
		require.Equal(t, encode(text), aws.ToString(out.PolicyDocument))
	})
}
