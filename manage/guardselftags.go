package manage

import (
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// forgetOwnTags makes the tags of users unknown who may change them: what hangs on
// their tags is then open to them, under conditions.
func (s *side) forgetOwnTags(opts *permissions.Options) {
	if !asksForTags(s.account) {
		return
	}
	var own []string
	for i := range s.account.Users {
		if arn := s.account.Users[i].ARN; s.may(arn, "iam:TagUser") || s.may(arn, "iam:UntagUser") {
			own = append(own, arn)
		}
	}
	if len(own) == 0 {
		return
	}
	d := newDraft(s.account)
	for _, arn := range own {
		d.user(arn).Known &^= nhiscan.FactTags
	}
	s.account = d.account
	s.compile(opts)
}

// may reports whether a user may do an action on itself, if only under conditions.
func (s *side) may(arn, action string) bool {
	d, err := s.analysis.Can(&permissions.Request{Principal: permissions.Principal{ARN: arn}, Action: action, Resource: arn})
	return err == nil && outcomeRank(d.Outcome) > 0
}

// asksForTags reports whether a policy of the account names a tag of who asks.
func asksForTags(a *nhiscan.Account) bool {
	asks := func(d nhiscan.PolicyDocument) bool {
		return strings.Contains(strings.ToLower(d.Text()), "aws:principaltag")
	}
	inlined := func(list []nhiscan.InlinePolicy) bool {
		for i := range list {
			if asks(list[i].Document) {
				return true
			}
		}
		return false
	}
	for i := range a.Users {
		if inlined(a.Users[i].InlinePolicies) {
			return true
		}
	}
	for i := range a.Groups {
		if inlined(a.Groups[i].InlinePolicies) {
			return true
		}
	}
	for i := range a.Roles {
		if asks(a.Roles[i].TrustPolicy) {
			return true
		}
	}
	for i := range a.Policies {
		if p, ok := a.Policies[i].Default(); ok && asks(p.Document) {
			return true
		}
	}
	return false
}
