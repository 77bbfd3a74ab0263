package manage

import (
	"context"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// touches says what the change is about, by ARN: a user, role, group, managed policy
// or instance profile. The caller, and what gives it its permissions, is not changed.
func (p *planner) touches(arn string) { p.touched = append(p.touched, arn) }

// credentialFor says that the change makes a credential for the user with the ARN.
func (p *planner) credentialFor(arn string) { p.credentials = append(p.credentials, arn) }

// serviceLinked is the path of roles that belong to AWS services, which alone may
// change them.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
const serviceLinked = "role/aws-service-role/"

// guardTouched refuses what is about the caller or about a role of a service. The
// account is read only where the names alone do not tell.
func (p *planner) guardTouched(ctx context.Context) error {
	var held []nhiscan.ARN
	for _, touched := range slices.Compact(slices.Sorted(slices.Values(p.touched))) {
		arn, ok := nhiscan.ParseARN(touched)
		if !ok {
			continue
		}
		if strings.HasPrefix(arn.Resource, serviceLinked) {
			p.refuse(RiskServiceLinked, "role %s belongs to an AWS service, and only the service changes it", lastPart(arn.Resource))
		}
		switch kind, _, _ := strings.Cut(arn.Resource, "/"); {
		case p.isCaller(arn):
			p.refuse(RiskSelf, "%s %s is the one whose credentials make this change", kind, lastPart(arn.Resource))
		case kind == "group" || kind == "policy" || kind == "instance-profile":
			held = append(held, arn)
		}
	}
	if kind, _ := p.callerEntity(); kind == "" || len(held) == 0 {
		return nil
	}
	a, err := p.whole(ctx)
	if err != nil {
		return err
	}
	p.refuseHeld(a, held)
	return nil
}

// refuseHeld refuses to change what the caller has, of what is not itself.
func (p *planner) refuseHeld(a *nhiscan.Account, touched []nhiscan.ARN) {
	kind, name := p.callerEntity()
	has, ok := holdings(a, kind, name)
	if !ok {
		p.refuseUnread("which groups and policies the caller, " + kind + " " + name + ", has")
		return
	}
	for _, arn := range touched {
		what, resourceName := arn.Resource[:strings.IndexByte(arn.Resource, '/')], lastPart(arn.Resource)
		if how := has[strings.ToLower(arn.Resource)]; how != "" {
			p.refuse(RiskSelf, "%s %s %s %s, whose credentials make this change", what, resourceName, how, kind+" "+name)
		}
	}
}

// holdings are the resources that a user or role has its permissions from, or is
// bounded by, in lower case, with the words that say so.
func holdings(a *nhiscan.Account, kind, name string) (map[string]string, bool) {
	if a == nil {
		return nil, false
	}
	has := map[string]string{}
	note := func(how string, arns ...string) {
		for _, s := range arns {
			if arn, ok := nhiscan.ParseARN(s); ok && has[strings.ToLower(arn.Resource)] == "" {
				has[strings.ToLower(arn.Resource)] = how
			}
		}
	}
	if kind == "role" {
		r, ok := a.Role(name)
		if !ok {
			return nil, false
		}
		note("is attached to", policyARNs(r.AttachedPolicies)...)
		note("is the permissions boundary of", r.PermissionsBoundary)
		for _, i := range r.InstanceProfiles {
			note("holds", i.ARN)
		}
		return has, r.Known.Has(nhiscan.FactAttachedPolicies | nhiscan.FactPermissionsBoundary | nhiscan.FactInstanceProfiles)
	}
	u, ok := a.User(name)
	if !ok {
		return nil, false
	}
	note("is attached to", policyARNs(u.AttachedPolicies)...)
	note("is the permissions boundary of", u.PermissionsBoundary)
	known := u.Known.Has(nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactPermissionsBoundary)
	for _, name := range u.Groups {
		g, ok := a.Group(name)
		if !ok || !g.Known.Has(nhiscan.FactAttachedPolicies) {
			known = false
			continue
		}
		note("is a group of", g.ARN)
		note("is attached to a group of", policyARNs(g.AttachedPolicies)...)
	}
	return has, known
}

func policyARNs(list []nhiscan.AttachedPolicy) []string {
	arns := make([]string, len(list))
	for i := range list {
		arns[i] = list[i].ARN
	}
	return arns
}

// isCaller reports whether the ARN is that of the caller. A role's session does not
// tell the role's path: names are unique in an account.
func (p *planner) isCaller(arn nhiscan.ARN) bool {
	kind, name := p.callerEntity()
	if kind == "" {
		return arn.Resource == p.caller.Resource && arn.Account == p.caller.Account
	}
	return arn.Service == "iam" && arn.Account == p.caller.Account && strings.HasPrefix(arn.Resource, kind+"/") &&
		strings.EqualFold(lastPart(arn.Resource), name)
}

// callerEntity is the user or role that the caller is; empty for the root user and
// federated users, who are neither.
func (p *planner) callerEntity() (kind, name string) {
	kind, rest, _ := strings.Cut(p.caller.Resource, "/")
	switch {
	case p.caller.Service == "sts" && kind == "assumed-role":
		name, _, _ = strings.Cut(rest, "/")
		return "role", name
	case p.caller.Service == "iam" && (kind == "user" || kind == "role"):
		return kind, lastPart(rest)
	}
	return "", ""
}

// lastPart is the name in a resource with a path.
func lastPart(resource string) string { return resource[strings.LastIndexByte(resource, '/')+1:] }
