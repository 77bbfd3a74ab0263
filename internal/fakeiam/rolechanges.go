package fakeiam

import (
	"slices"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
)

// The bounds of a role's longest session, in seconds.
const (
	leastMaxSessionSeconds = 3600
	mostMaxSessionSeconds  = 43200
)

func roleChanges() map[string]operation {
	subject := subjectNamed("role", "RoleName")
	return map[string]operation{
		"CreateRole":             {subject: subjectNew("role", "RoleName"), write: createRole, mutates: true},
		"DeleteRole":             {subject: subject, write: deleteRole, mutates: true, void: true},
		"UpdateRole":             {subject: subject, write: updateRole, mutates: true},
		"UpdateAssumeRolePolicy": {subject: subject, write: updateAssumeRolePolicy, mutates: true, void: true},
	}
}

// createRole implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html. Its
// answer tells neither the description nor the longest session.
func createRole(_ *Server, r *request, x *xmlWriter) *apiError {
	role, err := r.newRole()
	if err != nil {
		return err
	}
	a := r.index.account
	if slices.ContainsFunc(a.Roles, func(other nhiscan.Role) bool { return sameName(other.Name, role.Name) }) {
		return errAlreadyExists("Role with name %s already exists.", role.Name)
	}
	role.ID = r.index.beside.issue("AROA")
	a.Roles = append(a.Roles, role)
	x.open("Role")
	writeRoleNames(x, &role)
	writeBoundary(x, role.PermissionsBoundary)
	writeTags(x, role.Tags)
	x.close("Role")
	return nil
}

// newRole returns the role that a request describes, without its id.
func (r *request) newRole() (nhiscan.Role, *apiError) {
	name, path, err := r.nameAndPath("RoleName", maxRoleName)
	if err != nil {
		return nhiscan.Role{}, err
	}
	role := nhiscan.Role{
		Name: name, ARN: r.index.arn("role" + path + name), Path: path, CreateDate: r.time,
		MaxSessionDuration: defaultMaxSessionDuration, LastUsed: nhiscan.LastUse{Known: true},
	}
	if err := r.setRoleSettings(&role); err != nil {
		return nhiscan.Role{}, err
	}
	if role.Tags, err = r.tags(foldedKeys); err != nil {
		return nhiscan.Role{}, err
	}
	if role.PermissionsBoundary, err = r.newBoundary(); err != nil {
		return nhiscan.Role{}, err
	}
	role.TrustPolicy, err = r.trustPolicy("AssumeRolePolicyDocument")
	return role, err
}

// setRoleSettings sets the description and the longest session that the request
// gives; what it does not give stays.
func (r *request) setRoleSettings(role *nhiscan.Role) *apiError {
	if err := r.tooLong("Description", maxDescription); err != nil {
		return err
	}
	if r.form.Has("Description") {
		role.Description = r.param("Description")
	}
	if r.form.Has("MaxSessionDuration") {
		seconds, err := r.number("MaxSessionDuration", leastMaxSessionSeconds, mostMaxSessionSeconds)
		if err != nil {
			return err
		}
		role.MaxSessionDuration = time.Duration(seconds) * time.Second
	}
	return nil
}

// modifiableRole returns the role that the request names, if it is not one that
// only AWS may change: service-linked roles and those of IAM Identity Center.
func (s *Server) modifiableRole(r *request) (*nhiscan.Role, *apiError) {
	role, err := s.role(r)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(role.Path, "/aws-service-role/") || strings.HasPrefix(role.Path, "/aws-reserved/") {
		return nil, errProtected(role.Name)
	}
	return role, nil
}

// deleteRole implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html.
func deleteRole(s *Server, r *request, _ *xmlWriter) *apiError {
	role, err := s.modifiableRole(r)
	if err != nil {
		return err
	}
	switch {
	case len(role.InstanceProfiles) > 0:
		return errDeleteConflict("Cannot delete entity, must remove roles from instance profile first.")
	case len(role.AttachedPolicies) > 0:
		return errDeleteConflict("Cannot delete entity, must detach all policies first.")
	case len(role.InlinePolicies) > 0:
		return errDeleteConflict("Cannot delete entity, must delete policies first.")
	}
	r.index.principalGone(role.ARN, role.ID)
	r.index.account.Roles = without(r.index.account.Roles, func(other nhiscan.Role) bool { return other.Name == role.Name })
	return nil
}

func updateRole(s *Server, r *request, _ *xmlWriter) *apiError {
	role, err := s.modifiableRole(r)
	if err != nil {
		return err
	}
	return r.setRoleSettings(role)
}

func updateAssumeRolePolicy(s *Server, r *request, _ *xmlWriter) *apiError {
	role, err := s.modifiableRole(r)
	if err != nil {
		return err
	}
	document, err := r.trustPolicy("PolicyDocument")
	if err != nil {
		return err
	}
	role.TrustPolicy = document
	return nil
}
