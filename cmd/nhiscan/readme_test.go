package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const readmeFile = "../../README.md"

// The blocks of the README behind a line "<!-- changes: ARGUMENTS -->" are what
// nhiscan manage prints with these arguments for the demo account, if that were one
// that can be changed, and a person who types the user's name.
func TestReadmeShowsWhatManagePrints(t *testing.T) {
	text, err := os.ReadFile(readmeFile)
	require.NoError(t, err)
	const mark, fence = "<!-- changes: ", "```\n"
	parts := strings.Split(string(text), mark)
	require.Greater(t, len(parts), 1)
	for i, part := range parts[1:] {
		arguments, rest, ok := strings.Cut(part, " -->\n"+fence)
		require.True(t, ok)
		shown, rest, ok := strings.Cut(rest, fence)
		require.True(t, ok)
		printed := typedOnATerminal(t, strings.Fields(arguments))
		if !*update {
			require.Equal(t, printed, shown)
		}
		parts[i+1] = arguments + " -->\n" + fence + printed + fence + rest
	}
	if *update {
		require.NoError(t, os.WriteFile(readmeFile, []byte(strings.Join(parts, mark)), 0o644))
	}
}

// typedOnATerminal is what a terminal shows of a change.
func typedOnATerminal(t *testing.T, arguments []string) string {
	t.Helper()
	p := newPerson(t, "")
	var screen bytes.Buffer
	con := terminal(&screen, &screen, map[string]string{"NO_COLOR": "1"})
	con.stdin, con.stdinTerminal = io.TeeReader(strings.NewReader("finn\n"), &screen), true
	run(p.ctx, append(append([]string{"manage"}, arguments...), "--quiet"), con)
	return "$ nhiscan manage " + strings.Join(arguments, " ") + "\n" + screen.String()
}
