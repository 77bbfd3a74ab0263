package permissions

import "github.com/nhiscan/nhiscan/policydoc"

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

// accessOf says how far what is left goes, in all and by service.
func accessOf(e *effect) (Access, []ServiceAccess) {
	any := e.reach.any()
	count := 0
	for range any.Summaries() {
		count++
	}
	services := make([]ServiceAccess, 0, count)
	for s := range any.Summaries() {
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
	return sum, services
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
