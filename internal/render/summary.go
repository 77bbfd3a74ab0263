package render

import (
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A Summary counts the listed identities, in published JSON.
type Summary struct {
	Users      int                  `json:"users"`
	Roles      int                  `json:"roles"`
	NHI        int                  `json:"nhi"`
	Human      int                  `json:"human"`
	Mixed      int                  `json:"mixed"`
	Uncertain  int                  `json:"uncertain"`
	ByCategory map[nhi.Category]int `json:"by_category"`
	// Permissions is nil when those were not asked for.
	Permissions *PermissionsSummary `json:"permissions,omitempty"`
}

// A PermissionsSummary counts administrators, who else can become one, and access levels.
type PermissionsSummary struct {
	Admins        int            `json:"admins"`
	Escalating    int            `json:"escalating"`
	ByAccessLevel map[string]int `json:"by_access_level"`
}

// Summary counts the listed identities.
func (s *Scan) Summary() Summary {
	c := s.counts()
	return Summary{
		Users:       c.users,
		Roles:       c.roles,
		NHI:         c.verdicts[nhi.NonHuman],
		Human:       c.verdicts[nhi.Human],
		Mixed:       c.verdicts[nhi.Mixed],
		Uncertain:   c.verdicts[nhi.Uncertain],
		ByCategory:  c.categories,
		Permissions: newPermissionsSummary(s),
	}
}

func newPermissionsSummary(s *Scan) *PermissionsSummary {
	if s.Permissions == nil {
		return nil
	}
	w := &PermissionsSummary{
		Admins: len(s.admins()), Escalating: len(s.climbers()), ByAccessLevel: map[string]int{},
	}
	for _, id := range s.Identities {
		if p := s.of(id); p != nil {
			w.ByAccessLevel[levelWord(p.Access.Level)]++
		}
	}
	return w
}

// Attention says in printable lines what to look at first: administrators and who
// can become one, where permissions were asked for, dangers, what people and
// workloads share, and what is undecided. Details names what says more of one identity.
func (s *Scan) Attention(details string) []string {
	lines := findingLines(s, details)
	if s.Permissions != nil {
		lines = append(lines, permissionLines(s)[1:]...)
	}
	out := make([]string, len(lines))
	label := ""
	for i, l := range lines {
		if l.label != "" {
			label = l.label
		}
		out[i] = label + ": " + l.text
	}
	return out
}

// RootState says in printable words how the account's root user can sign in.
func (s *Scan) RootState() string { return rootState(s.Report.Account, s.Report.Time) }

// WorstDanger is the severity of the worst dangerous permission; empty for none.
func WorstDanger(p *permissions.Permissions) policydoc.Severity { return worstOf(p.Dangerous) }

func worstOf(dangers []permissions.Danger) policydoc.Severity {
	var worst policydoc.Severity
	for i := range dangers {
		if worst == "" || dangers[i].Severity.Compare(worst) > 0 {
			worst = dangers[i].Severity
		}
	}
	return worst
}
