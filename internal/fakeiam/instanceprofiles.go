package fakeiam

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

// An instanceProfile knows its role.
type instanceProfile struct {
	nhiscan.InstanceProfile
	role *nhiscan.Role // nil for none
}

func instanceProfileOperations() map[string]operation {
	return map[string]operation{
		"GetInstanceProfile":   {subject: subjectInstanceProfile, write: getInstanceProfile},
		"ListInstanceProfiles": {subject: subjectARN("instance-profile"), write: listInstanceProfiles, cached: true},
	}
}

func instanceProfileChanges() map[string]operation {
	return map[string]operation{
		"CreateInstanceProfile":         {subject: subjectNew("instance-profile", "InstanceProfileName"), write: createInstanceProfile, mutates: true},
		"DeleteInstanceProfile":         {subject: subjectInstanceProfile, write: deleteInstanceProfile, mutates: true, void: true},
		"AddRoleToInstanceProfile":      {subject: subjectInstanceProfile, write: addRoleToInstanceProfile, mutates: true, void: true},
		"RemoveRoleFromInstanceProfile": {subject: subjectInstanceProfile, write: removeRoleFromInstanceProfile, mutates: true, void: true},
	}
}

func subjectInstanceProfile(_ *index, r *request) string {
	return "instance profile " + r.param("InstanceProfileName")
}

func (ix *index) addInstanceProfiles() {
	for _, role := range ix.roles {
		for _, p := range role.InstanceProfiles {
			ix.profiles = append(ix.profiles, instanceProfile{p, role})
		}
	}
	for _, p := range ix.beside.profiles {
		ix.profiles = append(ix.profiles, instanceProfile{p, nil})
	}
}

// instanceProfile returns the instance profile that the request names.
func (r *request) instanceProfile() (instanceProfile, *apiError) {
	name, err := r.required("InstanceProfileName")
	if err != nil {
		return instanceProfile{}, err
	}
	i := slices.IndexFunc(r.index.profiles, func(p instanceProfile) bool { return p.Name == name })
	if i < 0 {
		return instanceProfile{}, errNoSuchEntity("Instance Profile %s cannot be found.", name)
	}
	return r.index.profiles[i], nil
}

func getInstanceProfile(_ *Server, r *request, x *xmlWriter) *apiError {
	p, err := r.instanceProfile()
	if err != nil {
		return err
	}
	x.open("InstanceProfile")
	writeInstanceProfile(x, p)
	members(x, "Tags", r.index.beside.profileTags[p.Name], writeTag)
	x.close("InstanceProfile")
	return nil
}

func listInstanceProfiles(_ *Server, r *request, x *xmlWriter) *apiError {
	profiles := underPath(r.index.profiles, r.param("PathPrefix"), func(p instanceProfile) string { return p.Path })
	return writePage(r, x, "InstanceProfiles", profiles, writeInstanceProfile)
}

// createInstanceProfile implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html.
func createInstanceProfile(_ *Server, r *request, x *xmlWriter) *apiError {
	name, path, err := r.nameAndPath("InstanceProfileName", maxProfileName)
	if err != nil {
		return err
	}
	tags, err := r.tags(foldedKeys)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(r.index.profiles, func(p instanceProfile) bool { return sameName(p.Name, name) }) {
		return errAlreadyExists("Instance Profile %s already exists.", name)
	}
	beside := &r.index.beside
	p := nhiscan.InstanceProfile{Name: name, ID: beside.issue("AIPA"), ARN: r.index.arn("instance-profile" + path + name), Path: path, CreateDate: r.time}
	beside.profiles = append(beside.profiles, p)
	if len(tags) > 0 {
		beside.profileTags[name] = tags
	}
	x.open("InstanceProfile")
	writeInstanceProfile(x, instanceProfile{p, nil})
	writeTags(x, tags)
	x.close("InstanceProfile")
	return nil
}

func deleteInstanceProfile(_ *Server, r *request, _ *xmlWriter) *apiError {
	p, err := r.instanceProfile()
	if err != nil {
		return err
	}
	if p.role != nil {
		return errDeleteConflict("Cannot delete entity, must remove roles from instance profile first.")
	}
	delete(r.index.beside.profileTags, p.Name)
	r.index.beside.profiles = withoutProfile(r.index.beside.profiles, p)
	return nil
}

func withoutProfile(profiles []nhiscan.InstanceProfile, gone instanceProfile) []nhiscan.InstanceProfile {
	return without(profiles, func(p nhiscan.InstanceProfile) bool { return p.Name == gone.Name })
}

// profileAndRole returns the instance profile and the role that a request names.
func (s *Server) profileAndRole(r *request) (instanceProfile, *nhiscan.Role, *apiError) {
	p, err := r.instanceProfile()
	if err != nil {
		return instanceProfile{}, nil, err
	}
	role, err := s.modifiableRole(r)
	return p, role, err
}

func addRoleToInstanceProfile(s *Server, r *request, _ *xmlWriter) *apiError {
	p, role, err := s.profileAndRole(r)
	switch {
	case err != nil:
		return err
	case p.role != nil:
		return errQuota("InstanceSessionsPerInstanceProfile", 1)
	}
	r.index.beside.profiles = withoutProfile(r.index.beside.profiles, p)
	role.InstanceProfiles = append(role.InstanceProfiles, p.InstanceProfile)
	return nil
}

func removeRoleFromInstanceProfile(s *Server, r *request, _ *xmlWriter) *apiError {
	p, role, err := s.profileAndRole(r)
	switch {
	case err != nil:
		return err
	case p.role != role:
		return errNoSuchEntity("Role %s in Instance Profile %s cannot be found.", role.Name, p.Name)
	}
	role.InstanceProfiles = withoutProfile(role.InstanceProfiles, p)
	r.index.beside.profiles = append(r.index.beside.profiles, p.InstanceProfile)
	return nil
}

func writeInstanceProfile(x *xmlWriter, p instanceProfile) {
	x.text("Path", pathOr(p.Path))
	x.text("InstanceProfileName", p.Name)
	x.text("InstanceProfileId", p.ID)
	x.text("Arn", p.ARN)
	x.time("CreateDate", p.CreateDate)
	var roles []*nhiscan.Role
	if p.role != nil {
		roles = []*nhiscan.Role{p.role}
	}
	members(x, "Roles", roles, writeRoleNames)
}
