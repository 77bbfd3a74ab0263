package policydoc

import (
	"cmp"
	"slices"
)

// A DangerCategory says in which way a permission is dangerous.
type DangerCategory string

const (
	DangerPrivilegeEscalation        DangerCategory = "privilege_escalation"
	DangerCredentialsExposure        DangerCategory = "credentials_exposure"
	DangerDataExfiltration           DangerCategory = "data_exfiltration"
	DangerResourceExposure           DangerCategory = "resource_exposure"
	DangerInfrastructureModification DangerCategory = "infrastructure_modification"
	DangerServiceWildcard            DangerCategory = "service_wildcard"
	DangerDefenceEvasion             DangerCategory = "defence_evasion"
)

// dangerCategories are all of them, in the order in which dangers that are as bad come.
var dangerCategories = [...]DangerCategory{
	DangerPrivilegeEscalation, DangerCredentialsExposure, DangerDefenceEvasion, DangerDataExfiltration,
	DangerResourceExposure, DangerServiceWildcard, DangerInfrastructureModification,
}

// DangerCategories returns all of them, in the order in which dangers that are as
// bad come.
func DangerCategories() []DangerCategory { return slices.Clone(dangerCategories[:]) }

// MaxDangerActions is how many actions a Danger names at most.
const MaxDangerActions = 50

// A Danger is what one pattern of one Allow statement grants of one category.
type Danger struct {
	Category DangerCategory
	Severity Severity
	// Why says in a few words what the worst of the actions gives.
	Why string
	// Pattern is the Action as written that grants it; "NotAction" for a statement
	// that grants all but the ones it names.
	Pattern string
	// Actions are the dangerous actions that the pattern grants, sorted; of more
	// than [MaxDangerActions] only the worst. Count says how many there are.
	Actions []string
	Count   int
	// Statement is the number of the statement, from 1; SID its name, if it has one.
	Statement int
	SID       string
	// Resources are the statement's as written; NotResources says that they are
	// those of its NotResource.
	Resources    []string
	NotResources bool
	// AllResources says that the resources are not narrowed, as far as the actions
	// go: "*", arn:aws:s3:::* for actions of S3, a NotResource that leaves some of
	// them. An account id does not narrow, a Region does.
	AllResources bool
	Conditions   []Condition

	// hits are all the actions, for Restrict. They do not change.
	hits *dangerHits
}

// Dangerous returns what is dangerous in one identity policy, the worst first.
// Statements that name a Principal are not looked at: they grant to others.
//
// What an action gives, and how bad that is on all resources, is judgement: see
// [Risks]. Named resources make it one step less bad, and so do conditions, except
// those that any request can meet. An action that does not work on the resources
// that its statement names is not granted. iam:PassRole on named roles counts only
// beside an action that uses it, which makes it one step worse too.
//
// Infrastructure modification is the actions that write, tag or manage permissions
// and that could be granted on named resources, but are granted on all of them
// without a condition. A service wildcard is a pattern or NotAction that covers
// whole services; it is as bad as the worst action in it.
//
// Deny statements without conditions take off the actions whose resources they
// cover. Other Deny statements, and other policies, are not taken into account.
func Dangerous(doc *Document) []Danger {
	s := newDangerSearch(doc)
	for i := range doc.Statements {
		if st := &doc.Statements[i]; st.Effect == Allow && st.Principal == nil && st.NotPrincipal == nil {
			s.statement(i+1, st)
		}
	}
	slices.SortStableFunc(s.found, func(a, b Danger) int {
		return cmp.Or(b.Severity.Compare(a.Severity), cmp.Compare(a.Statement, b.Statement),
			cmp.Compare(a.Category.order(), b.Category.order()))
	})
	return s.found
}

// order returns the place of a category among all.
func (c DangerCategory) order() int { return slices.Index(dangerCategories[:], c) }
