package policydoc

import "slices"

// A Severity says how bad something is. The zero value is none of them and counts
// as worse than all: what was not judged is not harmless.
type Severity string

const (
	SeverityCritical Severity = "critical"
	SeverityHigh     Severity = "high"
	SeverityMedium   Severity = "medium"
	SeverityLow      Severity = "low"
)

// Severities returns all of them, the worst first.
func Severities() []Severity {
	return []Severity{SeverityCritical, SeverityHigh, SeverityMedium, SeverityLow}
}

// Compare returns a negative number when s is less bad than other, zero when they
// are as bad, and a positive number when s is worse.
func (s Severity) Compare(other Severity) int {
	return slices.Index(Severities(), other) - slices.Index(Severities(), s)
}

// AtLeast reports whether s is as bad as least or worse.
func (s Severity) AtLeast(least Severity) bool { return s.Compare(least) >= 0 }
