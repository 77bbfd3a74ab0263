package permissions

import (
	"slices"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// An escalationGraph is what the search for escalations knows of an account. It is
// built once and then only read, but for what mu guards.
type escalationGraph struct {
	x       *Analysis
	paths   *pathCatalogue
	targets *targetIndex
	trust   *trustIndex

	account             string
	administratorAccess string // the ARN of AWS's policy
	china               bool   // services' names may end in .cn
	newRoles            string // the pattern of the ARNs of roles
	everyone            targetSet
	roleNamed           map[string]int32 // by name in lower case
	templates           map[string][]string
	trustsAnyone        *Policy
	assumeRole          *pathSpec

	// candidates are the paths' actions that each identity is allowed on something
	// at best; unbounded are those without its permissions boundary.
	candidates, unbounded []actionMask
	// admitted are the identities that a trust policy names directly.
	admitted map[int32]bool

	// changeable are the users and roles whose policies IAM lets the account change;
	// raisable those of them that no boundary keeps from what new policies allow.
	changeable targetSet
	raisable   allowance
	// bounded are the roles that their boundary keeps from something, and freed those
	// that would be administrators without it.
	bounded, freed allowance
	// controlled says for users and for roles whether SCPs let them be administrators.
	controlled  map[PrincipalType]truth
	selfActions policydoc.ActionSet // by which identities change themselves
	credentials userCredentials
	// profiled are the roles in instance profiles.
	profiled allowance
	// trusts are the roles by the service that they trust.
	trusts map[string]allowance
	// fullPolicies are the policies that have as many versions as there can be.
	fullPolicies targetSet
	attachedTo   map[int32][]int32 // roles by policy
	groups       map[int32]*groupTarget

	search   graphSearch
	searched []searched      // by identity
	certain  *escalationTree // through what is certain
	all      *escalationTree
	// reaching are the identities from which an administrator can be reached, and
	// nearness the same by the number of steps.
	reaching targetSet
	nearness []targetSet
	// powerful says whose own policies name every action that the paths use in IAM:
	// others are no administrators.
	powerful []bool

	mu        sync.Mutex
	fixed     map[*statement]targetSet
	hops      map[hopKey]Hop
	passed    map[*document]bool
	attaching map[setKey]targetSet
	// attachables are the policies other than AdministratorAccess that are worth attaching.
	attachables []string
	witnesses   map[string]string
	meetings    map[targetPair]targetSet
	interned    map[uint64][]targetSet
	ends        map[chainStart]*chainEnd

	outcomes sync.Pool // of *[]pathOutcome
}

// escalation returns the graph, which the first to ask for build.
func (x *Analysis) escalation() *escalationGraph {
	x.escalations.Do(func() { x.escalationGraph = newEscalationGraph(x) })
	x.escalationGraph.help()
	return x.escalationGraph
}

// newEscalationGraph returns a graph that is yet to be searched.

func newEscalationGraph(x *Analysis) *escalationGraph {
	g := &escalationGraph{
		x: x, paths: paths(), targets: newTargetIndex(x),
		account: x.account.ID, roleNamed: map[string]int32{}, templates: map[string][]string{},
		fixed: map[*statement]targetSet{}, hops: map[hopKey]Hop{}, passed: map[*document]bool{}, attaching: map[setKey]targetSet{}, witnesses: map[string]string{},
		meetings: map[targetPair]targetSet{}, interned: map[uint64][]targetSet{}, ends: map[chainStart]*chainEnd{},
	}
	g.everyone = g.targets.users.union(g.targets.roles)
	g.assumeRole = g.paths.byID("sts.assume-role")
	g.names()
	g.masks()
	g.describeControls()
	g.describeRoles()
	g.describeUsers()
	g.describePolicies()
	g.describeBounded()
	g.trust = newTrustIndex(g)
	g.admit()
	g.searched = make([]searched, len(x.identities))
	g.search.left.Add((len(g.searched) + searchedAtOnce - 1) / searchedAtOnce)
	return g
}

// names works out what ARNs of the account look like.
func (g *escalationGraph) names() {
	partition := g.x.account.Partition
	if partition == "" {
		partition = "aws"
	}
	if g.account == "" && len(g.x.identities) > 0 {
		g.account = g.x.identities[0].principal.Account
	}
	g.china = partition == "aws-cn"
	g.administratorAccess = "arn:" + partition + ":iam::aws:policy/AdministratorAccess"
	g.newRoles = "arn:" + partition + ":iam::" + g.account + ":role/?*"
	replace := strings.NewReplacer("${Partition}", partition, "${Account}", g.account, "*", "?*")
	for action, templates := range g.paths.resources {
		for _, t := range templates {
			g.templates[action] = append(g.templates[action], replace.Replace(t))
		}
	}
	for n := range g.targets.roles.all() {
		g.roleNamed[strings.ToLower(g.identity(n).name)] = n
	}
	g.trustsAnyone = Compile(&policydoc.Document{
		Version: policydoc.Version2012,
		Statements: []policydoc.Statement{{
			Effect: policydoc.Allow, Actions: []string{actionAssumeRole},
			Principal: &policydoc.Principal{AWS: []string{"*"}},
		}},
	}, Source{Type: TrustPolicy})
}

func (g *escalationGraph) identity(n int32) *identity {
	return &g.x.identities[g.targets.identities[n]]
}

// masks finds what each identity is allowed at all.
func (g *escalationGraph) masks() {
	m := newMasker(g.paths)
	var iam actionMask
	for i, action := range g.paths.actions {
		if strings.HasPrefix(action, "iam:") {
			iam.add(i)
		}
	}
	g.powerful = make([]bool, len(g.x.identities))
	g.candidates = make([]actionMask, len(g.x.identities))
	g.unbounded = make([]actionMask, len(g.x.identities))
	for i := range g.x.identities {
		id := &g.x.identities[i]
		policies := id.policies
		own := m.layer(policies.Identity)
		g.powerful[i] = own.contains(&iam)
		if !id.principal.serviceControlled() {
			policies.ServiceControl = nil
		}
		g.candidates[i] = m.policies(&policies, true)
		g.unbounded[i] = g.candidates[i]
		if policies.Boundary != nil {
			g.unbounded[i] = m.policies(&policies, false)
		}
	}
}

// admit notes whom trust policies name, and lets those through who are allowed
// nothing else.
func (g *escalationGraph) admit() {
	g.admitted = map[int32]bool{}
	for n, entries := range g.trust.named {
		g.admitted[n] = slices.ContainsFunc(entries, func(e trustEntry) bool { return e.directly })
	}
	for _, class := range g.trust.wide {
		if class.directly {
			for n := range class.who.all() {
				g.admitted[n] = true
			}
		}
	}
	for n, admitted := range g.admitted {
		if admitted {
			g.candidates[g.targets.identities[n]].add(g.assumeRole.Uses[0].number)
		}
	}
}

// describeRoles sorts the roles by what can be done with them.
func (g *escalationGraph) describeRoles() {
	for n := range g.everyone.all() {
		id := g.identity(n)
		if isReserved(id.arn) {
			continue
		}
		g.changeable = g.changeable.with(n, n+1)
		g.raisable.add(n, g.leftBy(id.policies.Boundary, id.principal.Type))
		if id.role == nil {
			continue
		}
		if len(id.role.InstanceProfiles) > 0 {
			g.profiled.sure = g.profiled.sure.with(n, n+1)
		} else if !id.role.Known.Has(nhiscan.FactInstanceProfiles) {
			g.profiled.unsure = g.profiled.unsure.with(n, n+1)
		}
	}
	g.describeTrust()
}

// isReserved tells the roles that only AWS services can change: service-linked
// ones and those of IAM Identity Center.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// and https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html.
func isReserved(arn string) bool {
	a, ok := nhiscan.ParseARN(arn)
	return isServiceLinked(arn) || ok && strings.HasPrefix(a.Resource, "role/aws-reserved/")
}

// describePolicies finds the policies that cannot have more versions and the roles
// that each is attached to.
func (g *escalationGraph) describePolicies() {
	const maxVersions = 5 // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
	for i := range g.x.account.Policies {
		p := &g.x.account.Policies[i]
		if n, ok := g.targets.number(p.ARN); ok && len(p.Versions) >= maxVersions {
			g.fullPolicies = g.fullPolicies.with(n, n+1)
		}
	}
	g.attachedTo = map[int32][]int32{}
	for n := range g.targets.roles.all() {
		for _, p := range g.identity(n).role.AttachedPolicies {
			if policy, ok := g.targets.number(p.ARN); ok {
				g.attachedTo[policy] = append(g.attachedTo[policy], n)
			}
		}
	}
	scratch := newCompiler(&Analysis{account: g.x.account})
	g.groups = map[int32]*groupTarget{}
	for i := range g.x.account.Groups {
		group := &g.x.account.Groups[i]
		if n, ok := g.targets.number(group.ARN); ok {
			g.groups[n] = &groupTarget{group: group, compile: scratch}
		}
	}
}

// holdersOf returns the roles that any of the policies is attached to.
func (g *escalationGraph) holdersOf(policies targetSet) targetSet {
	if len(policies) == 0 {
		return nil
	}
	key := keyOf(policies)
	g.mu.Lock()
	defer g.mu.Unlock()
	if found, ok := g.attaching[key]; ok {
		return found
	}
	var holders []int32
	for p := range policies.all() {
		holders = append(holders, g.attachedTo[p]...)
	}
	slices.Sort(holders)
	set := targetsOf(holders)
	g.attaching[key] = set
	return set
}

// passedToMatters reports whether a condition of the caller's policies may tell
// services apart in iam:PassRole.
func (g *escalationGraph) passedToMatters(c *caller) bool {
	matters := false
	c.eachPolicy(func(p *Policy) {
		g.mu.Lock()
		found, ok := g.passed[p.compiled]
		g.mu.Unlock()
		if !ok {
			found = p.compiled.asksFor(keyPassedToService)
			g.mu.Lock()
			g.passed[p.compiled] = found
			g.mu.Unlock()
		}
		matters = matters || found
	})
	return matters
}
