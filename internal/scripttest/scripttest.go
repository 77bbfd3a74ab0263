// Package scripttest runs the scripts that drive a program of this module as a
// person does, in the language of testscript.
package scripttest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// A Command is one that scripts can use.
type Command = func(ts *testscript.TestScript, neg bool, args []string)

// Run runs the scripts of testdata/script, which it rewrites to hold what they
// compare with when update is true. The program, which testscript.Main has made, can
// be run with an exit status, and a file's permissions compared:
//
//	status N ARG...
//	mode OCTAL FILE
//
// Further commands are those that the program's tests bring.
func Run(t *testing.T, program string, update bool, further map[string]Command) {
	commands := map[string]Command{"status": status(program), "mode": mode}
	for name, command := range further {
		commands[name] = command
	}
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		UpdateScripts:      update,
		Cmds:               commands,
		Setup: func(env *testscript.Env) error {
			// Nothing of the machine that the test runs on may count as AWS settings.
			env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
			env.Setenv("TERM", "xterm")
			// A program built with -race otherwise waits a second before it exits.
			env.Setenv("GORACE", "atexit_sleep_ms=10")
			return nil
		},
	})
}

func status(program string) Command {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < 1 {
			ts.Fatalf("usage: status N [%s arguments]", program)
		}
		got := 0
		if err := ts.Exec(program, args[1:]...); err != nil {
			var exit *exec.ExitError
			if !errors.As(err, &exit) {
				ts.Fatalf("%s: %v", program, err)
			}
			got = exit.ExitCode()
		}
		if strconv.Itoa(got) != args[0] {
			ts.Fatalf("exit status is %d, want %s", got, args[0])
		}
	}
}

func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode OCTAL FILE")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}
