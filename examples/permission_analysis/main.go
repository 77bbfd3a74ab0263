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
	"github.com/nhiscan/nhiscan/policydoc"
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
	everyone := analysis.Identities()
	for _, section := range []struct {
		title    string
		describe func(io.Writer, *permissions.Permissions)
	}{
		{"Administrators", administrator},
		{"Can become administrator", escalation},
		{"Dangerous permissions of the others", dangers},
	} {
		fmt.Fprintf(out, "%s\n", section.title)
		for i := range everyone {
			section.describe(out, &everyone[i])
		}
		fmt.Fprintln(out)
	}

	// One question at a time is cheaper than everything about everyone.
	fmt.Fprintln(out, "Can pass every role to a service")
	for _, grant := range analysis.WhoCan("iam:PassRole", "", nil) {
		if grant.All {
			fmt.Fprintf(out, "  %s (%s)\n", safe(grant.Principal), grant.Outcome)
		}
	}
	for _, gap := range analysis.Gaps() {
		fmt.Fprintf(out, "not known: %s %s: %s\n", gap.Operation, safe(gap.Resource), safe(gap.Message))
	}
	return nil
}

func administrator(out io.Writer, identity *permissions.Permissions) {
	if !identity.Admin.Is() {
		return
	}
	fmt.Fprintf(out, "  %s (%s)", safe(identity.ARN), identity.Admin.Kind)
	if len(identity.Admin.Keys) > 0 {
		fmt.Fprintf(out, ", depending on %s", safe(strings.Join(identity.Admin.Keys, ", ")))
	}
	fmt.Fprintln(out)
}

// escalation prints the identity's first way to administrator access, hop by hop
// with the statements that allow it.
func escalation(out io.Writer, identity *permissions.Permissions) {
	way := wayToAdmin(identity)
	if way == nil {
		return
	}
	perhaps := ""
	if !way.Certain() {
		perhaps = ", perhaps"
	}
	fmt.Fprintf(out, "  %s (%s%s)\n", safe(identity.ARN), way.Path.ID, perhaps)
	for _, hop := range way.Hops {
		fmt.Fprintf(out, "    %s\n", safe(hop.Sentence))
		for _, grant := range hop.Grants {
			fmt.Fprintf(out, "      %s by %s, statement %d\n", grant.Action, safe(grant.Policy.Source.Name), grant.Statement)
		}
	}
	for _, need := range way.Needs {
		fmt.Fprintf(out, "    not seen in IAM: %s\n", safe(need))
	}
}

func wayToAdmin(identity *permissions.Permissions) *permissions.Escalation {
	for i := range identity.Escalations {
		if e := &identity.Escalations[i]; e.Admin {
			return e
		}
	}
	return nil
}

func dangers(out io.Writer, identity *permissions.Permissions) {
	if identity.Admin.Is() {
		return
	}
	for _, d := range identity.Dangerous {
		if d.Severity.AtLeast(policydoc.SeverityHigh) {
			fmt.Fprintf(out, "  %s %s: %s of %s (%s)\n", safe(identity.ARN), d.Severity, safe(d.Pattern), safe(d.Policy.Name), d.Category)
		}
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
