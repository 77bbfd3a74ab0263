package permissions

import (
	"maps"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// An identity is a user or role with its policies compiled.
type identity struct {
	arn, name string
	// user or role is set, of the account.
	user *nhiscan.User
	role *nhiscan.Role
	// trust is the compiled trust policy of a role; nil when it was not read.
	trust     *Policy
	principal Principal
	// context holds the facts known of the principal, for any request of it.
	context *Context
	// policies are those of identity, boundary and organization; Resource is nil.
	policies Policies
	// byGroups says that the identity policies are those of groups alone; users of the
	// same groups have one list.
	byGroups bool
	// boundaryUnread says that the boundary stands for one whose text is not known.
	boundaryUnread bool
	// unread stand for identity policies whose text is not known, and for lists of
	// them; each may allow and deny everything.
	unread     []*Policy
	unresolved []nhiscan.Gap
}

// asked are the identity policies with those that stand for unread ones.
func (id *identity) asked() []*Policy {
	if len(id.unread) == 0 {
		return id.policies.Identity
	}
	return slices.Concat(id.policies.Identity, id.unread)
}

// environment returns the identity making a request that is not known further.
func (id *identity) environment(action, resource string) *environment {
	return newEnvironment(&id.principal, action, resource, "", id.context)
}

func compareIdentities(a, b identity) int { return strings.Compare(a.arn, b.arn) }

// contextWith adds what is known of the identity to what a caller says.
func (id *identity) contextWith(ctx *Context) *Context {
	switch {
	case ctx == nil:
		return id.context
	case len(id.context.values) == 0:
		return ctx
	}
	values := maps.Clone(id.context.values)
	maps.Copy(values, ctx.values)
	return newFoldedContext(values, ctx.complete)
}
