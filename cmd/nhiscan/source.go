package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/permissions"
)

// sourceFlags say where the account comes from: a saved file, the demo, or AWS.
type sourceFlags struct {
	commandline.Source
	quiet bool
	// awsOnly is set by a command that takes no saved account.
	awsOnly bool
	// documents is set by a command that takes policy documents as well.
	documents bool
	// awsManagedPolicies is set by a command that is to save all there is.
	awsManagedPolicies bool
}

func (f *sourceFlags) register(cmd *cobra.Command) {
	f.Register(cmd.Flags())
	f.registerReading(cmd)
}

// registerAWS adds the flags of a command that takes no saved account.
func (f *sourceFlags) registerAWS(cmd *cobra.Command) {
	f.awsOnly = true
	f.AWS.Register(cmd.Flags())
	f.registerReading(cmd)
}

func (f *sourceFlags) registerReading(cmd *cobra.Command) {
	f.AWS.RegisterTimeout(cmd.Flags())
	cmd.Flags().BoolVarP(&f.quiet, "quiet", "q", false, "no progress on standard error, and from collect no summary")
}

// check refuses sources that exclude one another, and empty file names.
func (f *sourceFlags) check(cmd *cobra.Command) error {
	return f.Check(cmd.Flags(), "resource-policy", "session-policy", "output")
}

// now is the time that ages are reckoned from: that at which the account was read.
func (f *sourceFlags) now(a *nhiscan.Account) time.Time {
	switch {
	case f.Demo:
		return demo.Now()
	case !a.CollectedAt.IsZero():
		return a.CollectedAt
	}
	return time.Now().UTC().Truncate(time.Second)
}

// account reads the account. It returns within a second of the end of ctx.
func (f *sourceFlags) account(ctx context.Context, con *console) (*nhiscan.Account, error) {
	switch {
	case f.Demo: // nothing to wait for
		return f.Read(nil)
	case f.Saved():
		return interruptible(ctx, 0, func() (*nhiscan.Account, error) { return f.Read(con.stdin) })
	}
	return f.live(ctx, con)
}

// loadOrganization reads the organization's policies, no longer than until ctx ends.
func loadOrganization(ctx context.Context, o *commandline.Organization) (*permissions.Options, error) {
	if o.SCP == "" { // nothing to wait for
		return o.Load()
	}
	return interruptible(ctx, 0, o.Load)
}
