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
func Severities() []Severity { return slices.Clone(severities[:]) }

var severities = [...]Severity{SeverityCritical, SeverityHigh, SeverityMedium, SeverityLow}

// Compare returns a negative number when s is less bad than other, zero when they
// are as bad, and a positive number when s is worse.
func (s Severity) Compare(other Severity) int {
	return slices.Index(severities[:], other) - slices.Index(severities[:], s)
}

// AtLeast reports whether s is as bad as least or worse.
func (s Severity) AtLeast(least Severity) bool { return s.Compare(least) >= 0 }

// lower returns the next severity that is less bad; low stays low.
func (s Severity) lower() Severity {
	switch s {
	case SeverityCritical:
		return SeverityHigh
	case SeverityHigh:
		return SeverityMedium
	}
	return SeverityLow
}

// higher returns the next severity that is worse; critical stays critical.
func (s Severity) higher() Severity {
	switch s {
	case SeverityLow:
		return SeverityMedium
	case SeverityMedium:
		return SeverityHigh
	}
	return SeverityCritical
}
