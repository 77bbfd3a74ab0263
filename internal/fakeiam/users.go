package fakeiam

import (
	"strings"

	"github.com/nhiscan/nhiscan"
)

// rootName is the user name that AWS gives to the root user's credentials.
const rootName = "<root_account>"

func userOperations() map[string]operation {
	return map[string]operation{
		"ListUsers":         {subject: subjectARN("user"), write: listUsers, cached: true},
		"GetUser":           {subject: subjectUser, write: getUser},
		"ListUserTags":      {subject: subjectUser, write: listUserTags},
		"ListGroupsForUser": {subject: subjectUser, write: listGroupsForUser},
	}
}

func listUsers(s *Server, r *request, x *xmlWriter) *apiError {
	users := underPath(r.index.users, r.param("PathPrefix"), func(u *nhiscan.User) string { return u.Path })
	return writePage(r, x, "Users", users, writeUser)
}

func getUser(s *Server, r *request, x *xmlWriter) *apiError {
	if r.param("UserName") == "" && isRoot(r.caller) {
		x.open("User")
		writeRootUser(r.index, x)
		x.close("User")
		return nil
	}
	u, err := s.userOrCaller(r)
	if err != nil {
		return err
	}
	x.open("User")
	writeUser(x, u)
	writeBoundary(x, u.PermissionsBoundary)
	if len(u.Tags) > 0 {
		members(x, "Tags", u.Tags, writeTag)
	}
	x.close("User")
	return nil
}

func listUserTags(s *Server, r *request, x *xmlWriter) *apiError {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "Tags", u.Tags, writeTag)
}

func listGroupsForUser(s *Server, r *request, x *xmlWriter) *apiError {
	u, err := s.user(r)
	if err != nil {
		return err
	}
	var groups []*nhiscan.Group
	for _, name := range u.Groups {
		if g, ok := r.index.groupNamed[name]; ok {
			groups = append(groups, g)
		}
	}
	return writePage(r, x, "Groups", groups, writeGroup)
}

// user returns the user whom the request names.
func (s *Server) user(r *request) (*nhiscan.User, *apiError) {
	name, err := r.required("UserName")
	if err != nil {
		return nil, err
	}
	u, ok := r.index.userNamed[name]
	if !ok {
		return nil, errNoSuchEntity("The user with name %s cannot be found.", name)
	}
	return u, nil
}

// userOrCaller returns the user whom the request names, the caller when it names
// none. A role session has no user.
func (s *Server) userOrCaller(r *request) (*nhiscan.User, *apiError) {
	if r.param("UserName") != "" {
		return s.user(r)
	}
	if !strings.Contains(r.caller, ":user/") {
		return nil, errValidationMessage("Must specify userName when calling with non-User credentials")
	}
	u, ok := r.index.userNamed[nameOf(r.caller)]
	if !ok {
		return nil, errNoSuchEntity("The user with name %s cannot be found.", nameOf(r.caller))
	}
	return u, nil
}

// nameOf returns the last part of an ARN.
func nameOf(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

func isRoot(arn string) bool { return strings.HasSuffix(arn, ":root") }

// writeUserNames writes what every answer tells of a user.
func writeUserNames(x *xmlWriter, u *nhiscan.User) {
	x.text("Path", pathOr(u.Path))
	x.text("UserName", u.Name)
	x.text("UserId", u.ID)
	x.text("Arn", u.ARN)
	x.time("CreateDate", u.CreateDate)
}

// writeUser writes a user as ListUsers tells it. A password that was never used
// has no PasswordLastUsed, and neither has a user without a password.
func writeUser(x *xmlWriter, u *nhiscan.User) {
	writeUserNames(x, u)
	x.time("PasswordLastUsed", u.Password.LastUsed.At)
}

// writeRootUser writes the root user, who has no name and no path.
func writeRootUser(ix *index, x *xmlWriter) {
	x.text("UserId", ix.id)
	x.text("Arn", ix.arn("root"))
	if root := ix.account.Root; root != nil {
		x.time("CreateDate", root.CreateDate)
		x.time("PasswordLastUsed", root.Password.LastUsed.At)
	}
}

func writeBoundary(x *xmlWriter, arn string) {
	if arn == "" {
		return
	}
	x.open("PermissionsBoundary")
	x.text("PermissionsBoundaryType", "Policy")
	x.text("PermissionsBoundaryArn", arn)
	x.close("PermissionsBoundary")
}

func writeTag(x *xmlWriter, t nhiscan.Tag) {
	x.text("Key", t.Key)
	x.text("Value", t.Value)
}
