package fakeiam

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

func policyUseOperations() map[string]operation {
	return map[string]operation{
		"ListEntitiesForPolicy": {subject: subjectNamed("policy", "PolicyArn"), write: listEntitiesForPolicy},
	}
}

// A policyUse says whose use of a policy a request asks for.
type policyUse struct {
	arn, prefix string
	// attached and bounding are the kinds of use.
	attached, bounding bool
	// kind is User, Group or Role; empty for all.
	kind string
}

// listEntitiesForPolicy implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html.
// Its pages go through the users, then the groups, then the roles.
func listEntitiesForPolicy(s *Server, r *request, x *xmlWriter) *apiError {
	p, err := s.policy(r)
	if err != nil {
		return err
	}
	use, err := r.policyUse(p.ARN)
	if err != nil {
		return err
	}
	d := use.details(r.index)
	page, err := r.page(d.total(), d.arn)
	if err != nil {
		return err
	}
	w := window{page.start, page.end}
	users, groups, roles := cut(d.users, &w), cut(d.groups, &w), cut(d.roles, &w)
	members(x, "PolicyGroups", groups, func(x *xmlWriter, g *nhiscan.Group) { writeEntity(x, "Group", g.Name, g.ID) })
	members(x, "PolicyUsers", users, func(x *xmlWriter, u *nhiscan.User) { writeEntity(x, "User", u.Name, u.ID) })
	members(x, "PolicyRoles", roles, func(x *xmlWriter, role *nhiscan.Role) { writeEntity(x, "Role", role.Name, role.ID) })
	page.write(x)
	return nil
}

func writeEntity(x *xmlWriter, kind, name, id string) {
	x.text(kind+"Name", name)
	x.text(kind+"Id", id)
}

// policyUse returns what the filters of the request ask for.
func (r *request) policyUse(arn string) (policyUse, *apiError) {
	use := policyUse{arn: arn, prefix: r.param("PathPrefix"), attached: true, bounding: true, kind: r.param("EntityFilter")}
	switch r.param("PolicyUsageFilter") {
	case "":
	case "PermissionsPolicy":
		use.bounding = false
	case "PermissionsBoundary":
		use.attached = false
	default:
		return policyUse{}, errConstraint("PolicyUsageFilter", "Member must satisfy enum value set: [PermissionsPolicy, PermissionsBoundary]")
	}
	if !slices.Contains([]string{"", "User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"}, use.kind) {
		return policyUse{}, errConstraint("EntityFilter", "Member must satisfy enum value set: [User, Role, AWSManagedPolicy, LocalManagedPolicy, Group]")
	}
	return use, nil
}

// details returns the entities that use the policy, without policies.
func (use policyUse) details(ix *index) details {
	var d details
	for _, u := range ix.users {
		if use.of("User", u.Path, u.AttachedPolicies, u.PermissionsBoundary) {
			d.users = append(d.users, u)
		}
	}
	for _, g := range ix.groups {
		if use.of("Group", g.Path, g.AttachedPolicies, "") {
			d.groups = append(d.groups, g)
		}
	}
	for _, role := range ix.roles {
		if use.of("Role", role.Path, role.AttachedPolicies, role.PermissionsBoundary) {
			d.roles = append(d.roles, role)
		}
	}
	return d
}

func (use policyUse) of(kind, path string, attached []nhiscan.AttachedPolicy, boundary string) bool {
	if use.kind != "" && use.kind != kind || use.prefix != "" && !strings.HasPrefix(pathOr(path), use.prefix) {
		return false
	}
	return use.bounding && boundary == use.arn ||
		use.attached && slices.ContainsFunc(attached, func(p nhiscan.AttachedPolicy) bool { return p.ARN == use.arn })
}
