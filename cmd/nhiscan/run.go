package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
)

const longHelp = `nhiscan reads an AWS account's IAM and tells the identities that people use
from the non-human ones: service accounts, CI users, workload roles, vendors,
agents. It says why, what each can do and how it could become administrator, what
it could not see, and which roles let in too much.

The account comes from a saved file (--snapshot), from the built-in demo
(--demo), or from AWS with the credentials of the AWS SDK. Everything only reads,
but for nhiscan manage: that changes IAM, after it has said what it will do and asked.

Exit status: 0 clean, 1 findings at or above --fail-on (can: not allowed; manage:
refused or declined), 2 wrong usage, 3 failed or incomplete (--allow-gaps accepts
an incomplete result).`

const rootExamples = `  nhiscan scan --demo
  aws iam get-account-authorization-details > account.json
  nhiscan scan --snapshot account.json
  nhiscan scan --profile prod --format json | jq '.identities[].arn'
  nhiscan scan --demo --permissions
  nhiscan identity deploy-bot --profile prod
  nhiscan can deploy-bot iam:PassRole --snapshot account.json
  nhiscan policy lint policy.json
  nhiscan cleanup --demo
  nhiscan manage delete-user ci --force --plan-only`

// version is set by releases: go build -ldflags "-X main.version=v1.2.3".
var version string

// run carries out one command line and returns the exit status.
func run(ctx context.Context, args []string, con *console) int {
	started := false
	root := newRootCommand(con)
	begin := func(*cobra.Command, []string) { started = true }
	for _, cmd := range root.Commands() {
		cmd.PreRun = begin
		for _, sub := range cmd.Commands() {
			sub.PreRun = begin
		}
	}
	root.SetArgs(args)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if words := after(cmd, args); cmd.HasSubCommands() && len(words) > 0 && !strings.HasPrefix(words[0], "-") {
			return noCommand(cmd, words) // its flags cannot be right either
		}
		return commandline.FlagError(cmd, err)
	})
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return commandline.ExitClean
	}
	err = inFlags(err)
	// What cobra refuses before a command starts is about the command line.
	var usage *commandline.UsageError
	if !started && !errors.As(err, &usage) {
		err = &commandline.UsageError{Err: err}
	}
	var answer *answerError
	if errors.As(err, &answer) {
		return exitStatus(err)
	}
	commandline.SayError(con.stderr, cmd, err)
	return exitStatus(err)
}

func newRootCommand(con *console) *cobra.Command {
	root := &cobra.Command{
		Use:           "nhiscan",
		Short:         "Tell people from machines in an AWS account's IAM",
		Long:          longHelp,
		Example:       rootExamples,
		Version:       commandline.VersionText("nhiscan", version),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(con.stdin)
	root.SetOut(con.stdout)
	root.SetErr(con.stderr)
	root.SetVersionTemplate("{{.Version}}\n")
	root.AddCommand(newScanCommand(con), newCollectCommand(con), newIdentityCommand(con), newCallerCommand(con),
		newCanCommand(con), newWhoCanCommand(con), newPolicyCommand(con), newManageCommand(con), newCleanupCommand(con))
	return root
}

// after returns the words of a command line behind those that name the command.
func after(cmd *cobra.Command, args []string) []string {
	for name := range strings.FieldsSeq(cmd.CommandPath()) {
		if name != cmd.Root().Name() {
			args = args[min(1, len(args)):]
		}
	}
	return args
}

// noCommand says that the first argument is no command, and which one was probably meant.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		names = append(names, sub.Name())
	}
	if meant := answer.Nearest(args[0], names); meant != "" {
		return commandline.Usagef("there is no command %q; did you mean %s?", args[0], meant)
	}
	return commandline.Usagef("there is no command %q", args[0])
}
