package permissions

import (
	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// Permissions is what a user or role can do.
type Permissions struct {
	ARN   string
	Admin Admin
	// Access is what all services together give; Services each for itself, sorted by prefix.
	Access   Access
	Services []ServiceAccess
	// Wildcards are the Action patterns with wildcards that grant something, the widest first.
	Wildcards []Wildcard
	Dangerous []Danger
	// Escalations are the ways to more permissions. Of an AdminDirect they are only
	// those by which it is rid of what its own policies deny.
	Escalations []Escalation
	// Boundary is the effect of the permissions boundary; nil without one.
	Boundary *BoundaryEffect
	// Unusable is what policies grant and never takes effect.
	Unusable []Unusable
	// Unresolved says what could not be taken into account.
	Unresolved []nhiscan.Gap
}

// A Danger is a dangerous permission that is in effect: denies, boundaries and
// organization policies were taken off. What it points to is shared by all who have
// the same document or policy.
type Danger struct {
	*policydoc.Danger
	Policy *Source
	// Keys are the condition keys that it hangs on, sorted.
	Keys []string
}

// Identity returns what one user or role can do. Answers share memory: the caller
// must not change what is in them.
func (x *Analysis) Identity(arn string) (*Permissions, bool) {
	i, ok := x.byARN[arn]
	if !ok {
		return nil, false
	}
	p := x.permissionsOf(i)
	return &p, true
}

// Identities returns what every user and role can do, sorted by ARN, as
// [Analysis.Identity] does.
func (x *Analysis) Identities() []Permissions {
	all := make([]Permissions, len(x.identities))
	for i := range x.identities {
		all[i] = x.permissionsOf(i)
	}
	return all
}

func (x *Analysis) permissionsOf(i int) Permissions {
	id := &x.identities[i]
	e := x.effectOf(i)
	p := Permissions{ARN: id.arn, Unresolved: id.unresolved}
	p.Access, p.Services = x.accessOf(e)
	p.Admin = x.adminOf(i, e)
	p.Boundary = boundaryOf(e)
	x.listsOf(&p, e)
	if p.Admin.Kind == AdminDirect {
		p.Escalations = x.deniesOff(i)
	} else {
		p.Escalations = x.escalationsOf(i)
	}
	return p
}
