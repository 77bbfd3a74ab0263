package commandline

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
)

// A Source says where the account comes from: a saved file, the demo, or AWS.
type Source struct {
	Snapshot         string
	CredentialReport string
	Demo             bool
	AWS              AWS
}

// Register adds the flags.
func (s *Source) Register(flags *pflag.FlagSet) {
	flags.StringVar(&s.Snapshot, "snapshot", "", "read the account from this `file`: what aws iam get-account-authorization-details\nprints, or nhiscan collect saved; - is standard input")
	flags.StringVar(&s.CredentialReport, "credential-report", "", "with --snapshot: read passwords, keys and MFA from this credential report `file`")
	flags.BoolVar(&s.Demo, "demo", false, "use the built-in demo account")
	s.AWS.Register(flags)
}

// Check refuses sources that exclude one another, and empty values of the flags of
// this package that name files and of the fileFlags that the program adds.
func (s *Source) Check(flags *pflag.FlagSet, fileFlags ...string) error {
	fromAWS := s.AWS.Used(flags)
	switch {
	case s.Snapshot != "" && s.Demo:
		return Usagef("--snapshot and --demo are two sources: give one")
	case s.Demo && fromAWS != "":
		return Usagef("--demo and --%s exclude one another: the demo is not read from AWS", fromAWS)
	case s.Snapshot != "" && fromAWS != "":
		return Usagef("--snapshot and --%s exclude one another: a saved file is not read from AWS", fromAWS)
	case s.CredentialReport != "" && s.Snapshot == "":
		return Usagef("--credential-report goes with --snapshot: AWS and the demo have their own")
	case s.Snapshot == "-" && s.CredentialReport == "-":
		return Usagef("--snapshot and --credential-report cannot both be standard input")
	}
	if err := CheckFileNames(flags, append([]string{"snapshot", "credential-report", "signals", "known-accounts", "scp"}, fileFlags...)...); err != nil {
		return err
	}
	return s.AWS.Check()
}

// Saved reports whether the account comes from a file or the demo.
func (s *Source) Saved() bool { return s.Demo || s.Snapshot != "" }

// Read reads the saved account or the demo.
func (s *Source) Read(stdin io.Reader) (*nhiscan.Account, error) {
	if s.Demo {
		return demo.Account()
	}
	account, err := readAccount(s.Snapshot, stdin)
	if err != nil || s.CredentialReport == "" {
		return account, err
	}
	report, err := readReport(s.CredentialReport, stdin)
	if err != nil {
		return nil, err
	}
	if err := account.ApplyCredentialReport(report); err != nil {
		return nil, fmt.Errorf("credential report %s: %w", s.CredentialReport, err)
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
