package synth_test

import (
	"slices"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// quota is an account at its quotas, and quotaHolders are its identities.
var (
	quota        = sync.OnceValue(func() *nhiscan.Account { return synth.Account(synth.Quota, 1) })
	quotaHolders = sync.OnceValue(func() []holder { return holders(quota()) })
)

// A statement is what the tests look at in one statement of a policy.
type statement struct {
	effect                                       string
	actions, notActions, resources, notResources []string
	keys                                         []string
	values                                       []string
}

func parse(d nhiscan.PolicyDocument) []statement {
	parsed, err := d.Parse()
	if err != nil {
		panic(err)
	}
	var list []statement
	for _, s := range parsed.Statements {
		held := statement{string(s.Effect), s.Actions, s.NotActions, s.Resources, s.NotResources, nil, nil}
		for _, c := range s.Conditions {
			held.keys = append(held.keys, c.Key)
			held.values = append(held.values, c.Values...)
		}
		list = append(list, held)
	}
	return list
}

// allows reports whether the statement allows an action by its name.
func (s *statement) allows(action string) bool {
	return s.effect == "Allow" && slices.Contains(s.actions, action)
}

// managed returns the statements in force of the account's managed policies by their ARNs.
func managed(a *nhiscan.Account) map[string][]statement {
	byARN := map[string][]statement{}
	for i := range a.Policies {
		v, _ := a.Policies[i].Default()
		byARN[a.Policies[i].ARN] = parse(v.Document)
	}
	return byARN
}

// A holder is an identity with the policies that it has itself and by its groups.
type holder struct {
	arn        string
	role       *nhiscan.Role
	boundary   string
	attached   []nhiscan.AttachedPolicy
	inline     []nhiscan.InlinePolicy
	statements []statement
}

func holders(a *nhiscan.Account) []holder {
	var list []holder
	for i := range a.Users {
		u := &a.Users[i]
		h := holder{arn: u.ARN, boundary: u.PermissionsBoundary, attached: slices.Clone(u.AttachedPolicies), inline: slices.Clone(u.InlinePolicies)}
		for _, name := range u.Groups {
			group, _ := a.Group(name)
			h.attached, h.inline = append(h.attached, group.AttachedPolicies...), append(h.inline, group.InlinePolicies...)
		}
		list = append(list, h)
	}
	for i := range a.Roles {
		r := &a.Roles[i]
		list = append(list, holder{arn: r.ARN, role: r, boundary: r.PermissionsBoundary, attached: r.AttachedPolicies, inline: r.InlinePolicies})
	}
	policies := managed(a)
	for i := range list {
		h := &list[i]
		for _, p := range h.attached {
			h.statements = append(h.statements, policies[p.ARN]...)
		}
		for _, p := range h.inline {
			h.statements = append(h.statements, parse(p.Document)...)
		}
	}
	return list
}

func (h *holder) has(f func(s *statement) bool) bool {
	for i := range h.statements {
		if f(&h.statements[i]) {
			return true
		}
	}
	return false
}

// administrates reports whether the identity has a policy that gives everything.
func (h *holder) administrates() bool {
	for _, p := range h.attached {
		if strings.HasPrefix(p.ARN, "arn:aws:iam::aws:") && (p.Name == "AdministratorAccess" || p.Name == "IAMFullAccess") {
			return true
		}
	}
	return h.has(func(s *statement) bool {
		all := slices.Contains(s.actions, "*") || slices.Equal(s.notActions, []string{"aws-portal:*"})
		return s.effect == "Allow" && all && slices.Contains(s.resources, "*")
	})
}
