// Basic_scan lists the users and roles of an AWS account and says of each
// whether it is a person's, and why.
//
//	go run ./examples/basic_scan               the account of your AWS credentials, or a demo account without any
//	go run ./examples/basic_scan account.json  what aws iam get-account-authorization-details printed
//	go run ./examples/basic_scan account.json credential-report.csv
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/session"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "basic_scan:", err)
		if hinted, ok := errors.AsType[hinter](err); ok {
			fmt.Fprintln(os.Stderr, "hint:", hinted.Hint())
		}
		os.Exit(1)
	}
}

// A hinter is an error that knows what to do about it.
type hinter interface {
	error
	Hint() string
}

func run(ctx context.Context, args []string, out io.Writer) error {
	account, err := readAccount(ctx, args)
	if err != nil {
		return err
	}
	return list(out, nhi.Classify(account, nil))
}

// readAccount reads the files that args name, else AWS, else the demo account.
func readAccount(ctx context.Context, args []string) (*nhiscan.Account, error) {
	if len(args) > 0 {
		return readFiles(args)
	}
	cfg, err := session.Config(ctx, nil)
	if errors.Is(err, session.ErrNoCredentials) {
		fmt.Fprintln(os.Stderr, "No AWS credentials: this is the demo account.")
		return demo.Account()
	}
	if err != nil {
		return nil, err
	}
	return collect.Account(ctx, iam.NewFromConfig(cfg), nil)
}

// readFiles reads an account file and, if there is one, the credential report beside it.
func readFiles(names []string) (*nhiscan.Account, error) {
	if len(names) > 2 {
		return nil, fmt.Errorf("want an account file and a credential report, got %d arguments", len(names))
	}
	account, err := nhiscan.ReadFile(names[0])
	if err != nil || len(names) == 1 {
		return account, err
	}
	file, err := os.Open(names[1])
	if err != nil {
		return nil, err
	}
	defer file.Close()
	report, err := nhiscan.ReadCredentialReport(file)
	if err != nil {
		return nil, err
	}
	return account, account.ApplyCredentialReport(report)
}

func list(out io.Writer, report *nhi.Report) error {
	verdicts := map[nhi.Verdict]int{}
	for _, identity := range report.Identities {
		verdicts[identity.Verdict]++
	}
	fmt.Fprintf(out, "AWS account %s: %d users and %d roles\n",
		safe(report.Account.ID), len(report.Account.Users), len(report.Account.Roles))
	fmt.Fprintf(out, "%d non-human, %d human, %d mixed, %d uncertain\n\n",
		verdicts[nhi.NonHuman], verdicts[nhi.Human], verdicts[nhi.Mixed], verdicts[nhi.Uncertain])

	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "TYPE\tIDENTITY\tVERDICT\tP(NON-HUMAN)\tCATEGORY\tWHY")
	for _, identity := range report.Identities {
		why := ""
		if len(identity.Signals) > 0 {
			why = identity.Signals[0].Fact // the heaviest comes first
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%.3f\t%s\t%s\n", identity.Type, safe(identity.Name),
			identity.Verdict, identity.Confidence, identity.Category, safe(why))
	}
	if err := table.Flush(); err != nil {
		return err
	}

	if len(report.Gaps) > 0 {
		fmt.Fprintln(out, "\nThis list is not complete:")
	}
	for _, gap := range report.Gaps {
		fmt.Fprintf(out, "  %s %s: %s\n", gap.Operation, safe(gap.Resource), safe(gap.Message))
	}
	return nil
}

// safe escapes what could steer a terminal: names and tags are text of strangers.
func safe(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return text
	}
	quoted := strconv.QuoteToGraphic(text)
	return quoted[1 : len(quoted)-1]
}
