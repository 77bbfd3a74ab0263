package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

var update = flag.Bool("update", false, "rewrite the golden files of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"nhiscan": main})
}

// TestScripts drives the built program as a person or a script does.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: false,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(env *testscript.Env) error {
			// Nothing of the machine that the test runs on may count as AWS settings.
			env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
			env.Setenv("TERM", "xterm")
			// A program built with -race otherwise waits a second before it exits.
			env.Setenv("GORACE", "atexit_sleep_ms=10")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":  scriptStatus,
			"mode":    scriptMode,
			"fakeaws": scriptFakeAWS,
		},
	})
}

// scriptStatus is "status N ARG...": nhiscan exits with N.
func scriptStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: status N [nhiscan arguments]")
	}
	got := 0
	if err := ts.Exec("nhiscan", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("nhiscan: %v", err)
		}
		got = exit.ExitCode()
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status is %d, want %s", got, args[0])
	}
}

// scriptMode is "mode 600 FILE": the file has these permissions.
func scriptMode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode OCTAL FILE")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

// scriptFakeAWS is "fakeaws [caller ARN] [code OPERATION CODE] [hang OPERATION]
// [deny OPERATION...]": it serves the demo account as AWS from there on, with
// these faults. The operation * is every one.
func scriptFakeAWS(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("fakeaws cannot be negated")
	}
	account, err := demo.Account()
	ts.Check(err)
	server := fakeiam.New(account)
	for len(args) > 0 {
		switch {
		case args[0] == "deny" && len(args) > 1:
			server.Deny(args[1:]...)
			args = nil
		case args[0] == "code" && len(args) > 2:
			server.Inject(fakeiam.Fault{Operation: strings.TrimPrefix(args[1], "*"), Code: args[2], Status: 403})
			args = args[3:]
		case args[0] == "hang" && len(args) > 1:
			server.Inject(fakeiam.Fault{Operation: strings.TrimPrefix(args[1], "*"), Shape: fakeiam.ShapeHang})
			args = args[2:]
		case args[0] == "caller" && len(args) > 1:
			server.CallerARN(args[1])
			args = args[2:]
		default:
			ts.Fatalf("fakeaws: unknown argument %q", args[0])
		}
	}
	listener := httptest.NewServer(server)
	ts.Defer(func() {
		listener.CloseClientConnections()
		listener.Close()
	})
	ts.Setenv("AWS_ENDPOINT_URL", listener.URL)
	ts.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	ts.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
}
