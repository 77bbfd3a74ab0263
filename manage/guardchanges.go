package manage

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// changes are what differs between two accounts.
type changes struct {
	// identities are the ARNs of the users and roles whose permissions may differ.
	identities []string
	// groups are the names of the groups that differ, and policies the ARNs of the
	// managed policies.
	groups, policies []string
	// trust are the ARNs of the roles whose trust policies differ, of new ones too, and
	// profiled those of roles that are in more instance profiles.
	trust, profiled []string
	// other says that something differs by which somebody may be able to do more, and
	// which is none of these.
	other bool
}

func changesOf(before, after *nhiscan.Account) changes {
	var c changes
	affected := map[string]bool{}
	c.policies = differing(before.Policies, after.Policies, func(p *nhiscan.ManagedPolicy) string { return p.ARN }, samePolicy)
	c.groups = differing(before.Groups, after.Groups, func(g *nhiscan.Group) string { return g.Name }, func(a, b *nhiscan.Group) bool {
		return sameHoldings(a.AttachedPolicies, b.AttachedPolicies, a.InlinePolicies, b.InlinePolicies) && !anyOf(a.AttachedPolicies, c.policies)
	})
	for _, arn := range differing(before.Users, after.Users, func(u *nhiscan.User) string { return u.ARN }, func(a, b *nhiscan.User) bool {
		return sameHoldings(a.AttachedPolicies, b.AttachedPolicies, a.InlinePolicies, b.InlinePolicies) && slices.Equal(a.Groups, b.Groups) &&
			a.PermissionsBoundary == b.PermissionsBoundary && slices.Equal(a.Tags, b.Tags) &&
			!anyOf(a.AttachedPolicies, c.policies) && !slices.Contains(c.policies, a.PermissionsBoundary) && !overlap(a.Groups, c.groups)
	}) {
		affected[arn] = true
	}
	for _, arn := range differing(before.Roles, after.Roles, func(r *nhiscan.Role) string { return r.ARN }, func(a, b *nhiscan.Role) bool {
		return sameHoldings(a.AttachedPolicies, b.AttachedPolicies, a.InlinePolicies, b.InlinePolicies) &&
			a.PermissionsBoundary == b.PermissionsBoundary && slices.Equal(a.Tags, b.Tags) &&
			!anyOf(a.AttachedPolicies, c.policies) && !slices.Contains(c.policies, a.PermissionsBoundary)
	}) {
		affected[arn] = true
	}
	c.trust = differing(before.Roles, after.Roles, func(r *nhiscan.Role) string { return r.ARN },
		func(a, b *nhiscan.Role) bool { return a.TrustPolicy == b.TrustPolicy })
	c.identities = slices.Sorted(maps.Keys(affected))
	c.profiled = profiled(before, after)
	c.other = len(c.profiled) > 0 || tagsDiffer(before, after)
	return c
}

// profiled returns the ARNs of roles that are in an instance profile that they were
// not in.
func profiled(before, after *nhiscan.Account) []string {
	var list []string
	for i := range after.Roles {
		r := &after.Roles[i]
		if b, ok := before.Role(r.ARN); ok && len(r.InstanceProfiles) > len(b.InstanceProfiles) {
			list = append(list, r.ARN)
		}
	}
	return list
}

// tagsDiffer reports whether tags do, which conditions may ask for.
func tagsDiffer(before, after *nhiscan.Account) bool {
	differ := func(a, b []nhiscan.Tag) bool { return !slices.Equal(a, b) }
	for i := range after.Users {
		if b, ok := before.User(after.Users[i].ARN); ok && differ(b.Tags, after.Users[i].Tags) {
			return true
		}
	}
	for i := range after.Roles {
		if b, ok := before.Role(after.Roles[i].ARN); ok && differ(b.Tags, after.Roles[i].Tags) {
			return true
		}
	}
	for i := range after.Policies {
		if b, ok := before.Policy(after.Policies[i].ARN); ok && differ(b.Tags, after.Policies[i].Tags) {
			return true
		}
	}
	return false
}

// differing returns the keys of what is on one side only, or not the same on both,
// sorted. The lists are sorted by ARN.
func differing[T any](before, after []T, key func(*T) string, same func(a, b *T) bool) []string {
	old := make(map[string]*T, len(before))
	for i := range before {
		old[key(&before[i])] = &before[i]
	}
	var keys []string
	for i := range after {
		k := key(&after[i])
		if b, ok := old[k]; !ok || !same(b, &after[i]) {
			keys = append(keys, k)
		}
		delete(old, k)
	}
	for k := range old {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func samePolicy(a, b *nhiscan.ManagedPolicy) bool {
	return a.DefaultVersionID == b.DefaultVersionID && slices.EqualFunc(a.Versions, b.Versions, func(v, w nhiscan.PolicyVersion) bool {
		return v.ID == w.ID && v.Default == w.Default && v.Document == w.Document
	})
}

func sameHoldings(a, b []nhiscan.AttachedPolicy, c, d []nhiscan.InlinePolicy) bool {
	return slices.Equal(a, b) && reflect.DeepEqual(c, d)
}

func anyOf(attached []nhiscan.AttachedPolicy, arns []string) bool {
	return slices.ContainsFunc(attached, func(a nhiscan.AttachedPolicy) bool { return slices.Contains(arns, a.ARN) })
}

func overlap(names, others []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(name, other) })
	})
}
