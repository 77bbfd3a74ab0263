package nhiscan

import "strings"

// User returns the user with the given name or ARN. Names are compared without regard to case, as IAM does.
func (a *Account) User(nameOrARN string) (*User, bool) {
	for i := range a.Users {
		if u := &a.Users[i]; u.ARN == nameOrARN || strings.EqualFold(u.Name, nameOrARN) {
			return u, true
		}
	}
	return nil, false
}

// Role returns the role with the given name or ARN.
func (a *Account) Role(nameOrARN string) (*Role, bool) {
	for i := range a.Roles {
		if r := &a.Roles[i]; r.ARN == nameOrARN || strings.EqualFold(r.Name, nameOrARN) {
			return r, true
		}
	}
	return nil, false
}

// Group returns the group with the given name or ARN.
func (a *Account) Group(nameOrARN string) (*Group, bool) {
	for i := range a.Groups {
		if g := &a.Groups[i]; g.ARN == nameOrARN || strings.EqualFold(g.Name, nameOrARN) {
			return g, true
		}
	}
	return nil, false
}

// Policy returns the managed policy with the given ARN.
func (a *Account) Policy(arn string) (*ManagedPolicy, bool) {
	for i := range a.Policies {
		if p := &a.Policies[i]; p.ARN == arn {
			return p, true
		}
	}
	return nil, false
}
