package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
)

// maxAdvice is the number of things that an identity is advised to do.
const maxAdvice = 8

// advice says what to do about an identity's permissions, the most urgent first.
func (p *printer) advice(id *Identity) {
	list := Advice(id)
	if len(list) == 0 {
		return
	}
	p.heading("What to do")
	for i, text := range list {
		p.item(fmt.Sprintf("%d.", i+1), plain, 2, text)
	}
}

// Advice says in printable sentences what to do about an identity's permissions,
// the most urgent first. It needs them.
func Advice(id *Identity) []string {
	list := adviceFor(id)
	return list[:min(len(list), maxAdvice)]
}

func adviceFor(id *Identity) []string {
	perms := id.Permissions
	var out []string
	if perms.Admin.Kind == permissions.AdminDirect {
		out = append(out, adminAdvice(id))
	}
	if way := shortest(perms); way != nil {
		out = append(out, wayAdvice(way, id)...)
	}
	if perms.Admin.Kind != permissions.AdminDirect {
		out = append(out, wildcardAdvice(id)...)
	}
	if len(perms.Unusable) > 0 {
		out = append(out, fmt.Sprintf("Delete what is granted and never usable (%s): it misleads, and takes effect when something else changes.",
			count(len(perms.Unusable), "grant")))
	}
	if len(perms.Unresolved) > 0 {
		out = append(out, "Supply what could not be read: with it the answer may be another.")
	}
	return out
}

func adminAdvice(id *Identity) string {
	by := "its policies"
	if grants := id.Permissions.Admin.Grants; len(grants) > 0 {
		by = policyText(sourceOf(grants[0]), id.Identity.ARN)
	}
	switch id.Identity.Verdict {
	case nhi.Human:
		return fmt.Sprintf("Replace %s by what the person needs from day to day, and keep administrator access for a role that demands MFA.", by)
	case nhi.NonHuman:
		return fmt.Sprintf("Replace %s by a policy that allows the actions it uses, on the resources it uses: "+
			"what a machine holds, whoever takes the machine over holds too.", by)
	}
	return fmt.Sprintf("Replace %s by a policy that allows what it is used for, unless it is for emergencies.", by)
}

// wayAdvice breaks the way at its first hop, where the identity's own policies allow it.
func wayAdvice(way *permissions.Escalation, id *Identity) []string {
	if len(way.Hops) == 0 {
		return nil
	}
	const lead = "Close the way to administrator access: "
	for _, g := range way.Hops[0].Grants {
		source, where := sourceOf(g.Match), matchText(g.Match, id.Identity.ARN, id.Line)
		switch {
		case source.AWSManaged && g.Action == "sts:AssumeRole":
			return []string{sprintf(lead+"%s cannot be changed: use a policy of your own that names the roles to assume, or narrow the trust policy of %s.",
				policyText(source, id.Identity.ARN), way.Hops[0].To)}
		case source.AWSManaged:
			return []string{sprintf(lead+"%s, which allows %s, cannot be changed: use a policy of your own without it.", policyText(source, id.Identity.ARN), g.Action)}
		case g.Action == "iam:PassRole":
			return []string{lead + "name the roles that it must pass in " + where + ", and add the condition iam:PassedToService."}
		case g.Action == "sts:AssumeRole":
			return []string{sprintf(lead+"take %s out of %s, or out of the role's trust policy.", way.Hops[0].To, where)}
		}
	}
	if len(way.Hops[0].Grants) == 0 {
		return nil
	}
	g := way.Hops[0].Grants[0]
	return []string{sprintf(lead+"take %s away or narrow its Resource in %s.", g.Action, matchText(g.Match, id.Identity.ARN, id.Line))}
}

// wildcardAdvice is about the two statements whose wildcards are widest: those that
// cover whole services before those such as ec2:Describe*.
func wildcardAdvice(id *Identity) []string {
	type statement struct {
		policy permissions.Source
		number int
	}
	at := map[statement]int{}
	var first []permissions.Wildcard
	var patterns [][]string
	for _, w := range wholeServicesFirst(id.Permissions.Wildcards) {
		source := sourceOf(w.Match)
		if !w.AllResources || w.Actions < 2 || source.AWSManaged {
			continue
		}
		key := statement{source, w.Statement}
		i, ok := at[key]
		if !ok {
			i = len(first)
			at[key] = i
			first, patterns = append(first, w), append(patterns, nil)
		}
		patterns[i] = append(patterns[i], w.Pattern)
	}
	var out []string
	for i := range first[:min(len(first), 2)] {
		out = append(out, sprintf("Name the actions and resources that it needs instead of %s in %s.",
			listSome(patterns[i], 4), matchText(first[i].Match, id.Identity.ARN, id.Line)))
	}
	return out
}

func wholeServicesFirst(list []permissions.Wildcard) []permissions.Wildcard {
	narrow := func(w permissions.Wildcard) int {
		if w.Pattern == "NotAction" || w.Pattern == "*" || strings.HasSuffix(w.Pattern, ":*") {
			return 0
		}
		return 1
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b permissions.Wildcard) int { return narrow(a) - narrow(b) })
	return list
}
