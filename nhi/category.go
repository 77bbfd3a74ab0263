package nhi

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

// Categories returns all the categories there are, those of users first.
func Categories() []Category { return slices.Clone(categories) }

var categories = []Category{
	CategoryHuman, CategoryBreakGlass, CategoryUncertain, CategoryServiceAccount, CategoryMachineUser, CategoryCICDUser,
	CategoryThirdPartyUser, CategorySMTPUser, CategoryAPIKeyUser, CategoryServiceRole, CategoryLambdaExecution,
	CategoryEC2InstanceProfile, CategoryECSTask, CategoryEKSIRSA, CategoryEKSPodIdentity, CategoryServiceLinked,
	CategoryAgent, CategoryCrossAccountInternal, CategoryCrossAccountVendor, CategoryCrossAccountUnknown,
	CategoryFederatedSAML, CategoryFederatedOIDC, CategoryIdentityCenter, CategoryCognito, CategoryRolesAnywhere,
	CategoryApplicationRole, CategoryOrganizationAdmin, CategoryPublic,
}

// categorizeUser says what a user is for.
func (c *classifier) categorizeUser(result *Classification, u *nhiscan.User, r *reading, match *pattern) {
	result.Category, result.Detail = CategoryUncertain, ""
	switch {
	case result.has("declared-agent") && result.Verdict == NonHuman:
		result.Category = CategoryAgent
	case result.Verdict == Human && r.has(classBreakGlass):
		result.Category = CategoryBreakGlass
	case result.Verdict == Human:
		result.Category = CategoryHuman
	case result.Verdict != NonHuman:
	case match != nil && match.Category != "":
		result.Category, result.Detail = match.Category, match.Detail
	case result.has("service-credential"):
		result.Category, result.Detail = CategoryAPIKeyUser, credentialServices(u, c.signals)
	default:
		category, word := r.category()
		switch {
		case category == CategoryThirdPartyUser:
			result.Category, result.Detail = category, word
		case category != "":
			result.Category = category
		case result.has("key-only"):
			result.Category = CategoryMachineUser
		default:
			result.Category = CategoryServiceAccount
		}
	}
}

func (c *Classification) has(signal string) bool {
	for i := range c.Signals {
		if c.Signals[i].Name == signal {
			return true
		}
	}
	return false
}

func credentialServices(u *nhiscan.User, s *Signals) string {
	var services []string
	for _, credential := range u.ServiceSpecificCredentials {
		if s.machineCredentials[shortService(credential.Service)] {
			services = append(services, credential.Service)
		}
	}
	return strings.Join(services, ", ")
}

// kindCategories gives each kind of trust its category. The order is that of
// preference in a role that has several: what is said of the rest is in Detail.
var kindCategories = []struct {
	kind     trust.Kind
	category Category
}{
	{trust.KindServiceLinked, CategoryServiceLinked},
	{trust.KindIdentityCenter, CategoryIdentityCenter},
	{trust.KindPublic, CategoryPublic},
	{trust.KindCognito, CategoryCognito},
	{trust.KindSAML, CategoryFederatedSAML},
	{trust.KindAgent, CategoryAgent},
	{trust.KindEKSIRSA, CategoryEKSIRSA},
	{trust.KindEKSPodIdentity, CategoryEKSPodIdentity},
	{trust.KindOIDC, CategoryFederatedOIDC},
	{trust.KindRolesAnywhere, CategoryRolesAnywhere},
	{trust.KindLambda, CategoryLambdaExecution},
	{trust.KindEC2, CategoryEC2InstanceProfile},
	{trust.KindECSTask, CategoryECSTask},
	{trust.KindService, CategoryServiceRole},
	{trust.KindCrossAccount, CategoryCrossAccountUnknown},
	{trust.KindSameAccount, CategoryApplicationRole},
}

// categorize says what a role is for.
func (w *roleWork) categorize(result *Classification) {
	result.Detail = w.trust.Provider
	switch {
	case w.score.has("declared-agent"):
		result.Category = CategoryAgent
	case w.unreadable():
		result.Category, result.Detail = CategoryUncertain, "trust policy cannot be read"
	case w.administersOrganization():
		result.Category, result.Detail = w.match.Category, w.match.Detail
	case result.Verdict == Human && w.reading.has(classBreakGlass):
		result.Category = CategoryBreakGlass
	default:
		result.Category = w.categoryOfTrust(result.Verdict)
	}
}

func (w *roleWork) categoryOfTrust(verdict Verdict) Category {
	kinds := map[trust.Kind]bool{w.trust.Kind: true}
	for i := range w.trust.Paths {
		if p := &w.trust.Paths[i]; p.Open() {
			kinds[p.Kind] = true
		}
	}
	if w.trust.Kind == trust.KindUnknown {
		kinds = w.kindsOfPath()
	}
	for _, k := range kindCategories {
		if !kinds[k.kind] {
			continue
		}
		switch k.kind {
		case trust.KindCrossAccount:
			return w.crossAccount()
		case trust.KindSameAccount:
			return sameAccount(verdict)
		default:
			return k.category
		}
	}
	return CategoryUncertain
}

// kindsOfPath is what the IAM path tells of a role whose trust policy was not read.
func (w *roleWork) kindsOfPath() map[trust.Kind]bool {
	return map[trust.Kind]bool{
		trust.KindServiceLinked:  w.score.has("service-linked"),
		trust.KindIdentityCenter: w.score.has("identity-center"),
		trust.KindService:        w.score.has("service-role-path"),
	}
}

// crossAccount prefers what is the least known: an unknown account among others is what matters.
func (w *roleWork) crossAccount() Category {
	found := CategoryCrossAccountInternal
	for i := range w.trust.Paths {
		p := &w.trust.Paths[i]
		if !p.Open() || p.Kind != trust.KindCrossAccount {
			continue
		}
		switch p.Relation {
		case trust.RelationVendor:
			found = CategoryCrossAccountVendor
		case trust.RelationUnknown, trust.RelationUnset:
			return CategoryCrossAccountUnknown
		}
	}
	return found
}

// sameAccount is the category of a role for identities of its own account.
func sameAccount(verdict Verdict) Category {
	switch verdict {
	case Human:
		return CategoryHuman
	case NonHuman, Mixed:
		return CategoryApplicationRole
	default:
		return CategoryUncertain
	}
}
