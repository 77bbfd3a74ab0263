package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/policydoc"
)

const lintExamples = `  nhiscan policy lint policy.json
  nhiscan policy lint --kind trust trust.json
  nhiscan policy lint policies/*.json --fail-on suggestion
  nhiscan policy lint --snapshot account.json
  terraform output -raw policy | nhiscan policy lint -`

// policyKinds are the words of --kind.
var policyKinds = map[string]policydoc.Kind{
	"identity": policydoc.KindIdentity, "trust": policydoc.KindTrust, "resource": policydoc.KindResource,
	"scp": policydoc.KindServiceControl, "rcp": policydoc.KindResourceControl,
}

var findingLevels = []policydoc.FindingLevel{policydoc.FindingError, policydoc.FindingWarning, policydoc.FindingSuggestion}

type lintFlags struct {
	documents documentFlags
	kind      commandline.Choice
	failOn    commandline.Choice
	output    outputFlags
}

func newLintCommand(con *console) *cobra.Command {
	f := &lintFlags{}
	cmd := &cobra.Command{
		Use:   "lint [FILE…]",
		Short: "Say what is wrong with policy documents",
		Long: `Lint says what AWS would reject in a policy document, what does not do what it
seems to, and what could be clearer, with the place and the fix. FILE may be -
for standard input, or the ARN of an AWS managed policy. Without FILE, and with
--snapshot or --demo, it checks the policies of an account, of which arguments
choose some: by the name or ARN of a policy, user, role or group.`,
		Example: lintExamples,
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd, con, args) },
	}
	f.documents.register(cmd)
	f.kind.Allowed = []string{"identity", "trust", "resource", "scp", "rcp"}
	cmd.Flags().Var(&f.kind, "kind", "what the files are used as: identity, trust, resource, scp or rcp (default: not known;\nan account tells itself)")
	complete(cmd, "kind", f.kind.Allowed)
	f.failOn.Allowed = append(toStrings(findingLevels), failOnNone)
	f.failOn.Value = string(policydoc.FindingError)
	cmd.Flags().Var(&f.failOn, "fail-on", "exit with 1 when there is a finding of this level or worse: error, warning, suggestion,\nnone")
	complete(cmd, "fail-on", f.failOn.Allowed)
	f.output.register(cmd, formatTable, formatJSON)
	return cmd
}

func (f *lintFlags) run(cmd *cobra.Command, con *console, args []string) error {
	if f.kind.Value != "" && f.documents.fromAccount(cmd, args) {
		return commandline.Usagef("policy lint: --kind is for files: an account says itself what its policies are used as")
	}
	documents, gaps, err := f.documents.read(cmd, con, args)
	if err != nil {
		return err
	}
	linted, err := calculate(cmd.Context(), func() ([]render.Linted, error) { return answer.Lint(documents, policyKinds[f.kind.Value]), nil })
	if err != nil {
		return err
	}
	err = f.output.write(cmd.Context(), con, func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return render.LintJSON(w, linted, gaps)
		}
		return render.LintText(w, linted, gaps, style)
	})
	if err != nil {
		return err
	}
	if err := gapsError(gaps, f.documents.allowGaps); err != nil {
		return err
	}
	return f.verdict(linted)
}

func (f *lintFlags) verdict(linted []render.Linted) error {
	limit := slices.Index(findingLevels, policydoc.FindingLevel(f.failOn.Value))
	found := 0
	for _, d := range linted {
		for _, finding := range d.Findings {
			if slices.Index(findingLevels, finding.Level) <= limit {
				found++
			}
		}
	}
	if found == 0 {
		return nil
	}
	return &findingsError{fmt.Sprintf("found in policies, %s or worse: %d (--fail-on %s)", f.failOn.Value, found, f.failOn.Value)}
}
