package synth

// assumer lets an identity assume roles: named ones, those with names that begin
// alike, those of another account, or all that trust it.
func (g *generator) assumer() []statement {
	s := allow("AssumeRoles", []string{"sts:AssumeRole"}, g.assumable())
	switch {
	case g.chance(30):
		s.actions = append(s.actions, "sts:TagSession")
	case g.chance(10):
		s.condition = mfa
	}
	list := []statement{s}
	if g.chance(10) {
		list = append(list, deny("KeepOut", s.actions[:1], []string{arn("role", "/", g.one(applications)+"-*-prod-*")}))
	}
	return list
}

func (g *generator) assumable() []string {
	g.assumers++
	switch n := spread(g.assumers); {
	case n < 42:
		return g.rolesOf(trustsAccount, 1+g.rand.IntN(4))
	case n < 62:
		return []string{arn("role", "/", g.one(applications)+"-*")}
	case n < 80:
		return []string{"arn:aws:iam::" + otherAccount + ":role/" + g.application() + "-*"}
	case n < 86:
		return []string{"arn:aws:iam::*:role/" + g.one(teams) + "-" + g.one(grades)}
	case n < 90:
		return []string{arn("role", "/", "*-"+g.one(environments)+"-*")}
	case n < 95:
		return []string{arn("role", "/", "*")}
	default:
		return everything
	}
}

// chainLength is how many roles stand in a chain, each of which may assume the next.
const chainLength = 5

// next returns the role that a role trusting its own account may assume, if it
// is not the last of its chain. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining.
func (g *generator) next(p *rolePlan) (string, bool) {
	roles := g.trusting[trustsAccount]
	if p.chain == 0 || p.chain%chainLength == 0 || p.chain >= len(roles) {
		return "", false
	}
	return roles[p.chain], true
}
