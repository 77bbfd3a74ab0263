package main

import (
	"fmt"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/nhiscan/nhiscan/collect"
)

// progress shows on a terminal how far the reading of AWS has come.
type progress struct {
	// mu is held while the bar changes: several readings may tell of their calls at
	// once, and one that was given up may still do so.
	mu sync.Mutex
	// bar is nil where nobody is looking, and when it was cleared.
	bar *progressbar.ProgressBar
}

func newProgress(con *console, quiet bool) *progress {
	if quiet || !con.stderrTerminal {
		return &progress{}
	}
	return &progress{bar: progressbar.NewOptions(-1,
		progressbar.OptionSetWriter(con.stderr),
		progressbar.OptionSetDescription("Reading IAM"),
		progressbar.OptionSetWidth(24),
		progressbar.OptionSetSpinnerChangeInterval(0), // otherwise the bar writes by itself, with no lock against Describe
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetElapsedTime(true),
	)}
}

// update shows one answer of AWS. A display that cannot be written to is no
// reason to stop reading, so its errors are let go.
func (p *progress) update(now collect.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
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
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish()
		_ = p.bar.Clear()
		p.bar = nil
	}
}
