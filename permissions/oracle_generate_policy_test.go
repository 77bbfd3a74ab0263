package permissions_test

import "strings"

// A policyKind says which elements a policy's statements have.
type policyKind int

const (
	identityLike policyKind = iota
	resourceLike
	trustLike
	resourceControlLike
)

// policy returns a policy in which, with probability p, one statement is made so
// that it probably allows the request.
func (g *generator) policy(kind policyKind, p float64) simulatedPolicy {
	policy := simulatedPolicy{Version: pick(g, []string{"2012-10-17", "2012-10-17", "2012-10-17", "2012-10-17", "2008-10-17", ""})}
	if kind == resourceControlLike {
		policy.Version = "2012-10-17" // the only one that Organizations accepts there
	}
	for range g.IntN(3) {
		effect := "Allow"
		if kind == resourceControlLike || g.chance(0.4) {
			effect = "Deny"
		}
		policy.Statements = append(policy.Statements, g.statement(kind, effect, g.chance(0.15)))
	}
	if g.chance(p) || len(policy.Statements) == 0 {
		effect := "Allow"
		if kind == resourceControlLike {
			effect = "Deny"
		}
		policy.Statements = append(policy.Statements, g.statement(kind, effect, kind != resourceControlLike || g.chance(0.3)))
	}
	g.Shuffle(len(policy.Statements), func(i, j int) {
		policy.Statements[i], policy.Statements[j] = policy.Statements[j], policy.Statements[i]
	})
	return policy
}

// statement returns a statement that fits the request if it is meant to.
func (g *generator) statement(kind policyKind, effect string, fits bool) simulatedStatement {
	st := simulatedStatement{Effect: effect}
	g.actions(kind, &st, fits)
	if kind != trustLike {
		g.resources(kind, &st, fits)
	}
	if kind != identityLike {
		g.principalElement(kind, &st, fits)
	}
	p := 0.3
	if effect == "Deny" {
		p = 0.7
	}
	for g.chance(p) && len(st.Condition) < 3 {
		g.condition(&st, fits == (effect == "Allow"))
		p = 0.3
	}
	return st
}

var otherActions = []string{
	"s3:*", "s3:Get*", "S3:get?bject", "s3:*Object", "sqs:*", "sqs:Send*", "kms:*", "kms:?ecrypt", "lambda:*",
	"secretsmanager:Get*", "dynamodb:*Item", "sts:*", "sts:AssumeRole", "iam:*", "iam:Get*", "ec2:Describe*", "iam:List*", "lambda:Invoke*",
}

func (g *generator) actions(kind policyKind, st *simulatedStatement, fits bool) {
	if kind == trustLike {
		st.Action = []string{pick(g, []string{"sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"})}
		if fits || g.chance(0.6) {
			st.Action = append(st.Action, g.s.Request.Action)
		}
		return
	}
	if g.chance(0.15) && kind != resourceControlLike {
		st.NotAction = g.some(2, func() string { return pick(g, otherActions) })
		if fits {
			st.NotAction = []string{pick(g, []string{"iam:CreateUser", "ec2:*", "s3:GetObj?", "sqs:Purge*"})}
		}
		return
	}
	if fits || g.chance(0.5) {
		st.Action = append(st.Action, g.actionPattern(kind, g.s.Request.Action))
	}
	if len(st.Action) == 0 || g.chance(0.3) {
		st.Action = append(st.Action, pick(g, otherActions))
	}
}

// actionPattern returns a pattern that covers the action.
func (g *generator) actionPattern(kind policyKind, action string) string {
	service, name, _ := strings.Cut(action, ":")
	switch g.IntN(7) {
	case 0:
		if kind != resourceControlLike {
			return "*"
		}
	case 1:
		return service + ":*"
	case 2:
		return service + ":" + name[:len(name)/2] + "*"
	case 3:
		return service + ":*" + strings.ToUpper(name[len(name)/2:])
	case 4:
		return strings.ToUpper(service) + ":" + name[:1] + "*" + name[len(name)-1:]
	case 5:
		return service + ":" + strings.Replace(name, name[1:2], "?", 1)
	}
	return action
}

var otherResources = []string{
	"arn:aws:s3:::data/*", "arn:aws:s3:::data", "arn:aws:s3:::*", "arn:aws:s3:::data/${aws:username}/*", "arn:aws:s3:::data/a?b+(c)",
	"arn:aws:s3:::data/a.b*", "arn:aws:s3:::DATA/*", "arn:aws:s3:::${aws:username}", "arn:aws:s3:::logs/*/${aws:PrincipalTag/Team, 'alice'}",
	"arn:aws:sqs:*:*:${aws:username}", "arn:aws:sqs:us-*:111111111111:*", "arn:aws:kms:*:*:key/*", "arn:aws:lambda:*:*:function:jobs-?",
	"arn:aws:secretsmanager:us-east-1:*:secret:${aws:PrincipalTag/Team}*", "arn:aws:dynamodb:us-east-1:*:table/${aws:PrincipalTag/Team, 'jobs'}",
	"arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:user/${aws:username}", "arn:aws:iam::*:role/team/*",
	"arn:aws:s3:::data/${*}", "arn:aws:s3:::data/a${?}b*", "arn:aws:s3:::data/${aws:TagKeys}/x", "arn:aws:s3:::data/${aws:PrincipalTag/Missing}*",
}

