package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/manage"
)

const manageExamples = `  nhiscan manage create-user ci --tag team=build
  nhiscan manage attach-role-policy deploy arn:aws:iam::123456789012:policy/deploy --plan-only
  nhiscan manage delete-user ci --force
  nhiscan manage apply plan.json`

const manageHelp = `Manage changes IAM, one change at a time. Each command first says what it will
do, call by call, what that changes for whom, and what speaks against it; then it
asks, and for a deletion has you type the name. --plan-only ends there. What makes
an administrator, opens a way to more permissions, lets strangers into a role or
touches the credentials in use is refused, unless --allow-privileged-grants.

A change that ended half way is finished by the same command.

Exit status: 0 done, or nothing to do; 1 refused or declined, and nothing was
changed; 2 wrong usage; 3 failed, perhaps half way: it says how far it came.`

// newManageCommand groups the commands that change IAM, one for each kind of change.
func newManageCommand(con *console) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "manage",
		Short:   "Change IAM: users, groups, roles, policies, access keys",
		Long:    manageHelp,
		Example: manageExamples,
		Args:    noCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newApplyCommand(con))
	for _, kind := range manage.Kinds() {
		group := changeGroup(kind.Name)
		if !cmd.ContainsGroup(group) {
			cmd.AddGroup(&cobra.Group{ID: group, Title: group + ":"})
		}
		change := newChangeCommand(con, kind)
		change.GroupID = group
		cmd.AddCommand(change)
	}
	return cmd
}

// changeGroup is the heading under which a kind of change is listed.
func changeGroup(kind string) string {
	for _, g := range []struct{ word, group string }{
		{"instance_profile", "Instance profiles"},
		{"access_key", "Credentials"},
		{"login_profile", "Credentials"},
		{"boundary", "Boundaries and tags"},
		{"tag_", "Boundaries and tags"},
		{"group", "Groups"},
		{"role", "Roles"},
		{"user", "Users"},
	} {
		if strings.Contains(kind, g.word) {
			return g.group
		}
	}
	return "Managed policies"
}

// commandName is the command of a kind of change, and the flag of an argument.
func commandName(snake string) string { return strings.ReplaceAll(snake, "_", "-") }
