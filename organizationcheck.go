package nhiscan

import (
	"fmt"
	"maps"
	"slices"
)

// listPages is the pages of one target's list of one type.
type listPages struct {
	last     []*policyList // pages that no other follows
	followed []*policyList
}

func (p *listPages) add(list *policyList) {
	if list.more {
		p.followed = append(p.followed, list)
	} else {
		p.last = append(p.last, list)
	}
}

// checkPages finds lists that are cut off, and lists that are of two targets: to
// merge those would let a policy of one allow what the other does not.
func checkPages(id string, byType map[string]*listPages) error {
	// Organizations may end a list with an empty page, which shows no type.
	end := byType[""] != nil && len(byType[""].last) > 0
	for _, kind := range slices.Sorted(maps.Keys(byType)) {
		pages := byType[kind]
		switch {
		case len(pages.last) == 0 && !end:
			list := pages.followed[len(pages.followed)-1]
			return list.problem(list.at, "the list is cut off: it has a NextToken, and no other list of "+clipPath(id)+" goes on")
		case kind != "" && len(pages.last) > 1:
			list := pages.last[1]
			return list.problem(list.at, fmt.Sprintf("%s is a list of the same type for %s: name each file after the root, organizational unit or account that it is of",
				pages.last[0].file, clipPath(id)))
		}
	}
	return nil
}

// checkTargets finds targets that can't be those of one account.
func checkTargets(all *OrganizationPolicies, byID map[string]*targetLists) error {
	restricted := slices.ContainsFunc(all.Targets, func(t OrganizationTarget) bool { return !t.empty() })
	if !restricted {
		return &KindError{Seems: "a directory without service or resource control policies", Hint: organizationHint}
	}
	var root, account string
	for _, target := range all.Targets {
		lists := byID[target.ID]
		first := lists.lists[0]
		if target.empty() && lists.named {
			return first.problem(first.at, "no policy is attached to "+target.ID+", while AWS attaches at least one to each target of an organization that uses policies: list them again")
		}
		kind, other := "", &account
		switch depth(target.ID) {
		case 0:
			kind, other = "root", &root
		case 3:
			kind = "account"
		}
		if kind == "" || !lists.named {
			continue
		}
		if *other != "" {
			return first.problem(first.at, fmt.Sprintf("the lists are of %s %s and of %[1]s %[3]s: give each account a directory of its own", kind, *other, target.ID))
		}
		*other = target.ID
	}
	return nil
}

// empty reports whether the target has no policies.
func (t *OrganizationTarget) empty() bool {
	return len(t.ServiceControl) == 0 && len(t.ResourceControl) == 0
}
