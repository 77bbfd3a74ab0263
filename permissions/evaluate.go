package permissions

import "github.com/nhiscan/nhiscan/policydoc"

// Evaluate decides a request as AWS does: nothing is allowed that no policy
// allows, that a limit leaves out, or that any policy denies.
//
// What is unknown is never guessed: Allowed and Denied hold for all values of the
// keys that the context leaves open. A policy that is not known cannot deny:
// [Policies.ResourceUnseen] is about what it may grant.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
func Evaluate(p *Policies, r *Request) Decision {
	var v evaluation
	v.env.prepare(&r.Principal, r.Action, r.Resource, r.ResourceAccount, r.Context)
	v.env.bounded = p.Boundary != nil
	v.situation = situationOf(&v.env)
	switch {
	case v.needsNoPermission:
		return Decision{Outcome: Allowed}
	case v.impossible:
		return Decision{Outcome: Denied}
	}
	v.run(p)
	return v.decision()
}

// An evaluation is one request on its way through the policies.
type evaluation struct {
	env environment
	situation
	layers
	allows, denies matches
	// levels are those whose SCPs do not allow.
	levels []Missing
}

// matches are the statements found so far. The first ones need no memory of their own.
type matches struct {
	first [6]layerMatch
	count int
	more  []layerMatch
}

// A layerMatch is a statement and the layer that it is in.
type layerMatch struct {
	Match
	layer layer
}

// next returns a new match, to be filled in.
func (m *matches) next() *layerMatch {
	if m.count >= len(m.first) {
		m.more = append(m.more, layerMatch{})
	}
	m.count++
	return m.at(m.count - 1)
}

func (m *matches) at(i int) *layerMatch {
	if i < len(m.first) {
		return &m.first[i]
	}
	return &m.more[i-len(m.first)]
}

func (m *matches) list() []Match {
	if m.count == 0 {
		return nil
	}
	list := make([]Match, m.count)
	for i := range list {
		list[i] = m.at(i).Match
	}
	return list
}

// run puts the request to every policy that applies to it.
func (v *evaluation) run(p *Policies) {
	v.truths[layerIdentity] = v.anyAllows(layerIdentity, p.Identity)
	v.truths[layerBoundary], v.truths[layerSession] = yes, yes
	if p.Boundary != nil {
		v.truths[layerBoundary] = v.allows1(layerBoundary, p.Boundary)
	}
	// A federated user without a session policy has no permissions but those of
	// resource policies:
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html.
	if len(p.Session) > 0 || v.env.principal.Type == PrincipalFederated {
		v.truths[layerSession] = v.anyAllows(layerSession, p.Session)
	}
	v.serviceControl(p.ServiceControl)
	v.resourceControl(p.ResourceControl)
	if p.Resource != nil {
		v.policy(layerResource, p.Resource)
	}
	v.unseen = p.Resource == nil && p.ResourceUnseen
}

func (v *evaluation) anyAllows(l layer, policies []*Policy) truth {
	t := no
	for _, p := range policies {
		t = t.or(v.allows1(l, p))
	}
	return t
}

// allows1 says whether one policy allows the request.
func (v *evaluation) allows1(l layer, p *Policy) truth {
	if p == nil {
		return no
	}
	return v.policy(l, p)
}

// serviceControl asks the SCPs: each level must allow.
//
// See https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html.
func (v *evaluation) serviceControl(levels []Level) {
	v.truths[layerServiceControl] = yes
	if !v.serviceControlled {
		return
	}
	for i := range levels {
		t := v.anyAllows(layerServiceControl, levels[i].Policies)
		if t == no {
			v.levels = append(v.levels, Missing{Type: ServiceControlPolicy, Target: levels[i].Target})
		}
		v.truths[layerServiceControl] = v.truths[layerServiceControl].and(t)
	}
}

// resourceControl asks the RCPs. RCPFullAWSAccess is attached to every level and
// cannot be detached, so all that they can do is deny.
//
// See https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html.
func (v *evaluation) resourceControl(levels []Level) {
	if len(levels) == 0 || !v.resourceControlled() {
		return
	}
	for i := range levels {
		for _, p := range levels[i].Policies {
			if p != nil {
				v.policy(layerResourceControl, p)
			}
		}
	}
}

func (v *evaluation) resourceControlled() bool {
	if v.env.principal.ServiceLinked || v.sameAccount && v.env.principal.ManagementAccount {
		return false
	}
	// https://docs.aws.amazon.com/kms/latest/developerguide/resource-control-policies.html
	if v.env.action.text == "kms:retiregrant" {
		return false
	}
	service, ok := policydoc.LookupService(v.env.action.service)
	return ok && service.ResourceControl
}

// policy puts the request to one policy, notes the statements that apply, and
// says whether one allows it.
func (v *evaluation) policy(l layer, p *Policy) truth {
	if p.compiled == nil {
		return no
	}
	allowed := no
	candidates := p.compiled.candidatesFor(&v.env.action)
	for i := range candidates {
		c := &candidates[i]
		if !c.covers(&v.env.action) {
			continue
		}
		t, name := c.statement.applies(&v.env, l)
		switch {
		case t == no:
		case c.statement.deny:
			v.denied = v.denied.or(t)
			v.note(&v.denies, p, c.statement, l, t)
		default:
			allowed = allowed.or(t)
			which := l
			if l == layerResource {
				which = name.layer()
				v.truths[which] = v.truths[which].or(t)
			}
			m := v.note(&v.allows, p, c.statement, l, t)
			m.layer = which
		}
	}
	return allowed
}

// note adds a statement that applies, or may.
func (v *evaluation) note(to *matches, p *Policy, s *statement, l layer, t truth) *layerMatch {
	m := to.next()
	m.Policy, m.Statement, m.layer = p, s.number, l
	if t == maybe {
		m.Keys = s.unknownKeys(&v.env, l)
	}
	return m
}

// applies says whether a statement whose action fits applies to the request, and
// in the policy of a resource, by which name it covers the principal.
func (s *statement) applies(e *environment, l layer) (truth, how) {
	t, name := yes, notNamed
	if l == layerResource || l == layerResourceControl && s.principals != nil {
		if t, name = s.coversPrincipal(e); t == no {
			return no, name
		}
	}
	if !s.anyResource {
		if t = t.and(s.coversResource(e)); t == no {
			return no, name
		}
	}
	if len(s.conditions) == 0 {
		return t, name
	}
	return t.and(s.conditionsTruth(e)), name
}

// unknownKeys returns the keys that it hangs on whether a statement applies, sorted.
func (s *statement) unknownKeys(e *environment, l layer) []string {
	var keys []string
	if s.principals != nil && (l == layerResource || l == layerResourceControl) {
		if t, _ := s.coversPrincipal(e); t == maybe {
			keys = s.principalKeys(e, keys)
		}
	}
	if s.coversResource(e) == maybe {
		keys = s.resourceKeys(e, keys)
	}
	return sortedKeys(s.conditionKeys(e, keys))
}

// decision sums up.
func (v *evaluation) decision() Decision {
	t := v.outcome()
	d := Decision{Allows: v.allows.list(), Denies: v.denies.list()}
	switch t {
	case yes:
		d.Outcome = Allowed
	case maybe:
		d.Outcome = Depends
		d.Keys, d.ResourcePolicyUnseen = v.hangsOn()
	default:
		d.Outcome = Denied
		if v.denied != yes {
			d.Missing = v.missingKinds()
		}
	}
	return d
}
