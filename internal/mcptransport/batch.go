package mcptransport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
)

// batchRevision is the only revision with JSON-RPC batches, which servers of it
// "MUST support receiving".
//
// https://modelcontextprotocol.io/specification/2025-03-26/basic#batching
const batchRevision = mcp.ProtocolVersion20250326

// maxBatch bounds the messages of a batch, which count as one for the size limit.
const maxBatch = 64

// errBatch is what [parseMessage] says of a batch, which its caller may then take.
var errBatch = &rpcError{Code: mcp.INVALID_REQUEST, Message: "batches are not supported: send one message at a time"}

// A batch gathers the answers to its requests.
type batch struct {
	messages []message // requests, notifications and responses
	asks     bool      // there is a request among them
	done     func(answers []byte)

	mu      sync.Mutex
	waiting int // for the answers to so many requests, and to the whole being handed out
	answers [][]byte
}

// parseBatch takes valid JSON that is an array. What is wrong with single messages
// is answered already. done is called once, with nil when there is nothing to answer.
func parseBatch(raw []byte, done func(answers []byte)) (*batch, *rpcError) {
	var all []json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil || len(all) == 0 || len(all) > maxBatch {
		return nil, &rpcError{Code: mcp.INVALID_REQUEST, Message: fmt.Sprintf("a batch must hold 1 to %d messages", maxBatch)}
	}
	b := &batch{done: done, waiting: 1}
	for _, text := range all {
		m, bad := parseMessage(text)
		if bad == nil && m.method == string(mcp.MethodInitialize) {
			bad = &rpcError{Code: mcp.INVALID_REQUEST, Message: "initialize must not be part of a batch"}
		}
		switch {
		case bad != nil:
			b.answers = append(b.answers, errorReply(m.id, bad).body)
			continue
		case m.isRequest():
			b.waiting++
			b.asks = true
		}
		b.messages = append(b.messages, m)
	}
	return b, nil
}

// answer takes the answer to one request; nil for one that was cancelled.
func (b *batch) answer(body []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if body != nil {
		b.answers = append(b.answers, body)
	}
	if b.waiting--; b.waiting > 0 {
		return
	}
	if len(b.answers) == 0 {
		b.done(nil)
		return
	}
	b.done(append(append([]byte{'['}, bytes.Join(b.answers, []byte{','})...), ']'))
}

// batch answers a batch with one line.
func (c *stdioConn) batch(line []byte) {
	b, bad := parseBatch(line, c.answer)
	if bad != nil {
		c.answer(errorReply(nil, bad).body)
		return
	}
	for _, m := range b.messages {
		c.dispatch(&m, b.answer)
	}
	b.answer(nil)
}

// batch answers a batch, if the client may send one, in a session.
func (p *post) batch(raw []byte) bool {
	s := p.sessions.use(p.r.Header.Get(mcp.HeaderSessionID), p.caller.key())
	if s == nil {
		return false
	}
	defer p.sessions.release(s)
	if s.facts.ProtocolVersion() != batchRevision || mcp.IsModernProtocol(p.r.Header.Get(mcp.HeaderProtocolVersion)) {
		return false
	}
	var answers []byte
	b, bad := parseBatch(raw, func(all []byte) { answers = all })
	if bad != nil {
		p.fail(http.StatusBadRequest, bad)
		return true
	}
	for range len(b.messages) - 1 { // the first has been counted
		if wait, ok := p.limiter.allow(p.caller.key()); !ok {
			refuseBusy(p.w, wait)
			return true
		}
	}
	ctx, cancel := context.WithCancelCause(p.r.Context())
	defer cancel(nil)
	out := p.stream(cancel)
	var running sync.WaitGroup
	for _, m := range b.messages {
		p.part(ctx, s, &m, out, b.answer, &running)
	}
	running.Wait()
	if b.answer(nil); answers == nil && !b.asks {
		p.w.WriteHeader(http.StatusAccepted)
		return true
	}
	out.finish(http.StatusOK, answers)
	return true
}

// part handles one message of a batch; requests run side by side.
func (p *post) part(ctx context.Context, s *session, m *message, out *stream, answer func([]byte), running *sync.WaitGroup) {
	switch {
	case !m.isRequest():
		p.take(s, m)
		return
	case !p.limiter.enter(p.caller.key()):
		answer(errorReply(m.id, &rpcError{Code: codeBusy, Message: "too many requests at a time"}).body)
		return
	}
	ctx, cancel := p.until(ctx, false)
	if !s.calls.begin(m.id, cancel) {
		cancel(nil)
		p.limiter.leave(p.caller.key())
		answer(errorReply(m.id, errIDInUse).body)
		return
	}
	running.Go(func() {
		defer p.limiter.leave(p.caller.key())
		defer cancel(nil)
		defer s.calls.end(m.id)
		x := newExchangeFacts(s.name, s.facts)
		x.asks = s.asks
		reply := p.ask(ctx, x, out, m)
		if errors.Is(context.Cause(ctx), errCancelled) {
			reply.body = nil
		}
		answer(reply.body)
	})
}
