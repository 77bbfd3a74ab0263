package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/atomicfile"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
)

// The formats of a result.
const (
	formatTable    = "table"
	formatJSON     = "json"
	formatCSV      = "csv"
	formatMarkdown = "markdown"
)

// outputFlags say how a result is written, and where.
type outputFlags struct {
	format  commandline.Choice
	output  string
	noColor bool
	wide    bool
}

func (o *outputFlags) register(cmd *cobra.Command, formats ...string) {
	o.registerFormat(cmd, formats...)
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "write to this `file`, readable by you alone; without --format its extension\nsays the format (.txt is a table), and others mean JSON")
}

// registerFormat adds the flags of a command whose result goes to standard output.
func (o *outputFlags) registerFormat(cmd *cobra.Command, formats ...string) {
	o.format.Allowed = formats
	o.format.Planned = []string{"sarif", "ocsf", "html"}
	flags := cmd.Flags()
	flags.Var(&o.format, "format", strings.Join(formats, ", ")+" (default: table on a terminal, JSON in a pipe)")
	flags.BoolVar(&o.noColor, "no-color", false, "no colours, as with NO_COLOR")
	flags.BoolVar(&o.wide, "wide", false, "do not cut lines to the width of the terminal")
	complete(cmd, "format", formats)
}

// toFile reports whether the result goes to a file.
func (o *outputFlags) toFile() bool { return o.output != "" && o.output != "-" }

// choose returns the format: the one asked for, that of the file's extension, or
// the one for who is reading.
func (o *outputFlags) choose(con *console) string {
	if o.format.Value != "" {
		return o.format.Value
	}
	if o.toFile() {
		byExtension := map[string]string{
			".json": formatJSON, ".csv": formatCSV, ".md": formatMarkdown, ".markdown": formatMarkdown, ".txt": formatTable,
		}
		format := byExtension[strings.ToLower(filepath.Ext(o.output))]
		if slices.Contains(o.format.Allowed, format) {
			return format
		}
		return formatJSON
	}
	if con.stdoutTerminal {
		return formatTable
	}
	return formatJSON
}

// write sends what emit writes to where the flags say, until ctx ends.
func (o *outputFlags) write(ctx context.Context, con *console, emit func(w io.Writer, format string, style render.Style) error) error {
	format := o.choose(con)
	if !o.toFile() {
		if err := emit(stopping(ctx, con.stdout), format, con.style(o, false)); err != nil {
			return fmt.Errorf("write the result: %w", err)
		}
		return nil
	}
	err := atomicfile.Write(o.output, func(w io.Writer) error { return emit(stopping(ctx, w), format, con.style(o, true)) })
	if err != nil {
		return fmt.Errorf("write %s: %w", o.output, err)
	}
	return nil
}
