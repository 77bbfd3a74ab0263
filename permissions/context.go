package permissions

import "strings"

// A Context holds the condition keys of a request. It does not change after
// [NewContext], and may be shared.
type Context struct {
	values   map[string][]string // by key in lower case; no values: known to be absent
	complete bool
}

// NewContext returns the context with the given values by condition key, in any
// case. A key with an empty list is known to be absent from the request. A key
// that is not in the map is unknown; with complete, it is absent.
//
// Evaluate adds those keys that follow from the request itself, such as
// aws:PrincipalArn, where the map does not have them.
func NewContext(values map[string][]string, complete bool) *Context {
	c := &Context{values: make(map[string][]string, len(values)), complete: complete}
	for key, list := range values {
		key = strings.ToLower(key)
		c.values[key] = append(c.values[key], list...)
	}
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
func (c *Context) lookup(key string) keyValues {
	if c == nil {
		return keyValues{}
	}
	list, ok := c.values[key]
	switch {
	case len(list) > 0:
		return keyValues{state: keyPresent, list: list}
	case ok:
		return keyValues{state: keyAbsent}
	}
	return keyValues{}
}

// An environment is one request made ready for evaluation.
type environment struct {
	principal Principal
	action    string
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
	e := makeEnvironment(&Request{
		Principal:       *p,
		Action:          action,
		Resource:        resource,
		ResourceAccount: resourceAccount,
		Context:         ctx,
	})
	return &e
}

func makeEnvironment(r *Request) environment {
	e := environment{
		principal:       r.Principal,
		action:          r.Action,
		resource:        r.Resource,
		resourceAccount: r.ResourceAccount,
		ctx:             r.Context,
	}
	e.principal.complete()
	if e.resourceAccount == "" {
		e.resourceAccount = accountOfARN(e.resource)
	}
	if e.resourceAccount == "" {
		e.resourceAccount = e.principal.Account
	}
	return e
}

// A keyRef is a condition key that a policy names.
type keyRef struct {
	written string
	lower   string
	derived derivedKey
}

func newKeyRef(key string) keyRef {
	lower := strings.ToLower(key)
	return keyRef{written: key, lower: lower, derived: derivedKeyOf(lower)}
}

// values returns what the request has for a key: what the caller said, else what
// follows from the request.
func (e *environment) values(key *keyRef) keyValues {
	v := e.ctx.lookup(key.lower)
	if v.state == keyUnknown && key.derived != derivedNone {
		v = e.derive(key.derived)
	}
	if v.state == keyUnknown && e.ctx != nil && e.ctx.complete {
		v.state = keyAbsent
	}
	return v
}
