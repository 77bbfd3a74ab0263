package permissions

import (
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A wideSum is what statements with Resource "*" say: what they allow under some
// conditions and at all times, and what they deny at all times and under some.
// It tells without an [effect] whether policies that an identity has not got yet
// would make it an administrator, by the measures of [Admin].
type wideSum struct{ possible, sure, denied, maybeDenied policydoc.ActionSet }

func (w *wideSum) add(s *statement, actions policydoc.ActionSet) {
	conditional := len(s.conditions) > 0
	switch {
	case s.deny && conditional:
		w.maybeDenied = w.maybeDenied.Union(actions)
	case s.deny:
		w.denied = w.denied.Union(actions)
	default:
		w.possible = w.possible.Union(actions)
		if !conditional {
			w.sure = w.sure.Union(actions)
		}
	}
}

func (w *wideSum) union(other *wideSum) {
	w.possible = w.possible.Union(other.possible)
	w.sure = w.sure.Union(other.sure)
	w.denied = w.denied.Union(other.denied)
	w.maybeDenied = w.maybeDenied.Union(other.maybeDenied)
}

// limit leaves what another layer of policies allows too.
func (w *wideSum) limit(other *wideSum) {
	w.possible = w.possible.Intersect(other.possible)
	w.sure = w.sure.Intersect(other.sure)
	w.denied = w.denied.Union(other.denied)
	w.maybeDenied = w.maybeDenied.Union(other.maybeDenied)
}

// left says whether enough is left to be an administrator of what is allowed when
// the denies are taken off.
func (w *wideSum) left(kind PrincipalType) truth {
	granting := givesPolicies()[kind]
	enough := func(s policydoc.ActionSet) bool { return halfOfEverything(s) && s.Overlaps(granting) }
	switch {
	case !enough(w.possible.Subtract(w.denied)):
		return no
	case enough(w.sure.Subtract(w.denied).Subtract(w.maybeDenied)):
		return yes
	}
	return maybe
}

// givesPolicies are the grantingActions as sets.
var givesPolicies = sync.OnceValue(func() map[PrincipalType]policydoc.ActionSet {
	sets := map[PrincipalType]policydoc.ActionSet{}
	for kind, actions := range grantingActions {
		sets[kind] = policydoc.ActionsMatching(actions...)
	}
	return sets
})

// grantsEverything says whether policies together make a user or role an
// administrator, when nothing else limits it.
func grantsEverything(kind PrincipalType, lists ...[]*Policy) truth {
	most := 0
	for _, policies := range lists {
		for _, p := range policies {
			most += p.compiled.digest().wideLen
		}
	}
	if 10*most < 9*policydoc.AllActions().Len() {
		return no
	}
	var sum wideSum
	for _, policies := range lists {
		for _, p := range policies {
			sum.union(&p.compiled.digest().wide)
		}
	}
	switch {
	case !nearlyEverything(sum.possible):
		return no
	case !nearlyEverything(sum.sure):
		return sum.left(kind).and(maybe)
	}
	return sum.left(kind)
}

// leavesEverything says whether a permissions boundary lets its user or role be an
// administrator.
func leavesEverything(kind PrincipalType, boundary *Policy) truth {
	return grantsEverything(kind, []*Policy{boundary})
}

// controlsLeave says whether SCPs let users or roles be administrators.
func controlsLeave(kind PrincipalType, levels []Level) truth {
	var sum wideSum
	sum.possible, sum.sure = policydoc.AllActions(), policydoc.AllActions()
	for i := range levels {
		var level wideSum
		for _, p := range levels[i].Policies {
			level.union(&p.compiled.digest().wide)
		}
		sum.limit(&level)
	}
	return sum.left(kind)
}

// exceeds reports whether policies name actions that a permissions boundary does
// not let through everywhere that they do.
func exceeds(policies []*Policy, boundary *Policy) bool {
	limit := boundary.compiled.digest()
	allowed := allowedActions(policies)
	var wide policydoc.ActionSet
	for _, p := range policies {
		wide = wide.Union(p.compiled.digest().wide.possible)
	}
	return !allowed.Within(limit.allowed) || !wide.Within(limit.wide.sure) || allowed.Overlaps(limit.denied)
}
