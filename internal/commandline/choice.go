package commandline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/internal/answer"
)

// A Choice is a flag whose value is one of a few words.
type Choice struct {
	Value   string
	Allowed []string
	// Planned are words that the documentation names and this version does not take.
	Planned []string
}

func (c *Choice) String() string { return c.Value }

// Type is what help shows in the place of the value.
func (c *Choice) Type() string { return "word" }

// Set takes one of the words.
func (c *Choice) Set(value string) error {
	if slices.Contains(c.Planned, value) {
		return fmt.Errorf("this version does not write it; want one of %s", strings.Join(c.Allowed, ", "))
	}
	if err := CheckWord(value, c.Allowed); err != nil {
		return err
	}
	c.Value = value
	return nil
}

// CheckWord refuses a word that is not allowed, and says which one was probably meant.
func CheckWord(word string, allowed []string) error {
	if slices.Contains(allowed, word) {
		return nil
	}
	want := fmt.Sprintf("want one of %s", strings.Join(allowed, ", "))
	if meant := answer.Nearest(word, allowed); meant != "" {
		return fmt.Errorf("did you mean %s? %s", meant, want)
	}
	return fmt.Errorf("%s", want)
}
