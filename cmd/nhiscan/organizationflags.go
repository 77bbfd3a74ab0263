package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// organizationFlags tell of the organization what IAM does not.
type organizationFlags struct {
	scp               string
	managementAccount bool
}

func (f *organizationFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.scp, "scp", "", "service and resource control policies of the organization from this `directory`:\nwhat aws organizations list-policies-for-target and describe-policy printed")
	cmd.Flags().BoolVar(&f.managementAccount, "management-account", false, "with --scp: the account is its organization's management account, which service\ncontrol policies do not restrict")
	// The only error is a flag that does not exist.
	if err := cmd.MarkFlagDirname("scp"); err != nil {
		panic(err)
	}
}

// load reads the directory; nil without the flag.
func (f *organizationFlags) load(ctx context.Context) (*permissions.Options, error) {
	switch {
	case f.scp == "" && f.managementAccount:
		return nil, usagef("--management-account goes with --scp: without it no service control policies are known")
	case f.scp == "":
		return nil, nil
	}
	info, err := os.Stat(f.scp)
	switch {
	case err != nil:
		return nil, fmt.Errorf("--scp: %w", err)
	case !info.IsDir():
		return nil, usagef("--scp %s: want a directory", f.scp)
	}
	organization, err := interruptible(ctx, 0, func() (*nhiscan.OrganizationPolicies, error) {
		return nhiscan.ReadOrganizationPolicies(os.DirFS(f.scp))
	})
	if err != nil {
		return nil, fmt.Errorf("--scp %s: %w", f.scp, err)
	}
	return &permissions.Options{Organization: organization, ManagementAccount: f.managementAccount}, nil
}
