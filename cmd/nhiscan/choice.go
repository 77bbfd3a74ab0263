package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/answer"
)

// A choice is a flag whose value is one of a few words.
type choice struct {
	value   string
	allowed []string
	// planned are words that the documentation names and this version does not take.
	planned []string
}

func (c *choice) String() string { return c.value }
func (c *choice) Type() string   { return "word" }

func (c *choice) Set(value string) error {
	if slices.Contains(c.planned, value) {
		return fmt.Errorf("this version does not write it; want one of %s", strings.Join(c.allowed, ", "))
	}
	if err := checkWord(value, c.allowed); err != nil {
		return err
	}
	c.value = value
	return nil
}

// choices is a flag whose value is some of a few words, in a list with commas or
// by repeating the flag.
type choices[T ~string] struct {
	values  []T
	allowed []string
	// synonyms are other words for some of the allowed ones.
	synonyms map[string]string
}

func (c *choices[T]) String() string { return strings.Join(toStrings(c.values), ",") }
func (c *choices[T]) Type() string   { return "words" }

func (c *choices[T]) Set(list string) error {
	for word := range strings.SplitSeq(list, ",") {
		word = strings.TrimSpace(word)
		if meant, ok := c.synonyms[word]; ok {
			word = meant
		}
		if err := checkWord(word, c.allowed); err != nil {
			return err
		}
		if !slices.Contains(c.values, T(word)) {
			c.values = append(c.values, T(word))
		}
	}
	return nil
}

// admits reports whether value was chosen; no choice admits all.
func (c *choices[T]) admits(value T) bool {
	return len(c.values) == 0 || slices.Contains(c.values, value)
}

func checkWord(word string, allowed []string) error {
	if slices.Contains(allowed, word) {
		return nil
	}
	want := fmt.Sprintf("want one of %s", strings.Join(allowed, ", "))
	if meant := answer.Nearest(word, allowed); meant != "" {
		return fmt.Errorf("did you mean %s? %s", meant, want)
	}
	return fmt.Errorf("%s", want)
}

func toStrings[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// complete offers words to the shell for the named flag.
func complete(cmd *cobra.Command, flag string, words []string) {
	// The only error is a flag that does not exist.
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
}
