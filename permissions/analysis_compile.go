package permissions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/policydoc"
)

// KeyUnreadPolicy is the condition key that an answer hangs on when a policy that
// could change it was not read. AWS has no such key.
const KeyUnreadPolicy = "nhiscan:UnreadPolicy"

// A compiler makes an Analysis of an account. Documents are compiled once, however
// many identities have them.
type compiler struct {
	x         *Analysis
	byARN     map[string]compiled  // managed policies
	byText    map[string]compiled  // inline and trust policies
	groups    map[string]*group    // by name in lower case
	byGroups  map[string][]*Policy // what groups give together, by their names
	malformed map[string]bool      // resources whose malformed documents the account's gaps name
}

// A compiled document, or why there is none.
type compiled struct {
	document *document
	code     string // of a gap
	reason   string
}

// A group is what its members have of it.
type group struct {
	policies, unread []*Policy
	gaps             []nhiscan.Gap
}

func newCompiler(x *Analysis) *compiler {
	c := &compiler{
		x:         x,
		byARN:     map[string]compiled{},
		byText:    map[string]compiled{},
		groups:    make(map[string]*group, len(x.account.Groups)),
		byGroups:  map[string][]*Policy{},
		malformed: map[string]bool{},
	}
	for i := range x.account.Gaps {
		if g := &x.account.Gaps[i]; g.Code == nhiscan.GapMalformed {
			c.malformed[g.Resource] = true
		}
	}
	return c
}

// compile compiles a document, once for all that have the same text.
func (c *compiler) compile(d nhiscan.PolicyDocument) compiled {
	if found, ok := c.byText[d.Text()]; ok {
		return found
	}
	doc, err := d.Parse()
	var result compiled
	switch {
	case d.IsZero():
		result = compiled{code: nhiscan.GapNotInFile, reason: "its text was not read"}
	case err != nil:
		result = compiled{code: nhiscan.GapMalformed, reason: err.Error()}
	default:
		result = compiled{document: compileDocument(doc)}
	}
	c.byText[d.Text()] = result
	return result
}

// managed compiles the version in force of a managed policy. What AWS wrote is
// known when the account does not hold it.
func (c *compiler) managed(arn string) compiled {
	if found, ok := c.byARN[arn]; ok {
		return found
	}
	result := compiled{code: nhiscan.GapNotInFile, reason: "the account holds no policy of that ARN"}
	if p, ok := c.x.account.Policy(arn); ok {
		result.reason = "the text of the version in force was not read"
		if v, ok := p.Default(); ok && !v.Document.IsZero() {
			result = c.compile(v.Document)
		}
	}
	if result.document == nil && isAWSManaged(arn) {
		if text, _, ok := awsmanaged.Document(arn); ok {
			result = c.compile(nhiscan.NewPolicyDocument(text))
		}
	}
	c.byARN[arn] = result
	return result
}

// isAWSManaged reports whether the ARN is that of a policy that AWS wrote.
func isAWSManaged(arn string) bool {
	a, ok := nhiscan.ParseARN(arn)
	return ok && a.Service == "iam" && a.Account == "aws" && strings.HasPrefix(a.Resource, "policy/")
}

// A holder is a user, group or role in the making.
type holder struct {
	kind, arn, name string
	policies        []*Policy
	unread          []*Policy // see identity
	gaps            []nhiscan.Gap
}

