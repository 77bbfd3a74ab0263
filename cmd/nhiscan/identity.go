package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
)

const identityExamples = `  nhiscan identity github-release-old --demo
  nhiscan identity arn:aws:iam::123456789012:role/app --snapshot account.json
  nhiscan identity admin --type role --profile prod --format json`

type identityFlags struct {
	source    sourceFlags
	knowledge knowledgeFlags
	output    outputFlags
	kind      choice
	// wholeAccount says to read from AWS more than the one identity.
	wholeAccount bool
	organization organizationFlags
	allowGaps    bool
}

func newIdentityCommand(con *console) *cobra.Command {
	f := &identityFlags{}
	cmd := &cobra.Command{
		Use:   "identity NAME",
		Short: "Say everything about one user or role",
		Long: `Identity says of one user or role what it is and why, how it can sign in or who
can assume it, what it can do, whether it is or can become administrator and
how, what is dangerous about that and how to fix it. NAME is its name or ARN;
the ARN of an assumed role's session means its role.

From AWS it reads the one identity only; ways to more permissions that lead
through other users, roles or groups need --whole-account, or a saved file.`,
		Example: identityExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || args[0] == "" {
				return usagef("identity: give the name or ARN of one user or role, as in: nhiscan identity deploy-bot")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, con, args[0]) },
	}
	f.source.register(cmd)
	f.knowledge.register(cmd)
	f.kind.allowed = toStrings(identityTypes)
	cmd.Flags().Var(&f.kind, "type", "user or role, where both have the name")
	complete(cmd, "type", f.kind.allowed)
	cmd.Flags().BoolVar(&f.wholeAccount, "whole-account", false, "from AWS, read all of the account, so that ways through other identities are seen")
	f.organization.register(cmd)
	f.output.register(cmd, formatTable, formatJSON)
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *identityFlags) run(cmd *cobra.Command, con *console, name string) error {
	if err := f.source.check(cmd); err != nil {
		return err
	}
	want, err := newQuery(name, nhi.IdentityType(f.kind.value))
	if err != nil {
		return err
	}
	knowledge, err := f.knowledge.load()
	if err != nil {
		return err
	}
	opts, err := f.organization.load(cmd.Context())
	if err != nil {
		return err
	}
	account, err := f.read(cmd.Context(), con, want)
	if err != nil {
		return err
	}
	shown, err := calculate(cmd.Context(), func() (*render.Identity, error) {
		shown, err := want.find(knowledge, account, f.source.now(account))
		if err == nil {
			analyse(shown, opts)
		}
		return shown, err
	})
	if err != nil {
		return err
	}
	shown.Alone = !f.source.saved() && !f.wholeAccount
	if err := f.output.write(cmd.Context(), con, identityFormats(shown)); err != nil {
		return err
	}
	return gapsError(shown.Gaps, f.allowGaps)
}

// read reads the account or, from AWS, the one identity.
func (f *identityFlags) read(ctx context.Context, con *console, want *query) (*nhiscan.Account, error) {
	if f.source.saved() || f.wholeAccount {
		return f.source.account(ctx, con)
	}
	return f.source.live.identity(ctx, con, want)
}

func identityFormats(id *render.Identity) func(io.Writer, string, render.Style) error {
	return func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return render.IdentityJSON(w, id)
		}
		return render.IdentityText(w, id, style)
	}
}

// A query is the identity that was asked for.
type query struct {
	// name is the friendly name; arn is set when an ARN was given.
	name, arn string
	// kind is empty when it may be a user or a role.
	kind nhi.IdentityType
}

