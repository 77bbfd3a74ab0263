package manage

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

func draftAccount() *nhiscan.Account {
	return &nhiscan.Account{
		Users:  []nhiscan.User{{Name: "ci", ARN: "arn:aws:iam::111122223333:user/ci", Groups: make([]string, 0, 4), AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "a", ARN: "arn:aws:iam::aws:policy/a"}}}},
		Groups: []nhiscan.Group{{Name: "devs", ARN: "arn:aws:iam::111122223333:group/devs", Members: make([]string, 0, 4)}},
		Roles:  []nhiscan.Role{{Name: "app", ARN: "arn:aws:iam::111122223333:role/app", InlinePolicies: []nhiscan.InlinePolicy{{Name: "own", Document: nhiscan.NewPolicyDocument("{}")}}}},
		Policies: []nhiscan.ManagedPolicy{{Name: "p", ARN: "arn:aws:iam::111122223333:policy/p", DefaultVersionID: "v1",
			Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true}, {ID: "v2"}, {ID: "v3"}, {ID: "v4"}, {ID: "v5"}}}},
	}
}

// What edits and guards make of a draft is not in the account that it is of.
func TestDraftLeavesTheAccount(t *testing.T) {
	t.Parallel()
	a := draftAccount()
	d := newDraft(a)
	d.join("CI", "Devs")
	d.join("ci", "devs")
	u := d.user("arn:aws:iam::111122223333:user/ci")
	require.Equal(t, []string{"devs"}, u.Groups)
	require.Equal(t, []string{"ci"}, d.group("devs").Members)
	u.AttachedPolicies = attached(detached(u.AttachedPolicies, "arn:aws:iam::aws:policy/a"), "arn:aws:iam::aws:policy/b")
	require.Equal(t, []nhiscan.AttachedPolicy{{Name: "b", ARN: "arn:aws:iam::aws:policy/b"}}, u.AttachedPolicies)
	r := d.role("APP")
	r.InlinePolicies = putInline(r.InlinePolicies, "OWN", `{"Statement":[]}`)
	require.Len(t, r.InlinePolicies, 1)
	p := d.policy("arn:aws:iam::111122223333:policy/p")
	d.replaceDefault(p.ARN, "v2", "{}")
	d.storeVersion(p.ARN, "v6", "{}")
	require.Len(t, p.Versions, 6)
	version, ok := p.Default()
	require.True(t, ok)
	require.Equal(t, "v2", version.ID)
	d.addUser(nhiscan.User{ARN: "arn:aws:iam::111122223333:user/a"})
	d.addGroup(nhiscan.Group{})
	d.addRole(nhiscan.Role{})
	d.addPolicy(nhiscan.ManagedPolicy{})
	d.sort()
	relaxed(d.account, nil)
	d.leave("ci", "DEVS")
	require.Empty(t, d.user("ci").Groups)
	require.Empty(t, d.lost)
	d.user("gone").Groups = []string{"devs"}
	require.Equal(t, []string{"user gone"}, d.lost)
	require.Equal(t, draftAccount(), a)
	require.Equal(t, []string{"", ""}, a.Users[0].Groups[:2:4], "nor behind its ends")
}

// Of five versions two are told as one that allows what both do, so that there is
// room for another.
func TestRelaxedVersions(t *testing.T) {
	t.Parallel()
	a := draftAccount()
	text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}]}`
	for i := range a.Policies[0].Versions {
		a.Policies[0].Versions[i].Document = nhiscan.NewPolicyDocument(text)
	}
	versions := relaxed(a, nil).Policies[0].Versions
	require.Len(t, versions, 4)
	require.Equal(t, text, versions[0].Document.Text(), "the one in force")
	require.NotContains(t, versions[1].Document.Text(), "Deny")
	require.Len(t, relaxed(a, []string{a.Policies[0].ARN}).Policies[0].Versions, 5)
}
