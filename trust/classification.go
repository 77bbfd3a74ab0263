package trust

import (
	"slices"
	"strings"
)

// A Classification is what a role's trust policy says about it.
type Classification struct {
	// Kind is the kind of all the open paths. Where they differ it is
	// KindPublic if one of them is, KindService for different services of AWS,
	// KindCrossAccount for principals of this and other accounts, and otherwise
	// KindMixed.
	Kind Kind
	// Provider is a readable name for what Kind leaves open: the service, the
	// identity provider, the vendor or the account.
	Provider string
	// Paths are the ways to assume the role, in the order of the policy. Denied ones are included and marked.
	Paths []Path
	// Dangers are sorted by severity, then by statement.
	Dangers []Danger
	// Err says why the trust policy could not be read. Then Paths is empty, and
	// Kind is what the role's reserved path alone tells: KindServiceLinked,
	// KindIdentityCenter or KindUnknown.
	Err error
}

// kindOf returns the kind that the open paths make together.
func kindOf(paths []Path) Kind {
	var kinds []Kind
	for i := range paths {
		if p := &paths[i]; p.Open() && !slices.Contains(kinds, p.Kind) {
			kinds = append(kinds, p.Kind)
		}
	}
	switch {
	case len(kinds) == 0:
		return KindNobody
	case len(kinds) == 1:
		return kinds[0]
	case slices.Contains(kinds, KindPublic):
		return KindPublic
	case every(kinds, Kind.service):
		return KindService
	case every(kinds, func(k Kind) bool { return k == KindSameAccount || k == KindCrossAccount }):
		return KindCrossAccount
	}
	return KindMixed
}

func every(kinds []Kind, f func(Kind) bool) bool {
	return !slices.ContainsFunc(kinds, func(k Kind) bool { return !f(k) })
}

// providerOf names what the open paths let in, each once, in alphabetical order.
func providerOf(paths []Path) string {
	var names []string
	for i := range paths {
		p := &paths[i]
		if name := p.label(); p.Open() && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// label names the path's service, identity provider, account or organization.
func (p *Path) label() string {
	switch {
	case p.Service != "":
		return p.Service
	case p.Provider != "":
		return p.Provider
	case p.AccountName != "":
		return p.AccountName
	case p.Account != "":
		return p.Account
	}
	return p.Organization
}
