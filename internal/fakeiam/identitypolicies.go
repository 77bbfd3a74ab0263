package fakeiam

import (
	"strings"

	"github.com/nhiscan/nhiscan"
)

// An identity is what users, groups and roles have in common: policies. It points
// into the account that the request sees.
type identity struct {
	kind     string // User, Group or Role
	name     string
	inline   *[]nhiscan.InlinePolicy
	attached *[]nhiscan.AttachedPolicy
	// boundary is the ARN of the permissions boundary; nil for a group.
	boundary *string
}

// A finder returns the identity that a request names.
type finder func(*Server, *request) (identity, *apiError)

func identityPolicyOperations() map[string]operation {
	known := map[string]operation{}
	for kind, find := range map[string]finder{"User": userIdentity, "Group": groupIdentity, "Role": roleIdentity} {
		subject := subjectNamed(strings.ToLower(kind), kind+"Name")
		known["List"+kind+"Policies"] = operation{subject: subject, write: find.listInline}
		known["Get"+kind+"Policy"] = operation{subject: subject, write: find.getInline}
		known["ListAttached"+kind+"Policies"] = operation{subject: subject, write: find.listAttached}
	}
	return known
}

func userIdentity(s *Server, r *request) (identity, *apiError) {
	u, err := s.user(r)
	if err != nil {
		return identity{}, err
	}
	return identity{"User", u.Name, &u.InlinePolicies, &u.AttachedPolicies, &u.PermissionsBoundary}, nil
}

func groupIdentity(s *Server, r *request) (identity, *apiError) {
	g, err := s.group(r)
	if err != nil {
		return identity{}, err
	}
	return identity{"Group", g.Name, &g.InlinePolicies, &g.AttachedPolicies, nil}, nil
}

func roleIdentity(s *Server, r *request) (identity, *apiError) {
	find := s.role
	if r.op.mutates {
		find = s.modifiableRole
	}
	role, err := find(r)
	if err != nil {
		return identity{}, err
	}
	return identity{"Role", role.Name, &role.InlinePolicies, &role.AttachedPolicies, &role.PermissionsBoundary}, nil
}

func (find finder) listInline(s *Server, r *request, x *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	return writePage(r, x, "PolicyNames", *id.inline, func(x *xmlWriter, p nhiscan.InlinePolicy) { x.escape(p.Name) })
}

func (find finder) getInline(s *Server, r *request, x *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	name, err := r.required("PolicyName")
	if err != nil {
		return err
	}
	for _, p := range *id.inline {
		if p.Name == name {
			x.text(id.kind+"Name", id.name)
			x.text("PolicyName", p.Name)
			x.document("PolicyDocument", p.Document)
			return nil
		}
	}
	return id.errNoInline(name)
}

func (id identity) errNoInline(name string) *apiError {
	return errNoSuchEntity("The %s policy with name %s cannot be found.", strings.ToLower(id.kind), name)
}

func (find finder) listAttached(s *Server, r *request, x *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	attached := underPath(*id.attached, r.param("PathPrefix"), func(p nhiscan.AttachedPolicy) string { return policyPath(p.ARN) })
	return writePage(r, x, "AttachedPolicies", attached, writeAttachedPolicy)
}

// policyPath returns the path in the ARN of a policy: "/team/" of
// arn:aws:iam::123456789012:policy/team/name.
func policyPath(arn string) string {
	_, path, _ := strings.Cut(arn, ":policy")
	return path[:strings.LastIndexByte(path, '/')+1]
}

func writeAttachedPolicy(x *xmlWriter, p nhiscan.AttachedPolicy) {
	x.text("PolicyName", p.Name)
	x.text("PolicyArn", p.ARN)
}
