package nhiscan

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

// fullAccess returns the policies that AWS attaches to everything when a type of
// policy is enabled.
//
// See https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
// and https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html.
func fullAccess() (serviceControl, resourceControl OrganizationPolicy) {
	serviceControl = OrganizationPolicy{
		ID: "p-FullAWSAccess", ARN: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess",
		Name: "FullAWSAccess", AWSManaged: true,
		Document: NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
	}
	resourceControl = OrganizationPolicy{
		ID: "p-RCPFullAWSAccess", ARN: "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess",
		Name: "RCPFullAWSAccess", AWSManaged: true,
		Document: NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`),
	}
	return serviceControl, resourceControl
}

// targetIDs finds the ids of roots, organizational units and accounts in a name.
// It takes ids of units shorter than AWS makes them, which its own examples have.
//
// See https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html.
var targetIDs = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^0-9A-Za-z])(ou-[0-9a-z]{4,32}-[0-9a-z]{4,32}|r-[0-9a-z]{4,32}|[0-9]{12})(?:$|[^0-9A-Za-z])`)
})

// targetOf returns the id that is last in the name of a file or, where that has
// none, in the name of the innermost folder that has one.
func targetOf(file string) (id string, ok bool) {
	for name := file; name != "." && name != "/"; name = path.Dir(name) {
		base := path.Base(name)
		for at := targetIDs().FindStringSubmatchIndex(base); at != nil; at = targetIDs().FindStringSubmatchIndex(base) {
			id = base[at[2]:at[3]]
			base = base[at[3]:]
		}
		if id != "" {
			return id, true
		}
	}
	return file, false
}

// A targetLists is the lists of one target.
type targetLists struct {
	named bool // its id is known
	lists []*policyList
}

// policies puts the files together.
func (f *organizationFiles) policies() (*OrganizationPolicies, error) {
	if len(f.lists) == 0 {
		return f.policiesOfOneTarget()
	}
	byID := map[string]*targetLists{}
	for i := range f.lists {
		if f.lists[i].unrestricting() {
			continue
		}
		id, named := targetOf(f.lists[i].file)
		if byID[id] == nil {
			byID[id] = &targetLists{named: named}
		}
		byID[id].lists = append(byID[id].lists, &f.lists[i])
	}
	var all OrganizationPolicies
	attached := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		target, err := f.target(id, byID[id], attached)
		if err != nil {
			return nil, err
		}
		all.Targets = append(all.Targets, target)
	}
	slices.SortFunc(all.Targets, compareTargets)
	if err := checkTargets(&all, byID); err != nil {
		return nil, err
	}
	for i := range f.described {
		if p := &f.described[i]; !attached[p.id] {
			all.Unattached = append(all.Unattached, p.policy())
		}
	}
	slices.SortFunc(all.Unattached, comparePolicies)
	return &all, nil
}

// unrestricting reports whether the list is one of tag policies or the like.
func (l *policyList) unrestricting() bool {
	return len(l.policies) > 0 && !slices.ContainsFunc(l.policies, func(p policySummary) bool { return p.restricts() })
}

func (p *describedPolicy) policy() OrganizationPolicy {
	return OrganizationPolicy{ID: p.id, ARN: p.arn, Name: p.name, AWSManaged: p.awsManaged, Document: p.document}
}

// policiesOfOneTarget takes all that is described for attached to one target.
func (f *organizationFiles) policiesOfOneTarget() (*OrganizationPolicies, error) {
	var target OrganizationTarget
	allows := false
	for i := range f.described {
		p := &f.described[i]
		if p.kind == typeResourceControl {
			target.ResourceControl = append(target.ResourceControl, p.policy())
			continue
		}
		target.ServiceControl = append(target.ServiceControl, p.policy())
		allows = allows || allowsSomething(p.document)
	}
	if len(f.described) == 0 {
		return nil, &KindError{Seems: "a directory without service or resource control policies", Hint: organizationHint}
	}
	if len(target.ServiceControl) > 0 && !allows {
		full, _ := fullAccess()
		target.ServiceControl = append(target.ServiceControl, full)
	}
	slices.SortFunc(target.ServiceControl, comparePolicies)
	slices.SortFunc(target.ResourceControl, comparePolicies)
	return &OrganizationPolicies{Targets: []OrganizationTarget{target}}, nil
}

