package permissions

import "strings"

// A Context holds the condition keys of a request. It does not change after
// [NewContext], and may be shared.
type Context struct {
	values   map[string][]string // by key in lower case; no values: known to be absent
	complete bool
	keys     textIndex  // of values, for Evaluate
	lists    [][]string // in the order of keys
}

// NewContext returns the context with the given values by condition key, in any
// case. A key with an empty list is known to be absent from the request. A key
// that is not in the map is unknown; with complete, it is absent.
//
// Evaluate adds those keys that follow from the request itself, such as
// aws:PrincipalArn, where the map does not have them.
func NewContext(values map[string][]string, complete bool) *Context {
	folded := make(map[string][]string, len(values))
	for key, list := range values {
		key = strings.ToLower(key)
		folded[key] = append(folded[key], list...)
	}
	return newFoldedContext(folded, complete)
}

// newFoldedContext is NewContext for keys in lower case; it keeps the map.
func newFoldedContext(values map[string][]string, complete bool) *Context {
	c := &Context{values: values, complete: complete, lists: make([][]string, 0, len(values))}
	keys := make([]string, 0, len(values))
	for key, list := range values {
		keys = append(keys, key)
		c.lists = append(c.lists, list)
	}
	c.keys = newTextIndex(keys)
	return c
}

// A keyState says what is known of a condition key of a request.
type keyState uint8

const (
	keyUnknown keyState = iota
	keyAbsent
	keyPresent
)

// keyValues are what a request has for a condition key: a list, or a single value
// that needs no memory of its own.
type keyValues struct {
	state  keyState
	single string
	list   []string
}

func (v *keyValues) len() int {
	switch {
	case v.state != keyPresent:
		return 0
	case v.list != nil:
		return len(v.list)
	}
	return 1
}

func (v *keyValues) at(i int) string {
	if v.list != nil {
		return v.list[i]
	}
	return v.single
}

func present(value string) keyValues { return keyValues{state: keyPresent, single: value} }

// lookup returns the values that the caller gave for a key in lower case.
func (c *Context) lookup(key *keyRef) keyValues {
	if c == nil {
		return keyValues{}
	}
	i := c.keys.find(key.hash, key.lower)
	switch {
	case i < 0:
		return keyValues{}
	case len(c.lists[i]) == 0:
		return keyValues{state: keyAbsent}
	}
	return keyValues{state: keyPresent, list: c.lists[i]}
}

// An environment is one request made ready for evaluation.
type environment struct {
	principal *Principal
	action    actionName
	resource  string
	// resourceAccount is empty where it is not known.
	resourceAccount string
	ctx             *Context
	// bounded says that the principal has a permissions boundary.
	bounded bool
}

// newEnvironment returns the environment of a request. An empty resourceAccount is
// the one in the ARN, or the principal's.
func newEnvironment(p *Principal, action, resource, resourceAccount string, ctx *Context) *environment {
	e := &environment{}
	e.prepare(p, action, resource, resourceAccount, ctx)
	return e
}

// prepare fills in the environment of a request, and keeps the principal.
func (e *environment) prepare(p *Principal, action, resource, resourceAccount string, ctx *Context) {
	e.principal = p.completed()
	e.action = newActionName(action)
	e.resource, e.resourceAccount, e.ctx = resource, resourceAccount, ctx
	if e.resourceAccount == "" {
		e.resourceAccount = accountOfARN(resource)
	}
	if e.resourceAccount == "" {
		e.resourceAccount = e.principal.Account
	}
}

// A keyRef is a condition key that a policy names.
type keyRef struct {
	written string
	lower   string
	hash    uint32 // of lower
	derived derivedKey
}

func newKeyRef(key string) keyRef {
	lower := strings.ToLower(key)
	return keyRef{written: key, lower: lower, hash: hashText(lower), derived: derivedKeyOf(lower)}
}

// values returns what the request has for a key: what the caller said, else what
// follows from the request.
func (e *environment) values(key *keyRef) keyValues {
	v := e.ctx.lookup(key)
	if v.state == keyUnknown && key.derived != derivedNone {
		v = e.derive(key.derived)
	}
	if v.state == keyUnknown && e.ctx != nil && e.ctx.complete {
		v.state = keyAbsent
	}
	return v
}
