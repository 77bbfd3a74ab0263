package permissions

import (
	"fmt"

	"github.com/nhiscan/nhiscan"
)

// CanWith decides like [Analysis.Can], with policies that are not in the account:
// those that were given when the session was made, and the policy of the
// resource; nil for none.
func (x *Analysis) CanWith(r *Request, session []*Policy, resource *Policy) (Decision, error) {
	if session == nil && resource == nil {
		return x.Can(r)
	}
	i, ok := x.byARN[r.Principal.ARN]
	if !ok {
		return Decision{}, fmt.Errorf("principal %s: no user or role of the account has this ARN", r.Principal.ARN)
	}
	id := &x.identities[i]
	request := Request{
		Principal: id.principal, Action: r.Action, Resource: r.Resource,
		ResourceAccount: r.ResourceAccount, Context: id.contextWith(r.Context),
	}
	policies := id.policies
	policies.Identity = id.asked()
	x.addResourcePolicy(&policies, &request)
	policies.Session = session
	if resource != nil {
		policies.Resource, policies.ResourceUnseen = resource, false
	}
	return Evaluate(&policies, &request), nil
}

// Unresolved says what could not be taken into account of the user or role with
// the given ARN: policies whose text is not known, or does not parse.
func (x *Analysis) Unresolved(arn string) []nhiscan.Gap {
	i, ok := x.byARN[arn]
	if !ok {
		return nil
	}
	return x.identities[i].unresolved
}
