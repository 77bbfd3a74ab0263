package policydoc

import (
	"sort"
	"strings"
)

// An Action is one action of the catalogue.
type Action struct {
	// Service is the prefix, such as s3; Name is the rest, such as GetObject.
	Service, Name string
	// Level is AWS's access level. What AWS calls "Tagging, Write" is Tagging, and
	// what it calls "Permissions management, Write" is Permissions management.
	Level AccessLevel
	// ResourceLevel says that a policy can name resources for the action. One for
	// which it cannot is granted with Resource "*" only.
	ResourceLevel bool
	// PassesRole says that the action hands a role to a service, for which the
	// caller needs iam:PassRole.
	PassesRole bool
}

// String returns the action as policies name it, such as s3:GetObject.
func (a Action) String() string { return a.Service + ":" + a.Name }

// LookupAction returns the action with the given name, such as s3:GetObject, in any case.
func LookupAction(name string) (Action, bool) {
	s, i, ok := catalogue().find(name)
	if !ok {
		return Action{}, false
	}
	return s.action(i), true
}

// A Service is a service prefix of the catalogue. Several prefixes may have the
// same name: what AWS sells as one service may have several.
type Service struct {
	Prefix string // s3
	Name   string // Amazon S3
	// Actions counts its actions.
	Actions int
	// ResourceControl says that resource control policies apply to its resources.
	ResourceControl bool
}

// Services returns the services of the catalogue, sorted by prefix.
func Services() []Service {
	c := catalogue()
	services := make([]Service, len(c.services))
	for i := range services {
		services[i] = c.services[i].public()
	}
	return services
}

// LookupService returns the service with the given prefix, in any case.
func LookupService(prefix string) (Service, bool) {
	s, ok := catalogue().service(prefix)
	if !ok {
		return Service{}, false
	}
	return s.public(), true
}

func (s *catalogueService) public() Service {
	return Service{Prefix: s.prefix, Name: s.name, Actions: s.count, ResourceControl: s.resourceControl}
}

// service finds a service by its prefix in any case.
func (c *catalogueIndex) service(prefix string) (*catalogueService, bool) {
	if i, ok := c.byPrefix[prefix]; ok {
		return &c.services[i], true
	}
	i := sort.Search(len(c.services), func(i int) bool { return compareFold(c.services[i].prefix, prefix) >= 0 })
	if i == len(c.services) || compareFold(c.services[i].prefix, prefix) != 0 {
		return nil, false
	}
	return &c.services[i], true
}

// find finds an action by its name in any case: its service, and which of the
// service's actions it is.
func (c *catalogueIndex) find(name string) (*catalogueService, int, bool) {
	prefix, name, ok := strings.Cut(name, ":")
	if !ok {
		return nil, 0, false
	}
	s, ok := c.service(prefix)
	if !ok {
		return nil, 0, false
	}
	i := s.search(name)
	return s, i, i < s.count && compareFold(s.actionName(i), name) == 0
}

// serviceOf returns the index of the service that has the action with the given number.
func (c *catalogueIndex) serviceOf(number int) int {
	// The last one that begins at or before the number: a service without actions
	// begins where the next one does.
	return sort.Search(len(c.services), func(i int) bool { return c.services[i].first > number }) - 1
}

// name returns the action with the given number, as policies name it.
func (c *catalogueIndex) name(number int) string {
	s := &c.services[c.serviceOf(number)]
	return s.actions()[number-s.first]
}

// search returns where the service has the action with the given name, without
// the prefix, or would have it.
func (s *catalogueService) search(name string) int {
	return sort.Search(s.count, func(i int) bool { return compareFold(s.actionName(i), name) >= 0 })
}

// actionName returns the name of the i-th action without the prefix.
func (s *catalogueService) actionName(i int) string { return s.actions()[i][len(s.prefix)+1:] }

// compareFold compares as if all letters of ASCII were small.
func compareFold(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			continue
		}
		if x, y := lower(a[i]), lower(b[i]); x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}
