package fakeiam

import "github.com/nhiscan/nhiscan"

func groupOperations() map[string]operation {
	return map[string]operation{
		"ListGroups": {subject: subjectARN("group"), write: listGroups, cached: true},
		"GetGroup":   {subject: subjectNamed("group", "GroupName"), write: getGroup},
	}
}

func listGroups(s *Server, r *request, x *xmlWriter) *apiError {
	groups := underPath(r.index.groups, r.param("PathPrefix"), func(g *nhiscan.Group) string { return g.Path })
	return writePage(r, x, "Groups", groups, writeGroup)
}

// getGroup answers with a page of the group's users.
func getGroup(s *Server, r *request, x *xmlWriter) *apiError {
	g, err := s.group(r)
	if err != nil {
		return err
	}
	x.open("Group")
	writeGroup(x, g)
	x.close("Group")
	return writePage(r, x, "Users", r.index.membersOf[g.Name], writeUser)
}

// group returns the group that the request names.
func (s *Server) group(r *request) (*nhiscan.Group, *apiError) {
	name, err := r.required("GroupName")
	if err != nil {
		return nil, err
	}
	g, ok := r.index.groupNamed[name]
	if !ok {
		return nil, errNoSuchEntity("The group with name %s cannot be found.", name)
	}
	return g, nil
}

func writeGroup(x *xmlWriter, g *nhiscan.Group) {
	x.text("Path", pathOr(g.Path))
	x.text("GroupName", g.Name)
	x.text("GroupId", g.ID)
	x.text("Arn", g.ARN)
	x.time("CreateDate", g.CreateDate)
}
