package manage

import (
	"fmt"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// besides compares what somebody can do who is an administrator under conditions,
// without the statements that make it one: what the change gives it for the time
// that the conditions do not hold.
func (c *comparison) besides(arn string, grants []permissions.Match) *comparison {
	drop := map[string]bool{}
	for _, m := range grants {
		if m.Statement > 0 {
			drop[statementText(m.Policy.Document(), m.Statement-1)] = true
		}
	}
	n := *c
	n.before, n.after = c.before.less(arn, drop), c.after.less(arn, drop)
	n.compile()
	for _, s := range []*side{&n.before, &n.after} {
		s.powers = map[string]*permissions.Permissions{}
		if power, ok := s.analysis.Identity(arn); ok {
			s.powers[arn] = power
		}
	}
	return &n
}

// less is the side with an identity that lacks some statements.
func (s *side) less(arn string, drop map[string]bool) side {
	d := &draft{account: newDraft(s.account).account}
	policies, ok := s.analysis.Policies(arn)
	if !ok {
		return side{account: d.account}
	}
	var attachments []nhiscan.AttachedPolicy
	var inlines, ofGroups []nhiscan.InlinePolicy
	cutGroups := false
	for i, p := range policies.Identity {
		rest, cut := cutStatements(p.Document(), drop)
		remains := nhiscan.InlinePolicy{Name: p.Source.Name, Document: nhiscan.NewPolicyDocument(rest)}
		switch {
		case p.Source.Holder != arn:
			remains.Name = fmt.Sprintf("of-groups-%d", i)
			ofGroups, cutGroups = append(ofGroups, remains), cutGroups || cut
		case p.Source.ARN != "" && !cut:
			attachments = append(attachments, nhiscan.AttachedPolicy{Name: p.Source.Name, ARN: p.Source.ARN})
		default:
			inlines = append(inlines, remains)
		}
	}
	if _, ok := s.account.User(arn); !ok {
		r := d.role(arn)
		r.AttachedPolicies, r.InlinePolicies = attachments, inlines
		return side{account: d.account}
	}
	u := d.user(arn)
	if cutGroups {
		u.Groups, inlines = nil, append(inlines, ofGroups...)
	}
	u.AttachedPolicies, u.InlinePolicies = attachments, inlines
	return side{account: d.account}
}

// cutStatements returns the document without some of its statements, and whether it
// had any of them.
func cutStatements(doc *policydoc.Document, drop map[string]bool) (text string, cut bool) {
	rest := policydoc.Document{Version: doc.Version, Statements: []policydoc.Statement{}}
	for i := range doc.Statements {
		if drop[statementText(doc, i)] {
			cut = true
			continue
		}
		rest.Statements = append(rest.Statements, doc.Statements[i])
	}
	return rest.String(), cut
}
