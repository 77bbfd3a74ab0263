package manage

import (
	"context"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// An identity is a user, role or group that has policies.
type identity struct {
	kind      collect.IdentityKind
	name, arn string
	// holders are the ARNs of those who have its policies: itself, or a group's members.
	holders []string
	// boundary and tags are those of a user or role.
	boundary string
	tags     []nhiscan.Tag
}

// identity reads the user, role or group whose name or ARN is in the argument.
func (p *planner) identity(ctx context.Context, kind collect.IdentityKind, argument, nameOrARN string) (identity, error) {
	switch kind {
	case collect.IdentityRole:
		r, err := p.findRole(ctx, argument, nameOrARN)
		if err != nil {
			return identity{}, err
		}
		return identity{kind, r.Name, r.ARN, []string{r.ARN}, r.PermissionsBoundary, r.Tags}, nil
	case collect.IdentityGroup:
		g, members, err := p.findGroup(ctx, argument, nameOrARN)
		if err != nil {
			return identity{}, err
		}
		return identity{kind, g.Name, g.ARN, arnsOf(members), "", nil}, nil
	}
	u, err := p.findUser(ctx, argument, nameOrARN)
	if err != nil {
		return identity{}, err
	}
	return identity{kind, u.Name, u.ARN, []string{u.ARN}, u.PermissionsBoundary, u.Tags}, nil
}

// String is such as "user ci".
func (i identity) String() string { return string(i.kind) + " " + i.name }

// attached is the identity's list of managed policies in a draft.
func (i identity) attached(d *draft) *[]nhiscan.AttachedPolicy {
	switch i.kind {
	case collect.IdentityRole:
		return &d.role(i.name).AttachedPolicies
	case collect.IdentityGroup:
		return &d.group(i.name).AttachedPolicies
	}
	return &d.user(i.name).AttachedPolicies
}

// inline is the identity's list of inline policies in a draft.
func (i identity) inline(d *draft) *[]nhiscan.InlinePolicy {
	switch i.kind {
	case collect.IdentityRole:
		return &d.role(i.name).InlinePolicies
	case collect.IdentityGroup:
		return &d.group(i.name).InlinePolicies
	}
	return &d.user(i.name).InlinePolicies
}

// bounded is the ARN of the identity's permissions boundary in a draft.
func (i identity) bounded(d *draft) *string {
	if i.kind == collect.IdentityRole {
		return &d.role(i.name).PermissionsBoundary
	}
	return &d.user(i.name).PermissionsBoundary
}

// tagged are the identity's tags in a draft.
func (i identity) tagged(d *draft) *[]nhiscan.Tag {
	if i.kind == collect.IdentityRole {
		return &d.role(i.name).Tags
	}
	return &d.user(i.name).Tags
}

func arnsOf(users []nhiscan.User) []string {
	arns := make([]string, len(users))
	for i := range users {
		arns[i] = users[i].ARN
	}
	return arns
}

// title is such as "User" for user.
func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
