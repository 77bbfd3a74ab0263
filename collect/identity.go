package collect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/nhiscan/nhiscan"
)

// User reads the user with the given name or ARN whole: with all that
// Options.Detail adds, its groups, and the managed policies that are attached to
// either or bound the user. The account that it returns holds nothing else.
//
// The error is an [*Error]: [ErrNotFound] when there is no such user, or why the
// user itself could not be read. What else could not be read is in the Gaps.
func User(ctx context.Context, api IAMAPI, name string, opts *Options) (*nhiscan.Account, error) {
	r, ctx := newReader(ctx, api, opts)
	defer r.abort(nil)

	name = nameOf(name)
	if name == "" {
		return nil, invalid("User", "", "the name of the user is missing") // to AWS no name is the caller's
	}
	u, err := r.findUser(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("read user %s: %w", name, err)
	}
	a := &nhiscan.Account{Source: nhiscan.SourceAWS, CollectedAt: r.opts.Now().UTC(), Users: []nhiscan.User{u}}
	facts := userFacts | userDetailedFacts
	wanted := func(u *nhiscan.User) nhiscan.Facts { return facts &^ u.Known }
	a.Users = fillAll(ctx, r, "GetUser", "users", a.Users, wanted, r.fillUser)
	if len(a.Users) == 1 {
		r.addGroups(ctx, a)
	}
	return r.whole(ctx, a, "user", name)
}

// Role reads the role with the given name or ARN whole, with the managed policies
// that are attached to it or bound it. The account that it returns holds nothing else.
//
// The error is an [*Error]: [ErrNotFound] when there is no such role, or why the
// role itself could not be read. What else could not be read is in the Gaps.
func Role(ctx context.Context, api IAMAPI, name string, opts *Options) (*nhiscan.Account, error) {
	r, ctx := newReader(ctx, api, opts)
	defer r.abort(nil)

	name = nameOf(name)
	if name == "" {
		return nil, invalid("Role", "", "the name of the role is missing")
	}
	role, err := r.findRole(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("read role %s: %w", name, err)
	}
	a := &nhiscan.Account{Source: nhiscan.SourceAWS, CollectedAt: r.opts.Now().UTC(), Roles: []nhiscan.Role{role}}
	wanted := func(role *nhiscan.Role) nhiscan.Facts { return roleFacts &^ role.Known }
	a.Roles = fillAll(ctx, r, "GetRole", "roles", a.Roles, wanted, r.fillRole)
	return r.whole(ctx, a, "role", name)
}

// Group reads the group with the given name or ARN whole, with the managed
// policies that are attached to it. The account that it returns holds nothing
// else but the members, in Users, of whom Known says how little is read: call
// [User] for more.
//
// The error is an [*Error]: [ErrNotFound] when there is no such group, or why the
// group or its members could not be read. What else could not be read is in the Gaps.
func Group(ctx context.Context, api IAMAPI, name string, opts *Options) (*nhiscan.Account, error) {
	r, ctx := newReader(ctx, api, opts)
	defer r.abort(nil)

	name = nameOf(name)
	if name == "" {
		return nil, invalid("Group", "", "the name of the group is missing")
	}
	g, members, err := r.groupMembers(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("read group %s: %w", name, err)
	}
	a := &nhiscan.Account{Source: nhiscan.SourceAWS, CollectedAt: r.opts.Now().UTC(), Groups: []nhiscan.Group{g}}
	r.fillListedGroups(ctx, a)
	a, err = r.whole(ctx, a, "group", name)
	if err != nil {
		return nil, err
	}
	a.Users = unique(members, userARN)
	for _, u := range a.Users {
		a.Groups[0].Members = append(a.Groups[0].Members, u.Name)
	}
	slices.Sort(a.Groups[0].Members)
	a.Groups[0].Known |= nhiscan.FactGroups
	return a, nil
}

// whole adds the managed policies that the account's one identity is given and
// puts the account in order.
func (r *reader) whole(ctx context.Context, a *nhiscan.Account, kind, name string) (*nhiscan.Account, error) {
	if len(a.Users)+len(a.Roles)+len(a.Groups) == 0 {
		return nil, fmt.Errorf("read %s %s: %w", kind, name, &Error{
			Operation: "iam:Get" + strings.ToUpper(kind[:1]) + kind[1:], Resource: name, Code: "NoSuchEntity", Message: "the " + kind + " was deleted while it was being read"})
	}
	if err := r.fillAttached(ctx, a); err != nil {
		return nil, fmt.Errorf("read %s %s: %w", kind, name, err)
	}
	r.close(a, false)
	return a, nil
}

func (r *reader) fillAttached(ctx context.Context, a *nhiscan.Account) error {
	a.Policies = r.readPolicies(ctx, slices.Sorted(maps.Keys(usedPolicies(a))), nil, true)
	return r.fatal(ctx)
}

// addGroups adds the groups of the account's users, which were seen when the
// users' groups were read.
func (r *reader) addGroups(ctx context.Context, a *nhiscan.Account) {
	a.Groups = slices.Collect(maps.Values(r.groups))
	r.fillListedGroups(ctx, a)
}

// fillListedGroups reads the policies of the account's groups.
func (r *reader) fillListedGroups(ctx context.Context, a *nhiscan.Account) {
	wanted := func(g *nhiscan.Group) nhiscan.Facts { return groupDetailFacts }
	fill := func(ctx context.Context, g *nhiscan.Group, _ nhiscan.Facts) bool { return r.fillGroup(ctx, g) }
	a.Groups = fillAll(ctx, r, "ListGroupPolicies", "groups", a.Groups, wanted, fill)
}

// findUser reads the user, from the list of all when it may not be read by itself.
func (r *reader) findUser(ctx context.Context, name string) (nhiscan.User, error) {
	got, err := r.getUser(ctx, name)
	if err == nil {
		u := listedUser(*got)
		setUserDetails(&u, got)
		return u, nil
	}
	if !errors.Is(err, ErrAccessDenied) {
		return nhiscan.User{}, err
	}
	users, listErr := r.listUsers(ctx)
	for _, u := range users {
		if strings.EqualFold(u.Name, name) {
			return u, nil
		}
	}
	if listErr != nil {
		return nhiscan.User{}, err
	}
	return nhiscan.User{}, &Error{Operation: "iam:ListUsers", Resource: name, Code: "NoSuchEntity", Message: "there is no user of this name"}
}

// findRole reads the role, from the list of all when it may not be read by itself.
func (r *reader) findRole(ctx context.Context, name string) (nhiscan.Role, error) {
	got, err := r.getRole(ctx, name)
	if err == nil {
		role := listedRole(got)
		setRoleDetails(&role, got)
		return role, nil
	}
	if !errors.Is(err, ErrAccessDenied) {
		return nhiscan.Role{}, err
	}
	roles, listErr := r.listRoles(ctx)
	for i := range roles {
		if strings.EqualFold(aws.ToString(roles[i].RoleName), name) {
			return listedRole(&roles[i]), nil
		}
	}
	if listErr != nil {
		return nhiscan.Role{}, err
	}
	return nhiscan.Role{}, &Error{Operation: "iam:ListRoles", Resource: name, Code: "NoSuchEntity", Message: "there is no role of this name"}
}

// nameOf returns the name in an ARN, and anything else as it is.
func nameOf(nameOrARN string) string {
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return nameOrARN
	}
	return nameOrARN[strings.LastIndexByte(nameOrARN, '/')+1:]
}
