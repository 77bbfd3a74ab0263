package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/commandline"
)

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
		if err := commandline.CheckWord(word, c.allowed); err != nil {
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
