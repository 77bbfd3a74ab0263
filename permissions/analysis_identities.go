package permissions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// identities compiles the users and roles of the account.
func (c *compiler) identities() {
	a := c.x.account
	for i := range a.Groups {
		c.group(&a.Groups[i])
	}
	list := make([]identity, 0, len(a.Users)+len(a.Roles))
	for i := range a.Users {
		list = append(list, c.user(&a.Users[i]))
	}
	for i := range a.Roles {
		list = append(list, c.role(&a.Roles[i]))
	}
	slices.SortStableFunc(list, compareIdentities)
	for i := range list {
		c.x.byARN[list[i].arn] = i
	}
	c.x.identities = list
}

func (c *compiler) group(g *nhiscan.Group) {
	h := holder{kind: "group", arn: g.ARN, name: g.Name}
	c.attach(&h, g.AttachedPolicies, g.InlinePolicies)
	c.missing(&h, g.Known, nhiscan.FactAttachedPolicies, "iam:ListAttachedGroupPolicies", "attached policies")
	c.missing(&h, g.Known, nhiscan.FactInlinePolicies, "iam:ListGroupPolicies", "inline policies")
	c.groups[strings.ToLower(g.Name)] = &group{policies: h.policies, unread: h.unread, gaps: h.gaps}
}

// unreadGroup stands for a group that the account does not hold. A gap says so
// once, however many members it has.
func (c *compiler) unreadGroup(name string) *group {
	h := holder{kind: "group", name: name, gaps: []nhiscan.Gap{{
		Operation: "iam:GetGroup", Resource: name, Code: nhiscan.GapNotInFile,
		Message: fmt.Sprintf("group %s was not read; what it allows and denies is not taken into account", name),
	}}}
	c.unreadable(&h, Source{Type: IdentityPolicy, Name: fmt.Sprintf("policies of group %s that were not read", name)})
	if !slices.ContainsFunc(c.x.account.Gaps, func(gap nhiscan.Gap) bool {
		return gap.Resource == name || strings.HasSuffix(gap.Resource, "/"+name)
	}) {
		c.x.gaps = append(c.x.gaps, h.gaps...)
	}
	g := &group{unread: h.unread, gaps: h.gaps}
	c.groups[strings.ToLower(name)] = g
	return g
}

func (c *compiler) user(u *nhiscan.User) identity {
	h := holder{kind: "user", arn: u.ARN, name: u.Name}
	c.attach(&h, u.AttachedPolicies, u.InlinePolicies)
	for _, name := range u.Groups {
		g, ok := c.groups[strings.ToLower(name)]
		if !ok {
			g = c.unreadGroup(name)
		}
		h.policies = append(h.policies, g.policies...)
		h.unread = append(h.unread, g.unread...)
		h.gaps = append(h.gaps, g.gaps...)
	}
	c.missing(&h, u.Known, nhiscan.FactGroups, "iam:ListGroupsForUser", "groups")
	c.missing(&h, u.Known, nhiscan.FactAttachedPolicies, "iam:ListAttachedUserPolicies", "attached policies")
	c.missing(&h, u.Known, nhiscan.FactInlinePolicies, "iam:ListUserPolicies", "inline policies")
	id := identity{arn: u.ARN, name: u.Name, user: u}
	if own := len(u.AttachedPolicies) + len(u.InlinePolicies); own == 0 && len(h.policies) > 0 {
		id.byGroups = true
		h.policies = c.sharedByGroups(u.Groups, h.policies)
	}
	id.principal = Principal{Type: PrincipalUser, ARN: u.ARN, Account: c.accountOf(u.ARN), ManagementAccount: c.x.management}
	c.complete(&id, &h, u.PermissionsBoundary, u.Known)
	id.context = userContext(u, &id.policies)
	return id
}

// sharedByGroups returns one list of policies for all who have the same groups.
func (c *compiler) sharedByGroups(groups []string, policies []*Policy) []*Policy {
	key := strings.ToLower(strings.Join(groups, "/")) // which no name has
	if found, ok := c.byGroups[key]; ok {
		return found
	}
	policies = slices.Clip(policies)
	c.byGroups[key] = policies
	return policies
}

func (c *compiler) role(r *nhiscan.Role) identity {
	h := holder{kind: "role", arn: r.ARN, name: r.Name}
	c.attach(&h, r.AttachedPolicies, r.InlinePolicies)
	c.missing(&h, r.Known, nhiscan.FactAttachedPolicies, "iam:ListAttachedRolePolicies", "attached policies")
	c.missing(&h, r.Known, nhiscan.FactInlinePolicies, "iam:ListRolePolicies", "inline policies")
	id := identity{arn: r.ARN, name: r.Name, role: r}
	id.principal = Principal{
		Type: PrincipalRole, ARN: r.ARN, Account: c.accountOf(r.ARN),
		ServiceLinked: isServiceLinked(r.ARN), ManagementAccount: c.x.management,
	}
	c.complete(&id, &h, r.PermissionsBoundary, r.Known)
	id.context = NewContext(nil, false)
	if trust := c.compile(r.TrustPolicy); trust.document != nil {
		id.trust = &Policy{Source: Source{Type: TrustPolicy, Name: r.Name, ARN: r.ARN, Holder: r.ARN}, compiled: trust.document}
	} else {
		id.unresolved = append(id.unresolved, nhiscan.Gap{
			Operation: "iam:GetRole", Resource: r.ARN, Code: trust.code,
			Message: fmt.Sprintf("role %s: trust policy: %s; who can assume the role is not known", r.Name, trust.reason),
		})
	}
	return id
}

// complete fills in what users and roles have in common.
func (c *compiler) complete(id *identity, h *holder, boundary string, known nhiscan.Facts) {
	id.policies.Identity = slices.Clip(h.policies)
	id.policies.Boundary, id.boundaryUnread = c.bound(h, boundary)
	if !known.Has(nhiscan.FactPermissionsBoundary) && boundary == "" {
		h.gaps = append(h.gaps, nhiscan.Gap{
			Operation: "iam:Get" + strings.ToUpper(h.kind[:1]) + h.kind[1:], Resource: h.arn, Code: nhiscan.GapNotInFile,
			Message: fmt.Sprintf("%s %s: whether there is a permissions boundary was not read; it is taken for none", h.kind, h.name),
		})
	}
	id.policies.ServiceControl = c.x.serviceControl
	id.policies.ResourceControl = c.x.resourceControl
	id.unread = h.unread
	id.unresolved = h.gaps
}

func (c *compiler) accountOf(arn string) string {
	if a, ok := nhiscan.ParseARN(arn); ok && a.Account != "" {
		return a.Account
	}
	return c.x.account.ID
}

// isServiceLinked tells the roles whose path is reserved for AWS services.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html.
func isServiceLinked(arn string) bool {
	a, ok := nhiscan.ParseARN(arn)
	return ok && strings.HasPrefix(a.Resource, "role/aws-service-role/")
}
