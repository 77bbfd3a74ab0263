package collect_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// detailed gives every credential of the account the id that a credential report
// leaves out.
func detailed(a *nhiscan.Account) *nhiscan.Account {
	for i := range a.Users {
		u := &a.Users[i]
		for j := range u.AccessKeys {
			u.AccessKeys[j].ID = fmt.Sprintf("AKIA%06d%010d", i, j)
		}
		for j := range u.SigningCertificates {
			u.SigningCertificates[j].ID = fmt.Sprintf("CERT%06d%014d", i, j)
		}
		for j := range u.MFADevices {
			d := &u.MFADevices[j]
			d.SerialNumber = fmt.Sprintf("arn:aws:iam::%s:mfa/%s-%d", a.ID, u.Name, j)
			d.Kind = nhiscan.MFAVirtual
			d.EnableDate = u.CreateDate
		}
		u.Known |= nhiscan.FactSSHPublicKeys | nhiscan.FactServiceSpecificCredentials
	}
	a.Source = nhiscan.SourceAWS
	return a
}

func TestAccountReadsEverythingThatIsServed(t *testing.T) {
	t.Parallel()
	for _, pageSize := range []int{0, 1, 2, 7} {
		t.Run(fmt.Sprintf("pages of %d", pageSize), func(t *testing.T) {
			t.Parallel()
			s := newServer(detailed(synth.Account(small, 1)))
			s.PageSize(pageSize)
			got := readAccount(t, s, &collect.Options{Detail: true, Now: now})
			require.Empty(t, got.Gaps)
			require.Equal(t, detailed(synth.Account(small, 1)), got)
		})
	}
}

func TestAccountWithoutDetail(t *testing.T) {
	t.Parallel()
	s := newServer(detailed(synth.Account(small, 1)))
	got := readAccount(t, s, &collect.Options{Now: now})
	want := detailed(synth.Account(small, 1))

	require.Empty(t, got.Gaps)
	require.Equal(t, want.Root, got.Root)
	require.Equal(t, want.Roles, got.Roles)
	require.Equal(t, want.Groups, got.Groups)
	require.Len(t, got.Users, len(want.Users))
	for i, u := range got.Users {
		w := want.Users[i]
		require.Equal(t, w.Password, u.Password, u.Name)
		require.Equal(t, w.MFADevices, u.MFADevices, "the virtual devices are told in bulk")
		require.Len(t, u.AccessKeys, len(w.AccessKeys))
		for j, key := range u.AccessKeys {
			require.Empty(t, key.ID, "a credential report has no key ids")
			require.Equal(t, w.AccessKeys[j].LastUsed, key.LastUsed)
		}
		require.False(t, u.Known.Has(nhiscan.FactSSHPublicKeys), "not read, so not known")
	}
	for _, p := range got.Policies {
		require.False(t, p.Known.Has(nhiscan.FactTags))
	}
}

// TestAccountCallCount has the pages of 5,000 users, 5,000 roles, 500 groups and
// 10,000 policies at 1,000 a page, at a hundredth of the size.
func TestAccountCallCount(t *testing.T) {
	t.Parallel()
	s := newServer(synth.Account(synth.Quota.Scale(0.01), 1))
	a := readAccount(t, s, &collect.Options{PageSize: 10})
	require.Empty(t, a.Gaps)
	require.Equal(t, 100, len(a.Users)+len(a.Roles))
	require.LessOrEqual(t, s.Total(), 45, s.Calls())
}

func TestAccountFromAnEmptyAccount(t *testing.T) {
	t.Parallel()
	s := newServer(&nhiscan.Account{ID: "123456789012", Partition: "aws"})
	a := readAccount(t, s, nil)
	require.Empty(t, a.Users)
	require.Empty(t, a.Roles)
	require.True(t, a.Complete())
}

func TestAccountOtherPartitions(t *testing.T) {
	t.Parallel()
	for _, partition := range []string{"aws-cn", "aws-us-gov", "aws-eusc"} {
		served := &nhiscan.Account{ID: "123456789012", Partition: partition, Roles: []nhiscan.Role{{
			Name: "deploy", ARN: "arn:" + partition + ":iam::123456789012:role/deploy", Path: "/",
			TrustPolicy: nhiscan.NewPolicyDocument(trustLambda),
		}}}
		a := readAccount(t, newServer(served), nil)
		require.Equal(t, partition, a.Partition)
		require.Equal(t, "123456789012", a.ID)
	}
}

