package fakeiam

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

const maxGroupsPerUser = 10

func groupChanges() map[string]operation {
	subject := subjectNamed("group", "GroupName")
	return map[string]operation{
		"CreateGroup":         {subject: subjectNew("group", "GroupName"), write: createGroup, mutates: true},
		"DeleteGroup":         {subject: subject, write: deleteGroup, mutates: true, void: true},
		"AddUserToGroup":      {subject: subject, write: addUserToGroup, mutates: true, void: true},
		"RemoveUserFromGroup": {subject: subject, write: removeUserFromGroup, mutates: true, void: true},
	}
}

// createGroup implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html.
func createGroup(_ *Server, r *request, x *xmlWriter) *apiError {
	name, path, err := r.nameAndPath("GroupName", maxGroupName)
	if err != nil {
		return err
	}
	a := r.index.account
	if slices.ContainsFunc(a.Groups, func(g nhiscan.Group) bool { return sameName(g.Name, name) }) {
		return errAlreadyExists("Group with name %s already exists.", name)
	}
	g := nhiscan.Group{Name: name, ID: r.index.beside.issue("AGPA"), ARN: r.index.arn("group" + path + name), Path: path, CreateDate: r.time}
	a.Groups = append(a.Groups, g)
	x.open("Group")
	writeGroup(x, &g)
	x.close("Group")
	return nil
}

// deleteGroup implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html.
func deleteGroup(s *Server, r *request, _ *xmlWriter) *apiError {
	g, err := s.group(r)
	if err != nil {
		return err
	}
	switch {
	case len(r.index.membersOf[g.Name]) > 0:
		return errDeleteConflict("Cannot delete entity, must remove users from group first.")
	case len(g.AttachedPolicies) > 0:
		return errDeleteConflict("Cannot delete entity, must detach all policies first.")
	case len(g.InlinePolicies) > 0:
		return errDeleteConflict("Cannot delete entity, must delete policies first.")
	}
	r.index.account.Groups = without(r.index.account.Groups, func(other nhiscan.Group) bool { return other.Name == g.Name })
	return nil
}

// membership returns the user and the group that a request names. AWS looks for
// the user first.
func (s *Server) membership(r *request) (*nhiscan.User, *nhiscan.Group, *apiError) {
	u, err := s.user(r)
	if err != nil {
		return nil, nil, err
	}
	g, err := s.group(r)
	return u, g, err
}

func addUserToGroup(s *Server, r *request, _ *xmlWriter) *apiError {
	u, g, err := s.membership(r)
	switch {
	case err != nil:
		return err
	case slices.Contains(u.Groups, g.Name):
		return nil
	case len(u.Groups) >= maxGroupsPerUser:
		return errQuota("GroupsPerUser", maxGroupsPerUser)
	}
	u.Groups = append(u.Groups, g.Name)
	return nil
}

// removeUserFromGroup succeeds for a user who is not in the group, as with AWS.
func removeUserFromGroup(s *Server, r *request, _ *xmlWriter) *apiError {
	u, g, err := s.membership(r)
	if err != nil {
		return err
	}
	u.Groups = without(u.Groups, func(name string) bool { return name == g.Name })
	return nil
}