// attach compiles the managed and inline policies of a holder.
func (c *compiler) attach(h *holder, attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy) {
	if n := len(attached) + len(inline); n > 0 {
		h.policies = slices.Grow(h.policies, n)
	}
	for _, p := range attached {
		source := Source{Type: IdentityPolicy, Name: p.Name, ARN: p.ARN, Holder: h.arn, AWSManaged: isAWSManaged(p.ARN)}
		found := c.managed(p.ARN)
		if found.document == nil {
			c.gap(h, "iam:GetPolicyVersion", p.ARN, found, fmt.Sprintf("managed policy %s", cmp.Or(p.Name, p.ARN)))
			c.unreadable(h, source)
			continue
		}
		h.policies = append(h.policies, &Policy{Source: source, compiled: found.document})
	}
	for _, p := range inline {
		source := Source{Type: IdentityPolicy, Name: p.Name, Holder: h.arn}
		found := c.compile(p.Document)
		if found.document == nil {
			c.gap(h, inlineOperations[h.kind], h.arn, found, fmt.Sprintf("%s %s: inline policy %s", h.kind, h.name, p.Name))
			c.unreadable(h, source)
			continue
		}
		h.policies = append(h.policies, &Policy{Source: source, compiled: found.document})
	}
}

// The IAM actions that would have read what is missing.
var inlineOperations = map[string]string{"user": "iam:GetUserPolicy", "role": "iam:GetRolePolicy", "group": "iam:GetGroupPolicy"}

// gap notes that a policy of the holder is not known.
func (c *compiler) gap(h *holder, operation, resource string, why compiled, subject string) {
	g := nhiscan.Gap{
		Operation: operation, Resource: resource, Code: why.code,
		Message: fmt.Sprintf("%s: %s; what it allows and denies is not taken into account", subject, why.reason),
	}
	h.gaps = append(h.gaps, g)
	if why.code != nhiscan.GapMalformed || !c.malformed[resource] {
		c.x.gaps = append(c.x.gaps, g)
	}
}

// missing notes that a whole list of policies of the holder was not read.
func (c *compiler) missing(h *holder, known, fact nhiscan.Facts, operation, what string) {
	if known.Has(fact) {
		return
	}
	h.gaps = append(h.gaps, nhiscan.Gap{
		Operation: operation, Resource: h.arn, Code: nhiscan.GapNotInFile,
		Message: fmt.Sprintf("%s %s: %s were not read", h.kind, h.name, what),
	})
	c.unreadable(h, Source{Type: IdentityPolicy, Name: what + " that were not read", Holder: h.arn})
}

// unreadable gives the holder a policy that stands for one or several whose text
// is not known.
func (c *compiler) unreadable(h *holder, source Source) {
	h.unread = append(h.unread, &Policy{Source: source, compiled: c.unknown(source.ARN)})
}

// bound compiles a permissions boundary. One whose text is not known is taken for
// one that allows and denies everything under conditions that nobody can tell: nothing is
// certain to be allowed, and nothing certain to be denied.
func (c *compiler) bound(h *holder, arn string) (boundary *Policy, unread bool) {
	if arn == "" {
		return nil, false
	}
	name := arn[strings.LastIndexByte(arn, '/')+1:]
	source := Source{Type: PermissionsBoundary, Name: name, ARN: arn, Holder: h.arn, AWSManaged: isAWSManaged(arn)}
	found := c.managed(arn)
	if found.document != nil {
		return &Policy{Source: source, compiled: found.document}, false
	}
	c.gap(h, "iam:GetPolicyVersion", arn, found, "permissions boundary "+name)
	return &Policy{Source: source, compiled: c.unknown(arn)}, true
}

// unknown is the document that stands for one that is not known.
func (c *compiler) unknown(name string) *document {
	key := "\x00" + name
	if found, ok := c.byText[key]; ok {
		return found.document
	}
	d := compileDocument(&policydoc.Document{
		Version:    policydoc.Version2012,
		Statements: []policydoc.Statement{unknownStatement(policydoc.Allow, name), unknownStatement(policydoc.Deny, name)},
	})
	c.byText[key] = compiled{document: d}
	return d
}

func unknownStatement(effect policydoc.Effect, name string) policydoc.Statement {
	return policydoc.Statement{
		Effect: effect, Actions: []string{"*"}, Resources: []string{"*"},
		Conditions: []policydoc.Condition{{Operator: "StringEquals", Key: KeyUnreadPolicy, Values: []string{name}}},
	}
}
