package mcptransport

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// killTime is how long a handler has to notice that its context has ended.
const killTime = 2 * time.Second

// ServeStdio serves one client over in and out, one JSON-RPC message a line,
// until in ends (nil), ctx is done (its error) or out fails (that error).
//
// Requests that came before the end of in are still answered, within
// DrainTimeout; a cancelled request is not answered at all. After ServeStdio
// has returned, nothing is written to out, but a Read of in that is under way
// ends only with in.
func ServeStdio(ctx context.Context, s *server.MCPServer, in io.Reader, out io.Writer, opts *StdioOptions) error {
	c := newStdioConn(ctx, s, out, opts.withDefaults())
	ended := make(chan error, 1)
	go func() { ended <- c.serve(in) }()
	defer c.close()
	select {
	case err := <-ended:
		return err
	case <-c.ctx.Done():
	}
	// The loop notices too, unless it waits for a client that does not read.
	timer := time.NewTimer(2 * killTime)
	defer timer.Stop()
	select {
	case err := <-ended:
		return err
	case <-timer.C:
		return context.Cause(c.ctx)
	}
}

func (c *stdioConn) serve(in io.Reader) error {
	lines := make(chan inputLine)
	go readLines(c.ctx, newLineReader(in, c.MaxLine), lines)
	for {
		select {
		case <-c.ctx.Done():
			return c.stop(context.Cause(c.ctx))
		case line := <-lines:
			switch {
			case line.err == nil:
				c.receive(line.text)
			case errors.Is(line.err, errLineTooLong):
				c.write(errorReply(nil, &rpcError{
					Code: mcp.INVALID_REQUEST, Message: fmt.Sprintf("the message is longer than %d bytes", c.MaxLine),
				}).body)
			case errors.Is(line.err, io.EOF):
				return c.drain()
			default:
				return c.stop(line.err)
			}
		}
	}
}

type inputLine struct {
	text []byte
	err  error
}

func readLines(ctx context.Context, r *lineReader, lines chan<- inputLine) {
	for {
		text, err := r.next()
		select {
		case lines <- inputLine{text, err}:
		case <-ctx.Done():
			return
		}
		if err != nil && !errors.Is(err, errLineTooLong) {
			return
		}
	}
}

// A stdioConn is one client on standard input and output. Its contexts are fields
// because they are the connection's life, which ends in several places and by more
// than one cause, and not that of any single call of a method.
type stdioConn struct {
	StdioOptions
	dispatcher
	ctx    context.Context
	cancel context.CancelCauseFunc

	name   string
	out    io.Writer
	turn   chan struct{} // held by who writes
	closed atomic.Bool

	facts            *facts // of a client older than 2026-07-28
	calls            calls
	asks             *asks
	subscriptions    context.Context // of subscriptions/listen, which end with the input
	endSubscriptions context.CancelCauseFunc
	slots            chan struct{} // tool calls that run
	pending          chan struct{} // requests not yet answered
	running          sync.WaitGroup
	workers          *workers

	broadcastsMu sync.Mutex
	broadcasts   func() // ends the delivery of broadcasts; nil before initialize
}

func newStdioConn(ctx context.Context, s *server.MCPServer, out io.Writer, o StdioOptions) *stdioConn {
	ctx, cancel := context.WithCancelCause(withCaller(ctx, Caller{Subject: "local", Method: MethodStdio}))
	subscriptions, end := context.WithCancelCause(ctx)
	return &stdioConn{
		StdioOptions:  o,
		subscriptions: subscriptions, endSubscriptions: end,
		dispatcher: dispatcher{server: s, logger: o.Logger},
		ctx:        ctx, cancel: cancel, out: out,
		name: "stdio-" + rand.Text(), turn: make(chan struct{}, 1),
		facts: newFacts(), asks: newAsks(),
		slots:   make(chan struct{}, o.MaxConcurrent),
		pending: make(chan struct{}, o.MaxPending),
		workers: newWorkers(ctx.Done()),
	}
}

// write sends one message. The first failure ends the connection: the client
// no longer reads.
func (c *stdioConn) write(body []byte) error {
	c.turn <- struct{}{}
	defer func() { <-c.turn }()
	if c.closed.Load() {
		return errGone
	}
	if _, err := c.out.Write(append(body, '\n')); err != nil {
		c.closed.Store(true)
		c.cancel(fmt.Errorf("standard output: %w", err))
		return err
	}
	return nil
}

