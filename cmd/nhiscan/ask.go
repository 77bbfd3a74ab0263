package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
)

// canAsk reports whether there is a person who sees a question and can answer it.
func (c *console) canAsk() bool { return c.stdinTerminal && c.stderrTerminal }

// errNothingChanged is Ctrl-C before the first change.
var errNothingChanged = errors.New("interrupted: nothing was changed")

// ask shows a question on standard error and returns the line that is typed, empty
// at the end of the input.
func (c *console) ask(ctx context.Context, question string) (string, error) {
	if _, err := fmt.Fprint(c.stderr, render.Printable(question)+" "); err != nil {
		return "", err
	}
	line, err := interruptible(ctx, 0, func() (string, error) { return readLine(c.stdin) })
	switch {
	case errors.Is(err, errInterrupted):
		c.say("")
		return "", errNothingChanged
	case errors.Is(err, io.EOF):
		c.say("")
		return "", nil
	}
	return line, err
}

// readLine reads byte by byte: what is behind the line is for the next question.
func readLine(in io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); ; {
		switch _, err := io.ReadFull(in, b); {
		case err != nil:
			return "", err
		case b[0] == '\n':
			return strings.TrimSpace(string(line)), nil
		}
		line = append(line, b[0])
	}
}

// confirmed asks whether to go on: what cannot be undone has its name typed.
func (c *console) confirmed(ctx context.Context, destructive bool, name string) (bool, error) {
	if destructive {
		typed, err := c.ask(ctx, fmt.Sprintf("Type %s to do it, anything else to leave it:", name))
		return err == nil && name != "" && typed == name, err
	}
	c.say("")
	typed, err := c.ask(ctx, "Do it? [y/N]")
	typed = strings.ToLower(typed)
	return err == nil && (typed == "y" || typed == "yes"), err
}
