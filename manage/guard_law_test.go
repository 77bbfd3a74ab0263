package manage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/permissions"
)

// These are the policies that random accounts and changes are made of, denials last.
var (
	lawAllows = []string{
		guardRead, guardAll, allow(`"iam:*"`, `"*"`), allow(`"iam:PutUserPolicy"`, `"`+guardIAM+`user/u1"`), allow(`"s3:*"`, `"*"`),
		allow(`["iam:PassRole","lambda:*"]`, `"*"`), allow(`"sts:AssumeRole"`, `"*"`), allow(`"iam:AttachUserPolicy"`, `"`+guardIAM+`user/u0"`),
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"s3:*","Resource":"*"}]}`,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`,
	}
	lawDenies = []string{deny(`"iam:*"`), deny(`"s3:*"`), deny(`"*"`)}
	lawTexts  = slices.Concat(lawAllows, lawDenies)
	lawTrusts = []string{
		guardLambda, trusts(`{"AWS":"` + guardIAM + `user/u0"}`), trusts(`{"AWS":"` + guardAccount + `"}`), trusts(`{"Service":"ec2.amazonaws.com"}`),
	}
)

type law struct{ *rand.Rand }

func (l law) text() string    { return lawTexts[l.IntN(len(lawTexts))] }
func (l law) n(of int) int    { return l.IntN(of) }
func (l law) arn() string     { return fmt.Sprintf("%spolicy/p%d", guardIAM, l.n(3)) }
func (l law) user() string    { return fmt.Sprintf("u%d", l.n(3)) }
func (l law) role() string    { return fmt.Sprintf("r%d", l.n(2)) }
func (l law) group() string   { return fmt.Sprintf("g%d", l.n(2)) }
func (l law) sometimes() bool { return l.n(3) == 0 }
func (l law) maybe(s string) string {
	if l.sometimes() {
		return s
	}
	return ""
}

func (l law) holdings() (attached []nhiscan.AttachedPolicy, inlined []nhiscan.InlinePolicy) {
	if l.sometimes() {
		attached = attachedTo(l.arn())
	}
	if l.sometimes() {
		inlined = inline("own", l.text())
	}
	return attached, inlined
}

func (l law) account() *nhiscan.Account {
	a := &nhiscan.Account{ID: guardAccount, Partition: "aws"}
	for i := range 3 {
		a.Policies = append(a.Policies, guardPolicy(fmt.Sprintf("p%d", i), l.text(), l.text()))
	}
	for i := range 2 {
		g := nhiscan.Group{Name: fmt.Sprintf("g%d", i), ID: fmt.Sprintf("AGPAG%d", i), ARN: fmt.Sprintf("%sgroup/g%d", guardIAM, i), Path: "/", Known: guardFacts}
		g.AttachedPolicies, g.InlinePolicies = l.holdings()
		a.Groups = append(a.Groups, g)
		a.Roles = append(a.Roles, guardRole(fmt.Sprintf("r%d", i), lawTrusts[l.n(len(lawTrusts))], func(r *nhiscan.Role) {
			r.AttachedPolicies, r.InlinePolicies = l.holdings()
			r.PermissionsBoundary = l.maybe(l.arn())
		}))
	}
	for i := range 3 {
		a.Users = append(a.Users, guardUser(fmt.Sprintf("u%d", i), func(u *nhiscan.User) {
			u.AttachedPolicies, u.InlinePolicies = l.holdings()
			u.PermissionsBoundary = l.maybe(l.arn())
			if l.sometimes() {
				g := l.n(2)
				u.Groups = []string{a.Groups[g].Name}
				a.Groups[g].Members = append(a.Groups[g].Members, u.Name)
			}
		}))
	}
	a.Users = append(a.Users, guardUser("operator", nil))
	a.Sort()
	return a
}

