package mcptransport

import (
	"log/slog"
	"time"
)

// StdioOptions are the options of [ServeStdio]. A field's zero value means the
// default that it names.
type StdioOptions struct {
	MaxLine        int           // bytes of one message; 0: 4 MiB
	MaxConcurrent  int           // tool calls at a time, further ones wait; 0: 32
	MaxPending     int           // requests running or waiting, further ones are refused; 0: 1024
	RequestTimeout time.Duration // from a request's arrival to its context's end; 0: none
	DrainTimeout   time.Duration // how long requests may go on after the end of input; 0: 10 s
	Logger         *slog.Logger  // nil: discard. It must not write to out
}

func (o *StdioOptions) withDefaults() StdioOptions {
	var d StdioOptions
	if o != nil {
		d = *o
	}
	d.MaxLine = orDefault(d.MaxLine, 4<<20)
	d.MaxConcurrent = orDefault(d.MaxConcurrent, 32)
	d.MaxPending = orDefault(d.MaxPending, 1024)
	d.DrainTimeout = orDefault(d.DrainTimeout, 10*time.Second)
	d.Logger = orDiscard(d.Logger)
	return d
}

func orDefault[T int | int64 | float64 | time.Duration](v, d T) T {
	if v == 0 {
		return d
	}
	return v
}
