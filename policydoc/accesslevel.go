package policydoc

import "slices"

// An AccessLevel is how AWS classifies what an action does. Its zero value is unknown.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html.
type AccessLevel string

const (
	LevelUnknown               AccessLevel = ""
	LevelList                  AccessLevel = "List"
	LevelRead                  AccessLevel = "Read"
	LevelTagging               AccessLevel = "Tagging"
	LevelWrite                 AccessLevel = "Write"
	LevelPermissionsManagement AccessLevel = "Permissions management"
)

var accessLevels = [...]AccessLevel{LevelPermissionsManagement, LevelWrite, LevelTagging, LevelRead, LevelList}

// AccessLevels returns the levels, the one that gives the most power first.
func AccessLevels() []AccessLevel { return slices.Clone(accessLevels[:]) }

// Compare returns a negative number when l gives less power than other, zero when
// they are the same, and a positive number when it gives more. An unknown level is
// below all others.
func (l AccessLevel) Compare(other AccessLevel) int { return l.rank() - other.rank() }

func (l AccessLevel) rank() int {
	for i, level := range accessLevels {
		if l == level {
			return len(accessLevels) - i
		}
	}
	return 0
}
