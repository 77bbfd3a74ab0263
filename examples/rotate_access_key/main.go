// Rotate_access_key replaces an access key of a user: it says what a step of that
// will do, and does it after a yes.
//
//	go run ./examples/rotate_access_key -user ci                    a second key, whose secret goes to the directory keys
//	go run ./examples/rotate_access_key -user ci -step check        which of the two is used
//	go run ./examples/rotate_access_key -user ci -step deactivate   the old one, which can be taken back
//	go run ./examples/rotate_access_key -user ci -step delete
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/session"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdin, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "rotate_access_key:", printable(err.Error()))
		if hinted, ok := errors.AsType[hinter](err); ok && hinted.Hint() != "" {
			fmt.Fprintln(os.Stderr, "hint:", printable(hinted.Hint()))
		}
		os.Exit(1)
	}
}

// A hinter is an error that knows what to do about it.
type hinter interface {
	error
	Hint() string
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	user := flag.String("user", "", "the `name` of the user")
	step := flag.String("step", "create", "create, check, deactivate or delete")
	dir := flag.String("keys", "keys", "the `directory` for the secret of the new key")
	flag.Parse()

	cfg, err := session.Config(ctx, nil)
	if err != nil {
		return err
	}
	caller, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, nil)
	if err != nil {
		return err
	}
	keys, err := manage.KeyDirectory(*dir)
	if err != nil {
		return err
	}
	api := iam.NewFromConfig(cfg)
	change := manage.RotateAccessKey{UserName: *user, Step: manage.RotateStep(*step)}
	plan, err := manage.NewPlan(ctx, api, change, &manage.Options{CallerARN: aws.ToString(caller.Arn), Keys: keys})
	if err != nil {
		return err
	}
	show(out, plan)
	if !plan.Refused() && len(plan.Steps) > 0 && !confirmed(in, out) {
		return errors.New("nothing was changed")
	}
	result, err := plan.Apply(ctx, api) // which fails for a plan that is refused
	for _, s := range result.Steps {
		fmt.Fprintf(out, "%s: %s\n", s.Status, printable(s.Does))
	}
	if key := result.AccessKey; key != nil && key.KeptIn != "" {
		fmt.Fprintf(out, "access key %s: its secret is in %s\n", key.ID, printable(key.KeptIn))
	}
	return err
}

// show says what the plan will do, and what speaks against it.
func show(out io.Writer, plan *manage.Plan) {
	fmt.Fprintf(out, "Account %s: %s\n", plan.AccountID, printable(plan.Summary))
	for _, s := range plan.Steps {
		fmt.Fprintf(out, "  call: %s\n", s.Action)
	}
	for _, r := range plan.Risks {
		fmt.Fprintf(out, "  risk: %s\n", printable(r.Message))
	}
	for _, note := range plan.Notes {
		fmt.Fprintf(out, "  note: %s\n", printable(note))
	}
}

func confirmed(in io.Reader, out io.Writer) bool {
	fmt.Fprint(out, "Type yes to do it: ")
	answer, _ := bufio.NewReader(in).ReadString('\n') // an end of input is no yes
	return strings.TrimSpace(answer) == "yes"
}

// printable is a text that no terminal takes for a command.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}
