package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A document is the text of a policy, where it is and what it is used as.
type document struct {
	name string
	kind policydoc.Kind
	// inline is the kind of entity that it is inline of.
	inline string
	text   string
	// aws says that AWS wrote it.
	aws bool
	// names are those by which an account's policy can be asked for.
	names []string
}

// documentFlags say which documents a command is about.
type documentFlags struct {
	source    sourceFlags
	allowGaps bool
}

func (f *documentFlags) register(cmd *cobra.Command) {
	f.source.register(cmd)
	f.source.live.documents = true
	registerAllowGaps(cmd, &f.allowGaps)
}

// fromAccount reports whether the documents are those of an account.
func (f *documentFlags) fromAccount(cmd *cobra.Command, args []string) bool {
	return len(args) == 0 || f.source.saved() || f.source.live.used(cmd) != ""
}

// read returns the documents: the files that args name or, of an account, all
// policies or those that args name.
func (f *documentFlags) read(cmd *cobra.Command, con *console, args []string) ([]document, []nhiscan.Gap, error) {
	if err := f.source.check(cmd); err != nil {
		return nil, nil, err
	}
	if !f.fromAccount(cmd, args) {
		documents, err := interruptible(cmd.Context(), 0, func() ([]document, error) { return readDocuments(con, args) })
		return documents, nil, err
	}
	return f.readAccount(cmd.Context(), con, args)
}

func (f *documentFlags) readAccount(ctx context.Context, con *console, args []string) ([]document, []nhiscan.Gap, error) {
	account, err := f.source.account(ctx, con)
	if err != nil {
		return nil, nil, err
	}
	all := accountDocuments(account)
	gaps := policyGaps(account.Gaps)
	if len(args) == 0 {
		return slices.DeleteFunc(all, func(d document) bool { return d.aws }), gaps, nil
	}
	var out []document
	for _, arg := range args {
		found := named(all, arg)
		if found == nil {
			return nil, nil, noSuchDocument(all, arg)
		}
		out = append(out, found...)
	}
	return out, gaps, nil
}

func named(all []document, name string) []document {
	var out []document
	for _, d := range all {
		for _, n := range d.names {
			if strings.EqualFold(n, name) {
				out = append(out, d)
				break
			}
		}
	}
	return out
}

func noSuchDocument(all []document, name string) error {
	var names []string
	for _, d := range all {
		names = append(names, d.names...)
	}
	if meant := nearest(name, names); meant != "" {
		return fmt.Errorf("there is no policy, user, role or group %s in this account; did you mean %s?", name, meant)
	}
	return fmt.Errorf("there is no policy, user, role or group %s in this account", name)
}

// accountDocuments are the policies of an account: managed and inline ones and
// trust policies.
func accountDocuments(a *nhiscan.Account) []document {
	var out []document
	add := func(name, inline string, d nhiscan.PolicyDocument, kind policydoc.Kind, names ...string) {
		if !d.IsZero() {
			out = append(out, document{name: name, kind: kind, inline: inline, text: d.Text(), names: names})
		}
	}
	inline := func(kind, name, arn string, list []nhiscan.InlinePolicy) {
		for i := range list {
			add(fmt.Sprintf("%s %s inline policy %s", kind, name, list[i].Name), kind, list[i].Document, policydoc.KindIdentity, name, arn, list[i].Name)
		}
	}
	attachedTo := holders(a)
	for i := range a.Policies {
		p := &a.Policies[i]
		if version, ok := p.Default(); ok && !version.Document.IsZero() {
			out = append(out, document{
				name: "policy " + p.Name, kind: policydoc.KindIdentity, text: version.Document.Text(),
				aws: awsManaged(p.ARN), names: append(attachedTo[p.ARN], p.Name, p.ARN),
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
		add("role "+r.Name+" trust policy", "", r.TrustPolicy, policydoc.KindTrust, r.Name, r.ARN)
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

func awsManaged(arn string) bool { return strings.Contains(arn, ":iam::aws:policy/") }

// readDocuments reads files; - is standard input, and the ARN of an AWS managed
// policy stands for its text.
func readDocuments(con *console, files []string) ([]document, error) {
	var out []document
	for _, file := range files {
		if awsManaged(file) {
			text, _, ok := awsmanaged.Document(file)
			if !ok {
				return nil, fmt.Errorf("there is no AWS managed policy %s among those that this version knows", file)
			}
			out = append(out, document{name: file, text: text, aws: true})
			continue
		}
		text, err := readText(con, file)
		if err != nil {
			return nil, err
		}
		name := file
		if file == "-" {
			name = "standard input"
		}
		if err := mistaken(name, text); err != nil {
			return nil, err
		}
		out = append(out, document{name: name, text: text})
	}
	return out, nil
}

// maxPolicyText is many times what AWS accepts of any policy.
const maxPolicyText = 10 << 20

// readText reads a policy document; what the AWS API percent-encoded is decoded.
func readText(con *console, file string) (string, error) {
	if file == "" {
		return "", usagef("the file name is empty")
	}
	in := con.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxPolicyText+1))
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	if len(text) > maxPolicyText {
		return "", fmt.Errorf("%s is larger than 10 MB: no policy is", file)
	}
	if strings.HasPrefix(string(text), "%7B") {
		return policydoc.Decode(strings.TrimSpace(string(text)))
	}
	return string(text), nil
}

// eachParsed parses documents and returns what do makes of each. One that does not
// parse is an error or, of an account, a gap.
func eachParsed[T any](ctx context.Context, documents []document, fromAccount bool, do func(document, *policydoc.Document) T) ([]T, []nhiscan.Gap, error) {
	type result struct {
		made []T
		gaps []nhiscan.Gap
	}
	r, err := calculate(ctx, func() (r result, err error) {
		for _, d := range documents {
			doc, err := policydoc.Parse(d.text)
			switch {
			case err == nil:
				r.made = append(r.made, do(d, doc))
			case !fromAccount:
				return r, fmt.Errorf("%s: %w", d.name, err)
			default:
				r.gaps = append(r.gaps, malformed(d, err))
			}
		}
		return r, nil
	})
	return r.made, r.gaps, err
}

// malformed is the gap of an account's policy that does not parse.
func malformed(d document, err error) nhiscan.Gap {
	return nhiscan.Gap{Operation: "iam:GetPolicyVersion", Resource: d.name, Code: nhiscan.GapMalformed, Message: err.Error()}
}
