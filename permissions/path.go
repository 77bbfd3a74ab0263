package permissions

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// A PathCategory is a kind of privilege escalation.
type PathCategory string

const (
	SelfEscalation   PathCategory = "self-escalation"   // changes the caller's own permissions
	PrincipalAccess  PathCategory = "principal-access"  // becomes another user or role
	NewPassRole      PathCategory = "new-passrole"      // hands a role to something new
	ExistingPassRole PathCategory = "existing-passrole" // takes over something that has a role
)

// An EscalationPath is one entry of the catalogue: a set of actions which together
// give the caller what it did not have.
type EscalationPath struct {
	ID       string // such as lambda.create+invoke
	Name     string
	Category PathCategory
	Actions  []string
	// Service is the service principal that must be trusted by the role which is
	// passed, or which what is taken over runs as; empty for a path without such a role.
	Service string
	// Needs says what must exist that IAM does not show; empty for nothing.
	Needs string
	// Minimal says that no other path's actions are among these.
	Minimal bool
}

// EscalationPaths returns the catalogue, in its order. The caller may change the
// slice, and not what the lists in it hold.
func EscalationPaths() []EscalationPath {
	c := paths()
	list := make([]EscalationPath, len(c.paths))
	for i := range c.paths {
		list[i] = c.paths[i].EscalationPath
	}
	return list
}

// A pathGain is what a path gives.
type pathGain string

const (
	gainOwnPermissions   pathGain = "own permissions"       // the caller's policies say whatever it likes
	gainGroup            pathGain = "group permissions"     // the policies of another group
	gainStoredVersion    pathGain = "stored version"        // another version of a policy of the caller's
	gainNoBoundary       pathGain = "no boundary"           // the caller's policies without its boundary
	gainNoDeny           pathGain = "no deny"               // the caller's policies without those that deny
	gainUser             pathGain = "user"                  // another user's permissions
	gainRole             pathGain = "role"                  // a role's permissions
	gainUnboundedRole    pathGain = "role without boundary" // those that a role has without its boundary
	gainRaisedUser       pathGain = "raised user"           // another user whose policies say whatever the caller likes
	gainRaisedRole       pathGain = "raised role"           // a role likewise
	gainNewRole          pathGain = "new role"              // a role of the caller's making
	gainPassedRole       pathGain = "passed role"
	gainRoleOfAResource  pathGain = "resource role"
	gainAdministrator    pathGain = "administrator" // outside the account's IAM
	gainNothingWeCanTell pathGain = "unknown"
)

// An actionTarget is what the resource of an action must be.
type actionTarget string

const (
	onOwnUser    actionTarget = "own user"
	onOwnRole    actionTarget = "own role"
	onOwnGroup   actionTarget = "own group"
	onOwnPolicy  actionTarget = "own policy" // a customer managed policy attached to the caller or its groups
	onOtherGroup actionTarget = "other group"
	onUser       actionTarget = "user"
	onRole       actionTarget = "role"
	onRolePolicy actionTarget = "role policy" // a customer managed policy attached to the role
	onNewRole    actionTarget = "new role"
	onPassedRole actionTarget = "passed role"
	onResource   actionTarget = "resource" // anything that the action takes
)

// A pathSpec is a path as the engine needs it.
type pathSpec struct {
	EscalationPath
	number int
	Gives  pathGain
	Does   string // a sentence without its subject; {target} stands for the target
	// Roles are the roles that do, by the service that they trust; the first is Service.
	Roles []serviceRole
	Uses  []pathAction
	mask  actionMask
	// contains are the paths whose actions are among this one's.
	contains []*pathSpec
}

// A serviceRole is a role that a service uses.
type serviceRole struct {
	Service string `json:"service"`
	Profile bool   `json:"instanceProfile"` // the role must be in an instance profile
}

type pathAction struct {
	Action string       `json:"action"`
	On     actionTarget `json:"on"`
	number int          // of the action, among all of the catalogue
}

// A pathCatalogue is what data/escalation-paths.json holds.
type pathCatalogue struct {
	paths   []pathSpec
	actions []string // sorted
	// resources are the ARNs of the resources that each action takes, all of which
	// must be allowed, but for alternatives, which stand in one string with " | "
	// between them; ${Partition} and ${Account} are the account's.
	resources map[string][]string
}

//go:embed data/escalation-paths.json
var escalationPathsJSON []byte

var paths = sync.OnceValue(func() *pathCatalogue {
	c, err := readPaths(escalationPathsJSON)
	if err != nil {
		panic("escalation-paths.json: " + err.Error()) // a test reads it
	}
	return c
})

func readPaths(data []byte) (*pathCatalogue, error) {
	var file struct {
		Paths []struct {
			ID       string
			Name     string
			Category PathCategory
			Gives    pathGain
			Does     string
			Service  string
			Needs    string
			Profile  bool `json:"instanceProfile"`
			Also     []serviceRole
			Actions  []pathAction
		}
		Resources map[string][]string
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	c := &pathCatalogue{paths: make([]pathSpec, len(file.Paths)), resources: file.Resources}
	for i, p := range file.Paths {
		s := &c.paths[i]
		s.EscalationPath = EscalationPath{ID: p.ID, Name: p.Name, Category: p.Category, Service: p.Service, Needs: p.Needs}
		s.number, s.Gives, s.Does, s.Uses = i, p.Gives, p.Does, p.Actions
		if p.Service != "" {
			s.Roles = append([]serviceRole{{p.Service, p.Profile}}, p.Also...)
		}
		for _, a := range p.Actions {
			s.Actions = append(s.Actions, a.Action)
		}
		c.actions = append(c.actions, s.Actions...)
	}
	slices.Sort(c.actions)
	c.actions = slices.Compact(c.actions)
	c.number()
	return c, nil
}

// number gives each action its bit and finds which paths contain which.
func (c *pathCatalogue) number() {
	for i := range c.paths {
		s := &c.paths[i]
		for j := range s.Uses {
			s.Uses[j].number, _ = slices.BinarySearch(c.actions, s.Uses[j].Action)
			s.mask.add(s.Uses[j].number)
		}
	}
	for i := range c.paths {
		s := &c.paths[i]
		for j := range c.paths {
			if other := &c.paths[j]; other != s && s.mask.contains(&other.mask) && s.mask != other.mask {
				s.contains = append(s.contains, other)
			}
		}
		s.Minimal = len(s.contains) == 0
	}
}

// byID returns the path with the given id.
func (c *pathCatalogue) byID(id string) *pathSpec {
	for i := range c.paths {
		if c.paths[i].ID == id {
			return &c.paths[i]
		}
	}
	return nil
}

// sentence says what the path does to a target.
func (s *pathSpec) sentence(target string) string {
	return strings.ReplaceAll(s.Does, "{target}", target)
}
