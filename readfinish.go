package nhiscan

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// The IAM actions that gaps of files name.
const (
	operationDetails = "iam:GetAccountAuthorizationDetails"
	operationReport  = "iam:GetCredentialReport"

	operationGenerateReport = "iam:GenerateCredentialReport"
)

// credentialsGap is the gap that a credential report fills.
var credentialsGap = Gap{
	Operation: operationReport,
	Resource:  "*",
	Code:      GapNotInFile,
	Message: "authorization details do not tell passwords, access keys and MFA devices; " +
		"add a credential report (--credential-report on the command line)",
}

// finish makes an account of what was read from all pages.
func (r *accountReader) finish() *Account {
	a := r.account
	r.identify()
	r.saved.apply(a)
	a.Sort()
	a.collapse()
	r.members()
	r.ownGaps()
	a.Gaps = append(a.Gaps, a.MalformedDocuments()...)
	slices.SortStableFunc(a.Gaps, compareGaps)
	a.Gaps = slices.Compact(a.Gaps)
	return a
}

// identify finds the account's id and partition, and gives every entity both a
// name and an ARN.
func (r *accountReader) identify() {
	a := r.account
	tally := newAccountTally()
	for i := range a.Users {
		tally.add(a.Users[i].ARN)
	}
	for i := range a.Groups {
		tally.add(a.Groups[i].ARN)
	}
	for i := range a.Roles {
		tally.add(a.Roles[i].ARN)
	}
	for i := range a.Policies {
		tally.add(a.Policies[i].ARN)
	}
	if !r.saved.present {
		a.ID, a.Partition = tally.account(), tally.partition()
	}
	r.otherAccounts(tally)
	for i := range a.Users {
		a.nameEntity("user", &a.Users[i].Name, &a.Users[i].ARN, &a.Users[i].Path)
	}
	for i := range a.Groups {
		a.nameEntity("group", &a.Groups[i].Name, &a.Groups[i].ARN, &a.Groups[i].Path)
	}
	for i := range a.Roles {
		a.nameEntity("role", &a.Roles[i].Name, &a.Roles[i].ARN, &a.Roles[i].Path)
	}
	for i := range a.Policies {
		a.nameEntity("policy", &a.Policies[i].Name, &a.Policies[i].ARN, &a.Policies[i].Path)
	}
}

// otherAccounts notes that files of several accounts were put together.
func (r *accountReader) otherAccounts(tally *accountTally) {
	a := r.account
	others := tally.others(a.ID)
	for i, account := range others {
		if i == maxSeparateGaps {
			account = fmt.Sprintf("%s and %d more", account, len(others)-i-1)
		}
		a.Gaps = append(a.Gaps, Gap{
			Operation: operationDetails,
			Resource:  "*",
			Code:      GapConflict,
			Message: fmt.Sprintf("the input is of account %s, and has entities of account %s: give each account a file of its own",
				a.ID, clip(account)),
		})
		if i == maxSeparateGaps {
			return
		}
	}
}

// nameEntity gives an entity that has an ARN its name and path, and one that has
// only these its ARN.
func (a *Account) nameEntity(kind string, name, arn, path *string) {
	if *arn == "" {
		*arn = joinARN(arnParts{partition: a.Partition, account: a.ID, kind: kind, path: *path, name: *name})
	}
	if *name != "" && *path != "" {
		return
	}
	p, ok := splitARN(*arn)
	switch {
	case *name == "" && ok && p.name != "":
		*name = p.name
	case *name == "":
		*name = *arn
	}
	if *path == "" {
		*path = p.path
	}
}

// collapse leaves one of the entities that have the same ARN. Pages overlap
// when an account changes while it is read; then the last is the newest.
func (a *Account) collapse() {
	a.Users = collapse(a, a.Users, func(u *User) string { return u.ARN })
	a.Groups = collapse(a, a.Groups, func(g *Group) string { return g.ARN })
	a.Roles = collapse(a, a.Roles, func(r *Role) string { return r.ARN })
	a.Policies = collapse(a, a.Policies, func(p *ManagedPolicy) string { return p.ARN })
}

// collapse works on a list sorted by ARN in which equals are in the order of the input.
func collapse[T any](a *Account, list []T, arn func(*T) string) []T {
	kept := list[:0]
	for i := range list {
		last := len(kept) - 1
		if last < 0 || arn(&kept[last]) != arn(&list[i]) {
			kept = append(kept, list[i])
			continue
		}
		if !reflect.DeepEqual(kept[last], list[i]) {
			a.Gaps = append(a.Gaps, Gap{
				Operation: operationDetails,
				Resource:  arn(&list[i]),
				Code:      GapConflict,
				Message:   "the input has it more than once, with differences; the last one is used",
			})
		}
		kept[last] = list[i]
	}
	clear(list[len(kept):])
	return kept
}

