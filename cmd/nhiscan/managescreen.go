package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
)

// A changeScreen shows a change while it goes on. A table is shown as it grows, on
// standard output; JSON is one document at the end. A person who is asked sees the
// plan in any case.
type changeScreen struct {
	con    *console
	output *outputFlags
	table  bool
}

func (f *changerFlags) screen(con *console) *changeScreen {
	return &changeScreen{con, &f.output, f.output.choose(con) == formatTable}
}

func (s *changeScreen) plan(c *render.Change) error {
	if !s.table {
		return nil
	}
	return s.write(func(w io.Writer) error { return render.PlanText(w, c, s.con.style(s.output, false)) })
}

// planForQuestion shows the plan where the question is, if it is not there already.
func (s *changeScreen) planForQuestion(c *render.Change) error {
	if s.table && s.con.stdoutTerminal {
		return nil
	}
	style := s.con.style(s.output, true)
	style.Width = defaultWidth
	return render.PlanText(s.con.stderr, c, style)
}

// result shows what became of the change, in full although ctx may have ended.
func (s *changeScreen) result(c *render.Change) error {
	err := s.write(func(w io.Writer) error {
		if s.table {
			return render.ResultText(w, c, s.con.style(s.output, false))
		}
		return render.ChangeJSON(w, c)
	})
	if err == nil || c.Result == nil {
		return err
	}
	err = fmt.Errorf("the change was made as far as this says, and its result could not be shown: %w", err)
	if k := c.Result.AccessKey; k != nil && k.KeptIn == "" {
		err = fmt.Errorf("access key %s of user %s was created and its secret is lost: delete it: %w", k.ID, k.UserName, err)
	}
	return err
}

func (s *changeScreen) write(emit func(io.Writer) error) error {
	if err := emit(s.con.stdout); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// joinHints makes one advice of several.
func joinHints(hints []string) string { return strings.Join(hints, "; ") }

// joined is a list in a sentence.
func joined(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1] + ", in this order"
}

// wrapHelp breaks a text into lines as the other helps have them.
func wrapHelp(text string) string {
	var out strings.Builder
	used := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case used == 0:
		case used+1+len(word) > 80:
			out.WriteByte('\n')
			used = 0
		default:
			out.WriteByte(' ')
			used++
		}
		out.WriteString(word)
		used += len(word)
	}
	return out.String()
}
