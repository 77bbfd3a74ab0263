package main

import (
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/policydoc"
)

const expandExamples = `  nhiscan policy expand 's3:Get*'
  nhiscan policy expand policy.json
  nhiscan policy expand policy.json --level "Permissions management"
  nhiscan policy expand --snapshot account.json deploy-policy
  nhiscan policy expand '*' --level permissions-management --format json | jq -r '.documents[].statements[].actions[].action'`

// maxExpanded is the number of actions beyond which a table counts them.
const maxExpanded = 200

// levelWords are the words of --level; AWS's own spelling is taken too.
var levelWords = map[string]policydoc.AccessLevel{
	"list": policydoc.LevelList, "read": policydoc.LevelRead, "tagging": policydoc.LevelTagging,
	"write": policydoc.LevelWrite, "permissions-management": policydoc.LevelPermissionsManagement,
}

type expandFlags struct {
	documents documentFlags
	levels    choices[string]
	all       bool
	output    outputFlags
}

func newExpandCommand(con *console) *cobra.Command {
	f := &expandFlags{}
	cmd := &cobra.Command{
		Use:   "expand FILE|PATTERN…",
		Short: "List the actions that a policy or an Action pattern covers",
		Long: `Expand lists the actions that each statement of a policy document covers, with
AWS's access level. An argument such as 's3:Get*' is an Action pattern; others
are files, - for standard input, or the ARN of an AWS managed policy. With
--snapshot or --demo they name policies, users, roles or groups of an account.`,
		Example: expandExamples,
		RunE:    func(cmd *cobra.Command, args []string) error { return f.run(cmd, con, args) },
	}
	f.documents.register(cmd)
	f.levels.allowed = []string{"list", "read", "tagging", "write", "permissions-management"}
	f.levels.synonyms = map[string]string{}
	for word, level := range levelWords {
		f.levels.synonyms[string(level)] = word
	}
	cmd.Flags().Var(&f.levels, "level", "list only actions of these access levels: list, read, tagging, write,\npermissions-management")
	complete(cmd, "level", f.levels.allowed)
	cmd.Flags().BoolVar(&f.all, "all", false, fmt.Sprintf("list all actions of a statement that covers more than %d, which a table otherwise counts", maxExpanded))
	f.output.register(cmd, formatTable, formatJSON)
	return cmd
}

func (f *expandFlags) run(cmd *cobra.Command, con *console, args []string) error {
	expanded, gaps, err := f.expand(cmd, con, args)
	if err != nil {
		return err
	}
	err = f.output.write(cmd.Context(), con, func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return render.ExpandJSON(w, expanded, gaps)
		}
		most := maxExpanded
		if f.all {
			most = 0
		}
		return render.ExpandTable(w, expanded, gaps, most, style)
	})
	if err != nil {
		return err
	}
	return gapsError(gaps, f.documents.allowGaps)
}

// actionPattern is what an argument looks like that is no file.
var actionPattern = regexp.MustCompile(`^(\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?]*)$`)

func (f *expandFlags) expand(cmd *cobra.Command, con *console, args []string) ([]render.Expanded, []nhiscan.Gap, error) {
	levels := f.chosen()
	var out []render.Expanded
	var rest []string
	for _, arg := range args {
		_, err := os.Stat(arg)
		if err == nil || !actionPattern.MatchString(arg) {
			rest = append(rest, arg)
			continue
		}
		expanded, err := answer.ExpandPattern(arg, levels)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, expanded)
	}
	if len(rest) == 0 && len(out) > 0 {
		return out, nil, nil
	}
	documents, gaps, err := f.documents.read(cmd, con, rest)
	if err != nil {
		return nil, nil, err
	}
	expanded, broken, err := parsed(cmd.Context(), documents, func(documents []answer.Document) ([]render.Expanded, []nhiscan.Gap, error) {
		return answer.Expand(documents, levels)
	})
	return append(out, expanded...), append(gaps, broken...), err
}

// chosen are the access levels that were asked for.
func (f *expandFlags) chosen() []policydoc.AccessLevel {
	var out []policydoc.AccessLevel
	for _, word := range f.levels.values {
		out = append(out, levelWords[word])
	}
	return out
}
