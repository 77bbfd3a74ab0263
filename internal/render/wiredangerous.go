package render

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// wireDangerous is what one Action pattern with wildcards, or what all those
// without in one statement grant of one category, in published JSON.
type wireDangerous struct {
	Category     policydoc.DangerCategory `json:"category"`
	Severity     policydoc.Severity       `json:"severity"`
	Actions      []string                 `json:"actions"`
	Count        int                      `json:"count"`
	Patterns     []string                 `json:"patterns"`
	Policy       wirePolicy               `json:"policy"`
	Statement    int                      `json:"statement"`
	SID          string                   `json:"sid"`
	Resources    []string                 `json:"resources"`
	NotResources bool                     `json:"not_resources"`
	AllResources bool                     `json:"all_resources"`
	Conditions   []wireCondition          `json:"conditions"`
	DependsOn    []string                 `json:"depends_on"`
}

// newWireDangerous puts together what differs in the named action only.
func newWireDangerous(dangers []permissions.Danger) []wireDangerous {
	type place struct {
		category     policydoc.DangerCategory
		severity     policydoc.Severity
		policy       permissions.Source
		statement    int
		allResources bool
		dependsOn    string
	}
	out := make([]wireDangerous, 0, len(dangers))
	named := map[place]int{}
	for i := range dangers {
		d := &dangers[i]
		if d.Pattern == "NotAction" || strings.ContainsAny(d.Pattern, "*?") {
			out = append(out, newWireDanger(d))
			continue
		}
		p := place{d.Category, d.Severity, *d.Policy, d.Statement, d.AllResources, strings.Join(d.Keys, ",")}
		at, seen := named[p]
		if !seen {
			named[p] = len(out)
			out = append(out, newWireDanger(d))
			continue
		}
		w := &out[at]
		w.Actions = slices.Concat(w.Actions, d.Actions)
		slices.Sort(w.Actions)
		w.Patterns = append(w.Patterns, d.Pattern)
		w.Count += d.Count
	}
	return out
}

func newWireDanger(d *permissions.Danger) wireDangerous {
	return wireDangerous{
		Category: d.Category, Severity: d.Severity, Actions: d.Actions, Count: d.Count, Patterns: []string{d.Pattern},
		Policy: newWirePolicy(*d.Policy), Statement: d.Statement, SID: d.SID,
		Resources: d.Resources, NotResources: d.NotResources, AllResources: d.AllResources,
		Conditions: newWireConditions(d.Conditions), DependsOn: d.Keys,
	}
}
