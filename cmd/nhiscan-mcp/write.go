package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/manage"
)

// writeFlags say whether and how AWS may be changed.
type writeFlags struct {
	readOnly, allow            bool
	noConfirmation, privileged bool
	secretsDir                 string
	reveal                     bool
}

// writeOnly are the flags that go with --allow-write.
var writeOnly = []string{"no-confirmation", "allow-privileged-grants", "secrets-dir", "reveal-secrets"}

func (w *writeFlags) register(flags *pflag.FlagSet) {
	flags.BoolVar(&w.readOnly, "readonly", true, "serve tools that read and no others, which is so without --allow-write")
	flags.BoolVar(&w.allow, "allow-write", false, "serve the tools that change IAM too (toolset manage); a person is asked before each\nchange")
	flags.BoolVar(&w.noConfirmation, "no-confirmation", false, "with --allow-write: ask nobody before a change")
	flags.BoolVar(&w.privileged, "allow-privileged-grants", false, "with --allow-write: let changes make administrators, open ways to more permissions,\nopen roles to strangers or change the server's own identity")
	flags.StringVar(&w.secretsDir, "secrets-dir", "", "with --allow-write: put the secrets of new access keys into files in this `directory`,\nreadable by you alone")
	flags.BoolVar(&w.reveal, "reveal-secrets", false, "with --allow-write: put the secrets of new access keys into the answers, where the\nassistant reads them")
}

func (w *writeFlags) check(set *pflag.FlagSet, f *flags) error {
	for _, name := range writeOnly {
		if set.Changed(name) && !w.allow {
			return commandline.Usagef("--%s goes with --allow-write", name)
		}
	}
	switch {
	case w.allow && w.readOnly && set.Changed("readonly"):
		return commandline.Usagef("--readonly and --allow-write exclude one another")
	case !w.allow && !w.readOnly:
		return commandline.Usagef("--readonly=false: give --allow-write to serve the tools that change AWS")
	case w.allow && f.source.Saved():
		return commandline.Usagef("--allow-write: a saved account cannot be changed, AWS has to be served")
	case w.secretsDir != "" && w.reveal:
		return commandline.Usagef("--secrets-dir and --reveal-secrets are two places for secrets: give one")
	case w.allow && f.http.address != "" && f.http.tokenFile == "" && f.http.issuer == "":
		return commandline.Usagef("--allow-write over --http: whoever can connect could confirm their own changes: give --auth-token-file or --oauth-issuer")
	}
	return commandline.CheckFileNames(set, "secrets-dir")
}

// keys is where the secrets of new access keys are kept; nil when they are not.
func (w *writeFlags) keys() (manage.KeyStore, error) {
	if w.secretsDir == "" {
		return nil, nil
	}
	store, err := manage.KeyDirectory(w.secretsDir)
	if err != nil {
		return nil, fmt.Errorf("--secrets-dir: %w", err)
	}
	return store, nil
}
