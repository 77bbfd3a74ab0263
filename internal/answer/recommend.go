package answer

import (
	"slices"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/trust"
)

// A Recommendation is one thing to do about some identities.
type Recommendation struct {
	// Code is its stable name, such as "nhi-admins".
	Code     string
	Severity policydoc.Severity
	// Action says what to do, and Reason what was seen of all of them.
	Action, Reason string
	// ARNs are those of the identities, in the order of the scan.
	ARNs []string
}

const (
	// unusedFor is how long nothing may have been done with an identity before it
	// is recommended to go, and keyAge how old an access key may become: AWS
	// Security Hub's controls IAM.8 and IAM.3 use the same.
	// https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
	unusedFor = 90 * 24 * time.Hour
	keyAge    = 90 * 24 * time.Hour
)

// A rule is a recommendation for all identities that it concerns.
type rule struct {
	code           string
	severity       policydoc.Severity
	action, reason string
	// one is the action for one identity that is looked at alone; empty where the
	// details of its trust or its permissions say it better.
	one      string
	concerns func(s *render.Scan, id *nhi.Identity) bool
}

// rules are in the order of urgency.
var rules = []rule{
	{"open-to-anyone", policydoc.SeverityCritical, "Name in the trust policies of these roles who may assume them.",
		"Anyone with an AWS account can assume them.", "",
		openToAnyone},
	{"strangers", policydoc.SeverityHigh, "Narrow the trust policies of these roles as the fixes of their dangers say.",
		"Others than those that are meant can assume the roles, or could with something that can be had.", "",
		openToStrangers},
	{"nhi-admins", policydoc.SeverityHigh, "Give these non-human identities the actions and resources that they use, instead of everything.",
		"They are administrators: whoever takes over the machine, the pipeline or the key has the account.", "",
		func(s *render.Scan, id *nhi.Identity) bool { return isNonHuman(id) && isAdmin(s, id) }},
	{"nhi-escalation", policydoc.SeverityHigh, "Close the ways by which these non-human identities can become administrator.",
		"They are no administrators, but their permissions add up to it.", "",
		func(s *render.Scan, id *nhi.Identity) bool { return isNonHuman(id) && canClimb(s, id) }},
	{"password-without-mfa", policydoc.SeverityHigh, "Have these users add an MFA device, or sign in through IAM Identity Center.",
		"They have a console password and no MFA device.", "Add an MFA device, or sign in through IAM Identity Center: it has a console password and no MFA device.",
		withoutMFA},
	{"people-with-keys", policydoc.SeverityMedium, "Have these people work with short-lived credentials (IAM Identity Center, aws login) and delete their access keys.",
		"They are people with active access keys, which last until somebody deletes them.", "Delete its access keys and work with short-lived credentials (IAM Identity Center, aws login).",
		func(_ *render.Scan, id *nhi.Identity) bool { return id.Verdict == nhi.Human && hasKey(id) }},
	{"nhi-with-password", policydoc.SeverityMedium, "Delete the console passwords of these non-human users.",
		"Software signs in to no console: the password serves only who finds it.", "Delete its console password: software signs in to no console.",
		func(_ *render.Scan, id *nhi.Identity) bool { return isNonHuman(id) && hasPassword(id) }},
	{"shared", policydoc.SeverityMedium, "Give people and workloads an identity each instead of these.",
		"Both use them, so neither what they may do nor what they did can be told apart.", "Give people and workloads an identity each instead of this one.",
		isShared},
	{"old-keys", policydoc.SeverityMedium, "Replace the access keys of these non-human users by roles (instance profile, IRSA, OIDC, Roles Anywhere), or rotate them.",
		"They have active access keys that are older than 90 days.", "Replace its access keys by a role (instance profile, IRSA, OIDC, Roles Anywhere), or rotate them: one is older than 90 days.",
		hasOldKey},
	{"unused", policydoc.SeverityMedium, "Ask whose these are, take their permissions away, and then delete them.",
		"Nothing was done with them for 90 days or more.", "Nothing was done with it for 90 days or more: ask whose it is, take its permissions away, and then delete it.",
		isUnused},
	{"undecided", policydoc.SeverityLow, "Tag these with what they are for (identity-type=human or identity-type=service).",
		"What can be seen of them does not tell people from software.", "Tag it with what it is for (identity-type=human or identity-type=service).",
		func(_ *render.Scan, id *nhi.Identity) bool { return id.Verdict == nhi.Uncertain }},
}

// Recommendations says what to do about the listed identities, the most urgent
// first. What is known of permissions comes from the scan; without them nothing
// is said of administrators.
func Recommendations(s *render.Scan) []Recommendation {
	out := rootRecommendations(s.Report.Account.Root)
	for _, r := range rules {
		found := Recommendation{Code: r.code, Severity: r.severity, Action: r.action, Reason: r.reason}
		for _, id := range s.Identities {
			if r.concerns(s, id) {
				found.ARNs = append(found.ARNs, id.ARN)
			}
		}
		if len(found.ARNs) > 0 {
			out = append(out, found)
		}
	}
	return out
}

