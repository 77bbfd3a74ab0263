package trust

import "github.com/nhiscan/nhiscan/policydoc"

// A Severity says how bad a Danger is.
type Severity = policydoc.Severity

const (
	SeverityCritical = policydoc.SeverityCritical // strangers can assume the role now
	SeverityHigh     = policydoc.SeverityHigh     // strangers can assume it with something that can be had
	SeverityMedium   = policydoc.SeverityMedium   // more principals than the policy seems to mean
	SeverityLow      = policydoc.SeverityLow      // a safeguard that AWS recommends is missing, or a leftover
)

// Severities returns all of them, the worst first.
func Severities() []Severity { return policydoc.Severities() }
