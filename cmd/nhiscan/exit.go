package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/internal/answer"
)

// The exit statuses, which scripts rely on.
const (
	exitClean    = 0
	exitFindings = 1 // findings at or above --fail-on; of can, not allowed
	exitUsage    = 2
	exitFailed   = 3 // failed, or incomplete without --allow-gaps
)

// A usageError is a command line that cannot be carried out as it stands.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Errorf(format, args...)}
}

// inFlags makes a usageError of a question that package answer refused, in the
// words of the command line where it has its own.
func inFlags(err error) error {
	var input *answer.InputError
	if !errors.As(err, &input) {
		return err
	}
	switch wrong := input.Err.(type) {
	case *answer.AmbiguousError:
		if len(wrong.ARNs) == 0 {
			return usagef("%w: give --type user or --type role", wrong)
		}
		return usagef("%s is the name of two: give --type user or --type role, or one of the ARNs %s", wrong.Name, strings.Join(wrong.ARNs, " and "))
	case *answer.TypeError:
		return usagef("%w, as --type says", wrong)
	case *answer.PatternError:
		return usagef("%w (nhiscan policy expand '%s' lists those it covers)", wrong, wrong.Pattern)
	}
	return &usageError{err}
}

// A findingsError is a scan that worked and found something at or above --fail-on.
type findingsError struct{ message string }

func (e *findingsError) Error() string { return e.message }

// An answerError is a question that was answered, not with yes. There is nothing
// to add to what was printed.
type answerError struct{}

func (*answerError) Error() string { return "not allowed" }

// An incompleteError is a result that was shown and lacks what could not be read.
type incompleteError struct{ gaps int }

func (e *incompleteError) Error() string {
	things := "1 gap"
	if e.gaps != 1 {
		things = fmt.Sprintf("%d gaps", e.gaps)
	}
	return "the result is incomplete: " + things + " in what could be read (--allow-gaps accepts that)"
}

func exitStatus(err error) int {
	var usage *usageError
	var findings *findingsError
	var answer *answerError
	switch {
	case err == nil:
		return exitClean
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &findings), errors.As(err, &answer):
		return exitFindings
	}
	return exitFailed
}

// hint returns what the error, or one that it wraps, advises to do.
func hint(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}
