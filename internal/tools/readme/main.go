// Readme checks that a Markdown file still says what is true.
//
//	go run ./internal/tools/readme [-update] README.md …
//
// In a fenced block marked console, each line that begins with "$ " is run by
// the shell on a terminal of 118 columns, and the lines up to the next one must
// be what it prints there; -update writes what it prints into the file. A line
// that is only "…" stands for any lines; a block that has one is not updated. A
// go block that follows a line
//
//	<!-- source: FILE -->
//
// must stand in that file, line for line and one after another.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	update := flag.Bool("update", false, "write what the commands print into the file")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: readme [-update] FILE…")
		os.Exit(2)
	}
	failed := false
	for _, name := range flag.Args() {
		if err := check(name, *update); err != nil {
			fmt.Fprintln(os.Stderr, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func check(name string, update bool) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	var out []string
	var problems []error
	source := ""
	for i := 0; i < len(lines); i++ {
		out = append(out, lines[i])
		if after, ok := strings.CutPrefix(lines[i], "<!-- source: "); ok {
			source = strings.TrimSuffix(after, " -->")
		}
		kind, fenced := strings.CutPrefix(lines[i], "```")
		if !fenced {
			continue
		}
		length := slices.Index(lines[i+1:], "```")
		if length < 0 {
			return fmt.Errorf("%s:%d: the block has no end", name, i+1)
		}
		block, err := checkBlock(kind, source, lines[i+1:i+1+length], update)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s:%d: %w", name, i+1, err))
		}
		source = ""
		out = append(append(out, block...), "```")
		i += length + 1
	}
	if update && len(problems) == 0 {
		return os.WriteFile(name, []byte(strings.Join(out, "\n")), 0o644)
	}
	return errors.Join(problems...)
}

// checkBlock returns the block as it should be: with update, what its commands print.
func checkBlock(kind, source string, block []string, update bool) ([]string, error) {
	switch {
	case kind == "console":
		printed, err := rerun(block)
		switch {
		case err != nil:
			return block, err
		case matches(block, printed):
			return block, nil
		case update && !slices.Contains(block, anyLines):
			return printed, nil
		}
		return block, fmt.Errorf("the block differs from what its commands print:\n%s", strings.Join(printed, "\n"))
	case kind == "go" && source != "":
		return block, contains(source, block)
	}
	return block, nil
}

// rerun returns the block with each command's output as it is now.
func rerun(block []string) ([]string, error) {
	var out []string
	for _, line := range block {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		out = append(out, line)
		// script, of util-linux, is what gives the command a terminal.
		cmd := exec.Command("script", "--quiet", "--return", "--command", "stty cols 118; "+command, os.DevNull)
		cmd.Env = append(os.Environ(), "NO_COLOR=1", "TERM=xterm")
		printed, err := cmd.CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", command, err, printed)
		}
		if text := strings.TrimRight(string(printed), "\r\n"); text != "" {
			for l := range strings.SplitSeq(text, "\n") {
				out = append(out, strings.TrimRight(l, " \r"))
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New(`a console block without a "$ " line`)
	}
	return out, nil
}

// anyLines is the line that stands for any lines.
const anyLines = "…"

// matches reports whether the block shows what was printed.
func matches(block, printed []string) bool {
	for len(block) > 0 && block[0] != anyLines {
		if len(printed) == 0 || block[0] != printed[0] {
			return false
		}
		block, printed = block[1:], printed[1:]
	}
	if len(block) == 0 {
		return len(printed) == 0
	}
	for rest := printed; ; rest = rest[1:] {
		if matches(block[1:], rest) {
			return true
		}
		if len(rest) == 0 {
			return false
		}
	}
}

func contains(source string, block []string) error {
	text, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	if !strings.Contains(dedent(strings.Split(string(text), "\n")), dedent(block)) {
		return fmt.Errorf("the block does not stand in %s", source)
	}
	return nil
}

// dedent takes the indentation off, so that a block may be shown without that of its function.
func dedent(lines []string) string {
	trimmed := make([]string, len(lines))
	for i, l := range lines {
		trimmed[i] = strings.TrimSpace(l)
	}
	return strings.Join(trimmed, "\n")
}
