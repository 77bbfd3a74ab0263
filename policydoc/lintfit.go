package policydoc

import (
	"slices"
	"strings"
)

// maxFitActions is up to how many actions of a statement are held against its
// resources and conditions. A statement of more, such as one of whole services,
// is meant to be broad.
const maxFitActions = 300

// A coveredAction is an action of the statement with the number of the Action
// value that covers it.
type coveredAction struct {
	value int
	ActionDetails
}

// coveredActions returns the actions that the statement's Action names, in the
// order of the values; ok is false when they are too many or not all are known.
func (l *linter) coveredActions() (actions []coveredAction, ok bool) {
	if l.s.Actions == nil {
		return nil, false
	}
	total := 0
	for _, text := range l.s.Actions {
		switch p := l.action.get(text); {
		case p.known:
			total++
		case p.counted:
			total += p.set.Len()
		case p.wildcard:
			return nil, false
		}
	}
	if total > maxFitActions || total > l.lookups {
		return nil, false
	}
	l.lookups -= total
	add := func(value int, name string) {
		if d, known := Details(name); known {
			actions = append(actions, coveredAction{value, d})
		}
	}
	for i, text := range l.s.Actions {
		switch p := l.action.get(text); {
		case p.known:
			add(i, p.action.String())
		case p.counted:
			for action := range p.set.All() {
				add(i, action.String())
			}
		}
	}
	return actions, true
}

// resourceFit looks for actions that none of the resources is for, and for
// resources that none of the actions is for.
//
// See https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
func (l *linter) resourceFit() {
	s := l.s
	if len(s.Resources) == 0 || l.is(KindTrust) || slices.ContainsFunc(s.Resources, coversAnyARN) {
		return
	}
	actions, ok := l.coveredActions()
	if !ok || len(actions)*len(s.Resources) > l.matches {
		return
	}
	l.matches -= len(actions) * len(s.Resources)
	patterns := make([]string, len(s.Resources))
	for i, r := range s.Resources {
		patterns[i] = withoutVariables(r)
	}
	usable := make([]bool, len(s.Actions)) // some action of the value has a resource
	used := make([]bool, len(s.Resources)) // some action takes the resource
	for i := range actions {
		for j, pattern := range patterns {
			if actions[i].takes(pattern) {
				usable[actions[i].value], used[j] = true, true
			}
		}
	}
	l.unusableActions(actions, usable)
	if !slices.Contains(used, true) {
		return // the actions say it
	}
	for j, r := range s.Resources {
		if !used[j] && looksLikeARN(r) {
			l.report(ruleResourceNoAction, atValue("Resource", j), "no action of the statement is for the resource "+quoted(r), "take it out, or add the actions that are meant")
		}
	}
}

// coversAnyARN reports whether a Resource covers ARNs of all services.
func coversAnyARN(r string) bool { return isStars(r) || !looksLikeARN(r) }

// looksLikeARN reports whether r is written as ARNs are; others were reported.
func looksLikeARN(r string) bool {
	return strings.HasPrefix(r, "arn:") && strings.Count(withoutVariables(r), ":") >= 5
}

// takes reports whether the action may be about a resource that the pattern covers.
func (a *coveredAction) takes(pattern string) bool {
	for i := range a.Resources {
		if a.Resources[i].Matches(pattern) {
			return true
		}
	}
	return false
}

// unusableActions reports the Action values none of whose actions is usable.
func (l *linter) unusableActions(actions []coveredAction, usable []bool) {
	effect := "nothing is granted"
	if l.s.Effect == Deny {
		effect = "nothing is denied"
	}
	for start := 0; start < len(actions); {
		value := actions[start].value
		end := start
		var types []string
		for ; end < len(actions) && actions[end].value == value; end++ {
			for _, r := range actions[end].Resources {
				if !slices.Contains(types, r.ARN) {
					types = append(types, r.ARN)
				}
			}
		}
		start = end
		if usable[value] {
			continue
		}
		text := quoted(l.s.Actions[value])
		if len(types) == 0 {
			l.report(ruleActionAllOnly, atValue("Action", value), text+" can't be restricted to resources: "+effect, `put it into a statement with Resource "*"`)
			continue
		}
		fix := "add such a resource"
		if len(types) <= 3 {
			// The shortest is the most common: that of a bucket, not of an access point.
			fix += ": " + slices.MinFunc(types, func(a, b string) int { return len(a) - len(b) })
		}
		l.report(ruleActionNoResource, atValue("Action", value), "none of the resources is one that "+text+" is for: "+effect, fix)
	}
}
