package manage

import (
	"slices"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// narrows reports whether the change only takes away: what allows after it allowed
// before, and what denied still denies. Then nobody can do more, although some may
// now lack what others have, which a comparison of powers could take for a gain.
func (c *comparison) narrows() bool {
	b, a := &c.before, &c.after
	if c.changed.other || len(c.p.made.Refusals) > 0 && c.lost() {
		return false
	}
	for _, arn := range c.changed.identities {
		if !narrowsIdentity(b.analysis, a.analysis, arn) {
			return false
		}
	}
	for _, name := range c.changed.groups {
		if !narrowsIdentity(probe(b.account, name), probe(a.account, name), probeARN) {
			return false
		}
	}
	for _, arn := range c.changed.policies {
		if !narrowsPolicy(b.account, a.account, arn) {
			return false
		}
	}
	for _, arn := range c.changed.trust {
		if r, ok := a.account.Role(arn); ok {
			old, ok := b.account.Role(arn)
			if !ok || !narrowsDocument(old.TrustPolicy, r.TrustPolicy) {
				return false
			}
		}
	}
	return true
}

// lost reports whether an edit did not find what it was to change.
func (c *comparison) lost() bool {
	return slices.ContainsFunc(c.p.made.Refusals, func(r Refusal) bool { return r.Code == RiskUnjudged })
}

const probeARN = "arn:aws:iam::000000000000:user/probe"

// probe is an account of nobody but a member of the group.
func probe(a *nhiscan.Account, group string) *permissions.Analysis {
	small := &nhiscan.Account{ID: a.ID, Partition: a.Partition, Policies: a.Policies}
	u := nhiscan.User{Name: "probe", ARN: probeARN, Known: ^nhiscan.Facts(0)}
	if g, ok := a.Group(group); ok {
		small.Groups, u.Groups = []nhiscan.Group{*g}, []string{g.Name}
	}
	small.Users = []nhiscan.User{u}
	return permissions.New(small, nil)
}

func narrowsIdentity(before, after *permissions.Analysis, arn string) bool {
	a, ok := after.Policies(arn)
	if !ok {
		return true
	}
	b, ok := before.Policies(arn)
	if !ok || !slices.Equal(before.Unresolved(arn), after.Unresolved(arn)) {
		return false
	}
	if !narrower(b.Identity, a.Identity) {
		return false
	}
	if b.Boundary == nil {
		return true
	}
	return a.Boundary != nil && narrower([]*permissions.Policy{b.Boundary}, []*permissions.Policy{a.Boundary})
}

// narrower reports whether every statement that allows was there before, and every
// one that denied still is.
func narrower(before, after []*permissions.Policy) bool {
	allowed, denied := statements(before)
	allows, denies := statements(after)
	return covers(allowed, allows) && covers(denies, denied)
}

func covers(all, some map[string]bool) bool {
	for s := range some {
		if !all[s] {
			return false
		}
	}
	return true
}

// statements returns the statements of policies as text, those that allow and those
// that deny.
func statements(list []*permissions.Policy) (allow, deny map[string]bool) {
	allow, deny = map[string]bool{}, map[string]bool{}
	for _, p := range list {
		addStatements(p.Document(), allow, deny)
	}
	return allow, deny
}

func addStatements(doc *policydoc.Document, allow, deny map[string]bool) {
	for i := range doc.Statements {
		if text := statementText(doc, i); doc.Statements[i].Effect == policydoc.Deny {
			deny[text] = true
		} else {
			allow[text] = true
		}
	}
}

// statementText is one statement as a document, whatever its name.
func statementText(doc *policydoc.Document, i int) string {
	s := doc.Statements[i]
	s.SID = ""
	return policydoc.Document{Version: doc.Version, Statements: []policydoc.Statement{s}}.String()
}

func narrowsDocument(before, after nhiscan.PolicyDocument) bool {
	if before == after {
		return true
	}
	b, err := before.Parse()
	if err != nil {
		return false
	}
	a, err := after.Parse()
	if err != nil {
		return false
	}
	allowed, denied := map[string]bool{}, map[string]bool{}
	addStatements(b, allowed, denied)
	allows, denies := map[string]bool{}, map[string]bool{}
	addStatements(a, allows, denies)
	return covers(allowed, allows) && covers(denies, denied)
}

// narrowsPolicy reports whether a managed policy, in force and in store, allows no
// more than it did.
func narrowsPolicy(before, after *nhiscan.Account, arn string) bool {
	a, ok := after.Policy(arn)
	if !ok {
		return true
	}
	b, ok := before.Policy(arn)
	if !ok {
		return false
	}
	for _, v := range a.Versions {
		if !slices.ContainsFunc(b.Versions, func(w nhiscan.PolicyVersion) bool { return w.Document == v.Document }) {
			return false
		}
	}
	old, had := b.Default()
	now, has := a.Default()
	return had && has && narrowsDocument(old.Document, now.Document)
}
