package permissions

// CanIdentity decides without the policy of the resource, as a Grant does.
func (x *Analysis) CanIdentity(arn, action, resource string) (Decision, error) {
	id := &x.identities[x.byARN[arn]]
	policies := id.policies
	policies.Identity = id.asked()
	return Evaluate(&policies, &Request{Principal: id.principal, Action: action, Resource: resource, Context: id.context}), nil
}

// Meet returns the patterns in which two patterns meet.
func Meet(p, q string) (patterns []string, exact bool) { return meet(p, q) }

// ResourcePolicyServices are the services that can have resource policies.
func ResourcePolicyServices() []string { return resourcePolicyServices }

// Reach says in which of the sets of an identity's reach an action is.
func (x *Analysis) Reach(arn, action string) (all, named, maybeAll, maybeNamed bool) {
	e := x.effectOf(x.byARN[arn])
	return e.reach.all.Has(action), e.reach.named.Has(action), e.reach.maybeAll.Has(action), e.reach.maybeNamed.Has(action)
}
