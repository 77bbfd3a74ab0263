package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/commandline"
)

// terminal is a console on which a person looks at everything.
func terminal(stdout, stderr io.Writer, env map[string]string) *console {
	return &console{
		stdin: new(bytes.Buffer), stdout: stdout, stderr: stderr,
		getenv:         func(name string) string { return env[name] },
		stdoutTerminal: true, stderrTerminal: true, width: 100,
	}
}

func TestTerminal(t *testing.T) {
	t.Parallel()
	const colored = "\x1b["
	for name, c := range map[string]struct {
		args   []string
		env    map[string]string
		status int
		stdout string
		color  bool
	}{
		"a table with colours":       {args: []string{"scan", "--demo"}, stdout: "CATEGORY", color: true},
		"sentences":                  {args: []string{"identity", "--demo", "terraform"}, stdout: "Credentials", color: true},
		"NO_COLOR":                   {args: []string{"scan", "--demo"}, env: map[string]string{"NO_COLOR": "1"}, stdout: "IDENTITY"},
		"an empty NO_COLOR":          {args: []string{"scan", "--demo"}, env: map[string]string{"NO_COLOR": ""}, stdout: "IDENTITY", color: true},
		"a dumb terminal":            {args: []string{"scan", "--demo"}, env: map[string]string{"TERM": "dumb"}, stdout: "IDENTITY"},
		"--no-color":                 {args: []string{"scan", "--demo", "--no-color"}, stdout: "IDENTITY"},
		"JSON when asked for":        {args: []string{"scan", "--demo", "--format", "json"}, stdout: `"schema": "nhiscan/scan/v1"`},
		"collect needs a file":       {args: []string{"collect", "--demo"}, status: commandline.ExitUsage},
		"collect to it when asked":   {args: []string{"collect", "--demo", "-o", "-"}, stdout: "UserDetailList"},
		"wrong usage shows no table": {args: []string{"scan", "--demo", "--nope"}, status: commandline.ExitUsage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			require.Equal(t, c.status, run(t.Context(), c.args, terminal(&stdout, &stderr, c.env)), stderr.String())
			require.Contains(t, stdout.String(), c.stdout)
			require.Equal(t, c.color, bytes.Contains(stdout.Bytes(), []byte(colored)))
		})
	}
}

func TestWidth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		console console
		flags   outputFlags
		toFile  bool
		columns string
		want    int
	}{
		"of the terminal":         {console: console{stdoutTerminal: true, width: 132}, want: 132},
		"of a mute terminal":      {console: console{stdoutTerminal: true}, want: defaultWidth},
		"a pipe has none":         {want: 0},
		"COLUMNS for a pipe":      {columns: "90", want: 90},
		"COLUMNS before terminal": {console: console{stdoutTerminal: true, width: 132}, columns: "90", want: 90},
		"COLUMNS that is no size": {console: console{stdoutTerminal: true, width: 132}, columns: "wide", want: 132},
		"--wide":                  {console: console{stdoutTerminal: true, width: 132}, flags: outputFlags{wide: true}, want: 0},
		"a file has none":         {console: console{stdoutTerminal: true, width: 132}, toFile: true, want: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.console.getenv = func(name string) string { return map[string]string{"COLUMNS": c.columns}[name] }
			require.Equal(t, c.want, c.console.style(&c.flags, c.toFile).Width)
		})
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestFullDisk(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"scan", "--demo"},
		{"scan", "--demo", "--format", "json"},
		{"identity", "--demo", "terraform"},
		{"collect", "--demo", "-o", "-"},
	} {
		var stderr bytes.Buffer
		require.Equal(t, commandline.ExitFailed, run(t.Context(), args, terminal(brokenWriter{}, &stderr, nil)), args)
		require.Contains(t, stderr.String(), "no space left on device", args)
	}
}

// Ctrl-C ends the program although a read from standard input cannot be cancelled.
func TestInterruptWhileReadingStandardInput(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	in, hold := io.Pipe()
	defer hold.Close()
	var stdout, stderr bytes.Buffer
	con := terminal(&stdout, &stderr, nil)
	con.stdin = in
	cancel()
	require.Equal(t, commandline.ExitFailed, run(ctx, []string{"scan", "--snapshot", "-"}, con))
	require.Contains(t, stderr.String(), "interrupted before anything could be read")
	require.Empty(t, stdout.String())
}

// What was read before an interrupt is still shown; what takes long ends.
func TestInterruptWhileCalculating(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n, err := calculate(ctx, func() (int, error) { return 1, nil })
	require.NoError(t, err)
	require.Equal(t, 1, n)
	hang := make(chan struct{})
	defer close(hang)
	_, err = calculate(ctx, func() (int, error) { <-hang; return 1, nil })
	require.ErrorIs(t, err, errStopped)
	require.Equal(t, commandline.ExitFailed, exitStatus(err))
}

// cancelling ends a context with the first thing that is written.
type cancelling struct {
	cancel context.CancelFunc
	bytes.Buffer
}

func (w *cancelling) Write(p []byte) (int, error) {
	w.cancel()
	return w.Buffer.Write(p)
}

func TestInterruptWhileWriting(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, stderr := &cancelling{cancel: cancel}, new(bytes.Buffer)
	require.Equal(t, commandline.ExitFailed, run(ctx, []string{"policy", "expand", "--format", "json", "*"}, terminal(stdout, stderr, nil)))
	require.Contains(t, stderr.String(), "interrupted before the result was complete")
	require.NotContains(t, stdout.String(), "zonal-autoshift") // the end

	stdout.Reset()
	require.Equal(t, commandline.ExitClean, run(ctx, []string{"scan", "--demo"}, terminal(stdout, stderr, nil)))
}

func TestProgress(t *testing.T) {
	t.Parallel()
	show := func(con *console, quiet bool) {
		p := newProgress(con, quiet)
		p.update(collect.Progress{Operation: "iam:ListUsers", Calls: 1})
		p.update(collect.Progress{Operation: "iam:GetUser", Calls: 2, Done: 1, Total: 2})
		p.update(collect.Progress{Operation: "iam:GetUser", Calls: 3, Done: 2, Total: 2})
		p.clear()
	}
	var looking, quiet, pipe bytes.Buffer
	show(terminal(io.Discard, &looking, nil), false)
	require.Contains(t, looking.String(), "Reading IAM")
	require.NotContains(t, looking.String(), "\n")
	show(terminal(io.Discard, &quiet, nil), true)
	require.Empty(t, quiet.String())
	show(&console{stderr: &pipe}, false)
	require.Empty(t, pipe.String())
}
