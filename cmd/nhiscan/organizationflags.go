package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// organizationFlags name the organization's policies, which IAM does not tell.
type organizationFlags struct{ scp string }

func (f *organizationFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.scp, "scp", "", "service and resource control policies of the organization from this `directory`:\nwhat aws organizations list-policies-for-target and describe-policy printed")
	// The only error is a flag that does not exist.
	if err := cmd.MarkFlagDirname("scp"); err != nil {
		panic(err)
	}
}

// load reads the directory; nil without the flag.
func (f *organizationFlags) load() (*permissions.Options, error) {
	if f.scp == "" {
		return nil, nil
	}
	info, err := os.Stat(f.scp)
	switch {
	case err != nil:
		return nil, fmt.Errorf("--scp: %w", err)
	case !info.IsDir():
		return nil, usagef("--scp %s: want a directory", f.scp)
	}
	organization, err := nhiscan.ReadOrganizationPolicies(os.DirFS(f.scp))
	if err != nil {
		return nil, fmt.Errorf("--scp %s: %w", f.scp, err)
	}
	return &permissions.Options{Organization: organization}, nil
}
