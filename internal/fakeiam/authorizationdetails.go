package fakeiam

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

// details are the lists that an authorization details request reads, in the
// order in which its pages go through them.
type details struct {
	users    []*nhiscan.User
	groups   []*nhiscan.Group
	roles    []*nhiscan.Role
	customer []*nhiscan.ManagedPolicy
	aws      []*nhiscan.ManagedPolicy
}

// getAccountAuthorizationDetails implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html.
func getAccountAuthorizationDetails(s *Server, r *request, x *xmlWriter) *apiError {
	d, err := r.index.details(r.list("Filter"))
	if err != nil {
		return err
	}
	p, err := r.page(d.total(), d.arn)
	if err != nil {
		return err
	}
	w := window{p.start, p.end}
	members(x, "UserDetailList", cut(d.users, &w), writeUserDetail)
	members(x, "GroupDetailList", cut(d.groups, &w), writeGroupDetail)
	members(x, "RoleDetailList", cut(d.roles, &w), writeRoleDetail)
	policies := cut(d.customer, &w)
	members(x, "Policies", append(slices.Clip(policies), cut(d.aws, &w)...), writePolicyDetail)
	p.write(x)
	return nil
}

// details returns the lists that the filter asks for; all without a filter.
func (ix *index) details(filter []string) (details, *apiError) {
	all := details{ix.users, ix.groups, ix.roles, ix.customer, ix.aws}
	if len(filter) == 0 {
		return all, nil
	}
	var d details
	for _, kind := range filter {
		switch kind {
		case "User":
			d.users = all.users
		case "Group":
			d.groups = all.groups
		case "Role":
			d.roles = all.roles
		case "LocalManagedPolicy":
			d.customer = all.customer
		case "AWSManagedPolicy":
			d.aws = all.aws
		default:
			return details{}, errValidation("Value '[" + kind + "]' at 'filter' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [User, Role, AWSManagedPolicy, LocalManagedPolicy, Group]]")
		}
	}
	return d, nil
}

func (d details) total() int {
	return len(d.users) + len(d.groups) + len(d.roles) + len(d.customer) + len(d.aws)
}

// arn returns the ARN of an item, counted through all lists.
func (d details) arn(at int) string {
	w := window{at, at + 1}
	for _, u := range cut(d.users, &w) {
		return u.ARN
	}
	for _, g := range cut(d.groups, &w) {
		return g.ARN
	}
	for _, role := range cut(d.roles, &w) {
		return role.ARN
	}
	for _, p := range cut(d.customer, &w) {
		return p.ARN
	}
	return cut(d.aws, &w)[0].ARN
}

// A window is a range of several lists put one after the other.
type window struct{ start, end int }

// cut returns the part of the items that is in the window, and moves the window
// to the next list.
func cut[T any](items []T, w *window) []T {
	part := items[min(max(w.start, 0), len(items)):min(max(w.end, 0), len(items))]
	w.start -= len(items)
	w.end -= len(items)
	return part
}

func writeUserDetail(x *xmlWriter, u *nhiscan.User) {
	writeUserNames(x, u)
	writeInlinePolicies(x, "UserPolicyList", u.InlinePolicies)
	members(x, "GroupList", u.Groups, writeName)
	members(x, "AttachedManagedPolicies", u.AttachedPolicies, writeAttachedPolicy)
	writeBoundary(x, u.PermissionsBoundary)
	members(x, "Tags", u.Tags, writeTag)
}

func writeGroupDetail(x *xmlWriter, g *nhiscan.Group) {
	writeGroup(x, g)
	writeInlinePolicies(x, "GroupPolicyList", g.InlinePolicies)
	members(x, "AttachedManagedPolicies", g.AttachedPolicies, writeAttachedPolicy)
}

func writeRoleDetail(x *xmlWriter, role *nhiscan.Role) {
	writeRoleNames(x, role)
	members(x, "InstanceProfileList", role.InstanceProfiles, instanceProfileWriter(role))
	writeInlinePolicies(x, "RolePolicyList", role.InlinePolicies)
	members(x, "AttachedManagedPolicies", role.AttachedPolicies, writeAttachedPolicy)
	writeBoundary(x, role.PermissionsBoundary)
	members(x, "Tags", role.Tags, writeTag)
	writeRoleLastUsed(x, role.LastUsed)
}

func writePolicyDetail(x *xmlWriter, p *nhiscan.ManagedPolicy) {
	writePolicy(x, p)
	members(x, "PolicyVersionList", p.Versions, func(x *xmlWriter, v nhiscan.PolicyVersion) { writePolicyVersion(x, p, v) })
}

func writeInlinePolicies(x *xmlWriter, name string, policies []nhiscan.InlinePolicy) {
	members(x, name, policies, func(x *xmlWriter, p nhiscan.InlinePolicy) {
		x.text("PolicyName", p.Name)
		x.document("PolicyDocument", p.Document)
	})
}
