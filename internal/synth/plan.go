package synth

import "slices"

// plan settles who there is, so that policies can name the identities of the
// account and identities can be given policies for a purpose.
func (g *generator) plan() {
	g.policies, g.trusting = map[string][]int{}, map[string][]string{}
	for i := range g.size.Policies {
		if p := purposeOf(i); p != nil {
			g.policies[p.name] = append(g.policies[p.name], i)
		}
	}
	for i := range g.size.Users {
		kind := g.userKind()
		p := userPlan{kind: kind, name: kind.name(g, i)}
		g.users = append(g.users, p)
		g.userARNs = append(g.userARNs, p.arn())
	}
	for i := range g.size.Roles {
		p := g.planRole(i)
		if by := p.trusted.by; by != "" {
			g.trusting[by] = append(g.trusting[by], p.arn())
			if by == trustsAccount {
				p.chain = len(g.trusting[by])
			}
		}
		g.roles = append(g.roles, p)
		g.roleARNs = append(g.roleARNs, p.arn())
	}
}

// some returns up to so many of the words, each once.
func (g *generator) some(words []string, n int) []string {
	var list []string
	for range min(n, len(words)) {
		if word := g.one(words); !slices.Contains(list, word) {
			list = append(list, word)
		}
	}
	return list
}