func (g *generator) resources(kind policyKind, st *simulatedStatement, fits bool) {
	if g.chance(0.12) {
		st.NotResource = g.some(2, func() string { return pick(g, otherResources) })
		return
	}
	if fits || g.chance(0.5) {
		st.Resource = append(st.Resource, g.resourcePattern())
	}
	if len(st.Resource) == 0 || g.chance(0.2) {
		st.Resource = append(st.Resource, pick(g, otherResources))
	}
}

// resourcePattern returns a pattern that covers the request's resource.
func (g *generator) resourcePattern() string {
	arn := g.s.Request.Resource.Resource
	if arn == "*" {
		return "*"
	}
	half := len(arn) - 3
	switch g.IntN(6) {
	case 0, 1:
		return "*"
	case 2:
		return arn[:half] + "*"
	case 3:
		return strings.Replace(arn, "us-east-1", "*", 1)
	case 4:
		return strings.Replace(arn, "alice", pick(g, []string{"${aws:username}", "${aws:PrincipalTag/Missing, 'alice'}"}), 1)
	}
	return arn
}

var principalElements = []string{
	"*", accountA, accountB, "arn:aws:iam::#:root", "arn:aws:iam::#:user/alice", "arn:aws:iam::#:user/team/bob", "arn:aws:iam::#:role/Deploy",
	"arn:aws:sts::#:assumed-role/Deploy/alice", "arn:aws:sts::#:assumed-role/Deploy/bob", "arn:aws:sts::#:federated-user/carol",
}

func (g *generator) principalElement(kind policyKind, st *simulatedStatement, fits bool) {
	if kind == resourceControlLike {
		st.Principal = "*"
		return
	}
	if st.Effect == "Deny" && kind == resourceLike && g.chance(0.35) {
		st.NotPrincipal = map[string][]string{"AWS": g.notPrincipals()}
		return
	}
	if g.chance(0.12) {
		st.Principal = "*"
		return
	}
	element := map[string][]string{}
	if fits || g.chance(0.4) {
		g.addPrincipal(element, g.s.principalName())
	}
	if len(element) == 0 || g.chance(0.2) {
		g.addPrincipal(element, g.otherPrincipal())
	}
	st.Principal = element
}

// otherPrincipal returns an entry of Principal.AWS, but for those on which the
// answers must differ: the session of a role whose session is not known, which makes
// ours depend on it, and accounts where a provider asks, which the oracle counts to its account.
func (g *generator) otherPrincipal() string {
	name := strings.ReplaceAll(pick(g, principalElements), "#", pick(g, []string{accountA, accountB}))
	switch {
	case strings.Contains(g.s.principalName(), ":role/") && strings.Contains(name, ":assumed-role/"),
		g.s.provider() && (strings.HasSuffix(name, ":root") || !strings.Contains(name, ":")):
		return "arn:aws:iam::" + accountA + ":user/alice"
	}
	return name
}

// notPrincipals lists principals with all that they need to be excepted: the
// session, its role, and the account.
func (g *generator) notPrincipals() []string {
	list := []string{strings.ReplaceAll(pick(g, principalElements[1:]), "#", accountA)}
	if g.chance(0.5) && g.s.account() != "" {
		account := g.s.account()
		list = []string{g.s.principalName()}
		if g.chance(0.7) {
			list = append(list, "arn:aws:iam::"+account+":root")
		}
		if strings.Contains(list[0], ":assumed-role/") && g.chance(0.7) {
			list = append(list, "arn:aws:iam::"+account+":role/Deploy")
		}
	}
	return list
}

// addPrincipal adds the principal, or who stands for it.
func (g *generator) addPrincipal(element map[string][]string, name string) {
	switch {
	case name == "":
		element["AWS"] = append(element["AWS"], "*")
	case strings.HasSuffix(name, ".amazonaws.com"):
		element["Service"] = append(element["Service"], pick(g, append(services, name)))
	case strings.Contains(name, "-provider/"):
		element["Federated"] = append(element["Federated"], name)
	default:
		names := []string{name, name}
		if parts := strings.Split(name, ":"); len(parts) > 4 && !g.s.provider() {
			names = append(names, parts[4], "arn:aws:iam::"+parts[4]+":root", "*")
			if strings.Contains(name, ":assumed-role/") {
				names = append(names, "arn:aws:iam::"+parts[4]+":role/Deploy")
			}
		}
		element["AWS"] = append(element["AWS"], pick(g, names))
	}
}
