package main

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

const canExamples = `  nhiscan can terraform iam:PassRole --demo
  nhiscan can deploy-bot s3:PutObject arn:aws:s3:::releases/app.zip --snapshot account.json
  nhiscan can admin sts:AssumeRole arn:aws:iam::123456789012:role/prod --context aws:MultiFactorAuthPresent=true
  nhiscan can app kms:Decrypt arn:aws:kms:eu-west-1:123456789012:key/1234 --resource-policy key-policy.json
  if nhiscan can deploy-bot ec2:RunInstances -q > /dev/null; then …`

type canFlags struct {
	source         sourceFlags
	organization   commandline.Organization
	context        contextFlags
	resourcePolicy string
	sessionPolicy  string
	kind           commandline.Choice
	output         outputFlags
	allowGaps      bool
}

func newCanCommand(con *console) *cobra.Command {
	f := &canFlags{}
	cmd := &cobra.Command{
		Use:   "can PRINCIPAL ACTION [RESOURCE]",
		Short: "Say whether a user or role may do something, and why",
		Long: `Can decides a request as AWS does, from all policies that apply to it: those of
the principal and its groups, its permissions boundary, and with --scp those of
the organization; for sts:AssumeRole also the trust policy of the role. It names
the statements that decide. PRINCIPAL is the name or ARN of a user or role.
Without RESOURCE it says on which resources the action is allowed.

What is not known is said to be unknown: the answer is allowed, denied, or
depends on condition keys (which --context gives) or on the resource's policy.

Exit status: 0 allowed, 1 denied or depends, 2 wrong usage, 3 failed or
incomplete (--allow-gaps accepts an incomplete result).`,
		Example: canExamples,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 || len(args) > 3 || args[0] == "" {
				return commandline.Usagef("can: give a user or role, an action and perhaps a resource, as in: nhiscan can deploy-bot s3:GetObject arn:aws:s3:::bucket/key")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, con, args) },
	}
	f.source.register(cmd)
	f.organization.Register(cmd)
	flags := cmd.Flags()
	f.context.register(flags)
	flags.StringVar(&f.resourcePolicy, "resource-policy", "", "the policy of RESOURCE is in this `file`")
	flags.StringVar(&f.sessionPolicy, "session-policy", "", "the role's session was made with the policy in this `file`")
	f.kind.Allowed = toStrings(identityTypes)
	flags.Var(&f.kind, "type", "user or role, where both have the name")
	complete(cmd, "type", f.kind.Allowed)
	f.output.register(cmd, formatTable, formatJSON)
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *canFlags) run(cmd *cobra.Command, con *console, args []string) error {
	if err := f.source.check(cmd); err != nil {
		return err
	}
	want, err := answer.NewQuery(args[0], nhi.IdentityType(f.kind.Value))
	if err != nil {
		return err
	}
	action, err := actionArgument(con, args[1])
	if err != nil {
		return err
	}
	resource, err := f.resource(action, args[2:])
	if err != nil {
		return err
	}
	extra, err := interruptible(cmd.Context(), 0, func() (*extraPolicies, error) { return f.policies(con, resource) })
	if err != nil {
		return err
	}
	opts, err := loadOrganization(cmd.Context(), &f.organization)
	if err != nil {
		return err
	}
	account, err := f.read(cmd.Context(), con, want, action)
	if err != nil {
		return err
	}
	subject := answer.NewSubject(account, &answer.Options{Permissions: opts})
	can, err := calculate(cmd.Context(), func() (*render.Can, error) {
		return subject.Can(&answer.CanQuestion{
			Principal: want, Action: action, Resource: resource, Context: f.context.context(),
			Session: extra.session, ResourcePolicy: extra.resource, Texts: extra.texts,
		})
	})
	if err != nil {
		return err
	}
	if f.readsAll(action) {
		con.warn(subject.Absent(resource))
	}
	err = f.output.write(cmd.Context(), con, func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return render.CanJSON(w, can)
		}
		return render.CanText(w, can, style)
	})
	if err != nil {
		return err
	}
	if err := gapsError(can.Gaps, f.allowGaps); err != nil {
		return err
	}
	if can.Outcome != permissions.Allowed {
		return &answerError{}
	}
	return nil
}

// resource is the RESOURCE argument; * for an action that takes none, and empty
// for the question where.
func (f *canFlags) resource(action render.Action, args []string) (string, error) {
	if len(args) > 0 {
		return args[0], answer.CheckResource(args[0])
	}
	if only := answer.DefaultResource(action); only != "" {
		return only, nil
	}
	if f.context.given() || f.resourcePolicy != "" || f.sessionPolicy != "" {
		return "", commandline.Usagef("can: --context, --session-policy and --resource-policy are about one request: give a RESOURCE")
	}
	return "", nil
}

// read reads from AWS only the principal, unless others decide as well.
func (f *canFlags) read(ctx context.Context, con *console, want *answer.Query, action render.Action) (*nhiscan.Account, error) {
	if f.readsAll(action) {
		return f.source.account(ctx, con)
	}
	return f.source.identity(ctx, con, want)
}

func (f *canFlags) readsAll(action render.Action) bool {
	return f.source.Saved() || strings.HasPrefix(strings.ToLower(action.Name), "sts:assumerole")
}

// extraPolicies are those of a request that are not in the account.
type extraPolicies struct {
	session  []*permissions.Policy
	resource *permissions.Policy
	texts    map[permissions.Source]string
}

func (f *canFlags) policies(con *console, resource string) (*extraPolicies, error) {
	extra := &extraPolicies{texts: map[permissions.Source]string{}}
	read := func(file, flag string, source permissions.Source) (*permissions.Policy, error) {
		text, err := readText(con, file)
		if err != nil {
			return nil, err
		}
		doc, err := policydoc.Parse(text)
		if err != nil {
			return nil, commandline.Usagef("--%s %s: %w", flag, file, err)
		}
		extra.texts[source] = text
		return permissions.Compile(doc, source), nil
	}
	var err error
	if f.resourcePolicy != "" {
		extra.resource, err = read(f.resourcePolicy, "resource-policy", permissions.Source{Type: permissions.ResourcePolicy, ARN: resource})
		if err != nil {
			return nil, err
		}
	}
	if f.sessionPolicy != "" {
		policy, err := read(f.sessionPolicy, "session-policy", permissions.Source{Type: permissions.SessionPolicy})
		if err != nil {
			return nil, err
		}
		extra.session = []*permissions.Policy{policy}
	}
	return extra, nil
}
