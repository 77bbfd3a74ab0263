package policydoc

import (
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// ActionDetails is what the catalogue knows beyond [Action].
type ActionDetails struct {
	Action
	// Resources are the types that the action's Resource may name, sorted by name.
	Resources []ActionResource
	// ConditionKeys are the keys of the action itself, sorted: without those that
	// its resource types have, and with only those global keys that AWS lists for
	// the action, such as aws:RequestTag/${TagKey}.
	ConditionKeys []string
}

// An ActionResource is a resource type that an action takes.
type ActionResource struct {
	ResourceType
	Required bool
}

// Details returns all that the catalogue knows of the named action, in any case.
// The first call takes some milliseconds: it unpacks the second half of the
// catalogue. The slices must not be changed.
func Details(action string) (ActionDetails, bool) {
	service, i, ok := catalogue().find(action)
	if !ok {
		return ActionDetails{}, false
	}
	d := details()
	part := d.services[service.prefix].read(d, service)
	line := part.actions[i]
	found := ActionDetails{Action: service.action(i), ConditionKeys: d.keyNames(line.keys)}
	for number := range strings.FieldsSeq(line.resources) {
		number, required := strings.CutSuffix(number, "!")
		found.Resources = append(found.Resources, ActionResource{part.resources[atoi(number)], required})
	}
	return found, true
}

// ResourceTypes returns the resource types of the service with the given prefix,
// in any case, sorted by name. The slice must not be changed.
func ResourceTypes(service string) []ResourceType {
	s, ok := catalogue().service(service)
	if !ok {
		return nil
	}
	d := details()
	return d.services[s.prefix].read(d, s).resources
}

// detailsPacked is the second half of the catalogue, a text: a line for each
// condition key, with its type, and then for each service an empty line, one
// with its prefix and how many resource types it has, those, and a line for each
// of its actions. Tabs divide fields; keys and resource types are given by number.
//
//go:embed data/details.txt.gz
var detailsPacked string

type catalogueDetails struct {
	keys     []ConditionKey // sorted without regard to case
	services map[string]*serviceDetails
}

// A serviceDetails is the part of one service, decoded when it is first needed.
type serviceDetails struct {
	text string

	decode    sync.Once
	resources []ResourceType
	actions   []actionLine
}

// An actionLine has the numbers of an action's resource types and condition keys.
type actionLine struct{ resources, keys string }

var details = sync.OnceValue(readDetails)

func readDetails() *catalogueDetails {
	text, err := unpack(detailsPacked)
	if err != nil {
		panic(fmt.Sprintf("policydoc: embedded catalogue: %v", err)) // cannot be: a test unpacks it
	}
	keys, rest, _ := strings.Cut(text, "\n\n")
	d := &catalogueDetails{services: map[string]*serviceDetails{}}
	for line := range strings.SplitSeq(keys, "\n") {
		name, kind, _ := strings.Cut(line, "\t")
		kind, several := strings.CutSuffix(kind, "*")
		d.keys = append(d.keys, ConditionKey{Name: name, Type: KeyType(kind), Multivalued: several})
	}
	for part := range strings.SplitSeq(rest, "\n\n") {
		prefix, _, _ := strings.Cut(part, "\t")
		d.services[prefix] = &serviceDetails{text: part}
	}
	return d
}

func unpack(packed string) (string, error) {
	r, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return "", err
	}
	var text strings.Builder
	if _, err := io.Copy(&text, r); err != nil {
		return "", err
	}
	return text.String(), nil
}

// read decodes the part of the service, once.
func (p *serviceDetails) read(d *catalogueDetails, s *catalogueService) *serviceDetails {
	p.decode.Do(func() {
		header, rest, _ := strings.Cut(p.text, "\n")
		_, count, _ := strings.Cut(header, "\t")
		p.resources = make([]ResourceType, atoi(count))
		for i := range p.resources {
			line, after, _ := strings.Cut(rest, "\n")
			rest = after
			name, line, _ := strings.Cut(line, "\t")
			arn, keys, _ := strings.Cut(line, "\t")
			p.resources[i] = ResourceType{Service: s.prefix, Name: name, ARN: arn, ConditionKeys: d.keyNames(keys)}
		}
		p.actions = make([]actionLine, s.count)
		for i := range p.actions {
			line, after, _ := strings.Cut(rest, "\n")
			rest = after
			p.actions[i].resources, p.actions[i].keys, _ = strings.Cut(line, "\t")
		}
	})
	return p
}

// keyNames returns the names of the keys with the given numbers.
func (d *catalogueDetails) keyNames(numbers string) []string {
	if numbers == "" {
		return nil
	}
	names := make([]string, 0, strings.Count(numbers, " ")+1)
	for number := range strings.SplitSeq(numbers, " ") {
		names = append(names, d.keys[atoi(number)].Name)
	}
	return names
}

// atoi reads a number that the generator wrote; a test reads all of them.
func atoi(number string) int {
	n, _ := strconv.Atoi(number)
	return n
}