func (c *stdioConn) receive(line []byte) {
	m, bad := parseMessage(line)
	switch {
	case bad == errBatch && c.facts.ProtocolVersion() == batchRevision:
		c.batch(line)
	case bad != nil:
		c.write(errorReply(m.id, bad).body)
	default:
		c.dispatch(&m, c.answer)
	}
}

// answer writes an answer; nil is none.
func (c *stdioConn) answer(body []byte) {
	if body != nil {
		c.write(body)
	}
}

// dispatch handles one message. answer is called once for a request.
func (c *stdioConn) dispatch(m *message, answer func([]byte)) {
	switch {
	case m.isRequest():
		c.request(m, answer)
	case !m.isNotification():
		c.asks.answer(*m)
	case m.method == string(mcp.MethodNotificationCancelled):
		c.calls.cancel(m)
	default:
		c.notification(c.ctx, newExchange(c.name, c.facts, nil, c.write), m)
	}
}

// request starts a request; initialize runs at once, since what follows it
// depends on what it says.
func (c *stdioConn) request(m *message, answer func([]byte)) {
	select {
	case c.pending <- struct{}{}:
	default:
		answer(errorReply(m.id, &rpcError{Code: codeBusy, Message: "too many requests at a time"}).body)
		return
	}
	parent := c.ctx
	if m.method == string(mcp.MethodSubscriptionsListen) {
		parent = c.subscriptions
	}
	ctx, cancel := context.WithCancelCause(parent)
	if !c.calls.begin(m.id, cancel) {
		cancel(nil)
		<-c.pending
		answer(errorReply(m.id, errIDInUse).body)
		return
	}
	c.running.Add(1)
	if m.method == string(mcp.MethodInitialize) {
		c.run(ctx, cancel, m, answer)
		c.startBroadcasts()
		return
	}
	c.workers.run(func() { c.run(ctx, cancel, m, answer) })
}

func (c *stdioConn) run(ctx context.Context, cancel context.CancelCauseFunc, m *message, answer func([]byte)) {
	defer c.running.Done()
	defer cancel(nil) // or the connection's context would keep it
	defer func() { <-c.pending }()
	defer c.calls.end(m.id)
	if c.RequestTimeout > 0 {
		limited, release := context.WithTimeout(ctx, c.RequestTimeout)
		defer release()
		ctx = limited
	}
	if m.method == string(mcp.MethodToolsCall) {
		select {
		case c.slots <- struct{}{}:
			defer func() { <-c.slots }()
		case <-ctx.Done():
		}
	}
	r := c.dispatcher.request(ctx, c.exchangeFor(m), m)
	// https://modelcontextprotocol.io/specification/2026-07-28/basic/utilities/cancellation:
	// a receiver does not answer a request that was cancelled.
	if errors.Is(context.Cause(ctx), errCancelled) {
		r.body = nil
	}
	answer(r.body)
}

func (c *stdioConn) exchangeFor(m *message) *exchange {
	if mcp.IsModernProtocol(m.metaOf().ProtocolVersion()) {
		// It carries its own facts, and its client takes no requests.
		return newExchange(c.name+idKey(m.id), newFacts(), nil, c.write)
	}
	return newExchange(c.name, c.facts, c.asks, c.write)
}

// drain lets what was asked before the end of input be answered.
func (c *stdioConn) drain() error {
	c.asks.close() // nobody is left to answer
	c.endSubscriptions(errGone)
	if !c.wait(c.DrainTimeout, c.ctx.Done()) {
		return c.stop(c.ctx.Err())
	}
	return nil
}

// stop ends every request and gives its handler a moment to notice.
func (c *stdioConn) stop(err error) error {
	c.cancel(errGone)
	c.wait(killTime, nil)
	return err
}

// wait reports whether all requests ended before the limit and before give up.
func (c *stdioConn) wait(limit time.Duration, giveUp <-chan struct{}) bool {
	all := make(chan struct{})
	go func() {
		defer close(all)
		c.running.Wait()
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-all:
		return true
	case <-giveUp:
	case <-timer.C:
	}
	return false
}

// close makes sure that nothing more is written, without waiting for long for a
// write that the client does not take.
func (c *stdioConn) close() {
	c.closed.Store(true)
	c.cancel(errGone)
	timer := time.NewTimer(killTime)
	defer timer.Stop()
	select {
	case c.turn <- struct{}{}:
		<-c.turn
		c.endBroadcasts()
	case <-timer.C:
		go c.endBroadcasts() // it waits for that write too
	}
}
