package collect

import (
	"context"
	"errors"

	"github.com/nhiscan/nhiscan"
)

// An IdentityKind is a kind of identity that policies are given to.
type IdentityKind string

// The kinds. The zero value is none of them.
const (
	IdentityUser  IdentityKind = "user"
	IdentityRole  IdentityKind = "role"
	IdentityGroup IdentityKind = "group"
)

// InlinePolicies returns the names of all inline policies of the user, role or
// group with the given name or ARN.
//
// The error is an [*Error]: [ErrNotFound] when there is no such identity.
func InlinePolicies(ctx context.Context, api IdentityAPI, kind IdentityKind, name string) ([]string, error) {
	name = nameOf(name)
	if err := checkIdentity("InlinePolicies", kind, name); err != nil {
		return nil, err
	}
	r, ctx := newReader(ctx, identityParts(api), nil)
	defer r.abort(nil)
	switch kind {
	case IdentityRole:
		return r.rolePolicyNames(ctx, name)
	case IdentityGroup:
		return r.groupPolicyNames(ctx, name)
	}
	return r.userPolicyNames(ctx, name)
}

// InlinePolicy reads one inline policy of the user, role or group with the given
// name or ARN. What is not a valid document is in the answer as it came:
// PolicyDocument.Parse tells.
//
// The error is an [*Error]: [ErrNotFound] when there is no such identity or policy.
func InlinePolicy(ctx context.Context, api IdentityAPI, kind IdentityKind, name, policy string) (nhiscan.InlinePolicy, error) {
	name = nameOf(name)
	if err := checkIdentity("InlinePolicy", kind, name); err != nil {
		return nhiscan.InlinePolicy{}, err
	}
	if policy == "" {
		return nhiscan.InlinePolicy{}, invalid("InlinePolicy", name, "the name of the policy is missing")
	}
	r, ctx := newReader(ctx, identityParts(api), nil)
	defer r.abort(nil)
	read := map[IdentityKind]func(context.Context, string, string) (*string, error){
		IdentityUser: r.userPolicy, IdentityRole: r.rolePolicy, IdentityGroup: r.groupPolicy}[kind]
	text, err := read(ctx, name, policy)
	if err != nil {
		return nhiscan.InlinePolicy{}, err
	}
	return nhiscan.InlinePolicy{Name: policy, Document: document(text)}, nil
}

// AttachedPolicies returns all managed policies that are attached to the user,
// role or group with the given name or ARN.
//
// The error is an [*Error]: [ErrNotFound] when there is no such identity.
func AttachedPolicies(ctx context.Context, api IdentityAPI, kind IdentityKind, name string) ([]nhiscan.AttachedPolicy, error) {
	name = nameOf(name)
	if err := checkIdentity("AttachedPolicies", kind, name); err != nil {
		return nil, err
	}
	r, ctx := newReader(ctx, identityParts(api), nil)
	defer r.abort(nil)
	switch kind {
	case IdentityRole:
		role := nhiscan.Role{Name: name}
		err := r.readRoleAttachedPolicies(ctx, &role)
		return role.AttachedPolicies, err
	case IdentityGroup:
		g := nhiscan.Group{Name: name}
		err := r.readGroupAttachedPolicies(ctx, &g)
		return g.AttachedPolicies, err
	}
	u := nhiscan.User{Name: name}
	err := r.readUserAttachedPolicies(ctx, &u)
	return u.AttachedPolicies, err
}

func identityParts(api IdentityAPI) parts {
	return parts{UserAPI: api, RoleAPI: api, GroupAPI: api}
}

// checkIdentity refuses what AWS would not: an empty name is that of the caller to some operations.
func checkIdentity(function string, kind IdentityKind, name string) error {
	switch {
	case kind != IdentityUser && kind != IdentityRole && kind != IdentityGroup:
		return invalid(function, name, "%q is not a kind of identity: user, role or group", string(kind))
	case name == "":
		return invalid(function, "", "the name of the %s is missing", kind)
	}
	return nil
}

// inlineDocument checks that AWS sent the document.
func inlineDocument(text *string) (*string, error) {
	if text == nil {
		return nil, errEmptyAnswer
	}
	return text, nil
}

// readInlinePolicies reads the named inline policies. One that is gone is left
// out; the error tells of the last that was not read.
func readInlinePolicies(names []string, read func(policy string) (*string, error)) ([]nhiscan.InlinePolicy, error) {
	var policies []nhiscan.InlinePolicy
	var failure error
	for _, name := range names {
		text, err := read(name)
		switch {
		case errors.Is(err, ErrNotFound):
			continue
		case err != nil:
			failure = err
			policies = append(policies, nhiscan.InlinePolicy{Name: name})
		default:
			policies = append(policies, nhiscan.InlinePolicy{Name: name, Document: document(text)})
		}
	}
	return policies, failure
}
