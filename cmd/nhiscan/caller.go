package main

import (
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
)

const callerExamples = `  nhiscan caller
  nhiscan caller --profile prod --role-arn arn:aws:iam::123456789012:role/audit
  nhiscan caller --format json`

type callerFlags struct {
	source    sourceFlags
	knowledge commandline.Knowledge
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
		Args:    commandline.NoArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, con) },
	}
	f.source.registerAWS(cmd)
	f.knowledge.Register(cmd.Flags())
	f.output.register(cmd, formatTable, formatJSON)
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *callerFlags) run(cmd *cobra.Command, con *console) error {
	if err := f.source.check(cmd); err != nil {
		return err
	}
	signals, accounts, err := f.knowledge.Load()
	if err != nil {
		return err
	}
	who, err := f.source.caller(cmd.Context(), con)
	if err != nil {
		return err
	}
	caller := answer.Caller(who, &answer.Options{
		Now: time.Now().UTC().Truncate(time.Second), Signals: signals, Trust: accounts,
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
