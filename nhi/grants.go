package nhi

import (
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

const assumeRole = "sts:AssumeRole"

// grants is what policies say about sts:AssumeRole.
type grants struct {
	// allow and deny are resource patterns. An entry of allow that covers every
	// role is kept as anyRole.
	allow, deny []string
}

// anyRole stands for a resource pattern that covers every role of the account.
const anyRole = "*"

// plus returns both grants together.
func (g grants) plus(other grants) grants {
	if len(other.allow) == 0 && len(other.deny) == 0 {
		return g
	}
	return grants{allow: slices.Concat(g.allow, other.allow), deny: slices.Concat(g.deny, other.deny)}
}

// ofUser returns the grants of a user: its own policies and those of its groups.
func (x *policyIndex) ofUser(u *nhiscan.User) grants {
	g := x.ofKnown(u.Known, u.AttachedPolicies, u.InlinePolicies)
	if u.Known.Has(nhiscan.FactGroups) {
		for _, name := range u.Groups {
			g = g.plus(x.ofGroup(name))
		}
	}
	return g
}

func (x *policyIndex) ofKnown(known nhiscan.Facts, attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy) grants {
	return x.of(knownPolicies(known, attached, inline))
}

func (x *policyIndex) ofGroup(name string) grants {
	key := "group " + name
	g, known := x.grants[key]
	if !known {
		if group := x.groups[name]; group != nil {
			g = x.of(group.AttachedPolicies, group.InlinePolicies)
		}
		x.grants[key] = g
	}
	return g
}

func (x *policyIndex) of(attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy) grants {
	var g grants
	for _, p := range attached {
		of, known := x.grants[p.ARN]
		if !known {
			of = readGrants(x.document(p.ARN))
			x.grants[p.ARN] = of
		}
		g = g.plus(of)
	}
	for i := range inline {
		g = g.plus(readGrants(inline[i].Document))
	}
	return g
}

// readGrants reads what one document says about sts:AssumeRole. A document that
// does not parse grants nothing here; whoever reads policies reports it.
func readGrants(document nhiscan.PolicyDocument) grants {
	if !mayMentionAssumeRole(document.Text()) {
		return grants{}
	}
	doc, err := document.Parse()
	if err != nil {
		return grants{}
	}
	var g grants
	for i := range doc.Statements {
		statement := &doc.Statements[i]
		if !statement.AppliesToAction(assumeRole) {
			continue
		}
		resources := statement.Resources
		if statement.NotResources != nil {
			// All roles but some: too wide to be meant for one.
			resources = []string{anyRole}
		}
		switch {
		case statement.Effect == policydoc.Allow:
			for _, pattern := range resources {
				g.allow = append(g.allow, normalizePattern(pattern))
			}
		case len(statement.Conditions) == 0 && statement.NotResources == nil:
			g.deny = append(g.deny, resources...)
		}
	}
	return g
}

// normalizePattern returns anyRole for a pattern that covers roles of any name:
// one that matches two made-up names which have nothing in common.
func normalizePattern(pattern string) string {
	account := ownAccount(pattern)
	for _, name := range [...]string{"\x01", "zz/\x02/zz"} {
		if !policydoc.MatchResource(pattern, account+name) {
			return pattern
		}
	}
	return anyRole
}

// ownAccount returns the beginning of the role ARNs that a pattern is about, in
// the account that the pattern names, if it names one.
func ownAccount(pattern string) string {
	fields := strings.SplitN(pattern, ":", 6)
	if len(fields) < 5 || strings.ContainsAny(fields[4], "*?") {
		return "arn:aws:iam::111122223333:role/"
	}
	partition := fields[1]
	if strings.ContainsAny(partition, "*?") {
		partition = "aws"
	}
	return "arn:" + partition + ":iam::" + fields[4] + ":role/"
}

// mayMentionAssumeRole reports whether a document can be about sts:AssumeRole. An
// account's policies are megabytes of text, and few of them are; so this looks
// at the first letters of each Action without parsing. It errs on the side of yes.
func mayMentionAssumeRole(text string) bool {
	for {
		i := strings.Index(text, `Action"`)
		if i < 0 {
			return false
		}
		if i >= 3 && text[i-3:i] == "Not" {
			return true
		}
		text = text[i+len(`Action"`):]
		if actionsMayBeSTS(text) {
			return true
		}
	}
}

// actionsMayBeSTS looks at the value of an Action element: a string or a list of strings.
func actionsMayBeSTS(text string) bool {
	inList := false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ' ', '\t', '\n', '\r', ',', ':':
		case '[':
			inList = true
		case '"':
			end := strings.IndexByte(text[i+1:], '"')
			if end < 0 {
				return true
			}
			if startsLikeSTS(text[i+1 : i+1+end]) {
				return true
			}
			if i += end + 1; !inList {
				return false
			}
		default:
			return false
		}
	}
	return false
}

// startsLikeSTS reports whether an action pattern can begin a match of
// sts:AssumeRole. An escape sequence may stand for any letter.
func startsLikeSTS(action string) bool {
	if action == "" {
		return false
	}
	switch action[0] {
	case '*', '?', '\\':
		return true
	case 's', 'S':
		return len(action) > 1 && strings.IndexByte(`tT*?\`, action[1]) >= 0
	}
	return false
}
