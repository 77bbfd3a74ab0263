package mcptransport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
)

// errCancelled is the cause of a context whose request the client cancelled.
var errCancelled = errors.New("the client cancelled the request")

// errGone is the cause when the client, its session or the server went away.
var errGone = errors.New("the client is gone")

// calls are the requests that one client has running, by id, so that only the
// one who asked can cancel. Its zero value is ready.
type calls struct {
	mu      sync.Mutex
	running map[string]context.CancelCauseFunc
	closed  bool
}

// begin reports false when the id is in use or the client is gone.
func (c *calls) begin(id json.RawMessage, cancel context.CancelCauseFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	key := idKey(id)
	if _, used := c.running[key]; used || c.closed {
		return false
	}
	if c.running == nil {
		c.running = map[string]context.CancelCauseFunc{}
	}
	c.running[key] = cancel
	return true
}

func (c *calls) end(id json.RawMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.running, idKey(id))
}

// cancel ends the request that a notifications/cancelled names, if it runs.
func (c *calls) cancel(notification *message) {
	var p struct {
		RequestID json.RawMessage `json:"requestId"`
	}
	if json.Unmarshal(notification.params, &p) != nil || p.RequestID == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if cancel, ok := c.running[idKey(p.RequestID)]; ok {
		cancel(errCancelled)
	}
}

// idKey is an id as a map key. The same string may be spelt with other escapes.
func idKey(id json.RawMessage) string {
	id = bytes.TrimSpace(id)
	var s string
	if len(id) > 0 && id[0] == '"' && json.Unmarshal(id, &s) == nil {
		return strconv.Quote(s)
	}
	return string(id)
}

func (c *calls) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for _, cancel := range c.running {
		cancel(errGone)
	}
}

// asks are the server's own requests to one client (elicitation, sampling,
// roots: before 2026-07-28 only) that await an answer.
type asks struct {
	mu      sync.Mutex
	last    int64
	waiting map[string]chan message
	done    chan struct{}
	once    sync.Once
}

func newAsks() *asks {
	return &asks{waiting: map[string]chan message{}, done: make(chan struct{})}
}

func (a *asks) open() (json.RawMessage, chan message) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last++
	id := strconv.AppendInt(nil, a.last, 10)
	answer := make(chan message, 1)
	a.waiting[string(id)] = answer
	return id, answer
}

func (a *asks) forget(id json.RawMessage) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, string(id))
}

// answer hands a response to whoever waits for it and reports whether anybody did.
func (a *asks) answer(m message) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	waiting, ok := a.waiting[string(m.id)]
	if ok {
		delete(a.waiting, string(m.id)) // a second answer to one question has no reader
		waiting <- m
	}
	return ok
}

// close fails every question, asked or to be asked: no answer will come.
func (a *asks) close() { a.once.Do(func() { close(a.done) }) }
