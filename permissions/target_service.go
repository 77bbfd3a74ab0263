package permissions

import "strings"

const actionAssumeRoleWithWebIdentity = "sts:AssumeRoleWithWebIdentity"

// describeTrust finds the roles that trust each service of the paths. Roles with
// the same trust policy are asked once.
func (g *escalationGraph) describeTrust() {
	type question struct {
		trust   *document
		service string
	}
	services := map[string]bool{}
	for i := range g.paths.paths {
		for _, r := range g.paths.paths[i].Roles {
			services[r.Service] = true
		}
	}
	answers := map[question]truth{}
	g.trusts = map[string]allowance{}
	for n := range g.targets.roles.in(g.changeable) {
		id := g.identity(n)
		if id.trust == nil {
			continue
		}
		for service, name := range servicesNamed(id.trust.compiled, services) {
			key := question{id.trust.compiled, name}
			t, ok := answers[key]
			if !ok {
				t = g.trustsService(id, service, name)
				answers[key] = t
			}
			a := g.trusts[service]
			switch t {
			case yes:
				a.sure = a.sure.with(n, n+1)
			case maybe:
				a.unsure = a.unsure.with(n, n+1)
			}
			g.trusts[service] = a
		}
	}
}

// servicesNamed returns those of the services that a trust policy's Allow
// statements name, with how they write them. Cognito is a federated principal there.
func servicesNamed(d *document, services map[string]bool) map[string]string {
	var named map[string]string
	add := func(name string) {
		if service := globalService(name); services[service] {
			if named == nil {
				named = map[string]string{}
			}
			named[service] = name
		}
	}
	for i := range d.statements {
		if p := d.statements[i].source.Principal; p != nil && !d.statements[i].deny {
			for _, name := range p.Service {
				add(name)
			}
			for _, name := range p.Federated {
				if name == cognitoIdentity {
					add(name)
				}
			}
		}
	}
	return named
}

// globalService returns a service principal without what some are written with: a
// region, as in states.eu-west-1.amazonaws.com, and .cn in China.
func globalService(name string) string {
	name = strings.TrimSuffix(strings.ToLower(name), ".cn")
	service, ok := strings.CutSuffix(name, ".amazonaws.com")
	if !ok {
		return name
	}
	if i := strings.LastIndexByte(service, '.'); i > 0 && isRegion(service[i+1:]) {
		service = service[:i]
	}
	return service + ".amazonaws.com"
}

// isRegion tells names of AWS regions, such as eu-west-1, by their shape.
func isRegion(s string) bool {
	return strings.Count(s, "-") >= 2 && s[len(s)-1] >= '0' && s[len(s)-1] <= '9'
}

// rolesOf returns the roles that a service can use.
func (g *escalationGraph) rolesOf(r serviceRole) allowance {
	roles := g.trusts[r.Service]
	if r.Profile {
		roles = g.both(roles, g.profiled)
	}
	return roles
}

// roleOf returns as which kind of role a path uses a target.
func (g *escalationGraph) roleOf(s *pathSpec, to int32) serviceRole {
	for _, r := range s.Roles {
		if g.rolesOf(r).holds(to) != no {
			return r
		}
	}
	return serviceRole{}
}

// trustKeys returns the condition keys on which it hangs that a service can use a role.
func (g *escalationGraph) trustKeys(service string, to int32) []string {
	if g.trusts[service].holds(to) != maybe {
		return nil
	}
	id := g.identity(to)
	name := servicesNamed(id.trust.compiled, map[string]bool{service: true})[service]
	return g.serviceAssumes(id, service, name).Keys
}

const cognitoIdentity = "cognito-identity.amazonaws.com"

// trustsService says whether a role lets a service of this account use it.
func (g *escalationGraph) trustsService(id *identity, service, name string) truth {
	return truthOfOutcome(g.serviceAssumes(id, service, name).Outcome)
}

func (g *escalationGraph) serviceAssumes(id *identity, service, name string) Decision {
	values := map[string][]string{"aws:sourceaccount": {g.account}}
	r := Request{
		Principal: Principal{Type: PrincipalService, ARN: name},
		Action:    actionAssumeRole, Resource: id.arn, Context: NewContext(values, false),
	}
	if service == cognitoIdentity {
		r.Principal = Principal{Type: PrincipalProvider, ARN: name}
		r.Action = actionAssumeRoleWithWebIdentity
	}
	return Evaluate(&Policies{Resource: id.trust}, &r)
}
