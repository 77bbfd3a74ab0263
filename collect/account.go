package collect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/nhiscan/nhiscan"
)

// Account reads the account that the API's credentials are of.
//
// It returns an error that is an [*Error] when the credentials are missing or
// not accepted ([ErrCredentials]), however much was read by then, and when
// nothing at all could be read. Else it returns the account, with a Gap for
// everything that is missing: check Complete.
//
// When ctx ends, what was read is returned with gaps of the code
// nhiscan.GapInterrupted and a nil error; if that is nothing, the error wraps ctx.Err().
func Account(ctx context.Context, api IAMAPI, opts *Options) (*nhiscan.Account, error) {
	r, ctx := newReader(ctx, api, opts)
	defer r.abort(nil)

	b := r.bulk(ctx)
	if err := r.nothingRead(ctx, b); err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	a := r.merge(b)
	r.fill(ctx, a, b)
	if err := r.fatal(ctx); err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	r.missBulk(a, b)
	r.close(a, b.usersErr == nil || b.listedUsersErr == nil)
	return a, nil
}

// nothingRead returns why there is nothing to make an account of, nil if there is.
func (r *reader) nothingRead(ctx context.Context, b *bulk) error {
	if err := r.fatal(ctx); err != nil {
		return err
	}
	read := len(b.users) + len(b.groups) + len(b.roles) + len(b.policies) + len(b.listedUsers) + len(b.listedRoles)
	if read > 0 {
		return nil
	}
	for _, err := range []error{b.usersErr, b.rolesErr, b.policyErr, b.listedUsersErr, b.listedRolesErr, b.reportErr} {
		if err == nil {
			return nil
		}
	}
	return b.usersErr
}

// fill reads one by one what the bulk calls left open.
func (r *reader) fill(ctx context.Context, a *nhiscan.Account, b *bulk) {
	r.fillUsers(ctx, a)
	r.fillRoles(ctx, a)
	if b.usersErr != nil {
		r.fillGroups(ctx, a)
	}
	if b.policyErr != nil {
		if err := r.fillPolicies(ctx, a); err == nil && r.opts.Detail {
			b.policyErr = nil // nothing is left of what they would have told
		}
	}
	if r.opts.AWSManagedPolicies {
		r.addAWSManagedPolicies(ctx, a)
	}
	if r.opts.Detail {
		a.Policies = r.tagPolicies(ctx, a.Policies)
	}
}

func (r *reader) fillUsers(ctx context.Context, a *nhiscan.Account) {
	wanted := func(u *nhiscan.User) nhiscan.Facts {
		w := userFacts &^ u.Known
		if r.opts.Detail {
			w |= userDetailedFacts
		}
		return w
	}
	a.Users = fillAll(ctx, r, "GetUser", "users", a.Users, wanted, r.fillUser)
}

func (r *reader) fillRoles(ctx context.Context, a *nhiscan.Account) {
	wanted := func(role *nhiscan.Role) nhiscan.Facts {
		if role.Known.Has(roleDetailFacts) {
			return roleFacts &^ role.Known &^ nhiscan.FactRoleLastUsed // it would have been told with the others
		}
		return roleFacts &^ role.Known
	}
	a.Roles = fillAll(ctx, r, "GetRole", "roles", a.Roles, wanted, r.fillRole)
}

// fillGroups adds the groups that the authorization details did not tell, and reads their policies.
func (r *reader) fillGroups(ctx context.Context, a *nhiscan.Account) {
	listed, err := r.listGroups(ctx)
	r.miss(err)
	at := places(a.Groups, groupARN)
	for _, g := range append(listed, slices.Collect(maps.Values(r.groups))...) {
		if _, ok := at[g.ARN]; !ok {
			at[g.ARN] = len(a.Groups)
			a.Groups = append(a.Groups, g)
		}
	}
	wanted := func(g *nhiscan.Group) nhiscan.Facts { return groupDetailFacts &^ g.Known }
	fill := func(ctx context.Context, g *nhiscan.Group, _ nhiscan.Facts) bool { return r.fillGroup(ctx, g) }
	a.Groups = fillAll(ctx, r, "ListGroupPolicies", "groups", a.Groups, wanted, fill)
}

