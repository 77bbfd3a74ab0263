package main

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
)

// A console is what the program reads from and writes to.
type console struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	// stdinTerminal says whether a person may type, stdoutTerminal and
	// stderrTerminal whether one is looking.
	stdinTerminal, stdoutTerminal, stderrTerminal bool
	// width is that of the terminal; 0 where it does not say.
	width int
}

func newConsole() *console {
	c := &console{
		stdin:          os.Stdin,
		stdout:         os.Stdout,
		stderr:         os.Stderr,
		getenv:         os.Getenv,
		stdinTerminal:  term.IsTerminal(int(os.Stdin.Fd())),
		stdoutTerminal: term.IsTerminal(int(os.Stdout.Fd())),
		stderrTerminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		c.width = width
	}
	return c
}

// defaultWidth is for terminals that do not tell theirs.
const defaultWidth = 80

// style is how text for people looks when it goes to standard output (toFile
// false) or to a file.
func (c *console) style(o *outputFlags, toFile bool) render.Style {
	terminal := c.stdoutTerminal && !toFile
	style := render.Style{
		// https://no-color.org
		Color: terminal && !o.noColor && c.getenv("NO_COLOR") == "" && c.getenv("TERM") != "dumb",
	}
	if o.wide {
		return style
	}
	if n, err := strconv.Atoi(c.getenv("COLUMNS")); err == nil && n > 0 {
		style.Width = n
	} else if terminal {
		style.Width = c.width
		if style.Width <= 0 {
			style.Width = defaultWidth
		}
	}
	return style
}

// say writes a line to standard error, each of its lines made printable.
func (c *console) say(format string, args ...any) {
	commandline.Say(c.stderr, format, args...)
}

// warn says what is no error; nothing when the warning is empty.
func (c *console) warn(warning string) {
	if warning != "" {
		c.say("warning: %s", warning)
	}
}
