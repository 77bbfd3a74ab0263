package synth

import (
	"math/rand/v2"
	"time"

	"github.com/nhiscan/nhiscan"
)

// A Size says how many entities an account has.
type Size struct {
	Users, Roles, Groups, Policies int
}

// Quota is an account at the default maximum of IAM's quotas that can be raised.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
var Quota = Size{Users: 5_000, Roles: 5_000, Groups: 500, Policies: 10_000}

// Scale returns the size times a factor.
func (s Size) Scale(factor float64) Size {
	times := func(n int) int { return int(float64(n)*factor + 0.5) }
	return Size{Users: times(s.Users), Roles: times(s.Roles), Groups: times(s.Groups), Policies: times(s.Policies)}
}

// The account that is made up.
const (
	AccountID = "123456789012"
	Partition = "aws"
	// otherAccount is another account of the same owner, vendorAccount that of a vendor.
	otherAccount  = "111122223333"
	vendorAccount = "444455556666"
)

// CollectedAt is when the account says that it was read. All its dates are before it.
var CollectedAt = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// Account makes up an account. All facts about it are known.
func Account(size Size, seed uint64) *nhiscan.Account {
	g := &generator{rand: rand.New(rand.NewPCG(seed, 0)), size: size}
	g.plan()
	a := &nhiscan.Account{
		ID:          AccountID,
		Partition:   Partition,
		Aliases:     []string{"example-production"},
		CollectedAt: CollectedAt,
		Source:      nhiscan.SourceDemo,
		Root:        g.root(),
	}
	for i := range size.Policies {
		a.Policies = append(a.Policies, g.policy(i))
	}
	for i := range size.Groups {
		a.Groups = append(a.Groups, g.group(i))
	}
	for i := range size.Users {
		a.Users = append(a.Users, g.user(i))
	}
	for i := range size.Roles {
		a.Roles = append(a.Roles, g.role(i))
	}
	g.count(a)
	a.Sort()
	return a
}

// A generator makes up the parts of an account.
type generator struct {
	rand *rand.Rand
	size Size
	ids  uint64

	users    []userPlan
	roles    []rolePlan
	userARNs []string
	roleARNs []string
	// policies are the numbers of the managed policies for each purpose.
	policies map[string][]int
	// trusting are the ARNs of the roles that trust a service, or the account.
	trusting map[string][]string
	// These count what is made in turn.
	admins, changers, changes, bounds, deployers, assumers int
}

// one returns one of the words.
func (g *generator) one(words []string) string { return words[g.rand.IntN(len(words))] }

// chance is true in so many of 100 cases.
func (g *generator) chance(percent int) bool { return g.rand.IntN(100) < percent }

// date returns a time so many days before the account was read, at most.
func (g *generator) date(days int) time.Time {
	return CollectedAt.Add(-time.Duration(g.rand.IntN(days*24*60*60)+1) * time.Second)
}

// id returns a unique id with the prefix that IAM gives to a kind of entity.
func (g *generator) id(prefix string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	g.ids++
	var b [17]byte
	n := g.ids
	for i := len(b) - 1; i >= 0; i-- {
		if i < 4 { // the id's beginning tells nothing; its end is the number
			b[i] = letters[g.rand.IntN(len(letters))]
			continue
		}
		b[i] = letters[n%uint64(len(letters))]
		n /= uint64(len(letters))
	}
	return prefix + string(b[:])
}

func arn(kind, path, name string) string {
	return "arn:" + Partition + ":iam::" + AccountID + ":" + kind + path + name
}

func (g *generator) tags() []nhiscan.Tag {
	var tags []nhiscan.Tag
	for _, t := range tagKeys {
		if g.chance(t.percent) {
			tags = append(tags, nhiscan.Tag{Key: t.key, Value: g.one(t.values)})
		}
	}
	return tags
}

// count fills in what follows from the rest: members of groups and how often
// policies are used.
func (g *generator) count(a *nhiscan.Account) {
	groups := map[string]*nhiscan.Group{}
	policies := map[string]*nhiscan.ManagedPolicy{}
	for i := range a.Groups {
		groups[a.Groups[i].Name] = &a.Groups[i]
	}
	for i := range a.Policies {
		policies[a.Policies[i].ARN] = &a.Policies[i]
	}
	use := func(attached []nhiscan.AttachedPolicy, boundary string) {
		for _, p := range attached {
			if policy := policies[p.ARN]; policy != nil {
				policy.AttachmentCount++
			}
		}
		if policy := policies[boundary]; policy != nil {
			policy.BoundaryUsageCount++
		}
	}
	for i := range a.Users {
		use(a.Users[i].AttachedPolicies, a.Users[i].PermissionsBoundary)
		for _, name := range a.Users[i].Groups {
			groups[name].Members = append(groups[name].Members, a.Users[i].Name)
		}
	}
	for i := range a.Roles {
		use(a.Roles[i].AttachedPolicies, a.Roles[i].PermissionsBoundary)
	}
	for i := range a.Groups {
		use(a.Groups[i].AttachedPolicies, "")
	}
}
