package render

import (
	"slices"

	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

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
		switch {
		case a.Danger.Severity == b.Danger.Severity:
			return 0
		case a.Danger.Severity.AtLeast(b.Danger.Severity):
			return -1
		}
		return 1
	})
	return out
}
