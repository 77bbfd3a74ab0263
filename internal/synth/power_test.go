package synth_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

func TestAdministrators(t *testing.T) {
	t.Parallel()
	a, list := quota(), quotaHolders()
	count, byGroup, trust := 0, 0, map[string]int{}
	for i := range list {
		if !list[i].administrates() {
			continue
		}
		count++
		switch user, ok := a.User(list[i].arn[strings.LastIndexByte(list[i].arn, '/')+1:]); {
		case !ok:
			trust[trustedBy(list[i].role)]++
		case slices.ContainsFunc(user.Groups, func(name string) bool { return strings.HasPrefix(name, "administrators-") }):
			byGroup++
		}
	}
	require.InDelta(t, 0.005, float64(count)/float64(len(list)), 0.002)
	require.Positive(t, byGroup)
	for _, by := range []string{"lambda", "ec2", "account"} {
		require.GreaterOrEqual(t, trust[by], 3, by)
	}
}

// TestSmallAccountsHaveAdministrators holds it for a sixteenth of the quotas.
func TestSmallAccountsHaveAdministrators(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		list, kinds := holders(synth.Account(synth.Quota.Scale(1.0/16), seed)), map[bool]int{}
		for i := range list {
			if list[i].administrates() {
				kinds[list[i].role != nil]++
			}
		}
		require.Positive(t, kinds[false], "users")
		require.Positive(t, kinds[true], "roles")
		require.Less(t, kinds[false]+kinds[true], 20)
	}
}

func trustedBy(r *nhiscan.Role) string {
	text := r.TrustPolicy.Text()
	for by, principal := range map[string]string{
		"lambda": "lambda.amazonaws.com", "ec2": "ec2.amazonaws.com", "account": synth.AccountID + ":root",
	} {
		if strings.Contains(text, principal) {
			return by
		}
	}
	return ""
}

func TestBoundaries(t *testing.T) {
	t.Parallel()
	a := quota()
	policies := managed(a)
	list, own, aws := quotaHolders(), 0, 0
	for i := range list {
		switch boundary := list[i].boundary; {
		case strings.HasPrefix(boundary, "arn:aws:iam::aws:policy/"):
			aws++
		case boundary != "":
			own++
			require.NotNil(t, policies[boundary], boundary)
			require.Contains(t, boundary, ":policy/boundary-")
		}
	}
	require.InDelta(t, 0.1, float64(own+aws)/float64(len(list)), 0.01)
	require.Greater(t, aws, 30)
	require.Greater(t, own, 5*aws)
}

func TestGroupsHavePolicies(t *testing.T) {
	t.Parallel()
	attached, inline := 0, 0
	for _, g := range quota().Groups {
		attached += min(len(g.AttachedPolicies), 1)
		inline += min(len(g.InlinePolicies), 1)
	}
	require.InDelta(t, 400, attached, 40)
	require.InDelta(t, 150, inline, 40)
}

// TestAWSPoliciesHaveNoText holds that AWS managed policies are named only.
func TestAWSPoliciesHaveNoText(t *testing.T) {
	t.Parallel()
	a := quota()
	policies, times := managed(a), map[string]int{}
	for _, h := range quotaHolders() {
		for _, p := range h.attached {
			path, aws := strings.CutPrefix(p.ARN, "arn:aws:iam::aws:policy/")
			if !aws {
				require.NotNil(t, policies[p.ARN], p.ARN)
				continue
			}
			require.Nil(t, policies[p.ARN], p.ARN)
			require.Equal(t, p.Name, path[strings.LastIndexByte(path, '/')+1:])
			times[path]++
		}
	}
	for path, least := range map[string]int{
		"AdministratorAccess": 10, "PowerUserAccess": 20, "ReadOnlyAccess": 50, "SecurityAudit": 15, "AmazonS3ReadOnlyAccess": 50,
		"service-role/AWSLambdaBasicExecutionRole": 80, "aws-service-role/AmazonECSServiceRolePolicy": 1,
	} {
		require.GreaterOrEqual(t, times[path], least, path)
	}
	require.Less(t, times["AdministratorAccess"], 50)
	require.Less(t, times["PowerUserAccess"], 200)
}

// TestChains follows the roles that may assume the next one, which trusts the account.
func TestChains(t *testing.T) {
	t.Parallel()
	a := quota()
	next := map[string]string{}
	for i := range a.Roles {
		for _, p := range a.Roles[i].InlinePolicies {
			if p.Name == "next-role" {
				next[a.Roles[i].ARN] = parse(p.Document)[0].resources[0]
			}
		}
	}
	trusts := map[string]string{}
	for i := range a.Roles {
		trusts[a.Roles[i].ARN] = trustedBy(&a.Roles[i])
	}
	lengths := map[int]int{}
	for role := range next {
		n := 0
		for to, ok := next[role]; ok; to, ok = next[to] {
			require.Equal(t, "account", trusts[to])
			n++
			require.Less(t, n, 5, "chains have an end")
		}
		lengths[n]++
	}
	require.Greater(t, lengths[4], 40, "chains of five roles")
	require.Greater(t, lengths[1], 40)
}

func TestServiceLinkedRolesHaveOnlyTheirPolicy(t *testing.T) {
	t.Parallel()
	n := 0
	for _, r := range quota().Roles {
		service, linked := strings.CutPrefix(r.Path, "/aws-service-role/")
		if !linked {
			continue
		}
		n++
		require.Contains(t, r.TrustPolicy.Text(), strings.TrimSuffix(service, "/"))
		require.Len(t, r.AttachedPolicies, 1)
		require.Contains(t, r.AttachedPolicies[0].ARN, ":policy/aws-service-role/")
		require.Empty(t, r.InlinePolicies)
		require.Empty(t, r.PermissionsBoundary)
	}
	require.InDelta(t, 200, n, 50)
}

// TestQuotas holds that IAM would take the policies. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html:
// white space does not count, nor does it in this JSON, where no value has any.
func TestQuotas(t *testing.T) {
	t.Parallel()
	a := quota()
	size := func(text string) int { return len(strings.Join(strings.Fields(text), "")) }
	for i := range a.Policies {
		for _, v := range a.Policies[i].Versions {
			require.LessOrEqual(t, size(v.Document.Text()), 6144)
		}
	}
	inline := func(arn string, list []nhiscan.InlinePolicy, most int) {
		sum, names := 0, map[string]bool{}
		for _, p := range list {
			sum += size(p.Document.Text())
			names[p.Name] = true
		}
		require.LessOrEqual(t, sum, most, arn)
		require.Len(t, names, len(list), arn)
	}
	for i := range a.Users {
		inline(a.Users[i].ARN, a.Users[i].InlinePolicies, 2048)
		require.LessOrEqual(t, len(a.Users[i].AttachedPolicies), 10)
	}
	for i := range a.Groups {
		inline(a.Groups[i].ARN, a.Groups[i].InlinePolicies, 5120)
	}
	for i := range a.Roles {
		inline(a.Roles[i].ARN, a.Roles[i].InlinePolicies, 10240)
	}
}
