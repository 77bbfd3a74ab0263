package main

import (
	"io"
	"os"

	"golang.org/x/term"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/redact"
)

// A console is what the program reads from and writes to.
type console struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	// stdinTerminal says that a person is typing.
	stdinTerminal bool
}

// newConsole returns the process's own. Nothing that it writes to standard error
// has a secret of the environment.
func newConsole() *console {
	c := &console{
		stdin:         os.Stdin,
		stdout:        os.Stdout,
		getenv:        os.Getenv,
		stdinTerminal: term.IsTerminal(int(os.Stdin.Fd())),
	}
	c.stderr = &redacted{os.Stderr, redact.New(c.secrets()...)}
	return c
}

// secretVariables hold credentials, by the SDK's names.
// https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html
var secretVariables = []string{"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"}

func (c *console) secrets() []string {
	var secrets []string
	for _, name := range secretVariables {
		secrets = append(secrets, c.getenv(name))
	}
	return secrets
}

// say writes a line to standard error, each of its lines made printable.
func (c *console) say(format string, args ...any) {
	commandline.Say(c.stderr, format, args...)
}

// redacted takes secrets out of what is written. Each Write is a text of its own.
type redacted struct {
	w        io.Writer
	redactor *redact.Redactor
}

func (r *redacted) Write(p []byte) (int, error) {
	if _, err := io.WriteString(r.w, r.redactor.String(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
