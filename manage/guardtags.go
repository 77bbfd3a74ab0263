package manage

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// takeovers are the actions by which one identity becomes another, or raises itself.
var takeovers = map[string][]string{
	"user": {"iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile", "iam:PutUserPolicy", "iam:AttachUserPolicy"},
	"role": {"sts:AssumeRole", "iam:PassRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy", "iam:AttachRolePolicy"},
}

// judgeTags refuses tags by which somebody gets hold of a user or role that was
// kept from it by conditions on tags of the resource. Such a condition leaves a way
// open for the comparison of powers, which is about no one resource, with any tags.
func (c *comparison) judgeTags() {
	tagged := map[string]bool{}
	for _, arn := range c.changed.identities {
		b, had := tagsOf(c.before.account, arn)
		a, has := tagsOf(c.after.account, arn)
		tagged[arn] = had && has && !slices.Equal(b, a)
	}
	v := verdict{say: c.p.refuse, code: RiskEscalation}
	for _, arn := range c.everyone() {
		power := c.after.powers[arn]
		if power == nil || rankOfAdmin(&power.Admin) == 2 || !hangsOnTags(power) {
			continue
		}
		for _, target := range c.everyone() {
			if (tagged[arn] || tagged[target]) && c.worthwhile(power, target) {
				if action := c.opened(arn, target); action != "" {
					v.add("%s may do %s on %s, by the tags that there are then", c.called(arn), action, c.called(target))
				}
			}
		}
	}
	v.close("such ways to users and roles")
}

func tagsOf(a *nhiscan.Account, arn string) ([]nhiscan.Tag, bool) {
	if u, ok := a.User(arn); ok {
		return u.Tags, true
	}
	if r, ok := a.Role(arn); ok {
		return r.Tags, true
	}
	return nil, false
}

// hangsOnTags reports whether something that makes one powerful hangs on a tag of
// the resource.
func hangsOnTags(power *permissions.Permissions) bool {
	return slices.ContainsFunc(power.Admin.Keys, isResourceTag) || slices.ContainsFunc(power.Escalations, func(e permissions.Escalation) bool {
		return slices.ContainsFunc(e.Keys, isResourceTag)
	})
}

var resourceTags = []string{"aws:resourcetag/", "iam:resourcetag/"}

func isResourceTag(key string) bool {
	return slices.ContainsFunc(resourceTags, func(prefix string) bool { return strings.HasPrefix(strings.ToLower(key), prefix) })
}

// worthwhile reports whether somebody gains something by becoming the target.
func (c *comparison) worthwhile(of *permissions.Permissions, target string) bool {
	power := c.after.powers[target]
	return of.ARN == target || power != nil && (power.Admin.Is() || len(power.Escalations) > 0) ||
		slices.ContainsFunc(of.Escalations, func(e permissions.Escalation) bool {
			return e.TargetCount > len(e.Targets) || slices.Contains(e.Targets, target)
		})
}

// opened returns an action on the target that the tags allow after the change and
// did not before; empty when there is none.
func (c *comparison) opened(arn, target string) string {
	kind, _, _ := strings.Cut(called(target), " ")
	for _, action := range takeovers[kind] {
		if c.decidesTagged(&c.before, arn, action, target) < c.decidesTagged(&c.after, arn, action, target) {
			return action
		}
	}
	return ""
}

func (c *comparison) decidesTagged(s *side, arn, action, target string) int {
	values := map[string][]string{}
	for _, keys := range c.resourceTagKeys(arn) {
		values[keys] = nil
	}
	tags, _ := tagsOf(s.account, target)
	for _, tag := range tags {
		for _, prefix := range resourceTags {
			values[prefix+strings.ToLower(tag.Key)] = []string{tag.Value}
		}
	}
	d, err := s.analysis.Can(&permissions.Request{
		Principal: permissions.Principal{ARN: arn}, Action: action, Resource: target, Context: permissions.NewContext(values, false),
	})
	if err != nil {
		return 0
	}
	return outcomeRank(d.Outcome)
}

// resourceTagKeys are the tags of resources, in lower case, that the policies of an
// identity ask for: the target has them or lacks them.
func (c *comparison) resourceTagKeys(arn string) []string {
	var keys []string
	policies, ok := c.after.analysis.Policies(arn)
	if !ok {
		return nil
	}
	for _, p := range policies.Identity {
		for _, s := range p.Document().Statements {
			for _, condition := range s.Conditions {
				if isResourceTag(condition.Key) {
					keys = with(keys, strings.ToLower(condition.Key))
				}
			}
		}
	}
	return keys
}
