package mcpserver

import (
	"context"
	"fmt"

	"github.com/nhiscan/nhiscan/collect"
)

// A reading is an account that is being read, or was.
type reading = shared[*scan]

// join returns the reading for the credentials: a fresh one, or one that is under
// way or not too old.
func (x *scans) join(ctx context.Context, c *call, creds credentialArguments, refresh bool) *reading {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.expire()
	if r, ok := x.readings[creds]; ok && !(refresh && r.finished()) && r.join(c) {
		if r.finished() {
			c.note(func(mine *record) { mine.Cached = true })
		}
		return r
	}
	r := share(ctx, c, func(ctx context.Context, tell func(progressNotice)) (*scan, error) {
		ctx, cancel := context.WithTimeout(ctx, x.server.options.CallTimeout)
		defer cancel()
		opts, err := x.server.session(&creds)
		if err != nil {
			return nil, err
		}
		taken, err := x.read(ctx, c, opts, func(p collect.Progress) { tell(progressOf(p)) })
		if err != nil {
			return nil, err
		}
		x.keep(taken)
		return taken, nil
	})
	r.join(c)
	x.readings[creds] = r
	return r
}

// progressOf puts the progress of a reading into MCP's words. The total is not
// known while lists are paged.
func progressOf(p collect.Progress) progressNotice {
	message := fmt.Sprintf("%s answered (%s)", p.Operation, counted(p.Calls, "call", "calls"))
	if p.Total > 0 {
		message = fmt.Sprintf("read %d of %d (%s)", p.Done, p.Total, counted(p.Calls, "call", "calls"))
	}
	return progressNotice{done: float64(p.Calls), message: message}
}
