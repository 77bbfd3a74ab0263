package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
)

// exitFindings is the status for findings at or above --fail-on; of can, for what is
// not allowed. Scripts rely on it as on those that all programs have.
const exitFindings = 1

// inFlags makes a UsageError of a question that package answer refused, in the
// words of the command line where it has its own.
func inFlags(err error) error {
	var input *answer.InputError
	if !errors.As(err, &input) {
		return err
	}
	switch wrong := input.Err.(type) {
	case *answer.AmbiguousError:
		if len(wrong.ARNs) == 0 {
			return commandline.Usagef("%w: give --type user or --type role", wrong)
		}
		return commandline.Usagef("%s is the name of two: give --type user or --type role, or one of the ARNs %s", wrong.Name, strings.Join(wrong.ARNs, " and "))
	case *answer.TypeError:
		return commandline.Usagef("%w, as --type says", wrong)
	case *answer.PatternError:
		return commandline.Usagef("%w (nhiscan policy expand '%s' lists those it covers)", wrong, wrong.Pattern)
	}
	return &commandline.UsageError{Err: err}
}

// A findingsError is a scan that worked and found something at or above --fail-on.
type findingsError struct{ message string }

func (e *findingsError) Error() string { return e.message }

// An answerError is a question that was answered, not with yes. There is nothing
// to add to what was printed.
type answerError struct{}

func (*answerError) Error() string { return "not allowed" }

// A stoppedError is a change that was refused or declined: nothing was changed.
type stoppedError struct{ message, hint string }

func (e *stoppedError) Error() string { return e.message }
func (e *stoppedError) Hint() string  { return e.hint }

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
	var findings *findingsError
	var answer *answerError
	var stopped *stoppedError
	if errors.As(err, &findings) || errors.As(err, &answer) || errors.As(err, &stopped) {
		return exitFindings
	}
	return commandline.ExitStatus(err)
}
