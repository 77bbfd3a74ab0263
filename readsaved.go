package nhiscan

import (
	"strings"
	"time"
)

// schemaAccount names the shape of what Write adds to authorization details.
const schemaAccount = "nhiscan/account/v1"

// savedFacts is what the key Nhiscan of a file that Write wrote holds: all of
// the Account that authorization details have no place for. Entities are known
// by their ARNs.
type savedFacts struct {
	present  bool
	users    map[string]savedUser
	groups   map[string]savedGroup
	roles    map[string]savedRole
	policies map[string]savedPolicy
}

type savedUser struct {
	credentials Credentials
	known       Facts
}

type savedGroup struct {
	members []string
	known   Facts
}

type savedRole struct {
	description        string
	maxSessionDuration time.Duration
	known              Facts
}

type savedPolicy struct {
	tags  []Tag
	known Facts
}

func (r *accountReader) savedFacts() {
	r.saved.present = true
	for key := range r.object() {
		switch key {
		case "Schema":
			r.schema()
		case "AccountId":
			r.account.ID = r.string()
		case "Partition":
			r.account.Partition = r.string()
		case "Aliases":
			r.account.Aliases = r.names()
		case "CollectedAt":
			r.account.CollectedAt = r.time()
		case "Source":
			r.account.Source = r.string()
		case "Root":
			r.account.Root = r.root()
		case "Users":
			r.saved.users = savedByARN(r, r.saved.users, r.savedUser)
		case "Groups":
			r.saved.groups = savedByARN(r, r.saved.groups, r.savedGroup)
		case "Roles":
			r.saved.roles = savedByARN(r, r.saved.roles, r.savedRole)
		case "Policies":
			r.saved.policies = savedByARN(r, r.saved.policies, r.savedPolicy)
		case "Gaps":
			r.gaps()
		default:
			r.skip()
		}
	}
}

// schema refuses a file of a shape that did not exist when this was written.
func (r *accountReader) schema() {
	schema := r.string()
	if r.err == nil && schema != schemaAccount {
		r.err = &KindError{
			Seems: "an account file of another version of nhiscan (" + clip(schema) + ")",
			Hint:  "read it with that version",
		}
	}
}

// savedByARN adds an object's values to a map, by their keys.
func savedByARN[T any](r *accountReader, m map[string]T, read func() T) map[string]T {
	if m == nil {
		m = map[string]T{}
	}
	for arn := range r.object() {
		arn = strings.Clone(arn)
		m[arn] = read()
	}
	return m
}

func (r *accountReader) root() *RootUser {
	var root RootUser
	for key := range r.object() {
		switch key {
		case "Arn":
			root.ARN = r.string()
		case "CreateDate":
			root.CreateDate = r.time()
		case "Known":
			root.Known = r.facts()
		default:
			r.credential(&root.Credentials, key)
		}
	}
	return &root
}

func (r *accountReader) savedUser() savedUser {
	var u savedUser
	for key := range r.object() {
		if key == "Known" {
			u.known = r.facts()
		} else {
			r.credential(&u.credentials, key)
		}
	}
	return u
}

func (r *accountReader) savedGroup() savedGroup {
	var g savedGroup
	for key := range r.object() {
		switch key {
		case "Known":
			g.known = r.facts()
		case "Members":
			g.members = r.names()
		default:
			r.skip()
		}
	}
	return g
}

func (r *accountReader) savedRole() savedRole {
	var role savedRole
	for key := range r.object() {
		switch key {
		case "Known":
			role.known = r.facts()
		case "Description":
			role.description = r.string()
		case "MaxSessionDuration":
			role.maxSessionDuration = time.Duration(r.int()) * time.Second
		default:
			r.skip()
		}
	}
	return role
}

func (r *accountReader) savedPolicy() savedPolicy {
	var p savedPolicy
	for key := range r.object() {
		switch key {
		case "Known":
			p.known = r.facts()
		case "Tags":
			p.tags = r.tags()
		default:
			r.skip()
		}
	}
	return p
}

// facts reads names of facts. One that it does not know is a fact that this
// version has no field for: there is nothing to be known about it.
func (r *accountReader) facts() Facts {
	known, _ := ParseFacts(r.names())
	return known
}

func (r *accountReader) gaps() {
	for range r.list() {
		var g Gap
		for key := range r.object() {
			switch key {
			case "Operation":
				g.Operation = r.internedString()
			case "Resource":
				g.Resource = r.string()
			case "Code":
				g.Code = r.internedString()
			case "Message":
				g.Message = r.string()
			default:
				r.skip()
			}
		}
		r.account.Gaps = append(r.account.Gaps, g)
	}
}

// apply gives the entities what the file tells about them apart from their lists.
func (s *savedFacts) apply(a *Account) {
	for i := range a.Users {
		u := &a.Users[i]
		if saved, ok := s.users[u.ARN]; ok {
			u.Credentials, u.Known = saved.credentials, saved.known
		}
	}
	for i := range a.Groups {
		g := &a.Groups[i]
		if saved, ok := s.groups[g.ARN]; ok {
			g.Members, g.Known = saved.members, saved.known
		}
	}
	for i := range a.Roles {
		role := &a.Roles[i]
		if saved, ok := s.roles[role.ARN]; ok {
			role.Description, role.MaxSessionDuration = saved.description, saved.maxSessionDuration
			role.Known = saved.known
		}
	}
	for i := range a.Policies {
		p := &a.Policies[i]
		if saved, ok := s.policies[p.ARN]; ok {
			p.Tags, p.Known = saved.tags, saved.known
		}
	}
}
