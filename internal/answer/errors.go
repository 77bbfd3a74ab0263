package answer

import (
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/nhi"
)

// An InputError is a question that cannot be put as it stands. It wraps what is
// wrong, such as an [*AmbiguousError].
type InputError struct {
	// Err says what is wrong.
	Err error
	// Advice says what to do; empty when Err does.
	Advice string
}

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

// Hint says what to do; empty when the message does.
func (e *InputError) Hint() string { return e.Advice }

func inputf(format string, args ...any) error {
	return &InputError{Err: fmt.Errorf(format, args...)}
}

// An AmbiguousError is a name that a user and a role have.
type AmbiguousError struct {
	Name string
	// ARNs are those of the two; nil when they are not known.
	ARNs []string
}

func (e *AmbiguousError) Error() string {
	if len(e.ARNs) == 0 {
		return e.Name + " is a user and a role"
	}
	return e.Name + " is the name of two: " + strings.Join(e.ARNs, " and ")
}

func ambiguous(name string, arns ...string) error {
	advice := "say whether the user or the role is meant"
	if len(arns) > 0 {
		advice += ", or give one of the ARNs " + strings.Join(arns, " and ")
	}
	return &InputError{Err: &AmbiguousError{Name: name, ARNs: arns}, Advice: advice}
}

// A TypeError is an ARN of something else than was said to be meant.
type TypeError struct {
	ARN  string
	Type nhi.IdentityType
}

func (e *TypeError) Error() string {
	return fmt.Sprintf("%s is not the ARN of a %s", e.ARN, e.Type)
}

// A PatternError is a pattern where one action is wanted.
type PatternError struct{ Pattern string }

func (e *PatternError) Error() string { return e.Pattern + " is a pattern: name one action" }

// A NotFoundError is something that the account does not have.
type NotFoundError struct {
	// Subject is what was asked for, such as "role deploy".
	Subject string
	// Meant is the name that was probably meant; empty when none is near.
	Meant string
}

func (e *NotFoundError) Error() string {
	return "there is no " + e.Subject + " in this account" + meaning(e.Meant)
}

// meaning is the end of a message that offers another word.
func meaning(word string) string {
	if word == "" {
		return ""
	}
	return "; did you mean " + word + "?"
}
