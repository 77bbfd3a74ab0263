// Mcpbench times nhiscan-mcp as clients see it.
//
//	go run ./internal/tools/mcpbench [-scale 0.0625] [-runs 10] [-calls 2000] [-sessions 100000]
//
// It builds the program, generates an account and serves it as a saved file, and
// prints the time from the start of the process to the answer of tools/list, the
// time of a call over standard input and output, the calls that sixteen clients get
// answered over HTTP in a second, and, on Linux, the resident memory: at rest, under
// those clients, and after many sessions that were opened and dropped.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// settings say how much is measured.
type settings struct {
	scale    float64
	runs     int
	calls    int
	sessions int
	clients  int
	duration time.Duration
	user     string // of the account, whom calls ask about
}

func main() {
	var s settings
	flag.Float64Var(&s.scale, "scale", 0.0625, "size of the account, of IAM's quotas")
	flag.IntVar(&s.runs, "runs", 10, "how often the program is started")
	flag.IntVar(&s.calls, "calls", 2000, "how many calls of each tool are timed")
	flag.IntVar(&s.sessions, "sessions", 100_000, "how many sessions are opened and dropped")
	flag.IntVar(&s.clients, "clients", 16, "how many clients call over HTTP at once")
	flag.DurationVar(&s.duration, "duration", 5*time.Second, "how long they do")
	flag.Parse()
	if err := run(&s); err != nil {
		fmt.Fprintln(os.Stderr, "mcpbench:", err)
		os.Exit(1)
	}
}

func run(s *settings) error {
	dir, err := os.MkdirTemp("", "nhiscan-mcpbench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "nhiscan-mcp")
	account := filepath.Join(dir, "account.json")
	for _, args := range [][]string{
		{"build", "-trimpath", "-ldflags", "-s -w", "-o", program, "./cmd/nhiscan-mcp"},
		{"run", "./internal/tools/genaccount", "-cli", "-o", account, "-scale", fmt.Sprint(s.scale)},
	} {
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("go %v: %w\n%s", args, err, out)
		}
	}
	info, err := os.Stat(program)
	if err != nil {
		return err
	}
	if s.user, err = firstUser(account); err != nil {
		return err
	}
	fmt.Printf("program %s, account at %g of the quotas\n\n", megabytes(info.Size()), s.scale)
	for _, measure := range []func(*settings, string, string) error{coldStart, stdioCalls, httpCalls, droppedSessions} {
		if err := measure(s, program, account); err != nil {
			return err
		}
	}
	return nil
}

// firstUser returns the name of the first user of the account.
func firstUser(account string) (string, error) {
	text, err := os.ReadFile(account)
	if err != nil {
		return "", err
	}
	var details struct {
		UserDetailList []struct{ UserName string }
	}
	if err := json.Unmarshal(text, &details); err != nil {
		return "", fmt.Errorf("%s: %w", account, err)
	}
	if len(details.UserDetailList) == 0 {
		return "", fmt.Errorf("%s: no users", account)
	}
	return details.UserDetailList[0].UserName, nil
}

// report prints one line of figures.
func report(what, format string, figures ...any) {
	fmt.Printf("%-52s %s\n", what, fmt.Sprintf(format, figures...))
}

// quantile returns the q-th quantile; times is sorted by it.
func quantile(times []time.Duration, q float64) time.Duration {
	slices.Sort(times)
	return times[min(len(times)-1, int(q*float64(len(times))))].Round(10 * time.Microsecond)
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
