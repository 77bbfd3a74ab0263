package policydoc

import (
	"cmp"
	"slices"
)

// dangerHits are the actions of a Danger.
type dangerHits struct {
	category DangerCategory
	// severity and why are those of the worst action.
	severity Severity
	why      string
	// all says that the resources of no action are narrowed.
	all bool
	// set has the actions. They are alike, unless list says what each is.
	set  ActionSet
	list []dangerHit
}

// A dangerHit is one action for one of its risks.
type dangerHit struct {
	number   int
	risk     int // index in the table of risks
	severity Severity
	all      bool
}

func (h *dangerHits) add(hit dangerHit) {
	h.all = (h.all || len(h.list) == 0) && hit.all
	if len(h.list) == 0 || hit.severity.Compare(h.severity) > 0 {
		h.severity, h.why = hit.severity, risks().risks[hit.risk].Why
	}
	h.list = append(h.list, hit)
}

// actions returns the names of at most MaxDangerActions actions, the worst, and
// how many there are.
func (h *dangerHits) actions() (names []string, count int) {
	var numbers []int
	if h.list == nil {
		count = h.set.Len()
		numbers = make([]int, 0, min(count, MaxDangerActions))
		for number := range h.set.numbers() {
			if len(numbers) == MaxDangerActions {
				break
			}
			numbers = append(numbers, number)
		}
	} else {
		numbers, count = worstHits(h.list), len(h.list)
	}
	names = make([]string, len(numbers))
	for i, number := range numbers {
		names[i] = catalogue().name(number)
	}
	return names, count
}

func worstHits(list []dangerHit) []int {
	if len(list) > MaxDangerActions {
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b dangerHit) int { return b.severity.Compare(a.severity) })
		list = list[:MaxDangerActions]
		slices.SortFunc(list, func(a, b dangerHit) int { return cmp.Compare(a.number, b.number) })
	}
	numbers := make([]int, len(list))
	for i := range list {
		numbers[i] = list[i].number
	}
	return numbers
}

// report adds what a pattern grants of one category; nothing for nil.
func (s *dangerSearch) report(g *grantedPattern, h *dangerHits) {
	if h == nil {
		return
	}
	d := Danger{
		Pattern: g.pattern, Statement: g.number, SID: g.statement.SID,
		Resources: g.statement.Resources, Conditions: g.statement.Conditions,
	}
	if g.scope.not {
		d.Resources, d.NotResources = g.statement.NotResources, true
	}
	d.fill(h)
	s.found = append(s.found, d)
}

func (d *Danger) fill(h *dangerHits) {
	if h.list != nil {
		var b setBuilder
		for i := range h.list {
			b.add(h.list[i].number)
		}
		h.set = b.set()
	}
	d.Category, d.Severity, d.Why, d.AllResources = h.category, h.severity, h.why, h.all
	d.Actions, d.Count = h.actions()
	d.hits = h
}
