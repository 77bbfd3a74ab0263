package nhi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

// assumers is who in this account can assume a role.
type assumers struct {
	// particular are those that the trust policy names, or whose policies allow
	// this role; general, those who may assume every role that trusts the account.
	particular, general side
	// person and workload name one of each.
	person, workload string
}

// link builds the graph of an account's roles. users come first in the order of nodes.
func (c *classifier) link(users []Classification, roles []roleWork) *graph {
	g := newGraph(len(users) + len(roles))
	byARN := make(map[string]int32, len(users)+len(roles))
	bySession := make(map[string]string, len(roles))
	for i := range users {
		u := &c.account.Users[i]
		g.names[i], g.fixed[i] = "user "+u.Name, sideOf(users[i].Verdict)
		byARN[u.ARN] = int32(i)
	}
	for i := range roles {
		node := int32(len(users) + i)
		g.names[node], g.fixed[node] = "role "+roles[i].role.Name, roles[i].own
		byARN[roles[i].role.ARN] = node
		if arn, ok := nhiscan.ParseARN(roles[i].role.ARN); ok {
			bySession[sessionKey(arn.Account, roles[i].role.Name)] = roles[i].role.ARN
		}
	}
	for i := range roles {
		node := int32(len(users) + i)
		for _, p := range roles[i].open {
			from, known := byARN[roleOfSession(p.Principal, bySession)]
			narrowed := principalARNs(p)
			switch {
			case known:
				g.connect(from, node)
			case len(narrowed) > 0:
				roles[i].readNarrowed(g, byARN, node, narrowed)
			case p.WholeAccount && p.Relation == trust.RelationSame:
				g.trusting = append(g.trusting, node)
			default:
				roles[i].readPrincipalName(p)
			}
		}
	}
	g.trusting = slices.Compact(g.trusting)
	if len(g.trusting) > 0 {
		c.linkGrants(g, len(users), roles)
	}
	return g
}

// linkGrants connects those whose policies allow sts:AssumeRole with the roles
// that trust the whole account. Policies that allow the same pattern meet in
// one node, so that a policy of many users is matched with the roles once.
func (c *classifier) linkGrants(g *graph, users int, roles []roleWork) {
	arns := make([]string, 0, len(g.trusting))
	nodes := make(map[string]int32, len(g.trusting))
	for _, node := range g.trusting {
		arn := roles[int(node)-users].role.ARN
		arns = append(arns, arn)
		nodes[arn] = node
	}
	slices.Sort(arns)
	each := func(node int32, of grants) {
		for _, pattern := range of.allow {
			if pattern == anyRole {
				g.connect(node, g.everyone)
				continue
			}
			key := pattern
			if len(of.deny) > 0 {
				// Who is denied some of the roles shares no node with who is not.
				key += "\x00" + strings.Join(of.deny, "\x00")
			}
			meet, known := g.patterns[key]
			if !known {
				meet = g.addNode()
				g.patterns[key] = meet
				for _, arn := range matching(arns, pattern) {
					if !denied(of.deny, arn) {
						g.connect(meet, nodes[arn])
					}
				}
			}
			g.connect(node, meet)
		}
	}
	for i := range c.account.Users {
		each(int32(i), c.policies.ofUser(&c.account.Users[i]))
	}
	for i := range roles {
		r := roles[i].role
		each(int32(users+i), c.policies.ofKnown(r.Known, r.AttachedPolicies, r.InlinePolicies))
	}
}

// principalARNs returns what a condition on aws:PrincipalArn narrows a path to
// that names a whole account, or everyone; nil when nothing does.
func principalARNs(p *trust.Path) []string {
	if !p.WholeAccount && p.PrincipalType != "*" && p.Principal != "*" {
		return nil
	}
	for _, c := range p.Conditions {
		if !strings.EqualFold(c.Key, "aws:PrincipalArn") {
			continue
		}
		switch strings.ToLower(c.Operator) {
		case "arnequals", "arnlike", "stringlike":
			return c.Values
		case "stringequals":
			if !slices.ContainsFunc(c.Values, func(v string) bool { return strings.ContainsAny(v, "*?") }) {
				return c.Values
			}
		}
	}
	return nil
}

// readNarrowed takes the identities of the account that the values of
// aws:PrincipalArn match for those who can assume the role, and reads the names
// of those that match none. Roles with the same pattern share a node.
func (w *roleWork) readNarrowed(g *graph, byARN map[string]int32, node int32, values []string) {
	for _, value := range values {
		from, known := byARN[value]
		if !known && strings.ContainsAny(value, "*?") {
			from, known = g.matchingIdentities(byARN, value)
		}
		if known {
			g.connect(from, node)
		} else {
			w.readPrincipalName(&trust.Path{Principal: strings.TrimRight(value, "*?")})
		}
	}
}

// matchingIdentities returns the node that stands for the identities whose ARNs
// a pattern covers, and false when there are none.
func (g *graph) matchingIdentities(byARN map[string]int32, pattern string) (node int32, found bool) {
	key := "principal\x00" + pattern
	if node, known := g.patterns[key]; known {
		return node, len(g.back[node]) > 0
	}
	if g.arns == nil {
		g.arns = slices.Sorted(maps.Keys(byARN))
	}
	node = g.addNode()
	g.patterns[key] = node
	for _, arn := range matching(g.arns, pattern) {
		g.connect(byARN[arn], node)
	}
	return node, len(g.back[node]) > 0
}

// sessionKey is what the sessions of a role have in common with it: the account
// and the name. A session's ARN lacks the path of its role.
func sessionKey(account, name string) string { return account + "/" + name }

// roleOfSession returns the ARN of the role whose session a principal is, when
// it is one of the account; other principals as they are.
func roleOfSession(principal string, roleARNs map[string]string) string {
	before, session, ok := strings.Cut(principal, ":assumed-role/")
	if !ok {
		return principal
	}
	name, _, _ := strings.Cut(session, "/")
	if arn, known := roleARNs[sessionKey(before[strings.LastIndexByte(before, ':')+1:], name)]; known {
		return arn
	}
	return principal
}

func sideOf(v Verdict) side {
	switch v {
	case Human:
		return people
	case NonHuman:
		return workloads
	case Mixed:
		return people | workloads
	default:
		return 0
	}
}

// readAssumers adds what those who can assume the role say.
func (w *roleWork) readAssumers(a assumers) {
	switch {
	case a.particular == 0 && (w.own != 0 || w.shared):
		// Who may assume any role says nothing about a role that says itself who it is for.
	case a.particular != 0:
		if a.particular&people != 0 {
			w.score.add("assumed-by-people", a.person+" can assume the role")
		}
		if a.particular&workloads != 0 {
			w.score.add("assumed-by-workloads", a.workload+" can assume the role")
		}
	case a.general == people:
		w.score.add("people-may-assume-any-role", fmt.Sprintf("nobody is allowed this role in particular; %s may assume any role", a.person))
	case a.general == workloads:
		w.score.add("workloads-may-assume-any-role", fmt.Sprintf("nobody is allowed this role in particular; %s may assume any role", a.workload))
	}
}
