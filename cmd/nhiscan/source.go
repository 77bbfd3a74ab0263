package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
)

// sourceFlags say where the account comes from: a saved file, the demo, or AWS.
type sourceFlags struct {
	snapshot         string
	credentialReport string
	demo             bool
	live             liveFlags
}

func (f *sourceFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.snapshot, "snapshot", "", "read the account from this `file`: what aws iam get-account-authorization-details\nprints, or nhiscan collect saved; - is standard input")
	flags.StringVar(&f.credentialReport, "credential-report", "", "with --snapshot: read passwords, keys and MFA from this credential report `file`")
	flags.BoolVar(&f.demo, "demo", false, "use the built-in demo account")
	f.live.register(flags)
}

// check refuses sources that exclude one another.
func (f *sourceFlags) check(cmd *cobra.Command) error {
	fromAWS := f.live.used(cmd)
	switch {
	case f.snapshot != "" && f.demo:
		return usagef("--snapshot and --demo are two sources: give one")
	case f.demo && fromAWS != "":
		return usagef("--demo and --%s exclude one another: the demo is not read from AWS", fromAWS)
	case f.snapshot != "" && fromAWS != "":
		return usagef("--snapshot and --%s exclude one another: a saved file is not read from AWS", fromAWS)
	case f.credentialReport != "" && f.snapshot == "":
		return usagef("--credential-report goes with --snapshot: AWS and the demo have their own")
	case f.snapshot == "-" && f.credentialReport == "-":
		return usagef("--snapshot and --credential-report cannot both be standard input")
	}
	if err := checkFileNames(cmd); err != nil {
		return err
	}
	return f.live.check()
}

// checkFileNames refuses an empty file name, which a script's unset variable makes
// and which would otherwise count as no flag at all.
func checkFileNames(cmd *cobra.Command) error {
	for _, name := range []string{"snapshot", "credential-report", "signals", "known-accounts", "scp", "resource-policy", "session-policy", "output"} {
		if flag := cmd.Flags().Lookup(name); flag != nil && flag.Changed && flag.Value.String() == "" {
			return usagef("--%s: the file name is empty", name)
		}
	}
	return nil
}

// saved reports whether the account comes from a file or the demo.
func (f *sourceFlags) saved() bool { return f.demo || f.snapshot != "" }

// now is the time that ages are reckoned from: that at which the account was read.
func (f *sourceFlags) now(a *nhiscan.Account) time.Time {
	switch {
	case f.demo:
		return demo.Now()
	case !a.CollectedAt.IsZero():
		return a.CollectedAt
	}
	return time.Now().UTC().Truncate(time.Second)
}

// account reads the account. It returns within a second of the end of ctx.
func (f *sourceFlags) account(ctx context.Context, con *console) (*nhiscan.Account, error) {
	if !f.saved() {
		return f.live.account(ctx, con)
	}
	if f.demo {
		return demo.Account()
	}
	return interruptible(ctx, 0, func() (*nhiscan.Account, error) { return f.readSnapshot(con.stdin) })
}

func (f *sourceFlags) readSnapshot(stdin io.Reader) (*nhiscan.Account, error) {
	account, err := readAccount(f.snapshot, stdin)
	if err != nil || f.credentialReport == "" {
		return account, err
	}
	report, err := readReport(f.credentialReport, stdin)
	if err != nil {
		return nil, err
	}
	if err := account.ApplyCredentialReport(report); err != nil {
		return nil, fmt.Errorf("credential report %s: %w", f.credentialReport, err)
	}
	return account, nil
}

func readAccount(name string, stdin io.Reader) (*nhiscan.Account, error) {
	if name != "-" {
		return nhiscan.ReadFile(name)
	}
	account, err := nhiscan.Read(stdin)
	if err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return account, nil
}

func readReport(name string, stdin io.Reader) (*nhiscan.CredentialReport, error) {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("credential report: %w", err)
		}
		defer f.Close()
		in = f
	}
	report, err := nhiscan.ReadCredentialReport(in)
	if err != nil {
		return nil, fmt.Errorf("credential report %s: %w", name, err)
	}
	return report, nil
}