// allowsSomething reports whether a document, which was parsed before, has an Allow.
func allowsSomething(d PolicyDocument) bool {
	doc, err := d.Parse()
	return err == nil && slices.ContainsFunc(doc.Statements, func(s policydoc.Statement) bool { return s.Effect == policydoc.Allow })
}

// target merges the lists of one target, and adds their policies to attached.
func (f *organizationFiles) target(id string, of *targetLists, attached map[string]bool) (OrganizationTarget, error) {
	target := OrganizationTarget{ID: id}
	pages := map[string]*listPages{}
	for _, list := range of.lists {
		kinds := map[string]bool{}
		for i := range list.policies {
			summary := &list.policies[i]
			kinds[summary.kind] = true
			if !summary.restricts() {
				continue
			}
			policy, err := f.find(list, summary)
			if err != nil {
				return target, err
			}
			attached[policy.ID] = true
			if summary.kind == typeServiceControl {
				target.ServiceControl = append(target.ServiceControl, policy)
			} else {
				target.ResourceControl = append(target.ResourceControl, policy)
			}
		}
		if len(kinds) == 0 {
			kinds[""] = true
		}
		for kind := range kinds {
			if pages[kind] == nil {
				pages[kind] = &listPages{}
			}
			pages[kind].add(list)
		}
	}
	target.ServiceControl = sortedPolicies(target.ServiceControl)
	target.ResourceControl = sortedPolicies(target.ResourceControl)
	return target, checkPages(id, pages)
}

// find returns the policy that a list names.
func (f *organizationFiles) find(list *policyList, summary *policySummary) (OrganizationPolicy, error) {
	if i, ok := f.byID[summary.id]; ok {
		if f.described[i].kind != summary.kind {
			return OrganizationPolicy{}, list.problem(summary.at, fmt.Sprintf("policy %s is a %s here and a %s in %s",
				clip(summary.id), summary.kind, f.described[i].kind, f.described[i].file))
		}
		return f.described[i].policy(), nil
	}
	serviceControl, resourceControl := fullAccess()
	switch summary.id {
	case serviceControl.ID:
		return serviceControl, nil
	case resourceControl.ID:
		return resourceControl, nil
	}
	return OrganizationPolicy{}, list.problem(summary.at, fmt.Sprintf(
		"the text of policy %s is in no file%s", clip(summary.id), describeCommand(summary.id)))
}

// problem returns an error about a place of a list.
func (l *policyList) problem(at FormatError, message string) error {
	at.Message = message
	return fmt.Errorf("%s: %w", l.file, &at)
}

func sortedPolicies(policies []OrganizationPolicy) []OrganizationPolicy {
	slices.SortFunc(policies, comparePolicies)
	return slices.CompactFunc(policies, func(a, b OrganizationPolicy) bool { return a.ID == b.ID })
}

func comparePolicies(a, b OrganizationPolicy) int { return strings.Compare(a.ID, b.ID) }

// compareTargets orders targets from the root down.
func compareTargets(a, b OrganizationTarget) int {
	return cmp.Or(cmp.Compare(depth(a.ID), depth(b.ID)), strings.Compare(a.ID, b.ID))
}

func depth(id string) int {
	switch {
	case strings.HasPrefix(id, "r-"):
		return 0
	case strings.HasPrefix(id, "ou-"):
		return 1
	case !isAccountID(id):
		return 2
	}
	return 3
}

// policyID is what AWS's policy ids look like. Others must not end up in a command
// that a reader may copy.
//
// See https://docs.aws.amazon.com/organizations/latest/APIReference/API_PolicySummary.html.
var policyID = regexp.MustCompile(`^p-[0-9a-zA-Z_]{1,128}$`)

// describeCommand says how to save the text of a policy.
func describeCommand(id string) string {
	if !policyID.MatchString(id) {
		return ""
	}
	return fmt.Sprintf(": save it with: aws organizations describe-policy --policy-id %[1]s > %[1]s.json", id)
}
