package permissions

import (
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

// serviceTypes are the resource types that the actions of a service take.
type serviceTypes struct {
	types []actionType
	// requiring are the actions that require some type.
	requiring policydoc.ActionSet
}

// An actionType is a resource type with the actions that take it.
type actionType struct {
	arn    string // with placeholders, as the catalogue has it
	taking policydoc.ActionSet
	// requiring are the actions that cannot do without. Of optional are those that
	// take this or another type, and require none.
	requiring, optional policydoc.ActionSet
}

// typesOf returns the resource types of a service of the catalogue.
func typesOf(service string) *serviceTypes {
	if make, ok := allTypes()[service]; ok {
		return make()
	}
	return &serviceTypes{}
}

// allTypes has, by prefix, what makes a service's types when it is first called.
var allTypes = sync.OnceValue(func() map[string]func() *serviceTypes {
	types := map[string]func() *serviceTypes{}
	for _, service := range policydoc.Services() {
		types[service.Prefix] = sync.OnceValue(func() *serviceTypes { return newServiceTypes(service.Prefix) })
	}
	return types
})

// actions returns the actions for which all and some resources are covered, where
// whole and part are the types that are covered in whole and at least in part.
func (t *serviceTypes) actions(whole, part typeSet) scope {
	all, taken := t.requiring, policydoc.ActionSet{}
	for i := range t.types {
		if !whole.has(i) {
			all = all.Subtract(t.types[i].requiring)
		}
	}
	for i := range t.types {
		if whole.has(i) {
			all = all.Union(t.types[i].optional)
		}
		if part.has(i) {
			taken = taken.Union(t.types[i].taking)
		}
	}
	return scope{all: all, named: taken.Subtract(all)}
}

// excluded returns the actions of whose resources none is left without the types.
func (t *serviceTypes) excluded(whole typeSet) policydoc.ActionSet {
	var gone, left policydoc.ActionSet
	for i := range t.types {
		if whole.has(i) {
			gone = gone.Union(t.types[i].taking)
		} else {
			left = left.Union(t.types[i].taking)
		}
	}
	return gone.Subtract(left)
}

func newServiceTypes(service string) *serviceTypes {
	type names struct{ taking, requiring, optional []string }
	t := &serviceTypes{}
	index := map[string]int{}
	var lists []names
	var requiring []string
	for action := range policydoc.ActionsOf(service).All() {
		name := action.String()
		details, _ := policydoc.Details(name)
		required := false
		for _, r := range details.Resources {
			required = required || r.Required
		}
		if required {
			requiring = append(requiring, name)
		}
		for _, r := range details.Resources {
			i, ok := index[r.ARN]
			if !ok {
				i = len(lists)
				index[r.ARN] = i
				lists = append(lists, names{})
				t.types = append(t.types, actionType{arn: r.ARN})
			}
			lists[i].taking = append(lists[i].taking, name)
			switch {
			case r.Required:
				lists[i].requiring = append(lists[i].requiring, name)
			case !required:
				lists[i].optional = append(lists[i].optional, name)
			}
		}
	}
	for i := range lists {
		t.types[i].taking = policydoc.ActionsMatching(lists[i].taking...)
		t.types[i].requiring = policydoc.ActionsMatching(lists[i].requiring...)
		t.types[i].optional = policydoc.ActionsMatching(lists[i].optional...)
	}
	t.requiring = policydoc.ActionsMatching(requiring...)
	return t
}