// Advice says in printable sentences how to make one identity safe, the most
// urgent first: its trust policy, its credentials, its permissions.
func Advice(id *render.Identity) []string {
	var out []string
	if id.Identity.Trust != nil {
		for _, d := range id.Identity.Trust.Dangers {
			if fix := render.Printable(d.Fix); fix != "" && !slices.Contains(out, fix) {
				out = append(out, fix)
			}
		}
	}
	alone := &render.Scan{Report: &nhi.Report{Account: id.Account, Time: id.Time}}
	for _, r := range rules {
		if r.one != "" && r.concerns(alone, id.Identity) {
			out = append(out, r.one)
		}
	}
	if id.Permissions == nil {
		return out
	}
	return append(out, render.Advice(id)...)
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html
func rootRecommendations(root *nhiscan.RootUser) []Recommendation {
	if root == nil {
		return nil
	}
	var out []Recommendation
	if root.Known.Has(nhiscan.FactAccessKeys) && anyActive(root.AccessKeys) {
		out = append(out, Recommendation{"root-keys", policydoc.SeverityCritical, "Delete the access keys of the root user.",
			"Nothing limits what they may do.", []string{root.ARN}})
	}
	if root.Known.Has(nhiscan.FactMFADevices) && len(root.MFADevices) == 0 {
		out = append(out, Recommendation{"root-without-mfa", policydoc.SeverityCritical, "Add an MFA device to the root user.",
			"A password alone is all that guards the account.", []string{root.ARN}})
	}
	return out
}

func openToAnyone(_ *render.Scan, id *nhi.Identity) bool {
	return hasDanger(id, func(d *trust.Danger) bool {
		return d.Code == trust.DangerAnyone || d.Code == trust.DangerNotPrincipal
	})
}

func openToStrangers(s *render.Scan, id *nhi.Identity) bool {
	return !openToAnyone(s, id) && hasDanger(id, func(d *trust.Danger) bool { return d.Severity.AtLeast(trust.SeverityHigh) })
}

func hasDanger(id *nhi.Identity, wanted func(*trust.Danger) bool) bool {
	if id.Trust == nil {
		return false
	}
	for i := range id.Trust.Dangers {
		if wanted(&id.Trust.Dangers[i]) {
			return true
		}
	}
	return false
}

// isNonHuman leaves out what AWS itself made and keeps: nobody can change it.
func isNonHuman(id *nhi.Identity) bool {
	return id.Verdict == nhi.NonHuman && id.Category != nhi.CategoryServiceLinked
}

func isAdmin(s *render.Scan, id *nhi.Identity) bool {
	p := s.Permissions[id.ARN]
	return p != nil && p.Admin.Is()
}

func canClimb(s *render.Scan, id *nhi.Identity) bool {
	p := s.Permissions[id.ARN]
	return p != nil && !p.Admin.Is() && render.ShortestToAdmin(p) != nil
}

func hasPassword(id *nhi.Identity) bool {
	return id.User != nil && id.User.Known.Has(nhiscan.FactPassword) && id.User.Password.Enabled
}

// withoutMFA leaves no one out who signs in with a password, but machines.
func withoutMFA(_ *render.Scan, id *nhi.Identity) bool {
	return !isNonHuman(id) && hasPassword(id) && id.User.Known.Has(nhiscan.FactMFADevices) && len(id.User.MFADevices) == 0
}

func hasKey(id *nhi.Identity) bool { return id.User != nil && anyActive(id.User.AccessKeys) }

func anyActive(keys []nhiscan.AccessKey) bool {
	for i := range keys {
		if keys[i].Active {
			return true
		}
	}
	return false
}

func hasOldKey(s *render.Scan, id *nhi.Identity) bool {
	if !isNonHuman(id) || id.User == nil {
		return false
	}
	for _, k := range id.User.AccessKeys {
		if k.Active && !k.CreateDate.IsZero() && s.Report.Time.Sub(k.CreateDate) > keyAge {
			return true
		}
	}
	return false
}

// isShared leaves out those whose mixture comes with what they are for.
func isShared(_ *render.Scan, id *nhi.Identity) bool {
	switch id.Category {
	case nhi.CategoryCognito, nhi.CategoryOrganizationAdmin, nhi.CategoryPublic:
		return false
	}
	return id.Verdict == nhi.Mixed
}

// isUnused is of what is known to be old and not used. Break-glass access is for
// the day on which it is needed, and roles of IAM Identity Center and of services
// are AWS's to delete.
func isUnused(s *render.Scan, id *nhi.Identity) bool {
	switch id.Category {
	case nhi.CategoryServiceLinked, nhi.CategoryIdentityCenter, nhi.CategoryBreakGlass, nhi.CategoryOrganizationAdmin:
		return false
	}
	use, made := render.LastUsed(id), render.Created(id)
	if !use.Known || made.IsZero() || s.Report.Time.Sub(made) < unusedFor {
		return false
	}
	return use.At.IsZero() || s.Report.Time.Sub(use.At) >= unusedFor
}
