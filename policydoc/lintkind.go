package policydoc

import (
	"fmt"
	"slices"
	"strings"
)

// kindElements looks for elements that the kind of policy requires or refuses,
// and for elements that are empty.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
func (l *linter) kindElements() {
	s := l.s
	switch l.opts.Kind {
	case KindIdentity, KindServiceControl:
		l.refusePrincipal()
		if s.Resources == nil && s.NotResources == nil {
			l.report(ruleMissingResource, place{}, "the statement has neither Resource nor NotResource", `add Resource, "*" if all are meant`)
		}
	case KindTrust:
		l.requirePrincipal()
		for _, name := range presentElements(s.Resources != nil, "Resource", s.NotResources != nil, "NotResource") {
			l.report(ruleUnexpectedResource, atElement(name), "a trust policy is about the role that it belongs to and has no "+name, "take it out")
		}
		l.trustActions()
	case KindResource:
		l.requirePrincipal()
	case KindResourceControl:
		l.requirePrincipal()
		l.resourceControl()
	}
	l.emptyLists()
}

func (l *linter) refusePrincipal() {
	of := "an identity policy"
	if l.is(KindServiceControl) {
		of = "a service control policy"
	}
	for _, name := range presentElements(l.s.Principal != nil, "Principal", l.s.NotPrincipal != nil, "NotPrincipal") {
		l.report(ruleUnexpectedPrincipal, atElement(name), of+" is about whom it is attached to and has no "+name, "take it out")
	}
}

func (l *linter) requirePrincipal() {
	if l.s.Principal == nil && l.s.NotPrincipal == nil {
		l.report(ruleMissingPrincipal, place{}, "the statement does not say for whom it is", "add Principal")
	}
}

// presentElements returns whichever of two names is there.
func presentElements(first bool, firstName string, second bool, secondName string) []string {
	var names []string
	if first {
		names = append(names, firstName)
	}
	if second {
		names = append(names, secondName)
	}
	return names
}

func (l *linter) emptyLists() {
	s := l.s
	for _, e := range []struct {
		name   string
		values []string
		then   string
	}{
		{"Action", s.Actions, "the statement applies to nothing"},
		{"NotAction", s.NotActions, "the statement applies to every action"},
		{"Resource", s.Resources, "the statement applies to nothing"},
		{"NotResource", s.NotResources, "the statement applies to every resource"},
	} {
		if e.values != nil && len(e.values) == 0 {
			l.report(ruleEmptyList, atElement(e.name), e.name+" is empty: "+e.then, "fill it, or take out the statement")
		}
	}
	if s.Conditions != nil && len(s.Conditions) == 0 {
		l.reportAt(FindingSuggestion, ruleEmptyList, atElement("Condition"), "Condition is empty: the statement applies always", "take it out")
	}
	for _, e := range l.statementPrincipals() {
		if p := e.principal; !p.Everyone && len(p.AWS)+len(p.Service)+len(p.Federated)+len(p.CanonicalUser) == 0 {
			l.report(ruleEmptyList, atElement(e.name), e.name+" is empty", "name a principal")
		}
	}
}

// The actions that a trust policy may hold.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
// and https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html.
var trustActions = []string{
	"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity",
	"sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext",
}

func (l *linter) trustActions() {
	assumes := map[string]bool{}
	for i, pattern := range l.s.Actions {
		some := false
		for _, action := range trustActions {
			if MatchAction(pattern, action) {
				some, assumes[action] = true, true
			}
		}
		if !some {
			l.report(ruleTrustAction, atValue("Action", i), "a trust policy may only hold actions that assume a role or belong to that",
				oneOf(trustActions))
		}
	}
	if l.s.Actions == nil || l.s.Principal == nil || l.s.Effect != Allow {
		return
	}
	if only(assumes, "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext") {
		return
	}
	p := l.s.Principal
	if (len(p.AWS) > 0 || len(p.Service) > 0) && !assumes["sts:AssumeRole"] {
		l.report(ruleTrustActionMismatch, atElement("Action"), "AWS and service principals assume a role with sts:AssumeRole, which is not there", "add sts:AssumeRole")
	}
	for i, provider := range p.Federated {
		want := "sts:AssumeRoleWithWebIdentity"
		if strings.Contains(provider, ":saml-provider/") {
			want = "sts:AssumeRoleWithSAML"
		}
		if !assumes[want] {
			l.report(ruleTrustActionMismatch, atPrincipal("Principal", "Federated", i), "this principal assumes a role with "+want+", which is not there", "add "+want)
		}
	}
}

// only reports whether all that is in the set is among the names.
func only(set map[string]bool, names ...string) bool {
	for name := range set {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

func oneOf(names []string) string {
	last := len(names) - 1
	return "use " + strings.Join(names[:last], ", ") + " or " + names[last]
}

// resourceControl holds a statement against what RCPs support.
//
// See https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html.
func (l *linter) resourceControl() {
	s := l.s
	if s.Effect == Allow && !isFullAccess(l.doc) {
		l.report(ruleRCPEffect, atValue("Effect", 0), "only the RCP that AWS made, RCPFullAWSAccess, may allow", `write "Deny"`)
	}
	if p := s.Principal; p != nil && !p.Everyone {
		l.report(ruleRCPPrincipal, atElement("Principal"), "the Principal of an RCP is everyone", `write "Principal": "*" and narrow it by conditions`)
	}
	if s.NotPrincipal != nil {
		l.report(ruleRCPElement, atElement("NotPrincipal"), "RCPs do not support NotPrincipal", `write "Principal": "*" and narrow it by conditions`)
	}
	if s.NotActions != nil {
		l.report(ruleRCPElement, atElement("NotAction"), "RCPs do not support NotAction", "write Action")
	}
	if s.Resources == nil && s.NotResources == nil {
		l.report(ruleMissingResource, place{}, "the statement has neither Resource nor NotResource", `add Resource, "*" if all are meant`)
	}
	for i, pattern := range s.Actions {
		prefix, _, ok := strings.Cut(pattern, ":")
		service, known := LookupService(prefix)
		if ok && known && !service.ResourceControl {
			l.report(ruleRCPService, atValue("Action", i), fmt.Sprintf("resource control policies do not apply to %s", service.Name), "")
		}
	}
}

// isFullAccess reports whether the document says what RCPFullAWSAccess says.
func isFullAccess(doc *Document) bool {
	if len(doc.Statements) != 1 {
		return false
	}
	s := &doc.Statements[0]
	return s.Effect == Allow && slices.Equal(s.Actions, []string{"*"}) && slices.Equal(s.Resources, []string{"*"}) &&
		s.Principal != nil && s.Principal.Everyone && len(s.Conditions) == 0
}
