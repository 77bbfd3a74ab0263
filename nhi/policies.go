package nhi

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// policyIndex finds an account's policies and groups by name, and remembers what
// was read of them: a policy is parsed once, however many identities have it.
type policyIndex struct {
	signals *Signals
	managed map[string]*nhiscan.ManagedPolicy
	groups  map[string]*nhiscan.Group

	selfService map[string]bool
	grants      map[string]grants
}

func newPolicyIndex(a *nhiscan.Account, signals *Signals) *policyIndex {
	x := &policyIndex{
		signals:     signals,
		managed:     make(map[string]*nhiscan.ManagedPolicy, len(a.Policies)),
		groups:      make(map[string]*nhiscan.Group, len(a.Groups)),
		selfService: map[string]bool{},
		grants:      map[string]grants{},
	}
	for i := range a.Policies {
		x.managed[a.Policies[i].ARN] = &a.Policies[i]
	}
	for i := range a.Groups {
		x.groups[a.Groups[i].Name] = &a.Groups[i]
	}
	return x
}

// document returns the text in force of a managed policy; empty when it was not read.
func (x *policyIndex) document(arn string) nhiscan.PolicyDocument {
	if policy := x.managed[arn]; policy != nil {
		if version, ok := policy.Default(); ok {
			return version.Document
		}
	}
	return nhiscan.PolicyDocument{}
}

const policyFacts = nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies

// readUserPolicies weighs what the user's policies are for.
func (c *classifier) readUserPolicies(s *score, u *nhiscan.User) {
	s.look("policies", u.Known.Has(policyFacts))
	if name, ok := c.policies.selfServicePolicy(u); ok {
		s.add("self-service", "may change the own password or MFA device ("+name+")")
	}
	if service, ok := singleService(u); ok {
		s.add("single-service", "one inline policy, for named resources of "+service+" only")
	}
}

// knownPolicies returns the lists of an identity's policies, without one that
// was not read.
func knownPolicies(known nhiscan.Facts, attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy) ([]nhiscan.AttachedPolicy, []nhiscan.InlinePolicy) {
	if !known.Has(nhiscan.FactAttachedPolicies) {
		attached = nil
	}
	if !known.Has(nhiscan.FactInlinePolicies) {
		inline = nil
	}
	return attached, inline
}

// selfServicePolicy returns the name of a policy that lets the user look after
// the own password or MFA device.
func (x *policyIndex) selfServicePolicy(u *nhiscan.User) (name string, ok bool) {
	if name, ok := x.selfServiceIn(knownPolicies(u.Known, u.AttachedPolicies, u.InlinePolicies)); ok {
		return name, true
	}
	if u.Known.Has(nhiscan.FactGroups) {
		for _, groupName := range u.Groups {
			group := x.groups[groupName]
			if group == nil {
				continue
			}
			if name, ok := x.selfServiceIn(group.AttachedPolicies, group.InlinePolicies); ok {
				return name + " through group " + groupName, true
			}
		}
	}
	return "", false
}

func (x *policyIndex) selfServiceIn(attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy) (name string, ok bool) {
	for _, p := range attached {
		if x.signals.selfServicePolicies[p.Name] {
			return p.Name, true
		}
		is, known := x.selfService[p.ARN]
		if !known {
			is = x.isSelfService(x.document(p.ARN))
			x.selfService[p.ARN] = is
		}
		if is {
			return p.Name, true
		}
	}
	for i := range inline {
		if x.isSelfService(inline[i].Document) {
			return inline[i].Name, true
		}
	}
	return "", false
}

// iamPrefix begins every self-service action.
const iamPrefix = "iam:"

// isSelfService reports whether a document allows one of the self-service
// actions by its own name: iam:* is for administrators, not for oneself.
func (x *policyIndex) isSelfService(document nhiscan.PolicyDocument) bool {
	if !strings.Contains(document.Text(), iamPrefix) {
		return false
	}
	mentioned := slices.ContainsFunc(x.signals.selfServiceActions, func(action string) bool {
		return strings.Contains(document.Text(), action)
	})
	if !mentioned {
		return false
	}
	doc, err := document.Parse()
	if err != nil {
		return false
	}
	for _, statement := range doc.Statements {
		if statement.Effect == policydoc.Allow && slices.ContainsFunc(statement.Actions, func(action string) bool {
			return slices.Contains(x.signals.selfServiceActions, action)
		}) {
			return true
		}
	}
	return false
}

// singleService returns the service that a user's only policy is about, when it
// is an inline policy that names its resources: what a program needs.
func singleService(u *nhiscan.User) (service string, ok bool) {
	if !u.Known.Has(policyFacts) || len(u.Groups) > 0 || len(u.AttachedPolicies) > 0 || len(u.InlinePolicies) != 1 {
		return "", false
	}
	doc, err := u.InlinePolicies[0].Document.Parse()
	if err != nil {
		return "", false
	}
	for i := range doc.Statements {
		statement := &doc.Statements[i]
		if statement.Effect != policydoc.Allow {
			continue
		}
		if statement.NotActions != nil || statement.NotResources != nil || slices.Contains(statement.Resources, "*") {
			return "", false
		}
		for _, action := range statement.Actions {
			prefix, _, found := strings.Cut(strings.ToLower(action), ":")
			if !found || strings.Contains(prefix, "*") || (service != "" && prefix != service) {
				return "", false
			}
			service = prefix
		}
	}
	return service, service != "" && service != "iam" && service != "sts"
}
