package permissions

import (
	"slices"
	"sync"

	"github.com/nhiscan/nhiscan"
)

// Options changes what New takes into account. The zero value is the default.
type Options struct {
	// Organization are the SCPs and RCPs in force; nil when they are not known:
	// then every answer is about what the account's own policies say.
	Organization *nhiscan.OrganizationPolicies
	// ManagementAccount says that the account is its organization's management
	// account, which SCPs do not restrict. An account file does not tell.
	//
	// See https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html.
	ManagementAccount bool
}

// An Analysis is an account compiled for questions. It does not change, and may be
// used from many goroutines.
type Analysis struct {
	account    *nhiscan.Account
	identities []identity // sorted by ARN
	byARN      map[string]int
	gaps       []nhiscan.Gap

	management      bool
	serviceControl  []Level
	resourceControl []Level

	scopes   scopes
	profiles profiles

	accesses        accesses
	members         members
	wildcards       scratch[Wildcard]
	dangerous       scratch[Danger]
	escalations     sync.Once
	escalationGraph *escalationGraph
}

// New compiles the policies of an account. Options may be nil. What cannot be
// compiled is in [Analysis.Gaps] and in the Unresolved of those whom it concerns.
func New(a *nhiscan.Account, opts *Options) *Analysis {
	if opts == nil {
		opts = &Options{}
	}
	if a == nil {
		a = &nhiscan.Account{}
	}
	x := &Analysis{
		account: a,
		byARN:   make(map[string]int, len(a.Users)+len(a.Roles)),
		gaps:    slices.Clone(a.Gaps),

		management: opts.ManagementAccount,
	}
	c := newCompiler(x)
	c.organization(opts.Organization)
	c.identities()
	x.scopes.init(a)
	return x
}

// Gaps are the account's gaps, and those found on the way: attached policies whose
// text is not known, documents that do not parse. The caller must not change them.
func (x *Analysis) Gaps() []nhiscan.Gap { return x.gaps }

// Principals returns the ARNs of the account's users and roles, sorted.
func (x *Analysis) Principals() []string {
	arns := make([]string, len(x.identities))
	for i := range x.identities {
		arns[i] = x.identities[i].arn
	}
	return arns
}

// Policies returns the policies that apply to what the principal with the given
// ARN does. A permissions boundary or SCP whose text is not known is in them as
// one that allows everything under the condition key [KeyUnreadPolicy]; identity
// policies that are not known are left out, and in [Permissions.Unresolved].
func (x *Analysis) Policies(arn string) (*Policies, bool) {
	i, ok := x.byARN[arn]
	if !ok {
		return nil, false
	}
	p := x.identities[i].policies
	p.Identity = slices.Clone(p.Identity)
	return &p, true
}

// Unresolved says what could not be taken into account of the user or role with
// the given ARN: policies whose text is not known, or does not parse.
func (x *Analysis) Unresolved(arn string) []nhiscan.Gap {
	i, ok := x.byARN[arn]
	if !ok {
		return nil
	}
	return x.identities[i].unresolved
}
