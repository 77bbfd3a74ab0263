package trust

import "slices"

// A Severity says how bad a Danger is. The zero value is none of them and counts
// as worse than all: what was not judged is not harmless.
type Severity string

const (
	SeverityCritical Severity = "critical" // strangers can assume the role now
	SeverityHigh     Severity = "high"     // strangers can assume it with something that can be had
	SeverityMedium   Severity = "medium"   // more principals than the policy seems to mean
	SeverityLow      Severity = "low"      // a safeguard that AWS recommends is missing, or a leftover
)

var severities = []Severity{SeverityCritical, SeverityHigh, SeverityMedium, SeverityLow}

// Severities returns all of them, the worst first.
func Severities() []Severity { return slices.Clone(severities) }

// AtLeast reports whether s is as bad as least or worse.
func (s Severity) AtLeast(least Severity) bool { return s.rank() <= least.rank() }

// rank is 0 for the worst; -1 for one that is not known.
func (s Severity) rank() int { return slices.Index(severities, s) }
