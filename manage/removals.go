package manage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// A removalWord says what steps of an action remove, one and many.
type removalWord struct{ action, one, many string }

var removalWords = []removalWord{
	{"iam:DeleteLoginProfile", "its console password", "its console password"},
	{"iam:DeleteAccessKey", "1 access key", "%d access keys"},
	{"iam:DeleteSigningCertificate", "1 signing certificate", "%d signing certificates"},
	{"iam:DeleteSSHPublicKey", "1 SSH public key", "%d SSH public keys"},
	{"iam:DeleteServiceSpecificCredential", "1 service-specific credential", "%d service-specific credentials"},
	{"iam:DeactivateMFADevice", "1 MFA device", "%d MFA devices"},
	{"iam:RemoveUserFromGroup", "1 group membership", "%d group memberships"},
	{"iam:RemoveRoleFromInstanceProfile", "1 instance profile", "%d instance profiles"},
	{"iam:DeleteUserPolicy", "1 inline policy", "%d inline policies"},
	{"iam:DeleteGroupPolicy", "1 inline policy", "%d inline policies"},
	{"iam:DeleteRolePolicy", "1 inline policy", "%d inline policies"},
	{"iam:DetachUserPolicy", "1 attached policy", "%d attached policies"},
	{"iam:DetachGroupPolicy", "1 attached policy", "%d attached policies"},
	{"iam:DetachRolePolicy", "1 attached policy", "%d attached policies"},
	{"iam:DeletePolicyVersion", "1 other version", "%d other versions"},
}

// removals says in words what the steps so far remove, such as "2 access keys and 1
// inline policy"; empty for nothing. Where what is deleted has other words for a step
// than what it is mostly a part of, they are given.
func (p *planner) removals(other ...removalWord) string {
	counts := map[string]int{}
	for _, s := range p.made.Steps {
		counts[s.Action]++
	}
	var words []string
	for _, w := range removalWords {
		if i := slices.IndexFunc(other, func(o removalWord) bool { return o.action == w.action }); i >= 0 {
			w = other[i]
		}
		switch n := counts[w.action]; {
		case n == 1:
			words = append(words, w.one)
		case n > 1 && strings.Contains(w.many, "%d"):
			words = append(words, fmt.Sprintf(w.many, n))
		case n > 1:
			words = append(words, w.many)
		}
	}
	return and(words)
}

// deletionOf is the summary of the deletion of something, such as "user ci", with
// what it has left; empty for nothing.
func (p *planner) deletionOf(what, left string) {
	p.summary("delete %s", what)
	if left != "" {
		p.summary("delete %s with %s", what, left)
	}
}

// and joins words as a sentence does.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// warnUserInUse says when a user's credentials were last used.
func (p *planner) warnUserInUse(u *nhiscan.User) {
	last := u.Password.LastUsed
	for _, k := range u.AccessKeys {
		if k.LastUsed.At.After(last.At) {
			last = k.LastUsed
		}
	}
	if !last.At.IsZero() {
		p.risk(RiskInUse, "user %s was last used on %s", u.Name, day(last.At))
	}
}
