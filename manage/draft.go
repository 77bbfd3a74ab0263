package manage

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// A draft is a copy of an account that edits may change: its entities, but not what
// their slices hold, which the original shares. An edit assigns new slices.
type draft struct {
	account *nhiscan.Account
	// lost names what edits were about and the account does not have.
	lost []string
}

func newDraft(a *nhiscan.Account) *draft {
	c := *a
	c.Users = slices.Clone(a.Users)
	c.Groups = slices.Clone(a.Groups)
	c.Roles = slices.Clone(a.Roles)
	c.Policies = slices.Clone(a.Policies)
	return &draft{account: &c}
}

// user returns the user with the name or ARN, to be changed. One that the account
// does not have is noted as lost, and what is returned is part of nothing. So are
// role, group and policy.
func (d *draft) user(nameOrARN string) *nhiscan.User {
	return found(d, "user", nameOrARN, d.account.Users, func(u *nhiscan.User) (string, string) { return u.ARN, u.Name })
}

func (d *draft) role(nameOrARN string) *nhiscan.Role {
	return found(d, "role", nameOrARN, d.account.Roles, func(r *nhiscan.Role) (string, string) { return r.ARN, r.Name })
}

func (d *draft) group(nameOrARN string) *nhiscan.Group {
	return found(d, "group", nameOrARN, d.account.Groups, func(g *nhiscan.Group) (string, string) { return g.ARN, g.Name })
}

func (d *draft) policy(arn string) *nhiscan.ManagedPolicy {
	return found(d, "policy", arn, d.account.Policies, func(p *nhiscan.ManagedPolicy) (string, string) { return p.ARN, p.Name })
}

// found searches one by one: edits look up few, and need not keep the order.
func found[T any](d *draft, kind, nameOrARN string, list []T, id func(*T) (arn, name string)) *T {
	isARN := strings.HasPrefix(nameOrARN, "arn:")
	for i := range list {
		arn, name := id(&list[i])
		if isARN && arn == nameOrARN || !isARN && strings.EqualFold(name, nameOrARN) {
			return &list[i]
		}
	}
	d.lost = append(d.lost, kind+" "+nameOrARN)
	return new(T)
}

func (d *draft) addUser(u nhiscan.User)   { d.account.Users = append(d.account.Users, u) }
func (d *draft) addGroup(g nhiscan.Group) { d.account.Groups = append(d.account.Groups, g) }
func (d *draft) addRole(r nhiscan.Role)   { d.account.Roles = append(d.account.Roles, r) }
func (d *draft) addPolicy(p nhiscan.ManagedPolicy) {
	d.account.Policies = append(d.account.Policies, p)
}

// join puts the user into the group.
func (d *draft) join(user, group string) {
	u, g := d.user(user), d.group(group)
	u.Groups = with(u.Groups, g.Name)
	g.Members = with(g.Members, u.Name)
}

// leave takes the user out of the group.
func (d *draft) leave(user, group string) {
	u, g := d.user(user), d.group(group)
	u.Groups = without(u.Groups, func(name string) bool { return strings.EqualFold(name, group) })
	g.Members = without(g.Members, func(name string) bool { return strings.EqualFold(name, user) })
}

// with returns a new list that has the item, once.
func with[T comparable](list []T, item T) []T {
	if slices.Contains(list, item) {
		return list
	}
	return append(slices.Clone(list), item)
}

// without returns a new list of the items that are not to go.
func without[T any](list []T, gone func(T) bool) []T {
	var kept []T
	for _, item := range list {
		if !gone(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

// attached returns a new list with the managed policy in it, once.
func attached(list []nhiscan.AttachedPolicy, arn string) []nhiscan.AttachedPolicy {
	return append(detached(list, arn), nhiscan.AttachedPolicy{Name: arn[strings.LastIndexByte(arn, '/')+1:], ARN: arn})
}

// detached returns a new list without the managed policy.
func detached(list []nhiscan.AttachedPolicy, arn string) []nhiscan.AttachedPolicy {
	return without(list, func(a nhiscan.AttachedPolicy) bool { return a.ARN == arn })
}

// putInline returns a new list with the inline policy in it, in the place of one of
// the same name.
func putInline(list []nhiscan.InlinePolicy, name, text string) []nhiscan.InlinePolicy {
	return append(droppedInline(list, name), nhiscan.InlinePolicy{Name: name, Document: nhiscan.NewPolicyDocument(text)})
}

// droppedInline returns a new list without the inline policy.
func droppedInline(list []nhiscan.InlinePolicy, name string) []nhiscan.InlinePolicy {
	return without(list, func(i nhiscan.InlinePolicy) bool { return strings.EqualFold(i.Name, name) })
}

// replaceDefault makes the version the policy's default, with the text it then has.
func (d *draft) replaceDefault(arn, versionID, text string) {
	p := d.policy(arn)
	versions := without(p.Versions, func(v nhiscan.PolicyVersion) bool { return v.ID == versionID })
	for i := range versions {
		versions[i].Default = false
	}
	p.DefaultVersionID = versionID
	p.Versions = append(versions, nhiscan.PolicyVersion{ID: versionID, Default: true, Document: nhiscan.NewPolicyDocument(text)})
}

// storeVersion adds a version to the policy that is not in force.
func (d *draft) storeVersion(arn, versionID, text string) {
	p := d.policy(arn)
	p.Versions = append(slices.Clone(p.Versions), nhiscan.PolicyVersion{ID: versionID, Document: nhiscan.NewPolicyDocument(text)})
}

// sort puts the entities in the order in which they are looked up.
func (d *draft) sort() {
	slices.SortFunc(d.account.Users, func(a, b nhiscan.User) int { return strings.Compare(a.ARN, b.ARN) })
	slices.SortFunc(d.account.Groups, func(a, b nhiscan.Group) int { return strings.Compare(a.ARN, b.ARN) })
	slices.SortFunc(d.account.Roles, func(a, b nhiscan.Role) int { return strings.Compare(a.ARN, b.ARN) })
	slices.SortFunc(d.account.Policies, func(a, b nhiscan.ManagedPolicy) int { return strings.Compare(a.ARN, b.ARN) })
}
