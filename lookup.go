package nhiscan

import (
	"slices"
	"strings"
)

// User returns the user with the given name or ARN. IAM's names are unique
// without regard to case, and are compared so; ARNs are compared exactly. The
// pointer is into the account.
func (a *Account) User(nameOrARN string) (*User, bool) {
	return find(a.Users, nameOrARN, func(u *User) (string, string) { return u.ARN, u.Name })
}

// Group is [Account.User] for groups.
func (a *Account) Group(nameOrARN string) (*Group, bool) {
	return find(a.Groups, nameOrARN, func(g *Group) (string, string) { return g.ARN, g.Name })
}

// Role is [Account.User] for roles.
func (a *Account) Role(nameOrARN string) (*Role, bool) {
	return find(a.Roles, nameOrARN, func(r *Role) (string, string) { return r.ARN, r.Name })
}

// Policy is [Account.User] for managed policies. The account need not hold the
// AWS managed policies that it uses.
func (a *Account) Policy(nameOrARN string) (*ManagedPolicy, bool) {
	return find(a.Policies, nameOrARN, func(p *ManagedPolicy) (string, string) { return p.ARN, p.Name })
}

// find searches a list sorted by ARN: by halves for an ARN, which programs ask
// for by the thousand, and one by one for a name, which people ask for.
func find[T any](list []T, nameOrARN string, id func(*T) (arn, name string)) (*T, bool) {
	if strings.HasPrefix(nameOrARN, "arn:") {
		i, ok := slices.BinarySearchFunc(list, nameOrARN, func(entity T, want string) int {
			arn, _ := id(&entity)
			return strings.Compare(arn, want)
		})
		if !ok {
			return nil, false
		}
		return &list[i], true
	}
	for i := range list {
		if _, name := id(&list[i]); strings.EqualFold(name, nameOrARN) {
			return &list[i], true
		}
	}
	return nil, false
}
