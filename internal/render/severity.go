package render

import (
	"cmp"
	"slices"

	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

// The severities of a danger.
const (
	SeverityCritical = "critical"
	SeverityHigh     = "high"
	SeverityMedium   = "medium"
	SeverityLow      = "low"
)

// Severities lists them, the worst first.
func Severities() []string {
	return []string{SeverityCritical, SeverityHigh, SeverityMedium, SeverityLow}
}

// A Finding is a danger of one role.
type Finding struct {
	Identity *nhi.Identity
	Danger   *trust.Danger
}

// Findings returns the dangers of the listed roles, the worst first.
func (s *Scan) Findings() []Finding {
	var out []Finding
	for _, id := range s.Identities {
		if id.Trust == nil {
			continue
		}
		for i := range id.Trust.Dangers {
			out = append(out, Finding{id, &id.Trust.Dangers[i]})
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		return cmp.Compare(rank(a.Danger.Severity), rank(b.Danger.Severity))
	})
	return out
}

// AtLeast reports whether severity is as bad as least or worse.
func AtLeast(severity, least string) bool { return rank(severity) <= rank(least) }

// rank is 0 for the worst severity; one that is not known ranks with the worst.
func rank(severity string) int {
	return max(0, slices.Index(Severities(), severity))
}
