package mcpserver

import (
	"context"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// A progressQueue passes notices of progress on to one client, all of them and in
// order, without keeping who sends them: several calls may wait for one reading,
// and a slow client must not hold up the others.
type progressQueue struct {
	report func(done, total float64, message string)

	mu      sync.Mutex
	notices []progressNotice
	wake    chan struct{}
	closed  bool
	drained chan struct{}
}

type progressNotice struct {
	done, total float64
	message     string
}

// newProgressQueue returns nil for a client that asked for no progress.
func newProgressQueue(ctx context.Context, request *mcp.CallToolRequest) *progressQueue {
	if request.Params.Meta == nil || request.Params.Meta.ProgressToken == nil {
		return nil
	}
	q := &progressQueue{
		report: mcptransport.ProgressReporter(ctx, request),
		wake:   make(chan struct{}, 1), drained: make(chan struct{}),
	}
	go q.pass()
	return q
}

// add takes a notice and returns at once.
func (q *progressQueue) add(n progressNotice) {
	if q == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.notices = append(q.notices, n)
	q.ring()
}

func (q *progressQueue) ring() {
	select {
	case q.wake <- struct{}{}:
	default: // it is awake already
	}
}

// close returns when every notice is on its way: none may follow the result.
func (q *progressQueue) close() {
	if q == nil {
		return
	}
	q.mu.Lock()
	q.closed = true
	q.ring()
	q.mu.Unlock()
	<-q.drained
}

func (q *progressQueue) pass() {
	defer close(q.drained)
	for range q.wake {
		q.mu.Lock()
		notices, closed := q.notices, q.closed
		q.notices = nil
		q.mu.Unlock()
		for _, n := range notices {
			q.report(n.done, n.total, n.message)
		}
		if closed {
			return
		}
	}
}
