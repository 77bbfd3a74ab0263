// Command genaccount writes an account file as large as IAM's quotas allow, for
// benchmarks and load tests, and prints what is in it.
//
//	go run ./internal/tools/genaccount -o account.json [-scale 1] [-seed 1] [-cli] [-report report.csv]
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

func main() {
	out := flag.String("o", "", "write the account to `FILE`")
	scale := flag.Float64("scale", 1, "make `N` times as many entities as the quotas allow")
	seed := flag.Uint64("seed", 1, "another `SEED` gives another account")
	cli := flag.Bool("cli", false, "write what the AWS CLI prints: no credentials, indented")
	report := flag.String("report", "", "write the credential report to `FILE`")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := generate(*out, *report, *scale, *seed, *cli); err != nil {
		fmt.Fprintln(os.Stderr, "genaccount:", err)
		os.Exit(1)
	}
}

func generate(out, report string, scale float64, seed uint64, cli bool) error {
	a := synth.Account(synth.Quota.Scale(scale), seed)
	write := a.Write
	if cli {
		write = func(w io.Writer) error { return synth.WriteCLI(w, a) }
	}
	if err := create(out, write); err != nil {
		return err
	}
	if report != "" {
		if err := create(report, func(w io.Writer) error { return synth.WriteCredentialReport(w, a) }); err != nil {
			return err
		}
	}
	return describe(out, a)
}

func create(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(f)
	return errors.Join(write(buffered), buffered.Flush(), f.Close())
}

func describe(name string, a *nhiscan.Account) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	fmt.Printf("%s: %d users, %d roles, %d groups, %d policies, %.1f MB\n",
		name, len(a.Users), len(a.Roles), len(a.Groups), len(a.Policies), float64(info.Size())/1e6)
	return nil
}
