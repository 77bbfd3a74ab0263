package policydoc

import (
	"cmp"
	"slices"
	"strings"
)

// maxSuggestions is how many actions are worth reading through.
const maxSuggestions = 5

// SuggestActions returns at most five actions of the catalogue that a misspelt
// action or pattern may have meant, the likeliest first; nil when nothing is near.
// It takes milliseconds when the service is not in the catalogue.
func SuggestActions(name string) []string {
	prefix, action, ok := strings.Cut(name, ":")
	if !ok || action == "" {
		return nil
	}
	var candidates []candidate
	for _, s := range nearServices(prefix) {
		for i, full := range s.service.actions() {
			if d, ok := nearAction(action, s.service.actionName(i)); ok {
				candidates = append(candidates, candidate{full, s.distance + d})
			}
		}
	}
	if len(candidates) == 0 && !strings.ContainsAny(action, "*?") {
		candidates = sameActionElsewhere(prefix, action)
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(a.distance-b.distance, strings.Compare(a.name, b.name))
	})
	var names []string
	for _, c := range candidates[:min(len(candidates), maxSuggestions)] {
		names = append(names, c.name)
	}
	return names
}

// A candidate is an action and how many slips of the pen lead to it.
type candidate struct {
	name     string
	distance int
}

type nearService struct {
	service  *catalogueService
	distance int
}

// nearServices returns the service with the prefix, or those with prefixes like it.
func nearServices(prefix string) []nearService {
	c := catalogue()
	if s, ok := c.service(prefix); ok {
		return []nearService{{s, 0}}
	}
	var near []nearService
	for i := range c.services {
		s := &c.services[i]
		if d := editDistance(strings.ToLower(prefix), s.prefix); isSlip(d, len(s.prefix)) {
			near = append(near, nearService{s, d})
		}
	}
	return near
}

// isSlip tells a misspelling from another word: one slip in three letters, as in suggest.
func isSlip(distance, letters int) bool { return 3*distance <= letters }

// longestName is more than the name of any action of the catalogue has.
const longestName = 96

// nearAction returns the number of slips between an action's name or a pattern of
// one, and a name; not ok when they are too many.
func nearAction(pattern, name string) (int, bool) {
	if len(pattern) > longestName || len(name) > longestName {
		return 0, false
	}
	d := patternDistance(pattern, name)
	return d, isSlip(d, len(pattern)-strings.Count(pattern, "*"))
}

// patternDistance returns how many characters must be put in, taken out or
// replaced in the name to make the pattern match it. Neither is longer than
// longestName.
func patternDistance(pattern, name string) int {
	var row [longestName + 1]int
	for j := range len(name) + 1 {
		row[j] = j
	}
	for i := range len(pattern) {
		star := pattern[i] == '*'
		diagonal := row[0]
		if !star {
			row[0]++
		}
		for j := range len(name) {
			above := row[j+1]
			if star {
				row[j+1] = min(above, row[j])
			} else {
				replace := diagonal
				if pattern[i] != '?' && lower(pattern[i]) != lower(name[j]) {
					replace++
				}
				row[j+1] = min(replace, row[j]+1, above+1)
			}
			diagonal = above
		}
	}
	return row[len(name)]
}

// sameActionElsewhere returns the actions of that name in any service, the
// nearest those of services with the most similar prefixes.
func sameActionElsewhere(prefix, action string) []candidate {
	var candidates []candidate
	c := catalogue()
	for i := range c.services {
		s := &c.services[i]
		if _, at, ok := c.find(s.prefix + ":" + action); ok {
			candidates = append(candidates, candidate{s.actions()[at], editDistance(strings.ToLower(prefix), s.prefix)})
		}
	}
	return candidates
}
