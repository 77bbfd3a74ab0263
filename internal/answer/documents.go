package answer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A Document is the text of a policy, where it is and what it is used as.
type Document struct {
	// Name says where it is, such as "role deploy trust policy".
	Name string
	// Kind is what it is used as; unknown when that is not known.
	Kind policydoc.Kind
	// Inline is the kind of entity that it is inline of, such as "role"; empty for none.
	Inline string
	Text   string
	// AWS says that AWS wrote it.
	AWS bool

	// names are those by which an account's policy can be asked for; nil for a
	// document that is of no account.
	names []string
}

// Documents returns the policies of an account: managed and inline ones and trust
// policies, and the gaps that may hide others. Names choose some, by the name or
// ARN of a policy, user, role or group; without any they are all but those that
// AWS wrote. The error is a [*NotFoundError].
func Documents(a *nhiscan.Account, names ...string) ([]Document, []nhiscan.Gap, error) {
	all, gaps := allDocuments(a), PolicyGaps(a.Gaps)
	if len(names) == 0 {
		return slices.DeleteFunc(all, func(d Document) bool { return d.AWS }), gaps, nil
	}
	var out []Document
	for _, name := range names {
		found := named(all, name)
		if found == nil {
			return nil, nil, noSuchDocument(all, name)
		}
		out = append(out, found...)
	}
	return out, gaps, nil
}

// IsAWSManaged reports whether an ARN is that of a policy that AWS wrote.
func IsAWSManaged(arn string) bool { return strings.Contains(arn, ":iam::aws:policy/") }

// AWSManaged returns the AWS managed policy with the ARN, as this version knows it.
func AWSManaged(arn string) (Document, error) {
	text, _, ok := awsmanaged.Document(arn)
	if !ok {
		return Document{}, fmt.Errorf("there is no AWS managed policy %s among those that this version knows", arn)
	}
	return Document{Name: arn, Text: text, AWS: true}, nil
}

func named(all []Document, name string) []Document {
	var out []Document
	for _, d := range all {
		if slices.ContainsFunc(d.names, func(n string) bool { return strings.EqualFold(n, name) }) {
			out = append(out, d)
		}
	}
	return out
}

func noSuchDocument(all []Document, name string) error {
	var names []string
	for _, d := range all {
		names = append(names, d.names...)
	}
	return &NotFoundError{Subject: "policy, user, role or group " + name, Meant: Nearest(name, names)}
}

func allDocuments(a *nhiscan.Account) []Document {
	var out []Document
	inline := func(kind, name, arn string, list []nhiscan.InlinePolicy) {
		for i := range list {
			if p := &list[i]; !p.Document.IsZero() {
				out = append(out, Document{
					Name: kind + " " + name + " inline policy " + p.Name, Kind: policydoc.KindIdentity, Inline: kind,
					Text: p.Document.Text(), names: []string{name, arn, p.Name},
				})
			}
		}
	}
	attachedTo := holders(a)
	for i := range a.Policies {
		p := &a.Policies[i]
		if version, ok := p.Default(); ok && !version.Document.IsZero() {
			out = append(out, Document{
				Name: "policy " + p.Name, Kind: policydoc.KindIdentity, Text: version.Document.Text(),
				AWS: IsAWSManaged(p.ARN), names: append(attachedTo[p.ARN], p.Name, p.ARN),
			})
		}
	}
	for i := range a.Groups {
		inline("group", a.Groups[i].Name, a.Groups[i].ARN, a.Groups[i].InlinePolicies)
	}
	for i := range a.Users {
		inline("user", a.Users[i].Name, a.Users[i].ARN, a.Users[i].InlinePolicies)
	}
	for i := range a.Roles {
		r := &a.Roles[i]
		if !r.TrustPolicy.IsZero() {
			out = append(out, Document{
				Name: "role " + r.Name + " trust policy", Kind: policydoc.KindTrust, Text: r.TrustPolicy.Text(), names: []string{r.Name, r.ARN},
			})
		}
		inline("role", r.Name, r.ARN, r.InlinePolicies)
	}
	return out
}

// holders are the names and ARNs of the users, groups and roles that have a
// managed policy attached, by its ARN.
func holders(a *nhiscan.Account) map[string][]string {
	out := map[string][]string{}
	add := func(name, arn string, attached []nhiscan.AttachedPolicy) {
		for _, p := range attached {
			out[p.ARN] = append(out[p.ARN], name, arn)
		}
	}
	for i := range a.Users {
		add(a.Users[i].Name, a.Users[i].ARN, a.Users[i].AttachedPolicies)
	}
	for i := range a.Groups {
		add(a.Groups[i].Name, a.Groups[i].ARN, a.Groups[i].AttachedPolicies)
	}
	for i := range a.Roles {
		add(a.Roles[i].Name, a.Roles[i].ARN, a.Roles[i].AttachedPolicies)
	}
	return out
}
