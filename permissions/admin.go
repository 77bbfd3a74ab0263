package permissions

import (
	"slices"

	"github.com/nhiscan/nhiscan/policydoc"
)

// An AdminKind says how an identity is an administrator; the zero value is not at all.
type AdminKind string

const (
	AdminNo AdminKind = ""
	// AdminDirect may do everything on everything.
	AdminDirect AdminKind = "direct"
	// AdminSelf may give itself everything by changing its own policies, groups or boundary.
	AdminSelf AdminKind = "changes-itself"
)

// Admin says whether an identity is an administrator of its account.
//
// One that is so directly has been granted everything: its own policies, as far as
// its permissions boundary goes along, allow at least nine in ten of all actions on
// all resources. And what then is left of it, after SCPs and what any policy
// denies, is at least half of all actions, with a way of giving policies to its own
// kind, users or roles. Who can do that is rid of a deny in its own policies, and
// can make others without; what falls short of everything is in Limits. A region
// lock, or a deny of organizations:LeaveOrganization, takes no administrator away,
// be it in an SCP or elsewhere; a deny of iam:* does, and so does an SCP that
// leaves nothing but S3.
//
// One that changes itself can get all that SCPs leave: it is an administrator
// where that is at least half of all actions.
type Admin struct {
	Kind AdminKind
	// Keys are the condition keys that it hangs on, such as
	// aws:MultiFactorAuthPresent; empty when it is admin at all times.
	Keys []string
	// Grants are the statements that make it so.
	Grants []Match
	// Escalation is the way of an AdminSelf.
	Escalation *Escalation
	// Limits say in sentences what is kept from it nevertheless.
	Limits []string
}

// Is reports whether the identity is an administrator, if only under conditions.
func (a *Admin) Is() bool { return a.Kind != AdminNo }

// nearlyEverything and halfOfEverything report whether a set has enough of all
// actions; see [Admin].
func nearlyEverything(s policydoc.ActionSet) bool {
	return 10*s.Len() >= 9*policydoc.AllActions().Len()
}
func halfOfEverything(s policydoc.ActionSet) bool { return 2*s.Len() >= policydoc.AllActions().Len() }

// grantingActions give policies to a user or role at will. One of them is enough.
var grantingActions = map[PrincipalType][]string{
	PrincipalUser: {"iam:AttachUserPolicy", "iam:PutUserPolicy"},
	PrincipalRole: {"iam:AttachRolePolicy", "iam:PutRolePolicy"},
}

func (x *Analysis) adminOf(i int, e *effect) Admin {
	g := x.escalation()
	a := g.searched[i].admin
	if !g.powerful[i] {
		a = x.directAdminOf(e)
	}
	if a.Is() {
		return a
	}
	if !halfOfEverything(e.serviceControl().possible) {
		return Admin{}
	}
	if escalation := x.selfAdmin(i); escalation != nil {
		return Admin{Kind: AdminSelf, Keys: escalation.Keys, Grants: escalationGrants(escalation), Escalation: escalation}
	}
	return Admin{}
}

func escalationGrants(e *Escalation) []Match {
	var list []Match
	for i := range e.Hops {
		for _, g := range e.Hops[i].Grants {
			list = append(list, g.Match)
		}
	}
	return list
}

// directAdmin says whether the identity may do everything on everything, without
// looking at ways in which it could change its own permissions.
func (x *Analysis) directAdmin(i int) Admin { return x.directAdminOf(x.effectOf(i)) }

func (x *Analysis) directAdminOf(e *effect) Admin {
	granted := e.granted()
	if !nearlyEverything(granted.possible) {
		return Admin{}
	}
	granting := policydoc.ActionsMatching(grantingActions[e.id.principal.Type]...)
	left := e.reach.onAll()
	if !halfOfEverything(left) || !left.Overlaps(granting) {
		return Admin{}
	}
	terms := x.termsOf(e, policydoc.AllActions())
	own := nearlyEverything(granted.sure) && granted.sure.Overlaps(granting)
	controlled := e.serviceControl()
	a := Admin{Kind: AdminDirect, Grants: adminGrants(terms, own)}
	if !own {
		a.Keys = conditionalKeys(e, terms, IdentityPolicy, PermissionsBoundary)
	}
	if !halfOfEverything(controlled.sure) || !controlled.sure.Overlaps(granting) {
		a.Keys = mergeKeys(a.Keys, conditionalKeys(e, terms, ServiceControlPolicy))
	}
	a.Keys = mergeKeys(a.Keys, doubtKeys(terms, granting.Intersect(left)))
	a.Limits = limitsOf(e, terms)
	return a
}

// onEverything is what each of some layers allows on all resources: possibly, and
// at all times.
type onEverything struct{ possible, sure policydoc.ActionSet }

func (o *onEverything) limit(l *layerSum) {
	o.possible, o.sure = o.possible.Intersect(l.allow.onAll()), o.sure.Intersect(l.allow.all)
}

// granted returns what identity policies allow within the permissions boundary.
func (e *effect) granted() onEverything {
	o := onEverything{e.identity.allow.onAll(), e.identity.allow.all}
	if e.id.policies.Boundary != nil {
		o.limit(&e.limits[0].layerSum)
	}
	return o
}

// serviceControl returns what SCPs leave; everything when there are none.
func (e *effect) serviceControl() onEverything {
	o := onEverything{policydoc.AllActions(), policydoc.AllActions()}
	for k := range e.limits {
		if l := &e.limits[k]; l.kind == ServiceControlPolicy {
			o.limit(&l.layerSum)
			o.possible = o.possible.Subtract(l.denyAll)
		}
	}
	return o
}

// adminGrants returns the statements that together allow everything, as few as
// can be found by taking the widest first.
func adminGrants(terms []term, sure bool) []Match {
	var list []Match
	left := policydoc.AllActions()
	for left.Len() > 0 {
		best, most := -1, 0
		for i := range terms {
			t := &terms[i]
			if t.layer != 0 || t.statement.deny || sure && t.holds != yes {
				continue
			}
			if n := left.Intersect(t.scope.all).Len(); n > most {
				best, most = i, n
			}
		}
		if best < 0 {
			break
		}
		left = left.Subtract(terms[best].scope.all)
		list = append(list, terms[best].match())
	}
	return list
}

// conditionalKeys returns the keys of the conditions under which layers of the
// given kinds allow what they do not allow at all times.
func conditionalKeys(e *effect, terms []term, kinds ...PolicyType) []string {
	var keys []string
	for i := range terms {
		t := &terms[i]
		kind, sum := IdentityPolicy, &e.identity
		if t.layer > 0 {
			kind, sum = e.limits[t.layer-1].kind, &e.limits[t.layer-1].layerSum
		}
		if slices.Contains(kinds, kind) && !t.statement.deny && t.holds == maybe && t.scope.all.Subtract(sum.allow.all).Len() > 0 {
			keys = append(keys, t.keys...)
		}
	}
	return sortedKeys(keys)
}

// doubtKeys returns the keys of the denies that may leave none of the actions.
func doubtKeys(terms []term, actions policydoc.ActionSet) []string {
	left := actions
	var keys []string
	for i := range terms {
		if t := &terms[i]; t.statement.deny && t.holds == maybe && t.scope.all.Overlaps(actions) {
			left = left.Subtract(t.scope.all)
			keys = append(keys, t.keys...)
		}
	}
	if left.Len() > 0 {
		return nil
	}
	return sortedKeys(keys)
}
