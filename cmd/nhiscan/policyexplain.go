package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
)

const explainExamples = `  nhiscan policy explain policy.json
  nhiscan policy explain arn:aws:iam::aws:policy/PowerUserAccess
  nhiscan policy explain --demo github-release-old
  aws iam get-role-policy … --query PolicyDocument | nhiscan policy explain -`

type explainFlags struct {
	documents documentFlags
	output    outputFlags
}

func newExplainCommand(con *console) *cobra.Command {
	f := &explainFlags{}
	cmd := &cobra.Command{
		Use:   "explain [FILE…]",
		Short: "Say in sentences what policy documents allow and deny",
		Long: `Explain says in sentences what each statement of a policy document allows or
denies, and what is easily overlooked. FILE may be - for standard input, or the
ARN of an AWS managed policy. With --snapshot or --demo the arguments name
policies, users, roles or groups of an account; without any all are explained.`,
		Example: explainExamples,
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd, con, args) },
	}
	f.documents.register(cmd)
	f.output.register(cmd, formatTable, formatJSON)
	return cmd
}

func (f *explainFlags) run(cmd *cobra.Command, con *console, args []string) error {
	documents, gaps, err := f.documents.read(cmd, con, args)
	if err != nil {
		return err
	}
	explained, broken, err := parsed(cmd.Context(), documents, answer.Explain)
	if err != nil {
		return err
	}
	gaps = append(gaps, broken...)
	err = f.output.write(cmd.Context(), con, func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return render.ExplainJSON(w, explained, gaps)
		}
		return render.ExplainText(w, explained, gaps, style)
	})
	if err != nil {
		return err
	}
	return gapsError(gaps, f.documents.allowGaps)
}
