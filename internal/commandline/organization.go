package commandline

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// An Organization tells of the account's organization what IAM does not.
type Organization struct {
	SCP               string
	ManagementAccount bool
}

// Register adds the flags.
func (o *Organization) Register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.SCP, "scp", "", "service and resource control policies of the organization from this `directory`:\nwhat aws organizations list-policies-for-target and describe-policy printed")
	cmd.Flags().BoolVar(&o.ManagementAccount, "management-account", false, "with --scp: the account is its organization's management account, which service\ncontrol policies do not restrict")
	// The only error is a flag that does not exist.
	if err := cmd.MarkFlagDirname("scp"); err != nil {
		panic(err)
	}
}

// Load reads the directory; nil without the flag.
func (o *Organization) Load() (*permissions.Options, error) {
	switch {
	case o.SCP == "" && o.ManagementAccount:
		return nil, Usagef("--management-account goes with --scp: without it no service control policies are known")
	case o.SCP == "":
		return nil, nil
	}
	info, err := os.Stat(o.SCP)
	switch {
	case err != nil:
		return nil, fmt.Errorf("--scp: %w", err)
	case !info.IsDir():
		return nil, Usagef("--scp %s: want a directory", o.SCP)
	}
	organization, err := nhiscan.ReadOrganizationPolicies(os.DirFS(o.SCP))
	if err != nil {
		return nil, fmt.Errorf("--scp %s: %w", o.SCP, err)
	}
	return &permissions.Options{Organization: organization, ManagementAccount: o.ManagementAccount}, nil
}
