package main

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/nhiscan/nhiscan/collect"
)

// progress shows on a terminal how far the reading of AWS has come.
type progress struct {
	// bar is nil where nobody is looking.
	bar *progressbar.ProgressBar
}

func newProgress(con *console, quiet bool) *progress {
	if quiet || !con.stderrTerminal {
		return &progress{}
	}
	return &progress{progressbar.NewOptions(-1,
		progressbar.OptionSetWriter(con.stderr),
		progressbar.OptionSetDescription("Reading IAM"),
		progressbar.OptionSetWidth(24),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(true),
	)}
}

// update shows one answer of AWS. A display that cannot be written to is no
// reason to stop reading, so its errors are let go.
func (p *progress) update(now collect.Progress) {
	if p.bar == nil {
		return
	}
	p.bar.Describe(fmt.Sprintf("Reading IAM, calls: %d", now.Calls))
	if now.Total > 0 {
		p.bar.ChangeMax(now.Total)
		_ = p.bar.Set(min(now.Done, now.Total-1))
		return
	}
	_ = p.bar.Add(1)
}

// clear takes the display away.
func (p *progress) clear() {
	if p.bar != nil {
		_ = p.bar.Finish()
		_ = p.bar.Clear()
	}
}
