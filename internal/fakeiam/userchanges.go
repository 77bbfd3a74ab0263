package fakeiam

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

func userChanges() map[string]operation {
	return map[string]operation{
		"CreateUser": {subject: subjectNew("user", "UserName"), write: createUser, mutates: true},
		"DeleteUser": {subject: subjectUser, write: deleteUser, mutates: true, void: true},
	}
}

// createUser implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html.
func createUser(_ *Server, r *request, x *xmlWriter) *apiError {
	name, path, err := r.nameAndPath("UserName", maxUserName)
	if err != nil {
		return err
	}
	tags, err := r.tags(foldedKeys)
	if err != nil {
		return err
	}
	boundary, err := r.newBoundary()
	if err != nil {
		return err
	}
	a := r.index.account
	if slices.ContainsFunc(a.Users, func(u nhiscan.User) bool { return sameName(u.Name, name) }) {
		return errAlreadyExists("User with name %s already exists.", name)
	}
	u := nhiscan.User{
		Name: name, ID: r.index.beside.issue("AIDA"), ARN: r.index.arn("user" + path + name), Path: path, CreateDate: r.time,
		Tags: tags, PermissionsBoundary: boundary,
	}
	a.Users = append(a.Users, u)
	x.open("User")
	writeUserNames(x, &u)
	writeBoundary(x, u.PermissionsBoundary)
	writeTags(x, u.Tags)
	x.close("User")
	return nil
}

// deleteUser implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html.
func deleteUser(s *Server, r *request, _ *xmlWriter) *apiError {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	if obstacle := obstacleToDeletion(u); obstacle != "" {
		return errDeleteConflict("Cannot delete entity, must " + obstacle + " first.")
	}
	r.index.principalGone(u.ARN, u.ID)
	delete(r.index.beside.logins, u.Name)
	r.index.account.Users = without(r.index.account.Users, func(other nhiscan.User) bool { return other.Name == u.Name })
	return nil
}

// obstacleToDeletion returns what must be done before a user can be deleted.
func obstacleToDeletion(u *nhiscan.User) string {
	switch {
	case len(u.AttachedPolicies) > 0:
		return "detach all policies"
	case len(u.InlinePolicies) > 0:
		return "delete policies"
	case len(u.Groups) > 0:
		return "remove users from group"
	case u.Password.Enabled:
		return "delete login profile"
	case len(u.AccessKeys) > 0:
		return "delete access keys"
	case len(u.MFADevices) > 0:
		return "delete MFA device"
	case len(u.SigningCertificates) > 0:
		return "delete signing certificates"
	case len(u.SSHPublicKeys) > 0:
		return "delete SSH public keys"
	case len(u.ServiceSpecificCredentials) > 0:
		return "remove service specific credentials"
	}
	return ""
}

func writeTags(x *xmlWriter, tags []nhiscan.Tag) {
	if len(tags) > 0 {
		members(x, "Tags", tags, writeTag)
	}
}
