package fakeiam

import (
	"time"

	"github.com/nhiscan/nhiscan"
)

// defaultMaxSessionDuration is that of a role for which nobody chose another.
const defaultMaxSessionDuration = time.Hour

func roleOperations() map[string]operation {
	subject := subjectNamed("role", "RoleName")
	return map[string]operation{
		"ListRoles":                   {subject: subjectARN("role"), write: listRoles, cached: true},
		"GetRole":                     {subject: subject, write: getRole},
		"ListRoleTags":                {subject: subject, write: listRoleTags},
		"ListInstanceProfilesForRole": {subject: subject, write: listInstanceProfilesForRole},
	}
}

func listRoles(s *Server, r *request, x *xmlWriter) *apiError {
	roles := underPath(r.index.roles, r.param("PathPrefix"), func(role *nhiscan.Role) string { return role.Path })
	return writePage(r, x, "Roles", roles, writeRole)
}

func getRole(s *Server, r *request, x *xmlWriter) *apiError {
	role, err := s.role(r)
	if err != nil {
		return err
	}
	x.open("Role")
	writeRole(x, role)
	writeBoundary(x, role.PermissionsBoundary)
	if len(role.Tags) > 0 {
		members(x, "Tags", role.Tags, writeTag)
	}
	writeRoleLastUsed(x, role.LastUsed)
	x.close("Role")
	return nil
}

func listRoleTags(s *Server, r *request, x *xmlWriter) *apiError {
	role, err := s.role(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "Tags", role.Tags, writeTag)
}

func listInstanceProfilesForRole(s *Server, r *request, x *xmlWriter) *apiError {
	role, err := s.role(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "InstanceProfiles", role.InstanceProfiles, instanceProfileWriter(role))
}

// role returns the role that the request names.
func (s *Server) role(r *request) (*nhiscan.Role, *apiError) {
	name, err := r.required("RoleName")
	if err != nil {
		return nil, err
	}
	role, ok := r.index.roleNamed[name]
	if !ok {
		return nil, errNoSuchEntity("The role with name %s cannot be found.", name)
	}
	return role, nil
}

// writeRoleNames writes what every answer tells of a role.
func writeRoleNames(x *xmlWriter, role *nhiscan.Role) {
	x.text("Path", pathOr(role.Path))
	x.text("RoleName", role.Name)
	x.text("RoleId", role.ID)
	x.text("Arn", role.ARN)
	x.time("CreateDate", role.CreateDate)
	x.document("AssumeRolePolicyDocument", role.TrustPolicy)
}

// writeRole writes a role as ListRoles tells it.
func writeRole(x *xmlWriter, role *nhiscan.Role) {
	writeRoleNames(x, role)
	x.optional("Description", role.Description)
	x.integer("MaxSessionDuration", int(maxSessionDuration(role)/time.Second))
}

func maxSessionDuration(role *nhiscan.Role) time.Duration {
	if role.MaxSessionDuration == 0 {
		return defaultMaxSessionDuration
	}
	return role.MaxSessionDuration
}

// writeRoleLastUsed writes an element that is empty for a role that was not used
// in the time that AWS tracks.
func writeRoleLastUsed(x *xmlWriter, last nhiscan.LastUse) {
	x.open("RoleLastUsed")
	if !last.At.IsZero() {
		x.time("LastUsedDate", last.At)
		x.optional("Region", last.Region)
	}
	x.close("RoleLastUsed")
}

// instanceProfileWriter writes the instance profiles of a role, each of which
// holds the role.
func instanceProfileWriter(role *nhiscan.Role) func(*xmlWriter, nhiscan.InstanceProfile) {
	return func(x *xmlWriter, p nhiscan.InstanceProfile) { writeInstanceProfile(x, instanceProfile{p, role}) }
}
