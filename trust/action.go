package trust

import "github.com/nhiscan/nhiscan/policydoc"

// actions is a set of the sts actions that assume a role. Others, such as
// sts:TagSession and sts:SetSourceIdentity, only decorate a session that one of
// these starts.
type actions uint8

const (
	assumeRole actions = 1 << iota
	assumeRoleWithSAML
	assumeRoleWithWebIdentity
)

// anyAssume is every way to assume a role.
const anyAssume = assumeRole | assumeRoleWithSAML | assumeRoleWithWebIdentity

var assumeActions = [...]struct {
	action actions
	name   string
}{
	{assumeRole, "sts:AssumeRole"},
	{assumeRoleWithSAML, "sts:AssumeRoleWithSAML"},
	{assumeRoleWithWebIdentity, "sts:AssumeRoleWithWebIdentity"},
}

// statementActions returns the assume actions that the statement is about.
func statementActions(s *policydoc.Statement) actions {
	var set actions
	for _, a := range assumeActions {
		if s.AppliesToAction(a.name) {
			set |= a.action
		}
	}
	return set
}

// names returns the actions' names, never nil.
func (a actions) names() []string {
	names := make([]string, 0, len(assumeActions))
	for _, each := range assumeActions {
		if a&each.action != 0 {
			names = append(names, each.name)
		}
	}
	return names
}
