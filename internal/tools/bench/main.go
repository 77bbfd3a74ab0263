// Bench times nhiscan as a whole process: on an account at its quotas, and on
// the demo.
//
//	go run ./internal/tools/bench [-runs 5]
//
// It builds the program, generates the account, and prints the minimum and the
// median of the wall time and, on Linux, the largest peak of resident memory over
// the runs.
// The floor beside it is a process that decodes the same file with the same
// decoder and does nothing with it.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/nhiscan/nhiscan"
)

func main() {
	runs := flag.Int("runs", 5, "how often each command runs")
	floor := flag.String("floor", "", "only read this account file, as the floor to compare with")
	flag.Parse()
	if err := run(*runs, *floor); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(runs int, floor string) error {
	if floor != "" {
		_, err := nhiscan.ReadFile(floor)
		return err
	}
	dir, err := os.MkdirTemp("", "nhiscan-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	program := filepath.Join(dir, "nhiscan")
	self := filepath.Join(dir, "bench")
	account := filepath.Join(dir, "account.json")
	quarter := filepath.Join(dir, "quarter.json")
	sixteenth := filepath.Join(dir, "sixteenth.json")
	report := filepath.Join(dir, "report.csv")
	for _, args := range [][]string{
		{"build", "-o", program, "./cmd/nhiscan"},
		{"build", "-o", self, "./internal/tools/bench"},
		{"run", "./internal/tools/genaccount", "-cli", "-o", account, "-report", report},
		{"run", "./internal/tools/genaccount", "-cli", "-o", quarter, "-scale", "0.25"},
		{"run", "./internal/tools/genaccount", "-cli", "-o", sixteenth, "-scale", "0.0625"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("go %v: %w", args, err)
		}
	}

	fmt.Printf("%s, %d CPUs, %d runs each\n", runtime.Version(), runtime.NumCPU(), runs)
	fmt.Printf("%-42s %8s %8s %8s\n", "", "min", "median", "peak")
	for _, c := range []struct {
		what string
		args []string
	}{
		{"start to finish on the demo", []string{program, "scan", "--demo", "--format", "table"}},
		{"quota account: read only (the floor)", []string{self, "-floor", account}},
		{"quota account: file to classified JSON", []string{program, "scan", "--snapshot", account, "--credential-report", report, "--format", "json"}},
		{"quota account: file to table", []string{program, "scan", "--snapshot", account, "--credential-report", report, "--format", "table"}},
		{"1/16 of it: scan --permissions", permissions(program, sixteenth)},
		{"1/4 of it: scan --permissions", permissions(program, quarter)},
		{"quota account: scan --permissions", permissions(program, account)},
		{"quota account: who-can iam:PassRole", []string{program, "who-can", "iam:PassRole", "--snapshot", account, "--format", "json", "--allow-gaps"}},
	} {
		if err := measure(c.what, runs, c.args); err != nil {
			return err
		}
	}
	return nil
}

// permissions is the command that says of every identity what it can do. The
// files lack a credential report, which is a gap.
func permissions(program, account string) []string {
	return []string{program, "scan", "--permissions", "--snapshot", account, "--format", "json", "--allow-gaps"}
}

// measure runs the command once to warm the caches, then as often as asked.
func measure(what string, runs int, args []string) error {
	var times []time.Duration
	var peak int64
	for i := range runs + 1 {
		cmd := exec.Command(args[0], args[1:]...)
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = io.Discard, &stderr
		start := time.Now()
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%v: %w\n%s", args, err, stderr.String())
		}
		if i == 0 {
			continue
		}
		times = append(times, time.Since(start))
		peak = max(peak, peakMemory(cmd.ProcessState))
	}
	slices.Sort(times)
	fmt.Printf("%-42s %6dms %6dms %5.0f MB\n", what, times[0].Milliseconds(), times[len(times)/2].Milliseconds(), float64(peak)/1e6)
	return nil
}