// newQuery understands a name or the ARN of a user, a role or an assumed role's session.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
func newQuery(name string, kind nhi.IdentityType) (*query, error) {
	if !strings.HasPrefix(name, "arn:") {
		return &query{name: name, kind: kind}, nil
	}
	arn, ok := nhiscan.ParseARN(name)
	if !ok {
		return nil, usagef("%s is not a whole ARN", name)
	}
	parts := strings.Split(arn.Resource, "/")
	last := parts[len(parts)-1]
	q := &query{arn: name, name: last}
	switch {
	case parts[0] == "user" && len(parts) > 1:
		q.kind = nhi.TypeUser
	case parts[0] == "role" && len(parts) > 1:
		q.kind = nhi.TypeRole
	case parts[0] == "assumed-role" && len(parts) == 3:
		q = &query{kind: nhi.TypeRole, name: parts[1]}
	default:
		return nil, usagef("%s is not the ARN of a user or role", name)
	}
	if kind != "" && kind != q.kind {
		return nil, usagef("%s is not the ARN of a %s, as --type says", name, kind)
	}
	return q, nil
}

func (q *query) matches(kind nhi.IdentityType, name, arn string) bool {
	if q.arn != "" {
		return arn == q.arn
	}
	return (q.kind == "" || kind == q.kind) && strings.EqualFold(name, q.name)
}

func (q *query) String() string {
	subject := "user or role"
	if q.kind != "" {
		subject = string(q.kind)
	}
	if q.arn != "" {
		return subject + " " + q.arn
	}
	return subject + " " + q.name
}

// locate returns the ARN of the one user or role that was asked for.
func (q *query) locate(a *nhiscan.Account) (string, error) {
	var found, names []string
	see := func(kind nhi.IdentityType, name, arn string) {
		names = append(names, name)
		if q.matches(kind, name, arn) {
			found = append(found, arn)
		}
	}
	for i := range a.Users {
		see(nhi.TypeUser, a.Users[i].Name, a.Users[i].ARN)
	}
	for i := range a.Roles {
		see(nhi.TypeRole, a.Roles[i].Name, a.Roles[i].ARN)
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", usagef("%s is the name of two: give --type user or --type role, or one of the ARNs %s and %s", q.name, found[0], found[1])
	}
	if meant := nearest(q.name, names); meant != "" {
		return "", fmt.Errorf("there is no %s in this account; did you mean %s?", q, meant)
	}
	return "", fmt.Errorf("there is no %s in this account", q)
}

// find classifies the account and returns the one identity.
func (q *query) find(k *knowledge, account *nhiscan.Account, now time.Time) (*render.Identity, error) {
	arn, err := q.locate(account)
	if err != nil {
		return nil, err
	}
	report := k.classify(account, now)
	for i := range report.Identities {
		if report.Identities[i].ARN == arn {
			return newIdentity(account, report, &report.Identities[i]), nil
		}
	}
	return nil, fmt.Errorf("there is no %s in this account", q)
}

// newIdentity keeps of the account's gaps those that concern the identity.
func newIdentity(account *nhiscan.Account, report *nhi.Report, id *nhi.Identity) *render.Identity {
	shown := &render.Identity{Account: account, Time: report.Time, Identity: id, Threshold: defaultThreshold}
	for _, gap := range report.Gaps {
		if concerns(gap, id) {
			shown.Gaps = append(shown.Gaps, gap)
		}
	}
	return shown
}

// analyse adds what the identity can do.
func analyse(shown *render.Identity, opts *permissions.Options) {
	x := permissions.New(shown.Account, opts)
	can, ok := x.Identity(shown.Identity.ARN)
	if !ok {
		return
	}
	shown.Permissions = can
	shown.Gaps = append(shown.Gaps, without(can.Unresolved, shown.Gaps)...)
	shown.Line = lines(shown.Account, nil)
}

// concerns reports whether the gap may hide something of the identity: one that
// names it, or a list of the account that is not whole.
func concerns(gap nhiscan.Gap, id *nhi.Identity) bool {
	if gap.Resource == "*" || gap.Resource == "" {
		return !isReport(gap) || id.Type == nhi.TypeUser
	}
	return gap.Resource == id.ARN || strings.EqualFold(gap.Resource, id.Name)
}

// isReport reports whether the gap is that of the credential report, which tells of users only.
func isReport(gap nhiscan.Gap) bool {
	return strings.HasSuffix(gap.Operation, "CredentialReport")
}