func (l law) change() manage.Change {
	text := l.text()
	changes := []func() manage.Change{
		func() manage.Change { return manage.AttachUserPolicy{UserName: l.user(), PolicyARN: l.arn()} },
		func() manage.Change { return manage.AttachRolePolicy{RoleName: l.role(), PolicyARN: l.arn()} },
		func() manage.Change { return manage.AttachGroupPolicy{GroupName: l.group(), PolicyARN: l.arn()} },
		func() manage.Change { return manage.DetachUserPolicy{UserName: l.user(), PolicyARN: l.arn()} },
		func() manage.Change { return manage.DetachGroupPolicy{GroupName: l.group(), PolicyARN: l.arn()} },
		func() manage.Change {
			return manage.PutUserPolicy{UserName: l.user(), PolicyName: l.own(), PolicyDocument: text}
		},
		func() manage.Change {
			return manage.PutRolePolicy{RoleName: l.role(), PolicyName: l.own(), PolicyDocument: text}
		},
		func() manage.Change {
			return manage.PutGroupPolicy{GroupName: l.group(), PolicyName: l.own(), PolicyDocument: text}
		},
		func() manage.Change { return manage.DeleteUserPolicy{UserName: l.user(), PolicyName: "own"} },
		func() manage.Change { return manage.AddUserToGroup{GroupName: l.group(), UserName: l.user()} },
		func() manage.Change { return manage.RemoveUserFromGroup{GroupName: l.group(), UserName: l.user()} },
		func() manage.Change { return manage.SetPermissionsBoundary{IdentityName: l.user(), PolicyARN: l.arn()} },
		func() manage.Change { return manage.DeletePermissionsBoundary{IdentityName: l.user()} },
		func() manage.Change {
			return manage.CreatePolicyVersion{PolicyARN: l.arn(), PolicyDocument: text, SetAsDefault: l.sometimes()}
		},
		func() manage.Change { return manage.SetDefaultPolicyVersion{PolicyARN: l.arn(), VersionID: "v2"} },
		func() manage.Change { return manage.DeleteGroup{GroupName: l.group(), Force: true} },
		func() manage.Change { return manage.DeletePolicy{PolicyARN: l.arn(), Force: true} },
		func() manage.Change {
			return manage.UpdateAssumeRolePolicy{RoleName: l.role(), PolicyDocument: lawTrusts[l.n(len(lawTrusts))]}
		},
	}
	return changes[l.n(len(changes))]()
}

func (l law) own() string {
	if l.sometimes() {
		return "own"
	}
	return "another"
}

// administrators ranks everybody: 1 for an administrator under conditions, 2 for one
// at all times.
func administrators(a *nhiscan.Account) map[string]int {
	ranks := map[string]int{}
	for _, p := range permissions.New(a, nil).Identities() {
		switch {
		case p.Admin.Is() && len(p.Admin.Keys) == 0:
			ranks[p.ARN] = 2
		case p.Admin.Is():
			ranks[p.ARN] = 1
		}
	}
	return ranks
}

// A change is refused for making administrators exactly when the account, once it was
// carried out, has one that it had not.
func TestGuardAgreesWithTheAccountAfterwards(t *testing.T) {
	t.Parallel()
	refused, passed := 0, 0
	for seed := range uint64(120) {
		l := law{rand.New(rand.NewPCG(seed, 1))}
		s := guardServer(l.account())
		api := guardAPI(s)
		change := l.change()
		before := administrators(s.Account())
		p, err := manage.NewPlan(context.Background(), api, change, &manage.Options{CallerARN: guardCaller, AllowPrivileged: true})
		if err != nil {
			continue // such as a policy that is not there
		}
		_, err = p.Apply(context.Background(), api)
		require.NoError(t, err, "seed %d: %+v", seed, change)
		want := false
		for arn, rank := range administrators(s.Account()) {
			want = want || rank > before[arn]
		}
		got := slices.ContainsFunc(p.Risks, func(r manage.Risk) bool {
			return r.Code == manage.RiskAdmin && !strings.HasPrefix(r.Message, "a member of group") && !strings.Contains(r.Message, "is an administrator under conditions, and becomes one")
		})
		require.Equal(t, want, got, "seed %d: %+v: %v", seed, change, p.Risks)
		if want {
			refused++
		} else {
			passed++
		}
	}
	require.Greater(t, refused, 3)
	require.Greater(t, passed, 50)
}

// What only adds a denial is never refused.
func TestGuardLetsDenialsPass(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		l := law{rand.New(rand.NewPCG(seed, 2))}
		a := l.account()
		denial := lawDenies[l.n(len(lawDenies))]
		change := []manage.Change{
			manage.PutUserPolicy{UserName: l.user(), PolicyName: "new", PolicyDocument: denial},
			manage.PutRolePolicy{RoleName: l.role(), PolicyName: "new", PolicyDocument: denial},
			manage.PutGroupPolicy{GroupName: l.group(), PolicyName: "new", PolicyDocument: denial},
		}[l.n(3)]
		require.Empty(t, planned(t, a, change, manage.Options{}).Refusals, "seed %d: %+v", seed, change)
	}
}
