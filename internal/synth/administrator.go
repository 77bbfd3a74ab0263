package synth

import "github.com/nhiscan/nhiscan"

// One of so many entities is an administrator, or can change IAM. The entities
// are picked by number, so that accounts of one size have as many with any seed.
const (
	everyAdministratorUser  = 400
	everyAdministratorRole  = 200
	everyAdministratorGroup = 250
	everyChangerUser        = 100
	everyChangerRole        = 150
	everyChangerGroup       = 100
)

// administrates reports whether the entity with a number is an administrator.
func administrates(i, every int) bool { return i%every == every/10 }

// changesIAM reports whether the entity with a number can change IAM.
func changesIAM(i, every int) bool { return i%every == every/2 }

// An adminForm is one of the ways in which an account gives all permissions.
type adminForm struct {
	// aws is the AWS managed policy that gives them.
	aws string
	// statements are those of an inline policy that gives them.
	statements []statement
}

var adminForms = []adminForm{
	{aws: "AdministratorAccess"},
	{},
	{aws: "AdministratorAccess"},
	{statements: []statement{allow("Everything", everything, everything)}},
	{aws: "AdministratorAccess"},
	{statements: []statement{allow("AllButBilling", []string{"aws-portal:*"}, everything).butActions()}},
	{aws: "IAMFullAccess"},
	{statements: []statement{allow("Everything", everything, everything), deny("Stay", []string{"organizations:LeaveOrganization", "cloudtrail:StopLogging"}, everything)}},
}

// A power is what makes an identity, or a group, one that rules others.
type power struct {
	administrator bool
	attached      []nhiscan.AttachedPolicy
	inline        []nhiscan.InlinePolicy
}

// power returns what the entity with a number has over others: nothing, for most.
func (g *generator) power(i, everyAdministrator, everyChanger int) power {
	switch {
	case administrates(i, everyAdministrator):
		return g.administrator()
	case changesIAM(i, everyChanger):
		return g.changer()
	}
	return power{}
}

// administrator gives all permissions, in one form after the other.
func (g *generator) administrator() power {
	form := &adminForms[g.admins%len(adminForms)]
	g.admins++
	p := power{administrator: true}
	i, managed := g.policyFor(fullAccess)
	switch {
	case form.aws != "":
		p.attached = []nhiscan.AttachedPolicy{awsPolicy(form.aws)}
	case form.statements != nil:
		p.inline = []nhiscan.InlinePolicy{{Name: "administrator", Document: g.document(form.statements...)}}
	case managed:
		p.attached = []nhiscan.AttachedPolicy{{Name: policyName(i), ARN: policyARN(i)}}
	default:
		p.attached = []nhiscan.AttachedPolicy{awsPolicy("AdministratorAccess")}
	}
	return p
}

// changer gives what changes IAM: a managed policy, every second time an inline one.
func (g *generator) changer() power {
	g.changers++
	if i, ok := g.policyFor(iamChanger); ok && g.changers%2 == 0 {
		return power{attached: []nhiscan.AttachedPolicy{{Name: policyName(i), ARN: policyARN(i)}}}
	}
	return power{inline: []nhiscan.InlinePolicy{{Name: "iam", Document: g.document(g.iamChange()...)}}}
}

// fullAccess is a managed policy that gives all permissions, some only to those
// who signed in with a second factor.
func (g *generator) fullAccess() []statement {
	s := allow("FullAccess", everything, everything)
	if g.chance(25) {
		s.condition = mfa
	}
	return []statement{s}
}
