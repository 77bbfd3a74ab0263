package main

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// flags are the whole command line.
type flags struct {
	source       commandline.Source
	knowledge    commandline.Knowledge
	organization commandline.Organization
	tools        toolFlags
	access       accessFlags
	writes       writeFlags
	http         httpFlags

	cacheTTL    time.Duration
	callTimeout time.Duration
	auditLog    string
	logLevel    commandline.Choice
	listTools   bool
	printPolicy bool
	version     bool
}

// toolFlags say what is served.
type toolFlags struct {
	toolsets, tools, exclude []string
	fullText                 bool
}

// accessFlags say which credentials calls may name.
type accessFlags struct {
	noInline bool
	profiles []string
	roles    []string
}

func (f *flags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false // they are in groups
	f.source.Register(flags)
	f.source.AWS.RegisterDetail(flags)
	f.organization.Register(cmd)
	f.knowledge.Register(flags)

	flags.StringSliceVar(&f.tools.toolsets, "toolsets", nil, "serve only these `toolsets`: "+toolsetNames())
	flags.StringSliceVar(&f.tools.tools, "tools", nil, "serve these `tools` too, or only these without --toolsets")
	flags.StringSliceVar(&f.tools.exclude, "exclude-tools", nil, "never serve these `tools`")
	flags.BoolVar(&f.tools.fullText, "full-text", false, "put the whole JSON of each answer into its text too, for clients that show the\nmodel nothing else")
	flags.BoolVar(&f.listTools, "list-tools", false, "print the tools that would be served as a Markdown table, and exit")

	flags.BoolVar(&f.printPolicy, "print-policy", false, "print the IAM policy that allows what the tools that would be served ask of AWS, and\nexit")

	f.writes.register(flags)
	flags.BoolVar(&f.access.noInline, "no-inline-credentials", false, "take no access keys as arguments of a call (over HTTP they never are)")
	flags.StringArrayVar(&f.access.profiles, "allow-profile", nil, "a call may name this `profile`; can be repeated (default: any, and none when a\nnetwork is served)")
	flags.StringArrayVar(&f.access.roles, "allow-role", nil, "a call may have a role assumed whose ARN matches this `pattern` of * and ?; can be\nrepeated (default: any, and none when a network is served)")

	f.http.register(flags)

	flags.DurationVar(&f.cacheTTL, "cache-ttl", mcpserver.DefaultCacheTTL, "use a scan for further calls with the same credentials for this `duration`; 0 reads\nAWS for each call")
	flags.DurationVar(&f.callTimeout, "call-timeout", mcpserver.DefaultCallTimeout, "end a call after this `duration`")
	flags.StringVar(&f.auditLog, "audit-log", "", "append a line of JSON for each call to this `file`, readable by you alone; - is\nstandard error")
	f.logLevel = commandline.Choice{Value: "warn", Allowed: []string{"debug", "info", "warn", "error"}}
	flags.Var(&f.logLevel, "log-level", "how much to say on standard error: "+strings.Join(f.logLevel.Allowed, ", "))
	flags.BoolVar(&f.version, "version", false, "print the version and exit")
}

// check refuses what contradicts itself.
func (f *flags) check(set *pflag.FlagSet) error {
	if err := f.source.Check(set, "audit-log"); err != nil {
		return err
	}
	if err := f.http.check(set); err != nil {
		return err
	}
	switch {
	case f.http.address == "" && (f.source.Snapshot == "-" || f.source.CredentialReport == "-"):
		return commandline.Usagef("standard input is the protocol's: give a file, or --http")
	case f.cacheTTL < 0:
		return commandline.Usagef("--cache-ttl %s: want a positive duration, or 0 to read AWS for each call", f.cacheTTL)
	case f.callTimeout <= 0:
		return commandline.Usagef("--call-timeout %s: want a positive duration, such as 5m", f.callTimeout)
	}
	if err := f.writes.check(set, f); err != nil {
		return err
	}
	return f.access.check()
}

func (a *accessFlags) check() error {
	for _, profile := range a.profiles {
		if profile == "" {
			return commandline.Usagef("--allow-profile: the name is empty")
		}
	}
	for _, pattern := range a.roles {
		if pattern != "*" && !strings.HasPrefix(pattern, "arn:") {
			return commandline.Usagef("--allow-role %s: want a pattern for ARNs, such as arn:aws:iam::*:role/audit", pattern)
		}
	}
	return nil
}

func toolsetNames() string {
	var names []string
	for _, set := range mcpserver.Toolsets() {
		names = append(names, string(set))
	}
	return strings.Join(names, ", ")
}