func TestAccountNamesOfAllKinds(t *testing.T) {
	t.Parallel()
	names := []string{"zoë+1", "名前", "a b", "x=y,z@w", "a&b<c>\"d'", "%41%"}
	served := &nhiscan.Account{ID: "123456789012", Partition: "aws"}
	for _, name := range names {
		served.Users = append(served.Users, nhiscan.User{Name: name, ARN: "arn:aws:iam::123456789012:user/" + name, Path: "/",
			Tags: []nhiscan.Tag{{Key: name, Value: name}}})
	}
	a := readAccount(t, newServer(served), &collect.Options{Detail: true})
	require.Len(t, a.Users, len(names))
	for _, name := range names {
		u, ok := a.User(name)
		require.True(t, ok, "%q", name)
		require.Len(t, u.Tags, 1)
	}
}

func TestAccountTenThousandTags(t *testing.T) {
	t.Parallel()
	u := nhiscan.User{Name: "tagged", ARN: "arn:aws:iam::123456789012:user/tagged", Path: "/"}
	for i := range 10_000 {
		u.Tags = append(u.Tags, nhiscan.Tag{Key: fmt.Sprintf("key-%05d", i), Value: "value"})
	}
	s := newServer(&nhiscan.Account{ID: "123456789012", Partition: "aws", Users: []nhiscan.User{u}})
	require.Equal(t, u.Tags, readAccount(t, s, nil).Users[0].Tags, "from the authorization details")

	s.Deny("GetAccountAuthorizationDetails", "GetUser")
	require.Equal(t, u.Tags, readAccount(t, s, nil).Users[0].Tags, "from ListUserTags, in pages")
}

func TestAccountMalformedDocuments(t *testing.T) {
	t.Parallel()
	texts := map[string]string{
		"no-json":      "not a policy",
		"half-json":    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow"`,
		"half-percent": "{%",
		"good":         trustLambda,
	}
	served := &nhiscan.Account{ID: "123456789012", Partition: "aws"}
	for name, text := range texts {
		served.Roles = append(served.Roles, nhiscan.Role{Name: name, ARN: "arn:aws:iam::123456789012:role/" + name, Path: "/",
			TrustPolicy: nhiscan.NewPolicyDocument(text)})
	}
	served.Sort()
	a := readAccount(t, newServer(served), nil)
	require.Len(t, a.Roles, len(texts))
	for i := range a.Roles {
		require.Equal(t, texts[a.Roles[i].Name], a.Roles[i].TrustPolicy.Text(), "the text is kept")
	}
	require.Len(t, a.Gaps, 3)
	for _, g := range a.Gaps {
		require.Equal(t, nhiscan.GapMalformed, g.Code)
		require.Contains(t, g.Message, "trust policy: ")
	}
}

func TestAccountTellsProgressInOrder(t *testing.T) {
	t.Parallel()
	s := newServer(synth.Account(small, 1))
	calls, busy := 0, false
	_ = readAccount(t, s, &collect.Options{Detail: true, Progress: func(p collect.Progress) {
		require.False(t, busy)
		busy = true
		calls++
		require.Equal(t, calls, p.Calls)
		require.LessOrEqual(t, p.Done, p.Total)
		require.Contains(t, p.Operation, "iam:")
		busy = false
	}})
	require.Equal(t, s.Total(), calls)
}

func TestAccountAWSManagedPolicies(t *testing.T) {
	t.Parallel()
	const readOnly, unused = "arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"
	version := []nhiscan.PolicyVersion{{ID: "v7", Default: true, Document: nhiscan.NewPolicyDocument(allowRead)}}
	served := &nhiscan.Account{ID: "123456789012", Partition: "aws",
		Roles: []nhiscan.Role{{Name: "reader", ARN: "arn:aws:iam::123456789012:role/reader", Path: "/",
			TrustPolicy:      nhiscan.NewPolicyDocument(trustLambda),
			AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "ReadOnlyAccess", ARN: readOnly}}}},
		Policies: []nhiscan.ManagedPolicy{
			{Name: "ReadOnlyAccess", ARN: readOnly, Path: "/", DefaultVersionID: "v7", AttachmentCount: 1, Versions: version},
			{Name: "AdministratorAccess", ARN: unused, Path: "/", DefaultVersionID: "v7", Versions: version},
		}}
	s := newServer(served)
	require.Empty(t, readAccount(t, s, nil).Policies, "they are not read unless asked for")
	require.Zero(t, s.Calls()["GetPolicyVersion"])

	for _, denied := range []string{"", "ListPolicies", "GetPolicy"} {
		s := newServer(served)
		s.Deny(denied)
		a := readAccount(t, s, &collect.Options{AWSManagedPolicies: true})
		require.Empty(t, a.Gaps)
		require.Len(t, a.Policies, 1)
		require.Equal(t, readOnly, a.Policies[0].ARN)
		require.Equal(t, allowRead, a.Policies[0].Versions[0].Document.Text())
	}
}
