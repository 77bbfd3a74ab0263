package manage

import (
	"errors"
	"fmt"
	"strings"
)

var (
	// ErrRefused says that a plan was refused: its Refusals say why.
	ErrRefused = errors.New("refused")
	// ErrApplied says that a plan was applied before. Make a new one.
	ErrApplied = errors.New("the plan was applied before")
)

// An ArgumentError is an argument of a change that cannot be.
type ArgumentError struct {
	// Change is the kind of change, and Argument the argument's name in snake case;
	// empty for all of them.
	Change, Argument string
	Message          string
	// Advice says what to do; may be empty.
	Advice string
	// Err is the reason, such as a *policydoc.ParseError; may be nil.
	Err error
}

func (e *ArgumentError) Error() string {
	var parts []string
	for _, part := range []string{e.Change, e.Argument, e.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

// Hint says in a sentence what to do; empty when there is nothing to advise.
func (e *ArgumentError) Hint() string { return e.Advice }

func (e *ArgumentError) Unwrap() error { return e.Err }

// A RefusedError is a plan that is not applied.
type RefusedError struct{ Refusals []Refusal }

func (e *RefusedError) Error() string {
	messages := make([]string, len(e.Refusals))
	for i, r := range e.Refusals {
		messages[i] = r.Message
	}
	return fmt.Sprintf("refused: %s", strings.Join(messages, "; "))
}

func (e *RefusedError) Is(target error) bool { return target == ErrRefused }
