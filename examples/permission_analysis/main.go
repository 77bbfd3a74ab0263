// Permission_analysis says which users and roles of an AWS account are
// administrators, which can become one and how, and what is dangerous about each.
//
//	go run ./examples/permission_analysis                          a demo account
//	go run ./examples/permission_analysis -snapshot account.json   what aws iam get-account-authorization-details printed
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/permissions"
)

func main() {
	snapshot := flag.String("snapshot", "", "read this account `file`; without it, the demo account")
	flag.Parse()
	if err := run(*snapshot, flag.Args(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "permission_analysis:", err)
		os.Exit(1)
	}
}

func run(snapshot string, args []string, out io.Writer) error {
	if len(args) > 0 {
		return fmt.Errorf("unknown argument %q: name a file with -snapshot", args[0])
	}
	account, err := demo.Account()
	if snapshot != "" {
		account, err = nhiscan.ReadFile(snapshot)
	}
	if err != nil {
		return err
	}

	analysis := permissions.New(account, nil)
	for _, identity := range analysis.Identities() {
		describe(out, &identity)
	}

	// One question at a time is cheaper than everything about everyone.
	fmt.Fprintln(out, "Who can pass any role to a service:")
	for _, grant := range analysis.WhoCan("iam:PassRole", "", permissions.NewContext(nil, false)) {
		if grant.All {
			fmt.Fprintf(out, "  %s (%s)\n", safe(grant.Principal), grant.Outcome)
		}
	}
	for _, gap := range analysis.Gaps() {
		fmt.Fprintf(out, "not known: %s %s: %s\n", gap.Operation, safe(gap.Resource), safe(gap.Message))
	}
	return nil
}

// describe prints an identity that has more power than it seems.
func describe(out io.Writer, identity *permissions.Permissions) {
	if !identity.Admin.Is() && len(identity.Escalations) == 0 && len(identity.Dangerous) == 0 {
		return
	}
	fmt.Fprintf(out, "%s\n  %s, %d actions\n", safe(identity.ARN), identity.Access.Level, identity.Access.Actions)
	if identity.Admin.Is() {
		fmt.Fprintf(out, "  ADMINISTRATOR (%s)", identity.Admin.Kind)
		if len(identity.Admin.Keys) > 0 {
			fmt.Fprintf(out, ", depending on %s", safe(strings.Join(identity.Admin.Keys, ", ")))
		}
		fmt.Fprintln(out)
	}
	for i := range identity.Escalations {
		tell(out, &identity.Escalations[i])
	}
	for _, danger := range identity.Dangerous {
		fmt.Fprintf(out, "  %s: %s: %s\n", danger.Severity, danger.Category, safe(danger.Pattern))
	}
	fmt.Fprintln(out)
}

// tell prints a way to more permissions, hop by hop.
func tell(out io.Writer, escalation *permissions.Escalation) {
	leads := "leads to more permissions"
	if escalation.Admin {
		leads = "leads to ADMINISTRATOR access"
	}
	if !escalation.Certain() {
		leads += ", perhaps"
	}
	fmt.Fprintf(out, "  %s %s:\n", escalation.Path.ID, leads)
	for _, hop := range escalation.Hops {
		fmt.Fprintf(out, "    %s\n", safe(hop.Sentence))
	}
}

// safe escapes what could steer a terminal: names and tags are text of strangers.
func safe(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return text
	}
	quoted := strconv.QuoteToGraphic(text)
	return quoted[1 : len(quoted)-1]
}
