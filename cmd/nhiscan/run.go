package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan/internal/answer"
)

const longHelp = `nhiscan reads an AWS account's IAM and tells the identities that people use
from the non-human ones: service accounts, CI users, workload roles, vendors,
agents. It says why, what each can do and how it could become administrator, what
it could not see, and which roles let in too much.

It only reads. The account comes from a saved file (--snapshot), from the
built-in demo (--demo), or from AWS with the credentials of the AWS SDK.

Exit status: 0 clean, 1 findings at or above --fail-on (can: not allowed),
2 wrong usage, 3 failed or incomplete (--allow-gaps accepts an incomplete result).`

const rootExamples = `  nhiscan scan --demo
  aws iam get-account-authorization-details > account.json
  nhiscan scan --snapshot account.json
  nhiscan scan --profile prod --format json | jq '.identities[].arn'
  nhiscan scan --demo --permissions
  nhiscan identity deploy-bot --profile prod
  nhiscan can deploy-bot iam:PassRole --snapshot account.json
  nhiscan policy lint policy.json`

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
		if cmd == root && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
			return noCommand(root, args) // its flags cannot be right either
		}
		return flagError(cmd, err)
	})
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitClean
	}
	err = inFlags(err)
	// What cobra refuses before a command starts is about the command line.
	var usage *usageError
	if !started && !errors.As(err, &usage) {
		err = &usageError{err}
	}
	var answer *answerError
	if errors.As(err, &answer) {
		return exitStatus(err)
	}
	con.say("nhiscan: %s", err)
	if advice := hint(err); advice != "" {
		con.say("  hint: %s", advice)
	}
	status := exitStatus(err)
	if status == exitUsage {
		con.say("Run '%s --help' for usage.", cmd.CommandPath())
	}
	return status
}

func newRootCommand(con *console) *cobra.Command {
	root := &cobra.Command{
		Use:           "nhiscan",
		Short:         "Tell people from machines in an AWS account's IAM",
		Long:          longHelp,
		Example:       rootExamples,
		Version:       versionText(),
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
		newCanCommand(con), newWhoCanCommand(con), newPolicyCommand(con))
	return root
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
		return usagef("there is no command %q; did you mean %s?", args[0], meant)
	}
	return usagef("there is no command %q", args[0])
}

// noArgs is for commands that are told everything by flags.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usagef("%s takes no argument, found %q", cmd.Name(), args[0])
}

// flagError says which flag is wrong, and which one was probably meant.
func flagError(cmd *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	if errors.As(err, &missing) && len(missing.GetSpecifiedName()) > 1 {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if meant := answer.Nearest(missing.GetSpecifiedName(), names); meant != "" {
			return usagef("%w; did you mean --%s?", err, meant)
		}
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return usagef("--%s %s: %w", invalid.GetFlag().Name, invalid.GetValue(), valueError(invalid))
	}
	return &usageError{err}
}

// valueError says what a flag wants; the errors of the standard types name Go functions.
func valueError(invalid *pflag.InvalidValueError) error {
	switch invalid.GetFlag().Value.Type() {
	case "int":
		return errors.New("want a whole number")
	case "duration":
		return errors.New("want a duration, such as 90s or 5m")
	case "bool":
		return errors.New("want true or false")
	}
	return invalid.Unwrap()
}
