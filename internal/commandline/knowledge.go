package commandline

import (
	"fmt"
	"os"

	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

// A Knowledge names files of the user's own knowledge.
type Knowledge struct {
	Signals       string
	KnownAccounts string
}

// Register adds the flags.
func (k *Knowledge) Register(flags *pflag.FlagSet) {
	flags.StringVar(&k.Signals, "signals", "", "extend or replace weights, words and patterns by this JSON `file`")
	flags.StringVar(&k.KnownAccounts, "known-accounts", "", "names of AWS accounts in this `file`: an account id and a name on each line,\nwith internal or vendor at its end")
}

// Load reads the files; what is not named is nil, which means what is built in.
func (k *Knowledge) Load() (signals *nhi.Signals, accounts *trust.Options, err error) {
	if signals, err = k.signals(); err != nil {
		return nil, nil, err
	}
	accounts, err = k.accounts()
	return signals, accounts, err
}

func (k *Knowledge) signals() (*nhi.Signals, error) {
	if k.Signals == "" {
		return nil, nil
	}
	in, err := os.Open(k.Signals)
	if err != nil {
		return nil, fmt.Errorf("signals: %w", err)
	}
	defer in.Close()
	signals, err := nhi.LoadSignals(in)
	if err != nil {
		return nil, fmt.Errorf("signals %s: %w", k.Signals, err)
	}
	return signals, nil
}

func (k *Knowledge) accounts() (*trust.Options, error) {
	if k.KnownAccounts == "" {
		return nil, nil
	}
	in, err := os.Open(k.KnownAccounts)
	if err != nil {
		return nil, fmt.Errorf("known accounts: %w", err)
	}
	defer in.Close()
	accounts, err := trust.ReadAccounts(in)
	if err != nil {
		return nil, fmt.Errorf("known accounts %s: %w", k.KnownAccounts, err)
	}
	return &trust.Options{Accounts: accounts}, nil
}
