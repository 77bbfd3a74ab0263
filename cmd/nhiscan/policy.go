package main

import (
	"github.com/spf13/cobra"
)

const policyExamples = `  nhiscan policy lint policy.json
  nhiscan policy lint --snapshot account.json --fail-on warning
  nhiscan policy expand 's3:Get*'
  nhiscan policy explain arn:aws:iam::aws:policy/PowerUserAccess`

// newPolicyCommand groups the commands about policy documents.
func newPolicyCommand(con *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "policy",
		Short:   "Check, expand or explain policy documents",
		Long:    "Policy checks, expands or explains policy documents: files, or the policies of\nan account.",
		Example: policyExamples,
		Args:    noCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newLintCommand(con), newExpandCommand(con), newExplainCommand(con))
	return cmd
}
