package permissions

import (
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

// Access is how far an identity's permissions go: the access levels that give the
// most power, unconditional and conditional, on all resources and on named ones.
// What is allowed on all resources but some that are denied counts as on all.
type Access struct {
	// Level is the highest of the four.
	Level            policydoc.AccessLevel
	All              policydoc.AccessLevel
	Named            policydoc.AccessLevel
	ConditionalAll   policydoc.AccessLevel
	ConditionalNamed policydoc.AccessLevel
	// Actions counts the actions that are allowed, if only under conditions.
	Actions int
}

// A ServiceAccess is the access to one service.
type ServiceAccess struct {
	Service string // prefix
	Access
	// Of counts the actions that the service has.
	Of int
}

// accesses are the answers of accessOf by what is left: administrators and readers of
// everything have hundreds of services, and the same ones.
type accesses struct {
	mu      sync.Mutex
	byReach map[string]*accessAnswer
	keys    scratch[byte]
}

type accessAnswer struct {
	sum      Access
	services []ServiceAccess
}

// accessOf says how far what is left goes, in all and by service.
func (x *Analysis) accessOf(e *effect) (Access, []ServiceAccess) {
	a := &x.accesses
	key := e.reach.appendKey(a.keys.borrow(1024))
	defer func() { a.keys.giveBack(key) }()
	a.mu.Lock()
	found := a.byReach[string(key)]
	a.mu.Unlock()
	if found == nil {
		found = newAccess(e)
		a.mu.Lock()
		if a.byReach == nil {
			a.byReach = map[string]*accessAnswer{}
		}
		a.byReach[string(key)] = found
		a.mu.Unlock()
	}
	return found.sum, found.services
}

func (r *reach) appendKey(b []byte) []byte {
	return r.maybeNamed.AppendKey(r.maybeAll.AppendKey(r.named.AppendKey(r.all.AppendKey(b))))
}

func newAccess(e *effect) *accessAnswer {
	count := 0
	for range e.any.Summaries() {
		count++
	}
	services := make([]ServiceAccess, 0, count)
	for s := range e.any.Summaries() {
		services = append(services, ServiceAccess{Service: s.Service.Prefix, Of: s.Service.Actions, Access: Access{Actions: s.Actions}})
	}
	fillLevels(services, e.reach.all, func(a *Access) *policydoc.AccessLevel { return &a.All })
	fillLevels(services, e.reach.named, func(a *Access) *policydoc.AccessLevel { return &a.Named })
	fillLevels(services, e.reach.maybeAll, func(a *Access) *policydoc.AccessLevel { return &a.ConditionalAll })
	fillLevels(services, e.reach.maybeNamed, func(a *Access) *policydoc.AccessLevel { return &a.ConditionalNamed })
	var sum Access
	for i := range services {
		a := &services[i].Access
		a.Level = higher(higher(a.All, a.Named), higher(a.ConditionalAll, a.ConditionalNamed))
		sum.Level = higher(sum.Level, a.Level)
		sum.All = higher(sum.All, a.All)
		sum.Named = higher(sum.Named, a.Named)
		sum.ConditionalAll = higher(sum.ConditionalAll, a.ConditionalAll)
		sum.ConditionalNamed = higher(sum.ConditionalNamed, a.ConditionalNamed)
		sum.Actions += a.Actions
	}
	return &accessAnswer{sum, services}
}

// fillLevels sets one of the levels of each service that has actions in the set.
func fillLevels(services []ServiceAccess, set policydoc.ActionSet, level func(*Access) *policydoc.AccessLevel) {
	i := 0
	for s := range set.Summaries() {
		for services[i].Service != s.Service.Prefix {
			i++
		}
		*level(&services[i].Access) = s.Level
	}
}

func higher(a, b policydoc.AccessLevel) policydoc.AccessLevel {
	if a == b || a != "" && (b == "" || a.Compare(b) > 0) {
		return a
	}
	return b
}
