package policydoc

import (
	"slices"
	"strings"
)

// exposure looks for statements that allow more than is probably meant.
func (l *linter) exposure() {
	if l.s.Effect != Allow || l.is(KindServiceControl, KindResourceControl) {
		return // the Allow of an SCP or RCP grants nothing
	}
	l.allowAll()
	l.allowNot()
	l.publicPrincipal()
	l.passRole()
}

func (l *linter) allowAll() {
	s := l.s
	i := slices.IndexFunc(s.Actions, func(text string) bool { return l.action.get(text).everything() })
	if i >= 0 && slices.ContainsFunc(s.Resources, isStars) && len(s.Conditions) == 0 {
		l.report(ruleAllowAll, atValue("Action", i), "every action on every resource is allowed, without a condition", "name the actions and resources that are needed")
	}
}

// allowNot looks for Allow with an element that names the exceptions.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html.
func (l *linter) allowNot() {
	s := l.s
	if s.NotActions != nil {
		l.report(ruleAllowNotAction, atElement("NotAction"), "Allow with NotAction grants every action but the named ones, in all services, those to come included", "name the actions to allow")
	}
	if s.NotResources != nil {
		l.report(ruleAllowNotResource, atElement("NotResource"), "Allow with NotResource grants every resource but the named ones, those to come included", "name the resources to allow")
	}
	if s.NotPrincipal != nil {
		l.report(ruleAllowNotPrincipal, atElement("NotPrincipal"), "Allow with NotPrincipal lets in everyone but the named ones, anonymous callers included", "name the principals to allow")
	}
}

func (l *linter) publicPrincipal() {
	p := l.s.Principal
	if p == nil || len(l.s.Conditions) > 0 {
		return
	}
	at := atElement("Principal")
	if !p.Everyone {
		i := slices.Index(p.AWS, "*")
		if i < 0 {
			return
		}
		at = atPrincipal("Principal", "AWS", i)
	}
	l.report(rulePublicPrincipal, at, "everyone is allowed, whatever the account, without a condition", "name the principals, or add a condition such as on aws:PrincipalOrgID")
}

// passRole looks for iam:PassRole on all roles and for all services.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html.
func (l *linter) passRole() {
	i := slices.IndexFunc(l.s.Actions, func(text string) bool {
		return !l.action.get(text).everything() && MatchAction(text, "iam:PassRole")
	})
	if i < 0 || !slices.ContainsFunc(l.s.Resources, coversAllRoles) {
		return
	}
	for _, c := range l.s.Conditions {
		if strings.EqualFold(c.Key, "iam:PassedToService") {
			return
		}
	}
	l.report(rulePassRole, atValue("Action", i), "any role may be handed to any service, which then acts with its permissions",
		"name the roles in Resource, and the services in a condition on iam:PassedToService")
}

// coversAllRoles reports whether a Resource covers every role of an account.
func coversAllRoles(resource string) bool {
	if parts := strings.SplitN(resource, ":", 6); len(parts) == 6 && parts[2] == "iam" {
		return parts[5] == "*" || parts[5] == "role/*" || parts[5] == "role*"
	}
	return isStars(resource)
}