// members turns the users' groups around. A group's members are known when all
// users are.
func (r *accountReader) members() {
	a := r.account
	byName := make(map[string]*Group, len(a.Groups))
	for i := range a.Groups {
		if g := &a.Groups[i]; !r.saved.hasGroup(g.ARN) {
			byName[strings.ToLower(g.Name)] = g
		}
	}
	complete := r.lists&listUsers != 0 && !r.truncated
	for i := range a.Users {
		u := &a.Users[i]
		complete = complete && u.Known.Has(FactGroups)
		for _, name := range u.Groups {
			if g := byName[strings.ToLower(name)]; g != nil {
				g.Members = append(g.Members, u.Name)
			}
		}
	}
	for _, g := range byName {
		slices.Sort(g.Members)
		if complete {
			g.Known |= FactGroups
		}
	}
}

func (s *savedFacts) hasGroup(arn string) bool {
	_, ok := s.groups[arn]
	return ok
}

// ownGaps notes what the input does not hold.
func (r *accountReader) ownGaps() {
	a := r.account
	if r.truncated {
		a.Gaps = append(a.Gaps, Gap{
			Operation: operationDetails,
			Resource:  "*",
			Code:      GapTruncated,
			Message: "this is one page of several: the last one says IsTruncated. Make the file without --max-items " +
				"and --no-paginate, or append the pages that follow (--starting-token with the Marker)",
		})
	}
	if missing := listsAll &^ r.lists; missing != 0 && !r.saved.present {
		a.Gaps = append(a.Gaps, Gap{
			Operation: operationDetails,
			Resource:  "*",
			Code:      GapNotInFile,
			Message:   "the file has no " + strings.Join(missing.names(), ", ") + "; make it without --filter and --query",
		})
	}
	for _, where := range r.nameless {
		a.Gaps = append(a.Gaps, Gap{
			Operation: operationDetails,
			Resource:  where,
			Code:      GapMalformed,
			Message:   "it has neither a name nor an Arn, and is left out",
		})
	}
	for _, where := range r.garbled {
		a.Gaps = append(a.Gaps, Gap{
			Operation: operationDetails,
			Resource:  where,
			Code:      GapMalformed,
			Message:   "it is not valid UTF-8; U+FFFD stands for what could not be read",
		})
	}
	r.unreadPolicies()
	if !r.saved.coversUsers(a.Users) {
		a.Gaps = append(a.Gaps, credentialsGap)
	}
}

// unreadPolicies notes the entities whose entries lack a trust policy or a list
// of policies, which IAM always prints.
func (r *accountReader) unreadPolicies() {
	a := r.account
	unread := map[Facts][]string{}
	note := func(arn string, known, want Facts) {
		if missing := want &^ known; missing != 0 {
			unread[missing] = append(unread[missing], arn)
		}
	}
	for i := range a.Users {
		if _, ok := r.saved.users[a.Users[i].ARN]; !ok {
			note(a.Users[i].ARN, a.Users[i].Known, FactGroups|FactAttachedPolicies)
		}
	}
	for i := range a.Groups {
		if _, ok := r.saved.groups[a.Groups[i].ARN]; !ok {
			note(a.Groups[i].ARN, a.Groups[i].Known, FactAttachedPolicies|FactInlinePolicies)
		}
	}
	for i := range a.Roles {
		if _, ok := r.saved.roles[a.Roles[i].ARN]; !ok {
			note(a.Roles[i].ARN, a.Roles[i].Known, FactTrustPolicy|FactAttachedPolicies|FactInlinePolicies)
		}
	}
	for _, missing := range slices.Sorted(maps.Keys(unread)) {
		a.Gaps = append(a.Gaps, unreadGaps(unread[missing], strings.Join(missing.Names(), ", "))...)
	}
}

// unreadGaps makes gaps of entities; one for all when there are many.
func unreadGaps(arns []string, what string) []Gap {
	var gaps []Gap
	if len(arns) > maxSeparateGaps {
		return []Gap{{
			Operation: operationDetails,
			Resource:  "*",
			Code:      GapNotInFile,
			Message: fmt.Sprintf("of %d entities the file does not tell %s; the first of them are %s",
				len(arns), what, strings.Join(arns[:maxSeparateGaps], ", ")),
		}}
	}
	for _, arn := range arns {
		gaps = append(gaps, Gap{Operation: operationDetails, Resource: arn, Code: GapNotInFile, Message: "the file does not tell " + what})
	}
	return gaps
}

// coversUsers reports whether the file tells of all users' credentials what could be read.
func (s *savedFacts) coversUsers(users []User) bool {
	for i := range users {
		if _, ok := s.users[users[i].ARN]; !ok {
			return false
		}
	}
	return s.present
}

func (l accountLists) names() []string {
	var names []string
	for i, name := range []string{"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"} {
		if l&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return names
}
