package demo_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/trust"
)

func read(t *testing.T) *nhiscan.Account {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	return account
}

func TestAccount(t *testing.T) {
	t.Parallel()
	account := read(t)
	require.Empty(t, account.Gaps, "the demo account is complete")
	require.True(t, account.Complete())
	require.Equal(t, "123456789012", account.ID)
	require.Equal(t, "aws", account.Partition)
	require.Equal(t, []string{"larkspur-books"}, account.Aliases)
	require.Equal(t, nhiscan.SourceDemo, account.Source)
	require.Equal(t, demo.Now(), account.CollectedAt)
	require.Len(t, account.Users, 27)
	require.Len(t, account.Roles, 43)
	require.Len(t, account.Groups, 7)
	require.Len(t, account.Policies, 32)
}

func TestAccountsAreIndependent(t *testing.T) {
	t.Parallel()
	first, second := read(t), read(t)
	require.Equal(t, first, second)
	first.Users[0].Name = "changed"
	require.NotEqual(t, first, second)
}

func TestEverythingIsKnown(t *testing.T) {
	t.Parallel()
	const (
		user = nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies |
			nhiscan.FactPermissionsBoundary | nhiscan.FactPassword | nhiscan.FactPasswordLastUsed |
			nhiscan.FactAccessKeys | nhiscan.FactMFADevices | nhiscan.FactSigningCertificates |
			nhiscan.FactSSHPublicKeys | nhiscan.FactServiceSpecificCredentials
		role = nhiscan.FactTags | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies |
			nhiscan.FactPermissionsBoundary | nhiscan.FactTrustPolicy | nhiscan.FactInstanceProfiles |
			nhiscan.FactRoleLastUsed | nhiscan.FactRoleSettings
	)
	account := read(t)
	for _, u := range account.Users {
		require.True(t, u.Known.Has(user), "user %s: %v", u.Name, u.Known.Names())
		for _, k := range u.AccessKeys {
			require.Regexp(t, `^AKIA[A-Z2-7]{9}EXAMPLE$`, k.ID, "user %s", u.Name)
			require.True(t, k.LastUsed.Known, "user %s", u.Name)
		}
		for _, d := range u.MFADevices {
			require.NotEmpty(t, d.Kind, "user %s", u.Name)
		}
	}
	for _, r := range account.Roles {
		require.True(t, r.Known.Has(role), "role %s: %v", r.Name, r.Known.Names())
	}
}

// TestEveryKind checks that whoever looks for a kind of role finds one.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	account := read(t)
	got := map[trust.Kind]int{}
	for i := range account.Roles {
		got[trust.Classify(&account.Roles[i], nil).Kind]++
	}
	require.Equal(t, map[trust.Kind]int{
		trust.KindServiceLinked:  4,
		trust.KindService:        3,
		trust.KindLambda:         3,
		trust.KindEC2:            1,
		trust.KindECSTask:        2,
		trust.KindEKSPodIdentity: 1,
		trust.KindEKSIRSA:        1,
		trust.KindRolesAnywhere:  1,
		trust.KindAgent:          1,
		trust.KindOIDC:           6,
		trust.KindSAML:           1,
		trust.KindIdentityCenter: 3,
		trust.KindCognito:        2,
		trust.KindCrossAccount:   6,
		trust.KindSameAccount:    5,
		trust.KindPublic:         1,
		trust.KindMixed:          1,
		trust.KindNobody:         1,
	}, got)
}

func TestRoot(t *testing.T) {
	t.Parallel()
	root := read(t).Root
	require.NotNil(t, root)
	require.Len(t, root.MFADevices, 1)
	require.Len(t, root.AccessKeys, 1)
	require.True(t, root.AccessKeys[0].Active)
}

// TestNamesAreUnique holds the account to what IAM holds accounts to.
func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	account := read(t)
	seen := map[string]string{}
	add := func(kind, name, id string) {
		for _, key := range []string{kind + " " + strings.ToLower(name), id} {
			require.NotContains(t, seen, key, "%s %s", kind, name)
			seen[key] = name
		}
	}
	for _, u := range account.Users {
		add("user", u.Name, u.ID)
		for _, k := range u.AccessKeys {
			add("key", k.ID, k.ID+" of "+u.Name)
		}
	}
	for _, r := range account.Roles {
		add("role", r.Name, r.ID)
	}
	for _, g := range account.Groups {
		add("group", g.Name, g.ID)
	}
	for _, p := range account.Policies {
		add("policy", p.Name, p.ID)
	}
}

func TestDocumentsParse(t *testing.T) {
	t.Parallel()
	account := read(t)
	count := 0
	check := func(subject string, d nhiscan.PolicyDocument) {
		doc, err := d.Parse()
		require.NoError(t, err, subject)
		require.NotNil(t, doc, subject)
		require.NotEmpty(t, doc.Statements, subject)
		count++
	}
	inline := func(subject string, policies []nhiscan.InlinePolicy) {
		for _, p := range policies {
			check(subject+": inline policy "+p.Name, p.Document)
		}
	}
	for _, u := range account.Users {
		inline("user "+u.Name, u.InlinePolicies)
	}
	for _, g := range account.Groups {
		inline("group "+g.Name, g.InlinePolicies)
	}
	for _, r := range account.Roles {
		check("role "+r.Name+": trust policy", r.TrustPolicy)
		inline("role "+r.Name, r.InlinePolicies)
	}
	for _, p := range account.Policies {
		_, ok := p.Default()
		require.True(t, ok, "policy %s has no default version", p.Name)
		for _, v := range p.Versions {
			check("policy "+p.Name+" "+v.ID, v.Document)
		}
	}
	require.Greater(t, count, 100)
}

// TestReferences checks that what identities name is in the account, and that AWS's counts are right.
func TestReferences(t *testing.T) {
	t.Parallel()
	account := read(t)
	attached, boundaries := map[string]int{}, map[string]int{}
	count := func(policies []nhiscan.AttachedPolicy, boundary string) {
		for _, p := range policies {
			attached[p.ARN]++
		}
		if boundary != "" {
			boundaries[boundary]++
		}
	}
	for _, u := range account.Users {
		count(u.AttachedPolicies, u.PermissionsBoundary)
		for _, name := range u.Groups {
			group, ok := account.Group(name)
			require.True(t, ok, "user %s: group %s", u.Name, name)
			require.Contains(t, group.Members, u.Name)
		}
	}
	for _, g := range account.Groups {
		count(g.AttachedPolicies, "")
		require.NotEmpty(t, g.Members, "group %s", g.Name)
		require.True(t, slices.IsSorted(g.Members), "group %s", g.Name)
	}
	for _, r := range account.Roles {
		count(r.AttachedPolicies, r.PermissionsBoundary)
	}
	for _, p := range account.Policies {
		require.Equal(t, p.AttachmentCount, attached[p.ARN], "policy %s", p.Name)
		require.Equal(t, p.BoundaryUsageCount, boundaries[p.ARN], "policy %s", p.Name)
		delete(attached, p.ARN)
		delete(boundaries, p.ARN)
	}
	require.Empty(t, attached, "attached but not in the account")
	require.Empty(t, boundaries, "boundaries that are not in the account")
}

func ExampleAccount() {
	account, err := demo.Account()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s (%s): %d users, %d roles\n", account.Aliases[0], account.ID, len(account.Users), len(account.Roles))
	// Output: larkspur-books (123456789012): 27 users, 43 roles
}
