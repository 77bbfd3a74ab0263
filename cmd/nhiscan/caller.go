package main

import (
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
)

const callerExamples = `  nhiscan caller
  nhiscan caller --profile prod --role-arn arn:aws:iam::123456789012:role/audit
  nhiscan caller --format json`

type callerFlags struct {
	live      liveFlags
	knowledge knowledgeFlags
	output    outputFlags
	allowGaps bool
}

func newCallerCommand(con *console) *cobra.Command {
	f := &callerFlags{}
	cmd := &cobra.Command{
		Use:     "caller",
		Short:   "Say whose the AWS credentials in use are",
		Long:    "Caller asks AWS whose the credentials in use are, and says everything about\nthat user or role.",
		Example: callerExamples,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, con) },
	}
	f.live.register(cmd.Flags())
	f.live.only = true
	f.knowledge.register(cmd)
	f.output.register(cmd, formatTable, formatJSON)
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *callerFlags) run(cmd *cobra.Command, con *console) error {
	if err := f.live.check(); err != nil {
		return err
	}
	knowledge, err := f.knowledge.load()
	if err != nil {
		return err
	}
	who, err := f.live.caller(cmd.Context(), con)
	if err != nil {
		return err
	}
	caller := answer.Caller(who, &answer.Options{
		Now: time.Now().UTC().Truncate(time.Second), Signals: knowledge.signals, Trust: knowledge.trust,
	})
	err = f.output.write(cmd.Context(), con, func(w io.Writer, format string, style render.Style) error {
		if format == formatJSON {
			return render.CallerJSON(w, caller)
		}
		return render.CallerText(w, caller, style)
	})
	if err != nil {
		return err
	}
	return gapsError(caller.Gaps, f.allowGaps)
}
