// Command measure classifies labelled identities and says how often package nhi
// is right, so that a change of weights can be judged.
//
//	go run ./internal/tools/measure [-signals FILE] [-names-only] [-v] LABELS.csv
//
// LABELS.csv has the columns name, kind (user or role), label (human, nonhuman or
// mixed), subkind, iam_path, trust, console_password, access_key and mfa. The
// last three are true, false, or anything else for unknown. trust says in words
// who may assume a role; see translateTrust for the words that are understood.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/nhiscan/nhiscan/nhi"
)

func main() {
	signals := flag.String("signals", "", "`file` of signals to use instead of the built-in ones")
	namesOnly := flag.Bool("names-only", false, "look at nothing of the users but their names")
	verbose := flag.Bool("v", false, "print each wrong or uncertain identity with its reasons")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: measure [-signals FILE] [-names-only] [-v] LABELS.csv")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *signals, *namesOnly, *verbose, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}

// run measures one file and prints to out; rows that are not understood are named on warn.
func run(path, signalsPath string, namesOnly, verbose bool, out, warn io.Writer) error {
	signals, err := loadSignals(signalsPath)
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	labels, err := readLabels(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	account := buildAccount(labels, namesOnly, warn)
	report := nhi.Classify(account, &nhi.Options{Signals: signals})
	print(out, judge(labels, report, namesOnly), verbose)
	return nil
}

func loadSignals(path string) (*nhi.Signals, error) {
	if path == "" {
		return nhi.DefaultSignals(), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	signals, err := nhi.LoadSignals(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return signals, nil
}
