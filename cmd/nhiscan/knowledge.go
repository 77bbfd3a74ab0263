package main

import (
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

// knowledgeFlags name files of the user's own knowledge.
type knowledgeFlags struct {
	signals       string
	knownAccounts string
}

func (f *knowledgeFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.signals, "signals", "", "extend or replace weights, words and patterns by this JSON `file`")
	flags.StringVar(&f.knownAccounts, "known-accounts", "", "names of AWS accounts in this `file`: an account id and a name on each line,\nwith internal or vendor at its end")
}

// knowledge is what the classification takes for known. Its zero value is what is built in.
type knowledge struct {
	signals *nhi.Signals
	trust   *trust.Options
}

// load reads the files.
func (f *knowledgeFlags) load() (*knowledge, error) {
	k := &knowledge{}
	if f.signals != "" {
		in, err := os.Open(f.signals)
		if err != nil {
			return nil, fmt.Errorf("signals: %w", err)
		}
		defer in.Close()
		if k.signals, err = nhi.LoadSignals(in); err != nil {
			return nil, fmt.Errorf("signals %s: %w", f.signals, err)
		}
	}
	if f.knownAccounts != "" {
		in, err := os.Open(f.knownAccounts)
		if err != nil {
			return nil, fmt.Errorf("known accounts: %w", err)
		}
		defer in.Close()
		accounts, err := trust.ReadAccounts(in)
		if err != nil {
			return nil, fmt.Errorf("known accounts %s: %w", f.knownAccounts, err)
		}
		k.trust = &trust.Options{Accounts: accounts}
	}
	return k, nil
}

func (k *knowledge) classify(a *nhiscan.Account, now time.Time) *nhi.Report {
	return nhi.Classify(a, &nhi.Options{Now: now, Signals: k.signals, Trust: k.trust})
}
