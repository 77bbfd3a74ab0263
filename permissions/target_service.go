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
		if s := g.paths.paths[i].Service; s != "" {
			services[s] = true
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
// statements name, with how they write them: in China some end in .cn. Cognito is
// a federated principal there.
func servicesNamed(d *document, services map[string]bool) map[string]string {
	var named map[string]string
	add := func(name string) {
		if service := strings.TrimSuffix(name, ".cn"); services[service] {
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

const cognitoIdentity = "cognito-identity.amazonaws.com"

// trustsService says whether a role lets a service of this account use it.
func (g *escalationGraph) trustsService(id *identity, service, name string) truth {
	values := map[string][]string{"aws:sourceaccount": {g.account}}
	r := Request{
		Principal: Principal{Type: PrincipalService, ARN: name},
		Action:    actionAssumeRole, Resource: id.arn, Context: NewContext(values, false),
	}
	if service == cognitoIdentity {
		r.Principal = Principal{Type: PrincipalProvider, ARN: name}
		r.Action = actionAssumeRoleWithWebIdentity
	}
	d := Evaluate(&Policies{Resource: id.trust}, &r)
	return truthOfOutcome(d.Outcome)
}

// in iterates over the entities that are in both sets.
func (s targetSet) in(other targetSet) func(yield func(int32) bool) {
	return s.intersect(other).all()
}
