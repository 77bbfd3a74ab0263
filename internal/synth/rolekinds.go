package synth

import "fmt"

// A rolePlan is what is settled about a role before policies name it.
type rolePlan struct {
	path, name string
	trusted    trusted
	// linked is the service that the role is linked to, if any.
	linked *linkedService
	// chain is the role's place among those that trust the account, from 1; 0 for others.
	chain int
}

func (p *rolePlan) arn() string { return arn("role", p.path, p.name) }

// A roleKind is a kind of role, with how many of 100 are of it.
type roleKind struct {
	percent int
	plan    func(g *generator, i int) rolePlan
}

var roleKinds = []roleKind{
	{43, planned("/", workloadName, byAnyService)},
	{10, planned("/", workloadName, byCluster)},
	{8, planned("/ci/", workloadName, byGitHub)},
	{8, planned("/", workloadName, byAccount(otherAccount))},
	{6, planned("/vendors/", func(g *generator, i int) string { return fmt.Sprintf("%s-%d", g.one(vendors), i) }, byVendor)},
	{7, planned("/", workloadName, byAccount(AccountID))},
	{3, planned("/", workloadName, byName)},
	{6, planned(ssoPath, func(g *generator, i int) string { return fmt.Sprintf("AWSReservedSSO_%s_%016x", g.one(teams), i) }, byIdentityCenter)},
	{3, planned("/", func(g *generator, i int) string { return fmt.Sprintf("%s-%s-%d", g.one(teams), g.one(grades), i) }, byDirectory)},
	{4, linkedRole},
	{2, planned("/", workloadName, byCognito)},
}

// ssoPath is the path of the roles that IAM Identity Center makes.
const ssoPath = "/aws-reserved/sso.amazonaws.com/eu-west-1/"

func workloadName(g *generator, i int) string {
	return fmt.Sprintf("%s-%s-%s-%d", g.one(applications), g.one(jobs), g.one(environments), i)
}

func planned(path string, name func(g *generator, i int) string, trusts func(g *generator) trusted) func(*generator, int) rolePlan {
	return func(g *generator, i int) rolePlan {
		return rolePlan{path: path, name: name(g, i), trusted: trusts(g)}
	}
}

// A linkedService is a service with the role that is linked to it and the
// managed policy of that role. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html.
type linkedService struct {
	name, principal, policy string
}

var linkedServices = []linkedService{
	{"AutoScaling", "autoscaling.amazonaws.com", "AutoScalingServiceRolePolicy"},
	{"ElasticLoadBalancing", "elasticloadbalancing.amazonaws.com", "AWSElasticLoadBalancingServiceRolePolicy"},
	{"RDS", "rds.amazonaws.com", "AmazonRDSServiceRolePolicy"},
	{"Support", "support.amazonaws.com", "AWSSupportServiceRolePolicy"},
	{"TrustedAdvisor", "trustedadvisor.amazonaws.com", "AWSTrustedAdvisorServiceRolePolicy"},
	{"ECS", "ecs.amazonaws.com", "AmazonECSServiceRolePolicy"},
	{"ElastiCache", "elasticache.amazonaws.com", "ElastiCacheServiceRolePolicy"},
	{"Organizations", "organizations.amazonaws.com", "AWSOrganizationsServiceTrustPolicy"},
}

func linkedRole(g *generator, i int) rolePlan {
	s := &linkedServices[i%len(linkedServices)]
	return rolePlan{
		path:    "/aws-service-role/" + s.principal + "/",
		name:    fmt.Sprintf("AWSServiceRoleFor%s_%d", s.name, i),
		trusted: byService(s.principal)(g), linked: s,
	}
}

// administratorRoles are the kinds of the roles that are administrators, in turn.
var administratorRoles = []func(g *generator, i int) rolePlan{
	planned("/", workloadName, byService("lambda.amazonaws.com")),
	planned("/", workloadName, byAccount(AccountID)),
	planned("/", workloadName, byService("ec2.amazonaws.com")),
	planned(ssoPath, func(_ *generator, i int) string { return fmt.Sprintf("AWSReservedSSO_AdministratorAccess_%016x", i) }, byIdentityCenter),
	planned("/ci/", workloadName, byGitHub),
}

func (g *generator) planRole(i int) rolePlan {
	if administrates(i, everyAdministratorRole) {
		return administratorRoles[i/everyAdministratorRole%len(administratorRoles)](g, i)
	}
	n := g.rand.IntN(100)
	for k := range roleKinds {
		if n -= roleKinds[k].percent; n < 0 {
			return roleKinds[k].plan(g, i)
		}
	}
	return roleKinds[0].plan(g, i)
}