// fillAll fills each entity of the list of which something is wanted, and
// returns the list without those that are gone.
func fillAll[T any](ctx context.Context, r *reader, operation, kind string, list []T,
	wanted func(*T) nhiscan.Facts, fill func(context.Context, *T, nhiscan.Facts) bool) []T {
	var open []int
	for i := range list {
		if wanted(&list[i]) != 0 {
			open = append(open, i)
		}
	}
	gone := make([]bool, len(list))
	done := r.each(ctx, len(open), func(n int) {
		entity := &list[open[n]]
		gone[open[n]] = !fill(ctx, entity, wanted(entity))
	})
	r.interrupted(operation, kind, done, len(open))
	kept := list[:0]
	for i := range list {
		if !gone[i] {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// interrupted records that fewer entities were read one by one than should have been.
func (r *reader) interrupted(operation, kind string, done, total int) {
	if done == total {
		return
	}
	r.gaps.add(nhiscan.Gap{Operation: "iam:" + operation, Resource: "*", Code: nhiscan.GapInterrupted,
		Message: fmt.Sprintf("%d of %d %s were not read whole before the reading ended; scan again", total-done, total, kind)})
}

// missBulk records the bulk calls that failed, except those whose facts were all
// read in another way.
func (r *reader) missBulk(a *nhiscan.Account, b *bulk) {
	users := func(facts nhiscan.Facts) bool {
		return !slices.ContainsFunc(a.Users, func(u nhiscan.User) bool { return !u.Known.Has(facts) })
	}
	roles := func(facts nhiscan.Facts) bool {
		return !slices.ContainsFunc(a.Roles, func(role nhiscan.Role) bool { return !role.Known.Has(facts) })
	}
	kinds := !slices.ContainsFunc(a.Users, func(u nhiscan.User) bool {
		return slices.ContainsFunc(u.MFADevices, func(d nhiscan.MFADevice) bool { return d.Kind == "" })
	})
	r.missUnless(b.usersErr, b.listedUsersErr == nil && users(userDetailFacts))
	r.missUnless(b.rolesErr, b.listedRolesErr == nil && roles(roleDetailFacts))
	r.missUnless(b.policyErr, false)
	r.missUnless(b.listedUsersErr, b.usersErr == nil && users(nhiscan.FactPasswordLastUsed))
	r.missUnless(b.listedRolesErr, b.rolesErr == nil && roles(nhiscan.FactRoleSettings))
	r.missUnless(b.virtualMFAErr, kinds && users(nhiscan.FactMFADevices))
	r.missUnless(b.reportErr, false)
	r.missUnless(b.aliasesErr, false)
}

func (r *reader) missUnless(err error, covered bool) {
	var e *Error
	if errors.As(err, &e) && !covered {
		r.gaps.addError(e)
	}
}

// close puts the account in order. complete says that it has all users, so that
// what is in a group is known.
func (r *reader) close(a *nhiscan.Account, complete bool) {
	a.Users = unique(a.Users, userARN)
	a.Groups = unique(a.Groups, groupARN)
	a.Roles = unique(a.Roles, roleARN)
	a.Policies = unique(a.Policies, policyARN)
	setMembers(a, complete)
	identify(a)
	a.Gaps = append(r.gaps.list(), a.MalformedDocuments()...)
	a.Sort()
}

// setMembers turns the users' groups round.
func setMembers(a *nhiscan.Account, complete bool) {
	members := map[string][]string{}
	for i := range a.Users {
		complete = complete && a.Users[i].Known.Has(nhiscan.FactGroups)
		for _, group := range a.Users[i].Groups {
			members[group] = append(members[group], a.Users[i].Name)
		}
	}
	for i := range a.Groups {
		g := &a.Groups[i]
		g.Members = members[g.Name]
		if complete {
			g.Known |= nhiscan.FactGroups
		}
	}
}
