package permissions

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// WhoCan returns the users and roles that may do the action on the resource, or on
// any resource when it is empty, sorted by ARN; the outcome of each is Allowed or
// Depends. The action is a name, not a pattern: one with wildcards is nobody's.
//
// With sts:AssumeRole and a role of the account, those are among the answers whom
// its trust policy names. Who could be let in by the policy of another resource
// alone, or by a trust policy that was not read, is not. Those of whom a policy was
// not read are, with [KeyUnreadPolicy] among their Keys, unless what is known
// denies it for certain.
func (x *Analysis) WhoCan(action, resource string, ctx *Context) []Grant {
	if strings.ContainsAny(action, "*?") {
		return nil
	}
	var list []Grant
	q := newQuestion(action)
	known := map[*document]bool{}
	for i := range x.identities {
		id := &x.identities[i]
		granted := id.grantsSome(action, known)
		if resource == "" {
			if !granted {
				continue
			}
			if g := x.grantOf(i, q, ctx); g.Outcome != Denied {
				list = append(list, g)
			}
			continue
		}
		if !granted && !x.trustCounts(action, resource) {
			continue
		}
		if g, ok := x.grantOn(i, action, resource, ctx); ok {
			list = append(list, g)
		}
	}
	return list
}

// grantsSome reports whether an identity policy has an Allow for the action; known
// remembers the answers.
func (id *identity) grantsSome(action string, known map[*document]bool) bool {
	for _, p := range id.asked() {
		found, ok := known[p.compiled]
		if !ok {
			for _, s := range p.compiled.matching(action) {
				found = found || !s.deny
			}
			known[p.compiled] = found
		}
		if found {
			return true
		}
	}
	return false
}

// trustCounts reports whether the trust policy of a role of the account has a say.
func (x *Analysis) trustCounts(action, resource string) bool {
	service, name, _ := strings.Cut(action, ":")
	if !strings.EqualFold(service, "sts") || !isAssumption(name) {
		return false
	}
	i, ok := x.byARN[resource]
	return ok && x.identities[i].trust != nil
}

// grantOn decides about one resource.
func (x *Analysis) grantOn(i int, action, resource string, ctx *Context) (Grant, bool) {
	id := &x.identities[i]
	policies, r := x.put(i, &Request{Action: action, Resource: resource, Context: ctx})
	d := Evaluate(&policies, &r)
	if d.Outcome == Denied {
		return Grant{}, false
	}
	if d.ResourcePolicyUnseen {
		// Would it be allowed if the policy of the resource left that to the account?
		policies.Resource, policies.ResourceUnseen = leftTo(id.principal.Account), false
		if own := Evaluate(&policies, &r); own.Outcome == Denied {
			return Grant{}, false
		}
	}
	return Grant{
		Principal: id.arn, Action: action, Outcome: d.Outcome, Resources: []string{resource},
		Keys: d.Keys, ResourcePolicyUnseen: d.ResourcePolicyUnseen, Allows: d.Allows, Denies: d.Denies,
	}, true
}

// leftTo is the policy of a resource that leaves it to the policies of an account
// who may do what.
func leftTo(account string) *Policy {
	return Compile(&policydoc.Document{
		Version: policydoc.Version2012,
		Statements: []policydoc.Statement{{
			Effect: policydoc.Allow, Principal: &policydoc.Principal{AWS: []string{account}},
			Actions: everyAction, Resources: everyResource,
		}},
	}, Source{Type: ResourcePolicy})
}

var everyAction = []string{"*"}
