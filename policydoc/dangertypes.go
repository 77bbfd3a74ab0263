package policydoc

import (
	"slices"
	"strings"
	"sync"
)

// A typePattern is the pattern of a resource type's ARNs, for which arn, a
// partition and a colon come before head.
type typePattern struct {
	// head goes up to where the account comes, and tail on from there; without an
	// account all is in head.
	head, tail string
	account    bool
	// literal is what comes in head before the first wildcard.
	literal string
	// any is the whole pattern in partition aws and any account.
	any string
}

// An actionType is a resource type of an action.
type actionType struct {
	*typePattern
	required bool
}

// serviceTypes are the resource types of a service and of each of its actions,
// made when they are first needed.
type serviceTypes struct {
	once    sync.Once
	types   []typePattern
	actions [][]actionType
}

var typesByService = sync.OnceValue(func() []serviceTypes { return make([]serviceTypes, len(catalogue().services)) })

// typesOfService returns the types of the service at an index of the catalogue.
func typesOfService(index int) *serviceTypes {
	t := &typesByService()[index]
	t.once.Do(func() { t.read(&catalogue().services[index]) })
	return t
}

func (t *serviceTypes) read(s *catalogueService) {
	resources := ResourceTypes(s.prefix)
	t.types = make([]typePattern, len(resources))
	for i := range resources {
		t.types[i] = newTypePattern(resources[i].ARN)
	}
	t.actions = make([][]actionType, s.count)
	for i := range t.actions {
		details, _ := Details(s.actions()[i])
		for _, r := range details.Resources {
			at := slices.IndexFunc(resources, func(t ResourceType) bool { return t.Name == r.Name })
			t.actions[i] = append(t.actions[i], actionType{&t.types[at], r.Required})
		}
	}
}

// typesOf returns the resource types of the action with the given number.
func typesOf(number int) []actionType {
	index := catalogue().serviceOf(number)
	return typesOfService(index).actions[number-catalogue().services[index].first]
}

// coversSomeType reports whether the pattern covers a whole type of its service.
func coversSomeType(p *resourcePattern) bool {
	s, ok := catalogue().service(p.service)
	if !ok {
		return false
	}
	t := typesOfService(catalogue().serviceOf(s.first))
	return slices.ContainsFunc(t.types, func(t typePattern) bool { return t.reachOfOne(p, true) == reachAll })
}

func newTypePattern(arn string) typePattern {
	fields := strings.SplitN(replacePlaceholders(arn, "\x00"), ":", 6)
	t := typePattern{}
	switch {
	case len(fields) < 3:
		t.head = strings.Join(fields, ":")
	case len(fields) < 6 || fields[4] != "\x00":
		t.head = strings.Join(fields[2:], ":")
	default:
		t.head, t.tail, t.account = fields[2]+":"+fields[3]+":", ":"+fields[5], true
	}
	t.head, t.tail = strings.ReplaceAll(t.head, "\x00", "*"), strings.ReplaceAll(t.tail, "\x00", "*")
	t.literal = literalStart(t.head)
	t.any = t.in("aws", "*")
	return t
}

// literalStart returns the beginning of a pattern without wildcards and variables.
func literalStart(pattern string) string {
	if i := strings.IndexAny(pattern, "*?$"); i >= 0 {
		return pattern[:i]
	}
	return pattern
}

// reachOf returns how much of the type the patterns cover. The type's ARNs are
// taken to be in the partition and the account that a pattern names: that is the
// policy's own, or the policy would do nothing there.
func (t *typePattern) reachOf(patterns []resourcePattern) reach {
	some := reachNone
	for i := range patterns {
		switch t.reachOfOne(&patterns[i], some != reachNone) {
		case reachAll:
			return reachAll
		case reachSome:
			some = reachSome
		}
	}
	return some
}

// in returns the pattern of the type's ARNs in a partition and account.
func (t *typePattern) in(partition, account string) string {
	if t.account {
		return "arn:" + partition + ":" + t.head + account + t.tail
	}
	return "arn:" + partition + ":" + t.head
}

// otherKind reports whether what an ARN's last field begins with is of another type,
// as trail/ is for eventdatastore/*. To the patterns alone it is not: a star for the
// Region could stand for most of an ARN whose name ends in another one.
func (t *typePattern) otherKind(resource string) bool {
	own := literalStart(t.tail[1:])
	n := min(len(own), len(resource))
	return own[:n] != resource[:n] && !strings.Contains(t.tail[1:], ":"+resource)
}

// reachOfOne is reachOf for one pattern. With wholeOnly it need not tell some from none.
func (t *typePattern) reachOfOne(p *resourcePattern, wholeOnly bool) reach {
	whole := strings.Contains(t.tail, p.last) || strings.Contains(t.head, p.last)
	if p.service != "" {
		n := min(len(p.literal), len(t.literal))
		if p.literal[:n] != t.literal[:n] {
			return reachNone
		}
		whole = whole && len(p.literal) == n
	}
	if wholeOnly && !whole || t.account && t.otherKind(p.resource) {
		return reachNone
	}
	own := t.any
	if p.partition != "aws" || p.account != "*" && t.account {
		own = t.in(p.partition, p.account)
	}
	switch {
	case whole && PatternCovers(p.text, own):
		return reachAll
	case !wholeOnly && PatternsOverlap(p.loose, own):
		return reachSome
	}
	return reachNone
}
