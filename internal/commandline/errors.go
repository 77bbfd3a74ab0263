package commandline

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
)

// The exit statuses that all programs have, which scripts rely on.
const (
	ExitClean  = 0
	ExitUsage  = 2
	ExitFailed = 3
)

// A UsageError is a command line that cannot be carried out as it stands.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong.
func (e *UsageError) Unwrap() error { return e.Err }

// Usagef returns a UsageError with a formatted text.
func Usagef(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}

// ExitStatus is that of a program that ends with the error.
func ExitStatus(err error) int {
	var usage *UsageError
	switch {
	case err == nil:
		return ExitClean
	case errors.As(err, &usage):
		return ExitUsage
	}
	return ExitFailed
}

// Say writes a line to w, each of its lines made printable.
func Say(w io.Writer, format string, args ...any) {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		fmt.Fprintln(w, render.Printable(line))
	}
}

// SayError says on w why the command ended, and what to do about it: what the error,
// or one that it wraps, advises in a method Hint, or to ask for help.
func SayError(w io.Writer, cmd *cobra.Command, err error) {
	Say(w, "%s: %s", cmd.Root().Name(), err)
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		if advice := hinted.Hint(); advice != "" {
			Say(w, "  hint: %s", advice)
		}
	}
	if ExitStatus(err) == ExitUsage {
		Say(w, "Run '%s --help' for usage.", cmd.CommandPath())
	}
}

// NoArguments is for commands that are told everything by flags.
func NoArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return Usagef("%s takes no argument, found %q", cmd.Name(), args[0])
}

// FlagError says which flag is wrong, and which one was probably meant.
func FlagError(cmd *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	if errors.As(err, &missing) && len(missing.GetSpecifiedName()) > 1 {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if meant := answer.Nearest(missing.GetSpecifiedName(), names); meant != "" {
			return Usagef("%w; did you mean --%s?", err, meant)
		}
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		return Usagef("--%s %s: %w", invalid.GetFlag().Name, invalid.GetValue(), valueError(invalid))
	}
	return &UsageError{err}
}

// valueError says what a flag wants; the errors of the standard types name Go functions.
func valueError(invalid *pflag.InvalidValueError) error {
	switch invalid.GetFlag().Value.Type() {
	case "int":
		return errors.New("want a whole number")
	case "duration":
		return errors.New("want a duration, such as 90s or 5m")
	case "bool":
		return errors.New("want true or false")
	}
	return invalid.Unwrap()
}

// CheckFileNames refuses an empty value of the named flags, which a script's unset
// variable makes and which would otherwise count as no flag at all.
func CheckFileNames(flags *pflag.FlagSet, names ...string) error {
	for _, name := range names {
		if flag := flags.Lookup(name); flag != nil && flag.Changed && flag.Value.String() == "" {
			return Usagef("--%s: the file name is empty", name)
		}
	}
	return nil
}
